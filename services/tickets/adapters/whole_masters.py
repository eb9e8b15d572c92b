"""All areas or all items of a community at once, remembered for a moment: they change by imports alone."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from chassis.aggregates import Aggregates

T = TypeVar("T")
_BARE = {"outbox": 0, "commands": 0}


class WholeMasters(Generic[T]):
    """Reads the masters of a community; *seconds* are real time by *elapsed*. What was not found is asked for again.

    Only what needs every one of them asks here: a point on a map, a text from a chat.
    """

    def __init__(self, masters: Aggregates[T], seconds: float, elapsed: Callable[[], float]) -> None:
        self._masters = masters
        self._seconds = seconds
        self._elapsed = elapsed
        self._known: dict[str, tuple[float, Sequence[T]]] = {}

    def of(self, community_id: str) -> Sequence[T]:
        """From memory, or from the database."""
        until, known = self._known.get(community_id, (0.0, ()))
        if known and self._elapsed() < until:
            return known
        found = self._masters.collection.find({"community_id": community_id}, _BARE)
        masters = tuple(self._masters.codec.from_doc(doc) for doc in found)
        self._known[community_id] = (self._elapsed() + self._seconds, masters)
        return masters
