"""Between the aggregates and their documents: unknown fields are ignored, missing ones take their default."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from cattrs.preconf.bson import make_converter

from contracts.decisions import Due
from contracts.events.harm import HarmEvent, HarmSnapshot
from contracts.events.masters import (
    AreaPublished,
    AreaSnapshot,
    CatalogueItemPublished,
    CatalogueItemSnapshot,
    CommunityPublished,
    CommunitySnapshot,
)
from contracts.events.people import PersonEvent, PersonSnapshot
from contracts.events.pleas import PleaEvent, PleaSnapshot
from contracts.events.ticket_snapshot import TicketSnapshot
from contracts.events.tickets import TicketEvent
from services.tickets.domain import deadlines
from services.tickets.domain.area import Area
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.community import Community
from services.tickets.domain.harm import HarmReport
from services.tickets.domain.person import Person
from services.tickets.domain.pleas import Plea
from services.tickets.domain.ticket import Ticket

T = TypeVar("T")

BSON = make_converter(unstruct_collection_overrides={tuple: list}, detailed_validation=False)
"""Tuples become lists before they are compared with what the database gave."""


class _Documents(Generic[T]):
    """What the codecs share: the id is the document's ``_id``."""

    kind: type[T]

    def to_doc(self, aggregate: T) -> dict[str, Any]:
        """The business fields."""
        doc: dict[str, Any] = BSON.unstructure(aggregate)
        del doc["id"]
        return doc

    def from_doc(self, doc: Mapping[str, Any]) -> T:
        """The aggregate."""
        return BSON.structure({**doc, "id": doc["_id"]}, self.kind)

    def due(self, aggregate: T) -> Sequence[Due]:
        """Masters have no deadlines."""
        return ()


class TicketCodec(_Documents[Ticket]):
    """Orders; what a person typed is already sealed when it gets here."""

    collection = "tickets"
    aggregate_type = TicketEvent.AGGREGATE
    kind = Ticket

    def snapshot(self, aggregate: Ticket) -> TicketSnapshot:
        """The public view."""
        return aggregate.snapshot()

    def due(self, aggregate: Ticket) -> Sequence[Due]:
        """Silence, or a callback."""
        return deadlines.standing(aggregate)


class PersonCodec(_Documents[Person]):
    """People as holders of rights; who they are is in the vault."""

    collection = "people"
    aggregate_type = PersonEvent.AGGREGATE
    kind = Person

    def snapshot(self, aggregate: Person) -> PersonSnapshot:
        """The public view."""
        return aggregate.snapshot()

    def due(self, aggregate: Person) -> Sequence[Due]:
        """The years of the delegations."""
        return aggregate.due()


class HarmCodec(_Documents[HarmReport]):
    """Reports of suspected harm; what a person typed is already sealed when it gets here."""

    collection = "harm_reports"
    aggregate_type = HarmEvent.AGGREGATE
    kind = HarmReport

    def snapshot(self, aggregate: HarmReport) -> HarmSnapshot:
        """The public view: that it is there."""
        return aggregate.snapshot()

    def due(self, aggregate: HarmReport) -> Sequence[Due]:
        """What the circle has to do in time."""
        return aggregate.deadlines()


class PleaCodec(_Documents[Plea]):
    """What somebody wrote by SMS; its words are already sealed when they get here."""

    collection = "pleas"
    aggregate_type = PleaEvent.AGGREGATE
    kind = Plea

    def snapshot(self, aggregate: Plea) -> PleaSnapshot:
        """The public view: that it is there."""
        return aggregate.snapshot()

    def due(self, aggregate: Plea) -> Sequence[Due]:
        """Somebody answers."""
        return aggregate.deadlines()


class ItemCodec(_Documents[CatalogueItem]):
    """The catalogue; an item's own version is ``item_version``, for ``version`` counts events."""

    collection = "catalogue_items"
    aggregate_type = CatalogueItemPublished.AGGREGATE
    kind = CatalogueItem

    def to_doc(self, aggregate: CatalogueItem) -> dict[str, Any]:
        """The business fields."""
        doc = super().to_doc(aggregate)
        doc["item_version"] = doc.pop("version")
        return doc

    def from_doc(self, doc: Mapping[str, Any]) -> CatalogueItem:
        """The item."""
        return super().from_doc({**doc, "version": doc["item_version"]})

    def snapshot(self, aggregate: CatalogueItem) -> CatalogueItemSnapshot:
        """The public view."""
        return aggregate.snapshot()


class AreaCodec(_Documents[Area]):
    """The tree of areas."""

    collection = "areas"
    aggregate_type = AreaPublished.AGGREGATE
    kind = Area

    def snapshot(self, aggregate: Area) -> AreaSnapshot:
        """The public view."""
        return aggregate.snapshot()


class CommunityCodec(_Documents[Community]):
    """The communities with their figures."""

    collection = "communities"
    aggregate_type = CommunityPublished.AGGREGATE
    kind = Community

    def to_doc(self, aggregate: Community) -> dict[str, Any]:
        """The business fields; a community is in itself."""
        return {**super().to_doc(aggregate), "community_id": aggregate.id}

    def snapshot(self, aggregate: Community) -> CommunitySnapshot:
        """The public view."""
        return aggregate.snapshot()
