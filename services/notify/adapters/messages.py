"""Messages in MongoDB: one document each, keyed by event, rule, recipient and channel."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from cattrs.preconf.bson import make_converter
from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from contracts.errors import Invalid
from contracts.recusal import staffed
from contracts.words import Text
from services.notify.application.ports import Delivery, Entry, Sent
from services.notify.domain.audience import Reach, Recipients
from services.notify.domain.ladder_audience import EVERY, reads_abroad
from services.notify.domain.message import IN_APP, DeliveryStatus, Message

DUPLICATE_KEY = 11000
Document = dict[str, Any]
_converter = make_converter()


class MongoMessages:
    """The stored messages. Sending times are the database's own clock, so that no process's clock matters."""

    def __init__(self, database: Database[Document]) -> None:
        self._messages: Collection[Document] = database["messages"]

    def add(self, messages: Sequence[Message]) -> None:
        """Store messages; those already there stay as they are."""
        try:
            self._messages.insert_many([_to_doc(message) for message in messages], ordered=False)
        except BulkWriteError as error:
            if any(failure["code"] != DUPLICATE_KEY for failure in error.details["writeErrors"]):
                raise

    def inbox(
        self, community_id: str, recipients: Recipients, account_id: str, cursor: str | None, limit: int
    ) -> tuple[list[Entry], str | None]:
        """In-app messages of the recipients, newest first, and the cursor of the next page. Raises Invalid."""
        query = _inbox_query(community_id, recipients)
        if cursor is not None:
            at, message_id = _read_cursor(cursor)
            query |= {"at": {"$lte": at}, "$nor": [{"at": at, "_id": {"$gte": message_id}}]}
        found = list(self._messages.find(query).sort([("at", -1), ("_id", -1)]).limit(limit + 1))
        page = found[:limit]
        following = _write_cursor(page[-1]) if len(found) > limit else None
        return [Entry(message=_from_doc(doc), read_at=_read_at(doc, account_id)) for doc in page], following

    def unread(self, community_id: str, recipients: Recipients, account_id: str) -> int:
        """How many in-app messages the account has not read."""
        query = _inbox_query(community_id, recipients) | {"read.account": {"$ne": account_id}}
        return self._messages.count_documents(query)

    def mark_read(self, message_id: str, recipients: Recipients, account_id: str, now: datetime) -> datetime | None:
        """Note the first reading by this account and give its time; None when there is no such message for them."""
        told = {"$ne": DeliveryStatus.SUPPRESSED.value}
        mine = {"_id": message_id, "channel": IN_APP, "status": told} | _told_to(recipients)
        self._messages.update_one(
            mine | {"read.account": {"$ne": account_id}}, {"$push": {"read": {"account": account_id, "at": now}}}
        )
        doc = self._messages.find_one(mine)
        return None if doc is None else _read_at(doc, account_id)

    def deliveries(self, community_id: str, thread: str) -> list[Delivery]:
        """Everything that was told about one order, oldest first."""
        found = self._messages.find({"community_id": community_id, "thread": thread}).sort([("at", 1), ("_id", 1)])
        return [_delivery(doc) for doc in found]

    def lease(self, seconds: float) -> Delivery | None:
        """Take one message whose time has come for sending; nobody else gets it for so many seconds.

        A message whose sender died comes back when its lease is over: at least once, as every channel must bear.
        """
        waiting = [DeliveryStatus.QUEUED.value, DeliveryStatus.SENDING.value, DeliveryStatus.FAILED_TEMPORARY.value]
        due = {"next_try_at": {"$exists": True}, "$expr": {"$lte": ["$next_try_at", "$$NOW"]}}
        doc = self._messages.find_one_and_update(
            {"status": {"$in": waiting}, **due},
            [{"$set": {"status": DeliveryStatus.SENDING.value, "next_try_at": _in_seconds(seconds)}}],
            sort=[("next_try_at", 1)],
            return_document=ReturnDocument.AFTER,
        )
        return None if doc is None else _delivery(doc)

    def silence(self, community_id: str, threads: Sequence[str], rules: Sequence[str], reason: str) -> None:
        """Keep back what waits to be sent of these orders under these rules."""
        waiting = [DeliveryStatus.QUEUED.value, DeliveryStatus.FAILED_TEMPORARY.value]
        self._messages.update_many(
            {
                "community_id": community_id,
                "thread": {"$in": list(threads)},
                "rule": {"$in": list(rules)},
                "status": {"$in": waiting},
            },
            {"$set": {"status": DeliveryStatus.SUPPRESSED.value, "reason": reason}, "$unset": {"next_try_at": ""}},
        )

    def forget(self, community_id: str, threads: Sequence[str], rules: Sequence[str]) -> None:
        """Delete what was told of these orders under these rules."""
        which = {"community_id": community_id, "thread": {"$in": list(threads)}, "rule": {"$in": list(rules)}}
        self._messages.delete_many(which)

    def settle(self, message_id: str, sent: Sent, retry_in: float | None) -> None:
        """Note what became of a try; with *retry_in* it is tried again after so many seconds."""
        noted = {"status": sent.status.value, "reason": {"$literal": sent.reason}, "tries": {"$add": ["$tries", 1]}}
        when: Any = "$$REMOVE" if retry_in is None else _in_seconds(retry_in)
        self._messages.update_one({"_id": message_id}, [{"$set": noted | {"next_try_at": when}}])


def _in_seconds(seconds: float) -> Document:
    return {"$add": ["$$NOW", round(seconds * 1000)]}


def _inbox_query(community_id: str, recipients: Recipients) -> Document:
    told = {"$ne": DeliveryStatus.SUPPRESSED.value}
    own = {"community_id": community_id, "channel": IN_APP, "status": told} | _told_to(recipients)
    if not reads_abroad(tuple(recipients)):
        return own
    return {"$or": [own, {"abroad": True, "channel": IN_APP, "status": told} | _told_to(recipients)]}


def _told_to(recipients: Recipients) -> Document:
    ways: list[Document] = [{"recipient": {"$in": [name for name, reach in recipients.items() if reach is None]}}]
    ways += [{**_named(name, reach), **_within(reach)} for name, reach in recipients.items() if reach is not None]
    return ways[0] if len(ways) == 1 else {"$or": ways}


def _named(name: str, reach: Reach) -> Document:
    kind, _, block = name.partition(":")
    if block != EVERY:
        return {"recipient": name}
    return {"community_id": reach.reader.community_id, "recipient": {"$regex": f"^{kind}:"}}


def _within(reach: Reach) -> Document:
    """``Reach.hears`` as a condition."""
    wanted: Document = {} if reach.areas is None else {"area_path": {"$in": list(reach.areas)}}
    wanted["recused.staff"] = {"$ne": reach.reader.account_id}
    if reach.reader.member_id is not None:
        wanted["recused.members"] = {"$ne": reach.reader.member_id}
    areas = staffed(reach.reader)
    return wanted | ({"recused.areas": {"$nin": list(areas)}} if areas else {})


def _to_doc(message: Message) -> Document:
    doc: Document = _converter.unstructure(message)
    doc["_id"] = doc.pop("id")
    doc |= {"schema": 1, "tries": 0, "read": []}
    if message.status is DeliveryStatus.QUEUED:
        doc["next_try_at"] = message.at - timedelta(days=3650)  # due at once by any clock
    return doc


def _from_doc(doc: Mapping[str, Any]) -> Message:
    return _converter.structure({**doc, "id": doc["_id"]}, Message)


def _delivery(doc: Mapping[str, Any]) -> Delivery:
    message = _from_doc(doc)
    return Delivery(message=message, status=message.status, reason=doc["reason"], tries=doc["tries"])


def _read_at(doc: Mapping[str, Any], account_id: str) -> datetime | None:
    return next((reading["at"] for reading in doc["read"] if reading["account"] == account_id), None)


def _write_cursor(doc: Mapping[str, Any]) -> str:
    return urlsafe_b64encode(f"{doc['at'].isoformat()} {doc['_id']}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        at, _, message_id = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        moment = datetime.fromisoformat(at)
        # Near the ends of all time another zone's hour has no UTC to stand in.
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise Invalid("invalid-cursor", _NOT_OURS, "cursor") from None
    if moment.tzinfo is None:
        raise Invalid("invalid-cursor", _NOT_OURS, "cursor")
    return moment, message_id


_NOT_OURS = Text("cursor 不对,请从头翻页", "the cursor is not one of ours: start at the first page")
