"""Messages in MongoDB: one document each, keyed by event, rule, recipient and channel."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chassis.mongo import Document
from contracts.errors import Invalid
from contracts.recusal import Recusal, staffed
from contracts.words import Text
from services.notify.adapters.message_docs import (
    MESSAGES,
    OVERTAKINGS,
    WAITING,
    delivery,
    from_doc,
    overtaking_to_doc,
    to_doc,
)
from services.notify.application.ports import Delivery, Entry, Known, Told
from services.notify.domain.audience import Reach, Recipients
from services.notify.domain.ladder_audience import EVERY, reads_abroad
from services.notify.domain.message import IN_APP, DeliveryStatus, Message
from services.notify.domain.overtaking import Overtaking

DUPLICATE_KEY = 11000
NOT_THERE = [DeliveryStatus.SUPPRESSED.value, *(status.value for status in WAITING)]
"""A message in the inbox that nobody sees: kept back, or a reminder whose time has not come."""
_WAITS: Document = {"status": {"$in": [DeliveryStatus.QUEUED.value, DeliveryStatus.FAILED_TEMPORARY.value]}}


class MongoMessages:
    """The stored messages and their inboxes."""

    def __init__(self, database: Database[Document]) -> None:
        self._messages: Collection[Document] = database[MESSAGES]
        self._overtakings: Collection[Document] = database[OVERTAKINGS]

    def add(self, messages: Sequence[Message], overtakings: Sequence[Overtaking] = ()) -> None:
        """Store messages, and what overtakes others; those already there stay as they are.

        What overtakes is stored first: a message that is there can be sent at once.
        """
        _insert(self._overtakings, [overtaking_to_doc(one) for one in overtakings])
        _insert(self._messages, [to_doc(message) for message in messages])

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
        return [_entry(doc, account_id) for doc in page], following

    def unread(self, community_id: str, recipients: Recipients, account_id: str) -> int:
        """How many in-app messages the account has not read."""
        query = _inbox_query(community_id, recipients) | {"read.account": {"$ne": account_id}}
        return self._messages.count_documents(query)

    def mark_read(self, message_id: str, recipients: Recipients, account_id: str, now: datetime) -> datetime | None:
        """Note the first reading by this account and give its time; None when there is no such message for them."""
        mine = _one_of_theirs(message_id, recipients)
        self._messages.update_one(
            mine | {"read.account": {"$ne": account_id}}, {"$push": {"read": {"account": account_id, "at": now}}}
        )
        doc = self._messages.find_one(mine)
        return None if doc is None else _read_at(doc, account_id)

    def acknowledge(self, message_id: str, recipients: Recipients, account_id: str, now: datetime) -> Known | None:
        """See ``Messages``: kept with the reading, so that a message has one line for each who saw it."""
        read_at = self.mark_read(message_id, recipients, account_id, now)
        if read_at is None:
            return None
        mine = _one_of_theirs(message_id, recipients)
        unsaid = {"read": {"$elemMatch": {"account": account_id, "acknowledged": {"$exists": False}}}}
        self._messages.update_one(mine | unsaid, {"$set": {"read.$.acknowledged": now}})
        doc = self._messages.find_one(mine)
        said = None if doc is None else _read_at(doc, account_id, "acknowledged")
        return None if said is None else Known(read_at=read_at, acknowledged_at=said)

    def deliveries(self, community_id: str, thread: str) -> list[Delivery]:
        """Everything that was told about one order, oldest first."""
        found = self._messages.find({"community_id": community_id, "thread": thread}).sort([("at", 1), ("_id", 1)])
        return [delivery(doc) for doc in found]

    def told(self, community_id: str, recipients: Recipients, thread: str, account_id: str) -> list[Told]:
        """What was told, or was to be told, to the recipients about one thing, oldest first."""
        query = {"community_id": community_id, "thread": thread} | _told_to(recipients)
        found = self._messages.find(query).sort([("at", 1), ("_id", 1)])
        return [Told(delivery=delivery(doc), read_at=_read_at(doc, account_id)) for doc in found]

    def silence(self, community_id: str, threads: Sequence[str], rules: Sequence[str], reason: str) -> None:
        """Keep back what waits to be sent of these orders under these rules."""
        which = {"community_id": community_id, "thread": {"$in": list(threads)}, "rule": {"$in": list(rules)}}
        self._messages.update_many({**which, **_WAITS}, _kept_back(reason))

    def forget(self, community_id: str, threads: Sequence[str], rules: Sequence[str]) -> None:
        """Delete what was told of these orders under these rules."""
        which = {"community_id": community_id, "thread": {"$in": list(threads)}, "rule": {"$in": list(rules)}}
        self._messages.delete_many(which)

    def recuse(self, community_id: str, thread: str, recused: Recusal, theirs: Sequence[str], reason: str) -> None:
        """See ``Messages``. Only ever more are: whichever of two such changes comes last, nobody is let in again."""
        about = {"community_id": community_id, "thread": thread}
        more = {"members": recused.members, "areas": recused.areas, "staff": recused.staff}
        added = {f"recused.{name}": {"$each": list(ids)} for name, ids in more.items()}
        self._messages.update_many({**about, "recused": {"$exists": True}}, {"$addToSet": added})
        self._messages.update_many({**about, "recipient": {"$in": list(theirs)}, **_WAITS}, _kept_back(reason))


def _kept_back(reason: str) -> Document:
    return {"$set": {"status": DeliveryStatus.SUPPRESSED.value, "reason": reason}, "$unset": {"try_at": ""}}


def _insert(collection: Collection[Document], docs: Sequence[Document]) -> None:
    if not docs:
        return
    try:
        collection.insert_many(docs, ordered=False)
    except BulkWriteError as error:
        if any(failure["code"] != DUPLICATE_KEY for failure in error.details["writeErrors"]):
            raise


def _inbox_query(community_id: str, recipients: Recipients) -> Document:
    told = {"$nin": NOT_THERE}
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


def _one_of_theirs(message_id: str, recipients: Recipients) -> Document:
    return {"_id": message_id, "channel": IN_APP, "status": {"$nin": NOT_THERE}} | _told_to(recipients)


def _entry(doc: Mapping[str, Any], account_id: str) -> Entry:
    known = _read_at(doc, account_id, "acknowledged")
    return Entry(message=from_doc(doc), read_at=_read_at(doc, account_id), acknowledged_at=known)


def _read_at(doc: Mapping[str, Any], account_id: str, what: str = "at") -> datetime | None:
    """When this account read it, or what else of its reading is wanted."""
    return next((reading.get(what) for reading in doc["read"] if reading["account"] == account_id), None)


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
