"""What notify keeps of others to know whom an event concerns: shifts of rosters, categories of items; ids and codes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from cattrs.preconf.bson import make_converter
from pymongo.database import Database

from chassis.migrations import Index
from chassis.mongo import Document
from chassis.projection import Projection, project
from chassis.rebuild import View
from contracts.envelope import Envelope
from contracts.events import AnyReceived
from contracts.events.masters import CatalogueItemPublished
from contracts.events.rosters import RosterEvent
from contracts.roster import ShiftState
from contracts.schemas.wire import read_event
from services.notify.domain.crowd import Roster

ROSTERS, ITEMS = "rosters", "items"
REPLICA_INDEXES: tuple[Index, ...] = (
    Index("items", [("community_id", 1), ("item.category", 1)]),
    Index("rosters", "roster.day"),
)
_AROUND = (timedelta(days=-2), timedelta(days=-1), timedelta(0), timedelta(days=1))
"""A night began the day before, and it is another day elsewhere."""
_converter = make_converter()


class MongoReplicas:
    """A ``Replicas``: one row for each roster and item, the newest version wins."""

    def __init__(self, db: Database[Document]) -> None:
        self._rosters = db["rosters"]
        self._items = db["items"]

    def keep_rosters(self, events: Sequence[AnyReceived]) -> None:
        """See ``Replicas``."""
        project(self._rosters, [_roster_row(event) for event in events])

    def keep_items(self, events: Sequence[AnyReceived]) -> None:
        """See ``Replicas``."""
        project(self._items, [_item_row(event) for event in events])

    def rosters(self, area_path: Sequence[str], at: datetime) -> Sequence[Roster]:
        """See ``Replicas``; one read by ids."""
        days = [(at.astimezone(UTC) + step).strftime("%Y%m%d") for step in _AROUND]
        ids = [f"{area}.{day}" for area in area_path for day in days]
        return [
            Roster(
                area=doc["roster"]["area"],
                shifts=tuple(_converter.structure(one, ShiftState) for one in doc["roster"]["shifts"]),
            )
            for doc in self._rosters.find({"_id": {"$in": ids}}).sort("_id", 1)
        ]

    def category(self, item_id: str) -> str | None:
        """See ``Replicas``."""
        doc = self._items.find_one({"_id": item_id}, {"item.category": 1})
        return None if doc is None else doc["item"]["category"]

    def offers(self, community_id: str, category: str) -> bool:
        """See ``Replicas``."""
        return self._items.find_one({"community_id": community_id, "item.category": category}, {"_id": 1}) is not None


def last_day(moment: datetime) -> str:
    """The local day of a roster (2026-11-22) before which all are over at *moment*, wherever they are."""
    return f"{moment.astimezone(UTC) - timedelta(days=2):%Y-%m-%d}"


def _roster_row(event: AnyReceived) -> Projection:
    said = event.snapshot
    fields = {
        "area": said.id.rpartition(".")[0],
        "day": said.day,
        "shifts": [_converter.unstructure(one) for one in said.shifts],
    }
    return Projection(said.id, "roster", event.version, fields, {"community_id": said.community_id})


def _item_row(event: AnyReceived) -> Projection:
    said = event.snapshot
    shared = {"community_id": said.community_id}
    return Projection(said.id, "item", event.version, {"category": said.category}, shared)


def _roster_rows(envelope: Envelope) -> Iterable[Projection]:
    return (_roster_row(read_event(envelope.to_wire())),) if envelope.aggregatetype == RosterEvent.AGGREGATE else ()


def _item_rows(envelope: Envelope) -> Iterable[Projection]:
    return (_item_row(read_event(envelope.to_wire())),) if envelope.type == CatalogueItemPublished.TYPE else ()


CROWD_REPLICAS = (View("rosters", _roster_rows), View("items", _item_rows))
"""For ``rebuild``."""
