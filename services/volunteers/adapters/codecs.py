"""Between the aggregates and their documents: unknown fields are ignored, missing ones take their default."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cattrs import Converter

from contracts.decisions import Due
from contracts.events.masters import MemberPublished, MemberSnapshot, Point, TeamPublished, TeamSnapshot
from contracts.events.rosters import RosterEvent, RosterSnapshot
from contracts.events.volunteers import DemandEvent, DemandSnapshot
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import Member
from services.volunteers.domain.roster import Roster
from services.volunteers.domain.team import Team
from services.volunteers.domain.watching import watched


def _converter() -> Converter:
    converter = Converter(unstruct_collection_overrides={tuple: list})
    converter.register_unstructure_hook_func(_is_word, lambda word: word.value)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    converter.register_unstructure_hook(datetime, lambda value: value)
    converter.register_structure_hook(datetime, lambda value, _: value)
    return converter


def _is_word(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, StrEnum)


BSON = _converter()

ASKED_UNTIL = "asked_until"
ASKED_LAST = "asked_last"
NOTED_UNTIL = "noted_until"
_LEFT_OUT = ("seeking", "fence")
"""What only few demands have; the first has an index, and the dispatcher writes the second where none is."""


class DemandCodec:
    """Demands. ``asking`` lists the members with an open offer, for an index: it is how load is seen at a glance;
    ``asking_teams`` the teams.

    ``asked_until``, of an order that is over, is until when those could answer who were asked and did not take it, and
    when staff last wrote why they stepped in: some time later it is forgotten who they were, what staff wrote, and what
    whoever it was for speaks. ``asked_last`` is when somebody
    was asked last: who was asked today, and how often, is read from those orders alone; an emergency does not count, so
    it has none.
    """

    collection = "demands"
    aggregate_type = DemandEvent.AGGREGATE

    def to_doc(self, aggregate: Demand) -> dict[str, Any]:
        """The fields of the document; those with an index are left out where nobody is meant: it stays small."""
        doc: dict[str, Any] = BSON.unstructure(aggregate)
        del doc["id"]
        for name in _LEFT_OUT:
            if not doc[name]:
                del doc[name]
        asking = [offer.member_id for offer in aggregate.open_offers if offer.team_id is None]
        teams = [offer.team_id for offer in aggregate.open_offers if offer.team_id is not None]
        known = [*(offer.expires_at for offer in aggregate.not_taken), *_spoken_at(aggregate), *_written_at(aggregate)]
        made = [offer.made_at for offer in aggregate.offers if offer.made_at] if aggregate.counts_for_day else []
        seen = {
            "asking": asking,
            "asking_teams": teams,
            ASKED_UNTIL: max(known, default=None) if aggregate.is_over else None,
            ASKED_LAST: max(made, default=None),
        }
        return {**doc, **{name: value for name, value in seen.items() if value}}

    def from_doc(self, doc: Mapping[str, Any]) -> Demand:
        """The demand of a document."""
        return BSON.structure({**doc, "id": doc["_id"]}, Demand)

    def snapshot(self, aggregate: Demand) -> DemandSnapshot:
        """The public view."""
        return aggregate.snapshot()

    def due(self, aggregate: Demand) -> Sequence[Due]:
        """Every deadline that stands."""
        return (*aggregate.deadlines(), *watched(aggregate))


class MemberCodec:
    """Members. ``start`` is stored as GeoJSON for the 2dsphere index; ``room`` and ``agreed`` for the queries."""

    collection = "members"
    aggregate_type = MemberPublished.AGGREGATE

    def to_doc(self, aggregate: Member) -> dict[str, Any]:
        """The fields of the document; without a known start there is no ``start``."""
        doc: dict[str, Any] = BSON.unstructure(aggregate)
        del doc["id"]
        del doc["start"]
        doc["room"] = aggregate.room
        doc["agreed"] = aggregate.agreed
        if aggregate.start is not None:
            doc["start"] = {"type": "Point", "coordinates": [aggregate.start.lon, aggregate.start.lat]}
        return doc

    def from_doc(self, doc: Mapping[str, Any]) -> Member:
        """The member of a document."""
        start = doc.get("start")
        point = None if start is None else Point(*start["coordinates"])
        rest = {name: value for name, value in doc.items() if name != "start"}
        return BSON.structure({**rest, "id": doc["_id"], "start": BSON.unstructure(point)}, Member)

    def snapshot(self, aggregate: Member) -> MemberSnapshot:
        """What others may know."""
        return aggregate.snapshot()

    def due(self, _: Member) -> Sequence[Due]:
        """Members have no deadlines."""
        return ()


class TeamCodec:
    """Teams."""

    collection = "teams"
    aggregate_type = TeamPublished.AGGREGATE

    def to_doc(self, aggregate: Team) -> dict[str, Any]:
        """The fields of the document."""
        doc: dict[str, Any] = BSON.unstructure(aggregate)
        del doc["id"]
        return doc

    def from_doc(self, doc: Mapping[str, Any]) -> Team:
        """The team of a document."""
        return BSON.structure({**doc, "id": doc["_id"]}, Team)

    def snapshot(self, aggregate: Team) -> TeamSnapshot:
        """What others may know."""
        return aggregate.snapshot()

    def due(self, _: Team) -> Sequence[Due]:
        """Teams have no deadlines."""
        return ()


class RosterCodec:
    """Rosters. ``noted_until``, where there are hand-over notes: some time after it they are forgotten."""

    collection = "rosters"
    aggregate_type = RosterEvent.AGGREGATE

    def to_doc(self, aggregate: Roster) -> dict[str, Any]:
        """The fields of the document."""
        doc: dict[str, Any] = BSON.unstructure(aggregate)
        del doc["id"]
        noted = [one.ends_at for one in aggregate.shifts if one.note is not None]
        return {**doc, **({NOTED_UNTIL: max(noted)} if noted else {})}

    def from_doc(self, doc: Mapping[str, Any]) -> Roster:
        """The roster of a document."""
        return BSON.structure({**doc, "id": doc["_id"]}, Roster)

    def snapshot(self, aggregate: Roster) -> RosterSnapshot:
        """What others may know."""
        return aggregate.snapshot()

    def due(self, aggregate: Roster) -> Sequence[Due]:
        """Every deadline that stands."""
        return aggregate.deadlines()


def _spoken_at(demand: Demand) -> list[datetime]:
    """When something was last known to go on in an order that says a language; none where it says none."""
    if demand.terms is None or not demand.terms.languages:
        return []
    times = [demand.since, *(at for take in demand.takes for at in (take.taken_at, take.left_at, take.released_at))]
    return [at for at in times if at is not None]


def _written_at(demand: Demand) -> list[datetime]:
    """When staff wrote something beside the reason of a step that is not forgotten yet."""
    noted = {one.number for one in demand.steering.hands if one.note is not None}
    return [one.at for one in demand.steering.interventions if one.number in noted]
