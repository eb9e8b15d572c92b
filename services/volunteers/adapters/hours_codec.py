"""Between an entry of the ledgers and its document; some fields stand there for indexes and sums alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.decisions import Due
from contracts.events.hours import HoursEvent, HoursSnapshot
from contracts.hours import EntryState, Ledger
from services.volunteers.adapters.codecs import BSON
from services.volunteers.domain.hours_entry import Entry

HOURS = "hours"
WAITS = "waits"
"""Set while staff have to see to an entry; sparse, since only few wait."""
_SUMS = ("minutes", "began", "year", "grade", "changed_at")


class EntryCodec:
    """Entries: one document each, which holds its lines."""

    collection = "hours"
    aggregate_type = HoursEvent.AGGREGATE

    def to_doc(self, aggregate: Entry) -> dict[str, Any]:
        """The fields of the document, with those that are summed and looked for."""
        doc: dict[str, Any] = BSON.unstructure(aggregate)
        del doc["id"]
        doc["standing_spans"] = doc["lines"][-1]["spans"] if doc["lines"] else []
        doc |= {name: getattr(aggregate, name) for name in _SUMS}
        waits = aggregate.ledger is Ledger.HOURS and aggregate.state in (EntryState.MISSING, EntryState.DISPUTED)
        return {**doc, **({WAITS: aggregate.state.value} if waits else {})}

    def from_doc(self, doc: Mapping[str, Any]) -> Entry:
        """The entry of a document."""
        return BSON.structure({**doc, "id": doc["_id"]}, Entry)

    def snapshot(self, aggregate: Entry) -> HoursSnapshot:
        """What others may know."""
        return aggregate.snapshot()

    def due(self, aggregate: Entry) -> Sequence[Due]:
        """Every deadline that stands."""
        return aggregate.deadlines()
