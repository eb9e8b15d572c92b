"""The roster over MongoDB: looks at many of its documents, and where a roster may be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.mongo import Document
from services.volunteers.adapters.stores import AREAS, MongoCommunities
from services.volunteers.application.rosters import Place
from services.volunteers.domain.member import Member
from services.volunteers.domain.roster import Roster, officers, roster_id

_BY_ID = [("_id", 1)]


class MongoRosters:
    """A ``RosterReads``."""

    def __init__(self, rosters: Aggregates[Roster]) -> None:
        self._rosters = rosters

    def on_days(self, community_id: str, since: date, days: int) -> Sequence[Roster]:
        """See ``RosterReads``."""
        last = since + timedelta(days=days)
        there = {"community_id": community_id, "day": {"$gte": since.isoformat(), "$lt": last.isoformat()}}
        return self._rosters.find(there, _BY_ID)

    def of(self, area_ids: Iterable[str], days: Iterable[date]) -> Sequence[Roster]:
        """See ``RosterReads``."""
        wanted = list(days)
        ids = [roster_id(area, day) for area in area_ids for day in wanted]
        return self._rosters.find({"_id": {"$in": ids}}, _BY_ID) if ids else ()

    def naming(self, community_id: str, member_id: str, since: date) -> Sequence[str]:
        """A ``RostersNaming``. It reads the days from then on: nobody stops every minute."""
        theirs = [{f"shifts.{name}": member_id} for name in ("member_id", "substitute_id")]
        query = {"community_id": community_id, "day": {"$gte": since.isoformat()}, "$or": theirs}
        return [doc["_id"] for doc in self._rosters.collection.find(query, {"_id": 1}, sort=_BY_ID)]

    def officers(self, area_path: Sequence[str], now: datetime) -> Sequence[str] | None:
        """An ``OnRoster``: one read by ids. A night began the day before, and it is another day elsewhere."""
        today = now.date()
        days = (today - timedelta(days=2), today - timedelta(days=1), today, today + timedelta(days=1))
        kept = self.of(area_path, days)
        return officers(kept, area_path, now) if kept else None


class MongoNames:
    """A ``NamesOf``: one read for all of them."""

    def __init__(self, members: Aggregates[Member]) -> None:
        self._members = members.collection

    def __call__(self, member_ids: Collection[str]) -> Mapping[str, str]:
        """See ``NamesOf``."""
        found = self._members.find({"_id": {"$in": sorted(member_ids)}}, {"display_name": 1})
        return {doc["_id"]: doc["display_name"] for doc in found}


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
