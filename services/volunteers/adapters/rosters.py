"""The roster over MongoDB: looks at many of its documents, and where a roster may be."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.mongo import Document
from services.volunteers.adapters.stores import AREAS, MongoCommunities
from services.volunteers.application.rosters import Place
from services.volunteers.domain.roster import Roster, roster_id


class MongoRosters:
    """A ``RosterReads``."""

    def __init__(self, rosters: Aggregates[Roster]) -> None:
        self._rosters = rosters

    def on_days(self, community_id: str, since: date, days: int) -> Sequence[Roster]:
        """See ``RosterReads``."""
        last = since + timedelta(days=days)
        return self._found({"community_id": community_id, "day": {"$gte": since.isoformat(), "$lt": last.isoformat()}})

    def of(self, area_ids: Iterable[str], days: Iterable[date]) -> Sequence[Roster]:
        """See ``RosterReads``."""
        wanted = list(days)
        ids = [roster_id(area, day) for area in area_ids for day in wanted]
        return self._found({"_id": {"$in": ids}}) if ids else ()

    def _found(self, query: dict[str, Any]) -> Sequence[Roster]:
        found = self._rosters.collection.find(query, {"outbox": 0, "commands": 0}, sort=[("_id", 1)])
        return [self._rosters.codec.from_doc(doc) for doc in found]


class MongoPlaces:
    """A ``Places`` on the replicas of areas and communities."""

    def __init__(self, db: Database[Document]) -> None:
        self._areas = db[AREAS]
        self._communities = MongoCommunities(db)

    def place(self, community_id: str, area_id: str) -> Place | None:
        """See ``Places``."""
        area = self._areas.find_one({"_id": area_id, "community_id": community_id}, {"area.path": 1})
        community = self._communities.get(community_id)
        if area is None or community is None:
            return None
        return Place(tuple(area["area"]["path"]), community.time_zone, community.roster_check)
