"""Messages as documents: one each, keyed by event, rule, recipient and channel; and what overtakes them.

``try_at`` is there as long as a message waits to go out: the database's own time before which nobody takes it.
``wait_until`` is business time.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bson.timestamp import Timestamp
from cattrs.preconf.bson import make_converter

from chassis.mongo import Document
from services.notify.application.ports import Delivery
from services.notify.domain.attempts import Attempt
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus, Message
from services.notify.domain.overtaking import Overtaking

MESSAGES, OVERTAKINGS = "messages", "overtakings"
SCHEMA = 2
FILLED_IN = Timestamp(0, 0)
"""The database puts its own time in the place of this when a document is inserted."""
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any clock's now."""
WAITING = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED_TEMPORARY)
_BEFORE_CATEGORIES: Mapping[str, Any] = {
    "category": Category.ORDER.value,
    "version": 1,
    "aggregate": "",
    "event_version": 0,
}
"""What a document of the first schema does not say."""

_converter = make_converter()


def to_doc(message: Message) -> Document:
    """A new message. What most of them do not have is not written: an inbox holds many."""
    doc: Document = {key: value for key, value in _converter.unstructure(message).items() if value not in (None, ())}
    doc = {key: value for key, value in doc.items() if value != []} | {"area_path": list(message.area_path)}
    doc["_id"] = doc.pop("id")
    doc |= {"reason": message.reason, "schema": SCHEMA, "tries": 0, "read": [], "stored_at": FILLED_IN}
    if message.status is DeliveryStatus.QUEUED:
        doc |= {"try_at": AT_ONCE, "wait_until": message.not_before}
    return doc


def from_doc(doc: Mapping[str, Any]) -> Message:
    """A stored message, whichever version wrote it."""
    known = doc if doc["schema"] >= SCHEMA else {**_BEFORE_CATEGORIES, "not_before": doc["at"], **doc}
    return _converter.structure({**known, "id": doc["_id"]}, Message)


def delivery(doc: Mapping[str, Any]) -> Delivery:
    """A stored message with what became of it."""
    message = from_doc(doc)
    sent = doc.get("sent", {})
    return Delivery(
        message=message,
        status=message.status,
        reason=doc["reason"],
        tries=doc["tries"],
        wait_until=doc.get("wait_until", message.not_before),
        attempts=tuple(_converter.structure(one, Attempt) for one in doc.get("attempts", ())),
        put_off=doc.get("put_off"),
        lease=doc.get("lease"),
        told_at=sent.get("told_at"),
        acknowledged_at=min((one["acknowledged"] for one in doc["read"] if "acknowledged" in one), default=None),
    )


def attempt_to_doc(attempt: Attempt) -> Document:
    """A try that is begun."""
    doc: Document = {key: value for key, value in _converter.unstructure(attempt).items() if value not in (None, False)}
    return doc


def overtaking_to_doc(one: Overtaking) -> Document:
    """What overtakes, for events that tell nobody."""
    doc: Document = _converter.unstructure(one)
    doc["_id"] = doc.pop("id")
    return doc | {"schema": 1, "stored_at": FILLED_IN}


def overtaking_from_doc(doc: Mapping[str, Any]) -> Overtaking:
    """As it was stored."""
    return _converter.structure({**doc, "id": doc["_id"]}, Overtaking)


OF_AN_OVERTAKING = ("community_id", "thread", "recipient", "aggregate", "event_version", "overtakes")


def overtaking_of(doc: Mapping[str, Any]) -> Overtaking:
    """What a stored message overtakes; no more of it has to be readable."""
    return Overtaking(
        id=doc["_id"],
        community_id=doc["community_id"],
        thread=doc["thread"],
        recipient=doc["recipient"],
        aggregate=doc["aggregate"],
        version=doc["event_version"],
        rules=tuple(doc["overtakes"]),
    )
