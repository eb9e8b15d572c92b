"""A ``Grids`` over the replica of areas and the members."""

from collections.abc import Iterable, Sequence

from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.mongo import Document
from services.volunteers.adapters.candidates import UNREAD
from services.volunteers.adapters.stores import AREAS
from services.volunteers.domain.member import Member
from services.volunteers.domain.places import GRID


class MongoGrids:
    """See above. What is sealed of a member is not read."""

    def __init__(self, db: Database[Document], members: Aggregates[Member]) -> None:
        self._areas = db[AREAS]
        self._members = members

    def within(self, community_id: str, area_id: str) -> Sequence[str]:
        """See ``Grids``."""
        there = {"community_id": community_id, "area.kind": GRID, "area.path": area_id}
        return [doc["_id"] for doc in self._areas.find(there, {"_id": 1}, sort=[("_id", 1)])]

    def members_of(self, community_id: str, grids: Sequence[str]) -> Iterable[Member]:
        """See ``Grids``."""
        there = {"community_id": community_id, "home_area": {"$in": list(grids)}}
        found = self._members.collection.find({**there, "serving": {"$ne": False}, "on_duty": True}, UNREAD)
        return (self._members.codec.from_doc(doc) for doc in found)
