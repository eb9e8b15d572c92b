"""Choosing among the house's types of events, by the same rule for streams as for webhooks."""

from collections.abc import Iterable

from contracts.webhooks import selects, subscribable


class UnknownEventType(Exception):
    """Nobody hears of an event of this type, or of any whose type begins so; ``pattern`` is what was asked for."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.pattern = pattern


def chosen_types(patterns: Iterable[str]) -> frozenset[str]:
    """The types that *patterns* name: each a type, the beginning of types and ``.*`` (``shiliu.ticket.*``), or ``*``.

    Raises UnknownEventType for the first one that names none.
    """
    return frozenset(kind for pattern in patterns for kind in _named(pattern))


def _named(pattern: str) -> Iterable[str]:
    found = tuple(kind for kind in subscribable() if selects(pattern, kind))
    if not found:
        raise UnknownEventType(pattern)
    return found
