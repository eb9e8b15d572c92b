"""Counting: what the formulas say of the orders of a period, by area, category, item, origin or as a whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import ceil
from statistics import median
from typing import Any

from pymongo.collection import Collection

from contracts.actor import Actor
from contracts.schemas.fields import time_text
from gateway.figures.facts import Condition
from gateway.figures.formulas import Formulas, Rate
from gateway.views import scope
from gateway.views.pages import Ask, Found, find
from gateway.views.tickets import NEWEST

Document = dict[str, Any]
PLACED = "ticket.times.placed_at"
_NOTHING: Condition = {"_id": {"$in": []}}
NINETIETH = 0.9
_HUNDREDTH = Decimal("0.01")
_SECONDS = 3600


class By(StrEnum):
    """What the figures are grouped by; the area is the grid."""

    ALL = "all"
    AREA = "area"
    CATEGORY = "category"
    ITEM = "item"
    ORIGIN = "origin"


_KEYS: Mapping[By, Any] = {
    By.ALL: {"$literal": "all"},
    By.AREA: {"$last": "$area_path"},
    By.CATEGORY: "$ticket.category",
    By.ITEM: "$ticket.item_id",
    By.ORIGIN: "$ticket.origin",
}


class Part(StrEnum):
    """Which orders of a rate: those counted, those of the denominator that are not, those left out."""

    COUNTED = "counted"
    MISSED = "missed"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Wanted:
    """The orders placed from ``start`` until before ``end`` (UTC), in the subtree of ``area``; None: everywhere."""

    start: datetime
    end: datetime
    area: str | None = None


@dataclass(frozen=True)
class Share:
    """One rate of one group: ``left_out`` counts by reason, in the formula's order."""

    counted: int
    of: int
    left_out: Mapping[str, int]

    @property
    def percent(self) -> str | None:
        """To the hundredth, rounded half up: 911 of 972 is 93.72. None where there is nothing to count."""
        return percent(self.counted, self.of)


@dataclass(frozen=True)
class Times:
    """Hours from ordering: the median, and what nine of ten did not exceed (nearest rank). None of nothing."""

    count: int
    median: float | None
    ninetieth: float | None


@dataclass(frozen=True)
class Group:
    """What is said of one group of orders."""

    key: str
    placed: int
    rates: Mapping[str, Share]
    to_answer: Times
    to_solve: Times


class Figures:
    """Counts the view ``tickets``; whoever asks counts what they may see as staff, but not their own case."""

    def __init__(
        self, tickets: Collection[Document], versions: tuple[Formulas, ...], now: Callable[[], datetime]
    ) -> None:
        self._tickets = tickets
        self.versions = versions
        self._now = now

    def count(self, actor: Actor, formulas: Formulas, wanted: Wanted, by: By) -> Sequence[Group]:
        """Every group that has an order, by key; nothing for who is no staff."""
        base = _base(actor, wanted)
        if base is None:
            return []
        now = time_text(self._now())
        buckets = {f"{name}-{part}": some for name, rate in formulas.rates.items() for part, some in _parts(rate, now)}
        group = {"$group": {"_id": _KEYS[by], "count": {"$sum": 1}}}
        facets = {name: [{"$match": _together(conditions)}, group] for name, conditions in buckets.items()}
        (found,) = self._tickets.aggregate([{"$match": base}, {"$facet": {"placed": [group], **facets}}])
        counts = {name: {row["_id"]: row["count"] for row in rows} for name, rows in found.items()}
        answers, solutions = self._hours(base, by)
        return [
            Group(
                key,
                placed,
                {name: _share(name, rate, counts, key) for name, rate in formulas.rates.items()},
                _times(answers[key]),
                _times(solutions[key]),
            )
            for key, placed in sorted(counts["placed"].items())
        ]

    def tickets(self, actor: Actor, rate: Rate, wanted: Wanted, part: Part, reason: str | None, ask: Ask) -> Found:
        """Exactly the orders behind a figure, newest first; *reason* narrows those that are left out."""
        base, now = _base(actor, wanted), time_text(self._now())
        if base is None:
            return Found([], None)
        if part is Part.LEFT_OUT:
            reasons = rate.left_out if reason is None else (reason,)
            some = [{"$or": [_together(rate.left_out_for(one, now)) for one in reasons] or [_NOTHING]}]
        else:
            some = rate.numerator(now) if part is Part.COUNTED else rate.missed(now)
        return find(self._tickets, [_together([base, *some])], NEWEST, ask)

    def _hours(self, base: Condition, by: By) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
        answers: dict[str, list[float]] = defaultdict(list)
        solutions: dict[str, list[float]] = defaultdict(list)
        shown = {"_id": 0, "key": _KEYS[by], "times": "$ticket.times"}
        for row in self._tickets.aggregate([{"$match": base}, {"$project": shown}]):
            times = row["times"]
            for moment, hours in (("responded_at", answers), ("completed_at", solutions)):
                if times.get(moment):
                    hours[row["key"]].append(_hours_between(times["placed_at"], times[moment]))
        return answers, solutions


def percent(part: int, whole: int) -> str | None:
    """*part* of *whole* in percent, to the hundredth, rounded half up."""
    if not whole:
        return None
    return str((Decimal(100 * part) / Decimal(whole)).quantize(_HUNDREDTH, ROUND_HALF_UP))


def _base(actor: Actor, wanted: Wanted) -> Condition | None:
    branch = scope.staff_branch(actor)
    if branch is None:
        return None
    placed = {PLACED: {"$gte": time_text(wanted.start), "$lt": time_text(wanted.end)}}
    base = {**branch, **placed, **scope.not_own_case(actor)}
    return base if wanted.area is None else _together([base, {"area_path": wanted.area}])


def _parts(rate: Rate, now: str) -> Iterable[tuple[str, list[Condition]]]:
    yield "of", rate.denominator(now)
    yield "counted", rate.numerator(now)
    for reason in rate.left_out:
        yield reason, rate.left_out_for(reason, now)


def _together(conditions: Sequence[Condition]) -> Condition:
    return {"$and": list(conditions)} if conditions else {}


def _share(name: str, rate: Rate, counts: Mapping[str, Mapping[str, int]], key: str) -> Share:
    left_out = {reason: counts[f"{name}-{reason}"].get(key, 0) for reason in rate.left_out}
    return Share(counts[f"{name}-counted"].get(key, 0), counts[f"{name}-of"].get(key, 0), left_out)


def _times(hours: list[float]) -> Times:
    if not hours:
        return Times(0, None, None)
    ranked = sorted(hours)
    return Times(len(ranked), round(median(ranked), 2), round(ranked[ceil(NINETIETH * len(ranked)) - 1], 2))


def _hours_between(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / _SECONDS
