"""What areas are called and where they lie: a replica of what tickets publishes; robots are bound to areas."""

from collections.abc import Iterable, Sequence

from pymongo.database import Database

from chassis.mongo import Document
from chassis.projection import Projection, project
from chassis.rebuild import View
from contracts.envelope import Envelope
from contracts.events import AnyReceived
from contracts.events.masters import AreaPublished
from contracts.schemas.wire import read_event
from contracts.words import Text

AREAS = "areas"


class MongoAreaNames:
    """An ``AreaNames``: one row for each area, the newest version wins."""

    def __init__(self, db: Database[Document]) -> None:
        self._areas = db[AREAS]

    def keep(self, events: Sequence[AnyReceived]) -> None:
        """Keep what is published of areas."""
        project(self._areas, [_row(event) for event in events])

    def name(self, area_id: str) -> Text | None:
        """See ``AreaNames``."""
        row = self._areas.find_one({"_id": area_id}, {"area.name": 1})
        return None if row is None else Text(zh=row["area"]["name"]["zh"], en=row["area"]["name"]["en"])

    def path(self, community_id: str, area_id: str) -> tuple[str, ...] | None:
        """See ``AreaNames``."""
        row = self._areas.find_one({"_id": area_id, "community_id": community_id}, {"area.path": 1})
        return None if row is None else tuple(row["area"]["path"])


def _row(event: AnyReceived) -> Projection:
    said = event.snapshot
    fields = {"name": {"zh": said.name.zh, "en": said.name.en}, "path": list(said.path), "kind": said.kind}
    return Projection(said.id, AreaPublished.AGGREGATE, event.version, fields, {"community_id": said.community_id})


def _rows(envelope: Envelope) -> Iterable[Projection]:
    return (_row(read_event(envelope.to_wire())),) if envelope.aggregatetype == AreaPublished.AGGREGATE else ()


VIEW = View(AREAS, _rows)
"""For ``rebuild``."""
