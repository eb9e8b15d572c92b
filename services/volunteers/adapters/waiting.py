"""The demands that wait for the dispatcher, by the small index of the mark ``seeking``."""

from collections.abc import Callable, Sequence

from pymongo import ASCENDING

from chassis.aggregates import Aggregates
from services.volunteers.domain.demand import Demand

MARKED = {"seeking": {"$exists": True}}
"""What the index is partial by; a query has to say the same to be served by it."""


class MongoWaiting:
    """A ``Waiting``. *holds* says of a community and a number whether that turn stands, by the database's clock."""

    def __init__(self, demands: Aggregates[Demand], holds: Callable[[str, int], bool]) -> None:
        self._demands = demands
        self._holds = holds

    def communities(self) -> Sequence[str]:
        """See ``Waiting``."""
        return sorted(self._demands.collection.distinct("community_id", MARKED))

    def count(self) -> int:
        """How many wait, of all communities."""
        return self._demands.collection.count_documents(MARKED)

    def take(self, community_id: str, fence: int, most: int) -> Sequence[Demand]:
        """See ``Waiting``.

        First the number, then the question whether it is still ours: whoever takes the turn after that question
        writes a higher number to all that wait before looking for anybody, and ``rev`` with it, so that no write of
        ours that was decided before can hold. The question the other way round would leave a gap.
        """
        waiting = {"community_id": community_id, **MARKED}
        behind = {**waiting, "$or": [{"fence": {"$lt": fence}}, {"fence": {"$exists": False}}]}
        self._demands.collection.update_many(behind, {"$set": {"fence": fence}, "$inc": {"rev": 1}})
        if not self._holds(community_id, fence):
            return ()
        return self._demands.find({**waiting, "fence": fence}, [("seeking", ASCENDING)], most)
