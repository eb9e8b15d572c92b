"""Choosing among the house's types of events, as filters of streams and the like name them."""

from collections.abc import Iterable

from contracts.events import EVENTS
from contracts.hearing import TOLD_TO_NOBODY

ALL_BELOW = ".*"
LISTENED_TO = frozenset(EVENTS) - TOLD_TO_NOBODY
"""Every type of event that somebody may hear of."""


class UnknownEventType(Exception):
    """Nobody hears of an event of this type, or of any whose type begins so; ``pattern`` is what was asked for."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.pattern = pattern


def chosen_types(patterns: Iterable[str]) -> frozenset[str]:
    """The types that *patterns* name: each a whole type, or the words it begins with and ``.*`` (``shiliu.ticket.*``).

    Raises UnknownEventType for the first one that names none.
    """
    return frozenset(kind for pattern in patterns for kind in _named(pattern))


def _named(pattern: str) -> Iterable[str]:
    if pattern in LISTENED_TO:
        return (pattern,)
    below = pattern.removesuffix("*") if pattern.endswith(ALL_BELOW) else None
    found = () if below is None else tuple(kind for kind in LISTENED_TO if kind.startswith(below))
    if not found:
        raise UnknownEventType(pattern)
    return found
