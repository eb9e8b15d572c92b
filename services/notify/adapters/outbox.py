"""The messages that wait to go out, in MongoDB. Leases and tries are the database's own clock: no process's matters."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from chassis.logging import get_logger
from chassis.mongo import Document
from services.notify.adapters.message_docs import (
    MESSAGES,
    OF_AN_OVERTAKING,
    OVERTAKINGS,
    attempt_to_doc,
    delivery,
    overtaking_from_doc,
    overtaking_of,
)
from services.notify.application.outbox_ports import Outcome
from services.notify.application.ports import Delivery
from services.notify.application.routing import PUT_TOGETHER
from services.notify.application.sending_ports import Sent
from services.notify.domain.attempts import LOST, Attempt
from services.notify.domain.message import OUTWARD, DeliveryStatus
from services.notify.domain.overtaking import reason_to_stop

_FREE: Document = {"try_at": {"$exists": True}, "$expr": {"$lte": ["$try_at", "$$NOW"]}}
LEFT_ALONE_SECONDS = 60.0
"""So long one that cannot be read is left alone: another version of this service may read it."""
AT_ONCE_STOPPED = 200
log = get_logger(__name__)
_COUNTED = frozenset({DeliveryStatus.FAILED_TEMPORARY, DeliveryStatus.FAILED_PERMANENT})


class MongoOutbox:
    """An ``Outbox``."""

    def __init__(self, database: Database[Document]) -> None:
        self._messages: Collection[Document] = database[MESSAGES]
        self._overtakings: Collection[Document] = database[OVERTAKINGS]

    def due(self, now: datetime, most: int, channels: Sequence[str]) -> Sequence[Delivery]:
        """See ``Outbox``."""
        found = list(self._messages.find(due_by(now, channels)).sort([("urgent", -1), ("wait_until", 1)]).limit(most))
        return self._readable(found)

    def _readable(self, docs: Sequence[Document]) -> list[Delivery]:
        read, unread = [], []
        for doc in docs:
            try:
                read.append(delivery(doc))
            except Exception as error:  # noqa: BLE001  whatever is wrong with it, the others go out
                log.error("outbox.unreadable", message=doc["_id"], error=type(error).__name__)
                unread.append(doc["_id"])
        if unread:
            later = {"try_at": _in_seconds(LEFT_ALONE_SECONDS)}
            self._messages.update_many({"_id": {"$in": unread}, **_FREE}, [{"$set": later}])
        return read

    def put_together(self, recipients: Sequence[tuple[str, str]], now: datetime) -> Sequence[Delivery]:
        """See ``Outbox``."""
        theirs = [{"community_id": community, "recipient": recipient} for community, recipient in recipients]
        waits = {"channel": OUTWARD, "put_off": PUT_TOGETHER, "wait_until": {"$lte": now}}
        found = self._messages.find({"$or": [{**one, **waits, **_FREE} for one in theirs]}) if theirs else ()
        return self._readable(list(found))

    def stopped(self, deliveries: Sequence[Delivery]) -> Mapping[str, str]:
        """See ``Outbox``."""
        threads = {"thread": {"$in": sorted({one.message.thread for one in deliveries})}}
        told = self._messages.find({**threads, "overtakes": {"$exists": True}}, OF_AN_OVERTAKING)
        overtakings = [overtaking_of(doc) for doc in told]
        overtakings += [overtaking_from_doc(doc) for doc in self._overtakings.find(threads)]
        by_thread: dict[str, list[Any]] = {}
        for one in overtakings:
            by_thread.setdefault(one.thread, []).append(one)
        reasons = {
            one.message.id: reason_to_stop(one.message, by_thread.get(one.message.thread, ())) for one in deliveries
        }
        return {id: reason for id, reason in reasons.items() if reason is not None}

    def read(self, message_ids: Sequence[str]) -> frozenset[str]:
        """See ``Outbox``."""
        found = self._messages.find({"_id": {"$in": list(message_ids)}, "read.0": {"$exists": True}}, {"_id": 1})
        return frozenset(doc["_id"] for doc in found)

    def keep_back(self, reasons: Mapping[str, str]) -> None:
        """See ``Outbox``."""
        by_reason: dict[str, list[str]] = {}
        for id, reason in reasons.items():
            by_reason.setdefault(reason, []).append(id)
        for reason, ids in by_reason.items():
            kept = {"status": DeliveryStatus.SUPPRESSED.value, "reason": reason}
            self._messages.update_many({"_id": {"$in": ids}, **_FREE}, {"$set": kept, "$unset": {"try_at": ""}})

    def keep_back_stopped(self, before_id: str) -> None:
        """Suppress now what waits for its time and is overtaken, of messages with smaller ids."""
        waits = self._messages.find({"_id": {"$lt": before_id}, "try_at": {"$exists": True}})
        while some := list(islice(waits, AT_ONCE_STOPPED)):
            self.keep_back(self.stopped(self._readable(some)))

    def take(self, message_ids: Sequence[str], seconds: float) -> Sequence[Delivery]:
        """See ``Outbox``. A message whose sender died comes back when its lease is over: at least once."""
        if not message_ids:
            return []
        lease = uuid4().hex
        taken = {"lease": lease, "try_at": _in_seconds(seconds), "status": DeliveryStatus.SENDING.value}
        which = {"_id": {"$in": list(message_ids)}}
        if self._messages.update_many({**which, **_FREE}, [{"$set": taken}]).matched_count == 0:
            return []
        found = self._messages.find({**which, "lease": lease}).sort([("urgent", -1), ("wait_until", 1)])
        return [delivery(doc) for doc in found]

    def begin(self, attempts: Sequence[tuple[Delivery, Attempt]], seconds: float) -> frozenset[str]:
        """See ``Outbox``."""
        begun = self._messages.bulk_write(
            [_beginning(one, attempt, seconds) for one, attempt in attempts], ordered=False
        )
        ours = [_ours(one) for one, _ in attempts]
        if begun.matched_count == len(ours):
            return frozenset(one["_id"] for one in ours)
        return frozenset(doc["_id"] for doc in self._messages.find({"$or": ours}, {"_id": 1}))

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """See ``Outbox``."""
        self._messages.bulk_write([_settling(one) for one in outcomes], ordered=False)


def _ours(one: Delivery) -> Document:
    return {"_id": one.message.id, "lease": one.lease}


def due_by(now: datetime, channels: Sequence[str]) -> Document:
    """Every message whose time has come and that is nobody's. Both kinds of urgency are named for the index' sake."""
    return {"channel": {"$in": list(channels)}, "urgent": {"$in": [True, False]}, "wait_until": {"$lte": now}, **_FREE}


def _beginning(one: Delivery, attempt: Attempt, seconds: float) -> UpdateOne:
    begun = {"$mergeObjects": [{"$literal": attempt_to_doc(attempt)}, {"began": "$$NOW"}]}
    tried = {"$concatArrays": [_unsettled_are(_lost()), [begun]]}
    return UpdateOne(_ours(one), [{"$set": {"attempts": tried, "try_at": _in_seconds(seconds)}}])


def _settling(outcome: Outcome) -> UpdateOne:
    """What was tried and what it is now, in one write; of what goes on trying the lease stays."""
    tried = outcome.sent is not None or outcome.status in _COUNTED
    values: Document = {
        "status": outcome.status.value,
        "reason": {"$literal": outcome.reason},
        "tries": {"$add": ["$tries", 1 if tried else 0]},
        "try_at": "$$REMOVE" if outcome.retry_in is None else _in_seconds(outcome.retry_in),
    }
    if outcome.sent is not None:
        values["attempts"] = _unsettled_are(_result(outcome.sent))
    if outcome.status is not DeliveryStatus.SENDING:
        values["lease"] = "$$REMOVE"
    if outcome.wait_until is not None:
        values["wait_until"] = outcome.wait_until
    if outcome.put_off is not None:
        values["put_off"] = outcome.put_off
    if outcome.told_at is not None:
        due_at = {"$subtract": ["$$NOW", round(outcome.late * 1000)]}
        way = {"$literal": outcome.way}
        values["sent"] = {"way": way, "at": "$$NOW", "due_at": due_at, "told_at": outcome.told_at}
    return UpdateOne(_ours(outcome.delivery), [{"$set": values}])


def _unsettled_are(result: Document) -> Document:
    settled = {"$mergeObjects": ["$$one", result]}
    open_ones = {"$eq": [{"$type": "$$one.settled"}, "missing"]}
    each = {"$cond": [open_ones, settled, "$$one"]}
    return {"$map": {"input": {"$ifNull": ["$attempts", []]}, "as": "one", "in": each}}


def _lost() -> Document:
    return _result(Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason=LOST))


def _result(sent: Sent) -> Document:
    said = {"status": sent.status.value, "reason": sent.reason, "reference": sent.reference}
    given: Document = {name: {"$literal": value} for name, value in said.items() if value is not None}
    return given | {"settled": "$$NOW"}


def _in_seconds(seconds: float) -> Document:
    return {"$add": ["$$NOW", round(seconds * 1000)]}
