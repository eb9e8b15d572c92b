"""The ports over MongoDB: the seat transaction and the replica of areas."""

from collections.abc import Callable, Sequence
from typing import Any

from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.journal import Journal
from chassis.mongo import Document
from chassis.projection import Projection, project
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.events.masters import Point
from contracts.words import DemandStatus, Text
from services.volunteers.application.ports import AreaRow, CommunityRow, SeatDecision
from services.volunteers.domain.community import CommunityTime
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import Member
from services.volunteers.domain.places import public_area

AREAS = "areas"
COMMUNITIES = "communities"


class SeatTransaction:
    """A ``Seats``: one demand and one member change together or not at all; the demand remembers the command."""

    def __init__(self, journal: Journal, demands: Aggregates[Demand], members: Aggregates[Member]) -> None:
        self._journal = journal
        self._demands = demands
        self._members = members

    def apply(
        self,
        demand_id: str,
        member_id: str,
        meta: Meta,
        decide: Callable[[Demand | None, Member | None], SeatDecision],
    ) -> Outcome:
        """See ``Seats``."""

        def both(found: Sequence[Any | None]) -> Sequence[Decided[Any] | None]:
            demand, member = found
            return decide(demand, member)

        return self._journal.apply_together(meta, [(self._demands, demand_id), (self._members, member_id)], both)


class MongoAsked:
    """An ``Asked``: by the index of who waits for an answer."""

    def __init__(self, demands: Aggregates[Demand]) -> None:
        self._demands = demands

    def demands_of(self, member_id: str) -> list[str]:
        """See ``Asked``."""
        return [doc["_id"] for doc in self._demands.collection.find({"asking": member_id}, {"_id": 1})]


class MongoOpenOrders:
    """An ``OpenOrders``: by the index of their status."""

    def __init__(self, demands: Aggregates[Demand]) -> None:
        self._demands = demands

    def wanting(self, community_id: str, most: int) -> Sequence[Demand]:
        """See ``OpenOrders``."""
        searched = [DemandStatus.OPEN.value, DemandStatus.CLAIM.value]
        wanted = {"community_id": community_id, "status": {"$in": searched}, "terms": {"$ne": None}}
        return [demand for demand in self._demands.find(wanted, [("_id", -1)], most) if demand.open_seats]


class MongoAreas:
    """An ``Areas``: what this service needs of each area, newest version wins."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db[AREAS]

    def keep(self, rows: Sequence[AreaRow]) -> None:
        """See ``Areas``."""
        project(self._rows, [projection_of(row) for row in rows])

    def centroid(self, area_id: str) -> Point | None:
        """See ``Areas``."""
        centroid = self._area(area_id).get("centroid")
        return None if centroid is None else Point(centroid["lon"], centroid["lat"])

    def path(self, area_id: str) -> tuple[str, ...]:
        """See ``Areas``."""
        return tuple(self._area(area_id).get("path", (area_id,)))

    def grid(self, area_id: str) -> str | None:
        """See ``Areas``. A row that was kept without its kind counts as unknown until a newer event comes."""
        path = self.path(area_id)
        kinds = {row["_id"]: row["area"].get("kind") for row in self._rows.find({"_id": {"$in": path}}, {"area": 1})}
        if any(kinds.get(step) is None for step in path):
            return None
        return public_area([(step, kinds[step]) for step in path])

    def _area(self, area_id: str) -> Document:
        row = self._rows.find_one({"_id": area_id}, {"area": 1})
        area: Document = row["area"] if row else {}
        return area


def projection_of(row: AreaRow) -> Projection:
    """One area as the replica keeps it."""
    area = row.snapshot
    centroid = None if area.centroid is None else {"lon": area.centroid.lon, "lat": area.centroid.lat}
    fields = {"kind": area.kind, "path": list(area.path), "centroid": centroid}
    return Projection(area.id, "area", row.version, fields, {"community_id": area.community_id})


class MongoCommunities:
    """A ``Communities``: newest version wins."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db[COMMUNITIES]

    def keep(self, rows: Sequence[CommunityRow]) -> None:
        """See ``Communities``."""
        project(self._rows, [projection_of_community(row) for row in rows])

    def get(self, community_id: str) -> CommunityTime | None:
        """See ``Communities``."""
        row = self._rows.find_one({"_id": community_id}, {"community": 1})
        if row is None:
            return None
        known: Document = row["community"]
        return CommunityTime(
            id=community_id,
            name=Text(known["name"]["zh"], known["name"]["en"]),
            prefix=known["prefix"],
            time_zone=known["time_zone"],
            shifts=tuple(known["shifts"]),
            days_off=frozenset(known["days_off"]),
            days_on=frozenset(known["days_on"]),
            roster_check=known.get("roster_check", "17:00"),
        )


def projection_of_community(row: CommunityRow) -> Projection:
    """One community as the replica keeps it."""
    told = row.snapshot
    fields = {
        "name": {"zh": told.name.zh, "en": told.name.en},
        "prefix": told.prefix,
        "time_zone": told.time_zone,
        "area": told.area,
        "shifts": list(told.shifts),
        "days_off": list(told.days_off),
        "days_on": list(told.days_on),
        "roster_check": told.roster_check,
    }
    return Projection(told.id, "community", row.version, fields, {"community_id": told.community_id})
