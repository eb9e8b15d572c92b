"""Two toy aggregates of the gear's own tests: a crew with seats, and helpers with a capacity.

Their events are real ones of the house, so that the writers' schemas apply.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.decisions import Decided, Due
from contracts.errors import Conflict
from contracts.events.masters import MemberPublished, MemberSnapshot, TeamPublished, TeamSnapshot
from contracts.words import Employment, Text
from tests.builders import COMMUNITY


@dataclass(frozen=True)
class Crew:
    """Who works together; it meets at ``until`` at the latest."""

    id: str
    name: str = "早市队"
    members: tuple[str, ...] = ()
    until: datetime | None = None
    note: str | None = None


class CrewCodec:
    """In ``crews``; the note is left out of the document where there is none."""

    collection = "crews"
    aggregate_type = "team"

    def to_doc(self, aggregate: Crew) -> dict[str, Any]:
        fields = {"community_id": COMMUNITY, "name": aggregate.name, "members": list(aggregate.members)}
        return fields | ({} if aggregate.note is None else {"note": aggregate.note}) | {"until": aggregate.until}

    def from_doc(self, doc: Mapping[str, Any]) -> Crew:
        return Crew(doc["_id"], doc["name"], tuple(doc["members"]), doc.get("until"), doc.get("note"))

    def snapshot(self, aggregate: Crew) -> TeamSnapshot:
        return TeamSnapshot(
            id=aggregate.id,
            community_id=COMMUNITY,
            name=Text(aggregate.name, aggregate.name),
            kind="crew",
            lead=None,
            deputy=None,
            area="sll",
            member_ids=aggregate.members,
        )

    def due(self, aggregate: Crew) -> Sequence[Due]:
        return [] if aggregate.until is None else [Due("meet", aggregate.until)]


@dataclass(frozen=True)
class Helper:
    """Somebody who may hold ``capacity`` seats at once; ``holding`` is a keyed set, so nothing can drift."""

    id: str
    capacity: int = 1
    holding: tuple[str, ...] = ()


class HelperCodec:
    """In ``helpers``."""

    collection = "helpers"
    aggregate_type = "member"

    def to_doc(self, aggregate: Helper) -> dict[str, Any]:
        return {"community_id": COMMUNITY, "capacity": aggregate.capacity, "holding": list(aggregate.holding)}

    def from_doc(self, doc: Mapping[str, Any]) -> Helper:
        return Helper(doc["_id"], doc["capacity"], tuple(doc["holding"]))

    def snapshot(self, aggregate: Helper) -> MemberSnapshot:
        return MemberSnapshot(
            id=aggregate.id,
            community_id=COMMUNITY,
            external_no=aggregate.id,
            display_name="小石",
            employment=Employment.VOLUNTEER,
            skills=(),
            languages=(),
            roles=(),
            team_ids=(),
            home_area="sll-g1",
            capacity=aggregate.capacity,
            on_duty=True,
        )

    def due(self, aggregate: Helper) -> Sequence[Due]:
        return []


def join(crew: Crew | None, member: str, *, events: int = 1) -> Decided[Crew]:
    """A member joins, told by so many events."""
    crew = crew or Crew("crew-1")
    joined = replace(crew, members=(*crew.members, member))
    return Decided(joined, (TeamPublished(),) * events, {"count": len(joined.members)})


def take_seat(crew: Crew, helper: Helper) -> list[Decided[Any] | None]:
    """A helper with room takes a seat; else Conflict."""
    if len(helper.holding) >= helper.capacity:
        raise Conflict("capacity-full", Text("已经满了", "capacity is full"))
    seated = replace(crew, members=(*crew.members, helper.id))
    holding = replace(helper, holding=(*helper.holding, crew.id))
    return [Decided(seated, (TeamPublished(),), {"seat": len(seated.members)}), Decided(holding, (MemberPublished(),))]
