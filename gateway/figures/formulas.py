"""The formulas: versioned data (formulas.yaml), read and checked at the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from chassis.yaml_text import read_yaml
from contracts.errors import Invalid
from contracts.words import Text
from gateway.figures.facts import FACTS, Condition

NOTHING: Condition = {"_id": {"$in": []}}
"""What no order is."""


@dataclass(frozen=True)
class Rate:
    """One rate: what share of the orders that are ``of`` it and not ``left_out`` are ``counted``. All are facts."""

    name: Text
    meaning: Text
    of: tuple[str, ...]
    left_out: tuple[str, ...]
    counted: tuple[str, ...]

    def denominator(self, now: str) -> list[Condition]:
        """What has to hold together for an order to count below the line."""
        return [*_all(self.of, now), *_none(self.left_out, now)]

    def numerator(self, now: str) -> list[Condition]:
        """And above it."""
        return [*self.denominator(now), *_all(self.counted, now)]

    def missed(self, now: str) -> list[Condition]:
        """Below the line and not above it; of a measure, which has no such line, nothing."""
        if not self.counted:
            return [NOTHING]
        return [*self.denominator(now), {"$nor": [{"$and": _all(self.counted, now)}]}]

    def left_out_for(self, reason: str, now: str) -> list[Condition]:
        """What is left out for *reason*: for it alone, the first in the formula's order that holds."""
        before = self.left_out[: self.left_out.index(reason)]
        return [*_all(self.of, now), *_none(before, now), FACTS[reason](now)]

    def must_leave_out(self, reason: str) -> None:
        """Raises Invalid where nothing is left out for *reason*."""
        if reason not in self.left_out:
            known = ", ".join(self.left_out) or "-"
            raise Invalid("unknown-reason", Text(zh=f"没有这个原因,有 {known}", en=f"there are: {known}"), "reason")


@dataclass(frozen=True)
class Formulas:
    """One version of all rates and measures, and the words for the reasons.

    A measure is no share: its orders are those of its denominator, all of which count.
    """

    version: str
    rates: Mapping[str, Rate]
    measures: Mapping[str, Rate]
    reasons: Mapping[str, Text]

    @property
    def figures(self) -> Mapping[str, Rate]:
        """Rates and measures."""
        return {**self.rates, **self.measures}

    def figure(self, name: str) -> Rate:
        """The rate or measure called *name*; raises Invalid."""
        if name not in self.figures:
            names = ", ".join(self.figures)
            raise Invalid("unknown-rate", Text(zh=f"没有这个比率,有 {names}", en=f"there are: {names}"), "rate")
        return self.figures[name]


def read_formulas() -> tuple[Formulas, ...]:
    """All versions, oldest first; raises KeyError naming a fact or a reason that there is not."""
    data = read_yaml((files("gateway.figures") / "data" / "formulas.yaml").read_text(encoding="utf-8"))
    return tuple(_version(entry) for entry in data)


def of_version(versions: tuple[Formulas, ...], version: str | None) -> Formulas:
    """That version, or the newest; raises Invalid."""
    if version is None:
        return versions[-1]
    for formulas in versions:
        if formulas.version == version:
            return formulas
    known = ", ".join(formulas.version for formulas in versions)
    raise Invalid("unknown-version", Text(zh=f"没有这个版本,有 {known}", en=f"there are: {known}"), "version")


def _version(entry: Mapping[str, Any]) -> Formulas:
    reasons = {name: Text(**words) for name, words in entry["reasons"].items()}
    rates, measures = ({name: _rate(raw) for name, raw in entry[part].items()} for part in ("rates", "measures"))
    for rate in (*rates.values(), *measures.values()):
        for fact in (*rate.of, *rate.left_out, *rate.counted):
            FACTS[fact]
        for reason in rate.left_out:
            reasons[reason]
    return Formulas(entry["version"], rates, measures, reasons)


def _rate(raw: Mapping[str, Any]) -> Rate:
    facts = (tuple(raw.get(part, ())) for part in ("of", "left_out", "counted"))
    return Rate(Text(**raw["name"]), Text(**raw["meaning"]), *facts)


def _all(facts: tuple[str, ...], now: str) -> list[Condition]:
    return [FACTS[fact](now) for fact in facts]


def _none(facts: tuple[str, ...], now: str) -> list[Condition]:
    return [{"$nor": _all(facts, now)}] if facts else []
