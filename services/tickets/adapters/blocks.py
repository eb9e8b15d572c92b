"""Blocks and units as the ladder asks for them: from the areas, and from the replica of volunteers' teams."""

from collections.abc import Callable, Sequence

from pymongo.database import Database

from chassis.mongo import Document
from contracts.words import Employment, Text
from services.tickets.adapters.crews import MEMBERS, TEAMS
from services.tickets.application.ladders import KnownUnit
from services.tickets.domain.area import BLOCK
from services.tickets.domain.whistles import Unit

_CONTRACTED = frozenset({Employment.PROPERTY.value, Employment.DEPARTMENT.value})


class MongoBlocks:
    """A ``Blocks``. There are few and they change by imports, so that for *seconds* they are remembered.

    They are looked up across communities: a block is whoever's, and covers places of several.
    """

    def __init__(self, db: Database[Document], seconds: float, elapsed: Callable[[], float]) -> None:
        self._areas = db["areas"]
        self._seconds = seconds
        self._elapsed = elapsed
        self._until = 0.0
        self._covers: tuple[tuple[str, frozenset[str]], ...] = ()

    def over(self, area_path: Sequence[str]) -> tuple[str, ...]:
        """See ``Blocks``."""
        if self._elapsed() >= self._until:
            found = self._areas.find({"kind": BLOCK}, {"covers": 1}).sort("_id", 1)
            self._covers = tuple((doc["_id"], frozenset(doc["covers"])) for doc in found)
            self._until = self._elapsed() + self._seconds
        return tuple(block for block, covered in self._covers if not covered.isdisjoint(area_path))


class MongoUnits:
    """A ``Units``."""

    def __init__(self, db: Database[Document]) -> None:
        self._members = db[MEMBERS]
        self._teams = db[TEAMS]

    def units(self, community_id: str, team_ids: Sequence[str]) -> Sequence[KnownUnit]:
        """See ``Units``. A team that was told before leads were kept has none: ``rebuild teams`` brings them."""
        wanted = {"_id": {"$in": list(team_ids)}, "community_id": community_id}
        teams = [(doc["_id"], doc["team"]) for doc in self._teams.find(wanted).sort("_id", 1) if "team" in doc]
        leads = {team_id: tuple(team.get("leads", ())) for team_id, team in teams}
        contracted = self._contracted(community_id, {lead for some in leads.values() for lead in some})
        return [
            KnownUnit(
                Unit(team_id, Text(**team.get("name", {"zh": team_id, "en": team_id})), leads[team_id]),
                contracted=all(lead in contracted for lead in leads[team_id]),
            )
            for team_id, team in teams
        ]

    def _contracted(self, community_id: str, member_ids: set[str]) -> frozenset[str]:
        theirs = {"_id": {"$in": sorted(member_ids)}, "community_id": community_id}
        hired = {"member.employment": {"$in": sorted(_CONTRACTED)}}
        return frozenset(doc["_id"] for doc in self._members.find({**theirs, **hired}, {"_id": 1}))
