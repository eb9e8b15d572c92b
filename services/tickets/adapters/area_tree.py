"""All areas of a community at once, remembered for a moment: they change by imports alone."""

from collections.abc import Callable, Sequence

from chassis.aggregates import Aggregates
from services.tickets.domain.area import Area

_BARE = {"outbox": 0, "commands": 0}


class MongoAreaTree:
    """Reads ``areas``; *seconds* are real time by *elapsed*. A community of whom nothing was found is asked for again.

    Only what needs every area asks here: a point on a map, a text from a chat.
    """

    def __init__(self, areas: Aggregates[Area], seconds: float, elapsed: Callable[[], float]) -> None:
        self._areas = areas
        self._seconds = seconds
        self._elapsed = elapsed
        self._known: dict[str, tuple[float, Sequence[Area]]] = {}

    def of(self, community_id: str) -> Sequence[Area]:
        """From memory, or from the database."""
        until, known = self._known.get(community_id, (0.0, ()))
        if known and self._elapsed() < until:
            return known
        found = self._areas.collection.find({"community_id": community_id}, _BARE)
        areas = tuple(self._areas.codec.from_doc(doc) for doc in found)
        self._known[community_id] = (self._elapsed() + self._seconds, areas)
        return areas
