"""How often staff took the best of a suggestion: by what an item is switched to automatic, or is not."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Protocol

from contracts.actor import STAFF
from contracts.commands import Call, Outcome
from contracts.commands.hands_on import CountSuggestions
from contracts.moments import time_text
from contracts.words import Text
from services.volunteers.application.ports import Clock

PERIOD = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Suggestions by what became of them: ``first``, ``other``: staff sent it, with the best one or without."""

    settled: int = 0
    first: int = 0
    other: int = 0
    by_itself: int = 0
    others: int = 0

    def plus(self, more: "Counts") -> "Counts":
        """Both together."""
        return Counts(**{name: value + asdict(more)[name] for name, value in asdict(self).items()})


@dataclass(frozen=True)
class OfItem:
    """Those of one item."""

    item_id: str
    item_name: Text
    counts: Counts


class SettledSuggestions(Protocol):
    """What is kept of suggestions, in all demands."""

    def by_item(self, community_id: str, areas: Sequence[str] | None, since: datetime) -> Sequence[OfItem]:
        """Those settled since then but the dropped ones, by item; *areas* None: the whole community."""


class SuggestionCounts:
    """``count_suggestions``."""

    def __init__(self, settled: SettledSuggestions, clock: Clock) -> None:
        self._settled = settled
        self._clock = clock

    def count(self, call: Call[CountSuggestions]) -> Outcome:
        """In all and by item, most first; nothing at all for who is no member of staff."""
        actor = call.meta.actor
        since = self._clock.now() - PERIOD
        held = [grant.area_id for grant in actor.grants if grant.role in STAFF]
        areas = None if None in held else [area for area in held if area is not None]
        found = self._settled.by_item(actor.community_id, areas, since)
        total = Counts()
        for one in found:
            total = total.plus(one.counts)
        items = sorted(found, key=lambda one: (-one.counts.settled, one.item_id))
        return Outcome({"since": time_text(since), "all": asdict(total), "items": [_told(one) for one in items]})


def _told(one: OfItem) -> Mapping[str, object]:
    return {"item_id": one.item_id, "item_name": asdict(one.item_name), "counts": asdict(one.counts)}
