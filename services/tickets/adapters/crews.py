"""What tickets keeps of volunteers' members and teams: who serves with whom, and where staff work; no person's name."""

from collections.abc import Iterable, Sequence

from pymongo.database import Database

from chassis.mongo import Document
from chassis.projection import Projection, project
from chassis.rebuild import View
from contracts.actor import STAFF
from contracts.envelope import Envelope
from contracts.events.masters import MemberPublished, MemberSnapshot, TeamPublished
from contracts.schemas.wire import read_event
from contracts.words import ENDED, Employment, TicketStatus
from services.tickets.application.complaints import Kept

MEMBERS, TEAMS = "members", "teams"
OWNERS = ("volunteers",)
_OPEN = [status.value for status in TicketStatus if status not in ENDED]
_STAFF = frozenset(role.value for role in STAFF)


class MongoCrews:
    """A ``Crews``."""

    def __init__(self, db: Database[Document]) -> None:
        self._members = db[MEMBERS]
        self._teams = db[TEAMS]
        self._areas = db["areas"]

    def keep(self, rows: Sequence[Kept]) -> None:
        """See ``Crews``."""
        for collection, name in ((self._members, "member"), (self._teams, "team")):
            made = [projection for projection in map(projection_of, rows) if projection.source == name]
            if made:
                project(collection, made)

    def is_member(self, community_id: str, member_id: str) -> bool:
        """See ``Crews``."""
        return self._members.find_one({"_id": member_id, "community_id": community_id}, {"_id": 1}) is not None

    def is_team(self, community_id: str, team_id: str) -> bool:
        """See ``Crews``."""
        return self._teams.find_one({"_id": team_id, "community_id": community_id}, {"_id": 1}) is not None

    def teams_of(self, community_id: str, member_id: str) -> tuple[str, ...]:
        """See ``Crews``."""
        member = self._members.find_one({"_id": member_id, "community_id": community_id}, {"member.team_ids": 1})
        theirs = {"community_id": community_id, "team.people": member_id}
        found = {doc["_id"] for doc in self._teams.find(theirs, {"_id": 1})}
        return tuple(sorted(found | set(member["member"]["team_ids"] if member else ())))

    def people_of(self, community_id: str, team_ids: Sequence[str]) -> tuple[str, ...]:
        """See ``Crews``. What members say of their teams counts as what teams say of their members."""
        wanted = {"$in": list(team_ids)}
        teams = self._teams.find({"_id": wanted, "community_id": community_id}, {"team.people": 1})
        people = {person for doc in teams for person in doc["team"]["people"]}
        theirs = self._members.find({"community_id": community_id, "member.team_ids": wanted}, {"_id": 1})
        return tuple(sorted(people | {doc["_id"] for doc in theirs}))

    def areas_below(self, community_id: str, area_id: str) -> tuple[str, ...]:
        """See ``Crews``."""
        found = self._areas.find({"community_id": community_id, "path": area_id}, {"_id": 1}).sort("_id", 1)
        return tuple(doc["_id"] for doc in found)

    def staff_of(self, community_id: str, area_ids: Sequence[str]) -> tuple[str, ...]:
        """See ``Crews``."""
        wanted = {"community_id": community_id, "member.staff": True, "member.home_area": {"$in": list(area_ids)}}
        return tuple(doc["_id"] for doc in self._members.find(wanted, {"_id": 1}).sort("_id", 1))


class MongoOpenComplaints:
    """An ``OpenComplaints``."""

    def __init__(self, db: Database[Document]) -> None:
        self._tickets = db["tickets"]

    def ids(self, community_id: str) -> Sequence[str]:
        """See ``OpenComplaints``."""
        wanted = {"community_id": community_id, "status": {"$in": _OPEN}, "subject.kind": {"$exists": True}}
        return [doc["_id"] for doc in self._tickets.find(wanted, {"_id": 1}).sort("_id", 1)]


def projection_of(row: Kept) -> Projection:
    """One member or team as the replica keeps it."""
    shown = row.snapshot
    shared = {"community_id": shown.community_id}
    if isinstance(shown, MemberSnapshot):
        staff = shown.employment is Employment.DUTY or not _STAFF.isdisjoint(shown.roles)
        fields = {"team_ids": list(shown.team_ids), "home_area": shown.home_area, "staff": staff}
        fields["employment"] = shown.employment.value
        return Projection(shown.id, "member", row.version, fields, shared)
    people = {shown.lead, shown.deputy, *shown.member_ids} - {None}
    told = {
        "people": sorted(person for person in people if person),
        "leads": [one for one in dict.fromkeys((shown.lead, shown.deputy)) if one],
        "name": {"zh": shown.name.zh, "en": shown.name.en},
    }
    return Projection(shown.id, "team", row.version, told, shared)


def _rows(envelope: Envelope, event_type: str) -> Iterable[Projection]:
    if envelope.type != event_type:
        return ()
    event = read_event(envelope.to_wire())
    return (projection_of(Kept(event.snapshot, event.version)),)


REPLICAS = (
    View(MEMBERS, lambda envelope: _rows(envelope, MemberPublished.TYPE)),
    View(TEAMS, lambda envelope: _rows(envelope, TeamPublished.TYPE)),
)
"""For ``rebuild``."""
