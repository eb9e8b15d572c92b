"""Counting: what the formulas say of the orders of a period, by group or as a whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pymongo.collection import Collection

from contracts.actor import Actor
from contracts.ledger import RequestKind, RequestState
from contracts.schemas.fields import time_text
from gateway.figures.facts import Condition
from gateway.figures.formulas import NOTHING, Formulas, Rate
from gateway.figures.groups import KEYS, Asked, By, Group, Share, joined, times_of
from gateway.figures.spread import Spread, Spreads
from gateway.views import scope
from gateway.views.pages import Ask, Found, find
from gateway.views.tickets import NEWEST

Document = dict[str, Any]
PLACED = "ticket.times.placed_at"
_SECONDS = 3600
_HEADS = {"$ifNull": ["$completion.headcount", 1]}
_MOMENTS = {"to_answer": "responded_at", "to_solve": "completed_at"}
"""Until when the hours of a measure run, from ordering."""


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


class Figures:
    """Counts the view ``tickets``; whoever asks counts what they see as staff, or as chief of a block (which reaches
    into several communities), but not their own case."""

    def __init__(
        self,
        tickets: Collection[Document],
        spreads: Spreads,
        versions: tuple[Formulas, ...],
        now: Callable[[], datetime],
    ) -> None:
        self._tickets = tickets
        self._spreads = spreads
        self.versions = versions
        self._now = now

    def count(self, actor: Actor, formulas: Formulas, wanted: Wanted, by: By) -> Sequence[Group]:
        """Every group that has an order, by key; nothing for who is neither staff nor chief."""
        base = _base(actor, wanted)
        if base is None:
            return []
        now = time_text(self._now())
        buckets = {
            f"{name}-{part}": some for name, rate in formulas.figures.items() for part, some in _parts(rate, now)
        }
        group = {"$group": {"_id": KEYS[by], "count": {"$sum": 1}}}
        facets = {name: [{"$match": _together(conditions)}, group] for name, conditions in buckets.items()}
        done = _together(formulas.measures["served"].denominator(now))
        facets["heads"] = [{"$match": done}, {"$group": {"_id": KEYS[by], "count": {"$sum": _HEADS}}}]
        (found,) = self._tickets.aggregate([{"$match": base}, *joined(by), {"$facet": facets}])
        counts = {name: {row["_id"]: row["count"] for row in rows} for name, rows in found.items()}
        hours = {name: self._hours([base, *formulas.measures[name].denominator(now)], name, by) for name in _MOMENTS}
        asked = self._asked(base, by)
        return [
            Group(
                key,
                placed,
                counts["heads"].get(key, 0),
                {name: _share(name, rate, counts, key) for name, rate in formulas.rates.items()},
                {name: _share(name, rate, counts, key) for name, rate in formulas.measures.items()},
                times_of(hours["to_answer"][key]),
                times_of(hours["to_solve"][key]),
                asked.get(key, ()),
            )
            for key, placed in sorted(counts["placed-of"].items())
        ]

    def spread(self, actor: Actor, wanted: Wanted) -> Spread | None:
        """How evenly the seats of these orders lie on the volunteers; None where it must not be told, or to chiefs."""
        base = _base(actor, wanted)
        return None if base is None else self._spreads.of(actor, base, wanted.area)

    def tickets(self, actor: Actor, rate: Rate, wanted: Wanted, part: Part, reason: str | None, ask: Ask) -> Found:
        """Exactly the orders behind a figure, newest first; *reason* narrows those that are left out."""
        base, now = _base(actor, wanted), time_text(self._now())
        if base is None:
            return Found([], None)
        if part is Part.LEFT_OUT:
            reasons = rate.left_out if reason is None else (reason,)
            some = [{"$or": [_together(rate.left_out_for(one, now)) for one in reasons] or [NOTHING]}]
        else:
            some = rate.numerator(now) if part is Part.COUNTED else rate.missed(now)
        return find(self._tickets, [_together([base, *some])], NEWEST, ask)

    def _hours(self, conditions: Sequence[Condition], name: str, by: By) -> dict[str, list[float]]:
        hours: dict[str, list[float]] = defaultdict(list)
        shown = {"_id": 0, "key": KEYS[by], "start": f"${PLACED}", "end": f"$ticket.times.{_MOMENTS[name]}"}
        for row in self._tickets.aggregate([{"$match": _together(conditions)}, *joined(by), {"$project": shown}]):
            hours[row["key"]].append(_hours_between(row["start"], row["end"]))
        return hours

    def _asked(self, base: Condition, by: By) -> Mapping[str, Sequence[Asked]]:
        """The ledgers of each group, shown with the rates (design, section 5)."""
        kept = {"$match": {"$and": [base, {"ticket.ledger.0": {"$exists": True}}]}}
        key = {"key": KEYS[by], "kind": "$ticket.ledger.kind", "state": "$ticket.ledger.state"}
        count = {"$group": {"_id": key, "count": {"$sum": 1}}}
        found: dict[str, dict[RequestKind, dict[RequestState, int]]] = {}
        for row in self._tickets.aggregate([kept, *joined(by), {"$unwind": "$ticket.ledger"}, count]):
            of = row["_id"]
            kinds = found.setdefault(of["key"], {})
            kinds.setdefault(RequestKind(of["kind"]), {})[RequestState(of["state"])] = row["count"]
        return {
            key: [Asked(kind, kinds[kind]) for kind in RequestKind if kind in kinds] for key, kinds in found.items()
        }


def _base(actor: Actor, wanted: Wanted) -> Condition | None:
    branches = [one for one in (scope.staff_branch(actor), scope.chief_branch(actor)) if one is not None]
    if not branches:
        return None
    branch = branches[0] if len(branches) == 1 else {"$or": branches}
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


def _hours_between(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / _SECONDS
