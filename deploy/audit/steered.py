"""What a demand's document says of staff's hands on it, in the words of its snapshot."""

from collections.abc import Mapping
from typing import Any

from contracts.words import OfferStatus
from deploy.audit.databases import Document


def steering(doc: Document, wire: Any) -> Mapping[str, Any] | None:
    """None where nothing waits for staff and they never stepped in. *wire* puts a value as an event carries it."""
    kept = doc["steering"]
    suggestion = kept["suggestion"]
    mark = suggestion and {
        "number": suggestion["number"],
        "send_at": wire(suggestion["send_at"]),
        "count": len(suggestion["choices"]),
    }
    pinned = any(offer["id"] == kept["pinned"] and offer["status"] == OfferStatus.OPEN.value for offer in doc["offers"])
    waits, done = kept["waits"] is not None, wire(kept["interventions"])
    if not (mark or waits or kept["frozen"] or pinned or done):
        return None
    return {
        "suggestion": mark,
        "waits": waits,
        "frozen": kept["frozen"],
        "pinned": pinned,
        "interventions": done,
    }
