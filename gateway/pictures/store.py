"""Which pictures an order has: one row each, whose files lie in GridFS; a thin list of them in the order's view.

A row is written when its files are there, and named by its upload's key: a repeat finds it. Each takes one of the
order's places, which an index keeps unique, so that no race gives an order more than it may have.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from contracts.errors import Conflict, KeyReused
from contracts.schemas.fields import time_text
from contracts.words import PictureKind, PictureUse, Text
from gateway.pictures.files import Files, Kept, Lost, Size
from gateway.pictures.redraw import Redrawn

Document = dict[str, Any]

COLLECTION = "pictures"
SCHEMA = 1
TRIES = 8
PAGE = 200
ORDERING = frozenset({"requester", "delegate"})
"""As what somebody sends who ordered, or stands in for whom it is for."""


class Clock(Protocol):
    """Business time."""

    def now(self) -> datetime:
        """The moment now, UTC."""


@dataclass(frozen=True)
class Quota:
    """Pictures of one order at most, and of those that who ordered may add."""

    order: int
    requester: int


@dataclass(frozen=True, kw_only=True)
class NewPicture:
    """What is said of a picture; ``by`` is the relation of ``account_id`` to the order, ``subject`` whose key seals."""

    id: str
    community_id: str
    ticket_id: str
    kind: PictureKind
    by: str
    account_id: str
    subject: str
    shows_person: bool
    consent: PictureUse | None
    body_hash: str
    question: str | None = None


class Pictures:
    """The rows of ``pictures``, their files, and the list in the view ``tickets``."""

    def __init__(self, db: Database[Document], files: Files, quota: Quota, clock: Clock) -> None:
        self._rows: Collection[Document] = db[COLLECTION]
        self._views: Collection[Document] = db["tickets"]
        self._files = files
        self._quota = quota
        self._clock = clock

    def known(self, id: str, body_hash: str) -> Document | None:
        """The picture that this upload has made before; raises KeyReused where its key came with another one."""
        row = self._rows.find_one({"_id": id})
        if row is None:
            return None
        if row["body_hash"] != body_hash:
            raise KeyReused("key-reused", Text("这个 Idempotency-Key 已经用过", "this Idempotency-Key was used before"))
        if "removed" in row:
            raise Conflict("picture-removed", Text("这张照片已经撤下", "this picture was taken away"))
        self._show(row)
        return row

    def must_have_room(self, community_id: str, ticket_id: str, by: str) -> None:
        """Raises Conflict ``too-many-pictures`` where the order, or who ordered, has all they may."""
        self._free_place(community_id, ticket_id, by)

    def add(self, new: NewPicture, drawn: Redrawn) -> Document:
        """Keep a picture; raises Erased, Conflict, KeyReused. The same upload twice is one."""
        kept = self._files.put(new.id, new.subject, drawn)
        try:
            row = self._insert(new, drawn, kept)
        except BaseException:
            self._files.drop(kept.files)
            raise
        if row["files"] == kept.files:
            self._files.settle(kept.files)
        else:
            self._files.drop(kept.files)
        self._show(row)
        return row

    def of(self, community_id: str, ticket_id: str) -> Sequence[Document]:
        """Those of one order, oldest first."""
        wanted = {"community_id": community_id, "ticket_id": ticket_id, "place": {"$exists": True}}
        return list(self._rows.find(wanted).sort([("at", 1), ("_id", 1)]))

    def get(self, community_id: str, ticket_id: str, id: str) -> Document | None:
        """One that is there."""
        wanted = {"_id": id, "community_id": community_id, "ticket_id": ticket_id, "place": {"$exists": True}}
        return self._rows.find_one(wanted)

    def read(self, row: Document, size: Size) -> bytes:
        """The JPEG; raises Erased, Lost."""
        return self._files.get(row["_id"], Kept(row["key"], row["files"]), size)

    def remove(self, row: Document, account_id: str) -> None:
        """Take a picture away for good; the row stays, mute, until retention, which ends a removal that broke off."""
        gone = {"at": self._clock.now(), "account_id": account_id}
        self._unlist(row)
        self._rows.update_one(
            {"_id": row["_id"], "place": {"$exists": True}},
            {"$set": {"removed": gone}, "$unset": {"place": "", "key": ""}},
        )
        self._files.drop(row["files"])
        self._rows.update_one({"_id": row["_id"]}, {"$unset": {"files": ""}})

    def take_back(self, row: Document) -> None:
        """Undo an ``add`` whose order did not come to be: nothing of it stays, and the same upload may come again."""
        self._delete(row)

    def showing_person(self, community_id: str, picture_id: str) -> Document | None:
        """One that shows a person, who may no longer agree to it; None where it shows nobody, or is not there."""
        wanted = {"_id": picture_id, "community_id": community_id, "shows_person": True, "place": {"$exists": True}}
        return self._rows.find_one(wanted)

    def over(self, moment: datetime) -> Iterator[Document]:
        """Pictures of orders that ended before *moment* (business time), oldest first.

        An order that no view knows any more does not keep its pictures.
        """
        rows = self._rows.find({"at": {"$lt": moment}}).sort("at", 1)
        while page := list(islice(rows, PAGE)):
            kept = self._not_over({row["ticket_id"] for row in page}, time_text(moment))
            yield from (row for row in page if row["ticket_id"] not in kept)

    def delete_before(self, moment: datetime, limit: int = 500) -> int:
        """Delete *limit* of those at most; how many went. Safe to stop and to run again."""
        rows = list(islice(self.over(moment), limit))
        for row in rows:
            self._delete(row)
        return len(rows)

    def of_subject(self, subject: str) -> Iterator[tuple[Document, bytes]]:
        """All pictures that are sealed for one person, with the larger drawing; for an export of what is held.

        One whose file is lost is none.
        """
        for row in self._rows.find({"subject": subject, "place": {"$exists": True}}).sort("_id", 1):
            try:
                data = self.read(row, Size.FULL)
            except Lost:
                continue
            yield row, data

    def forget_person(self, subject: str) -> int:
        """Delete all that is sealed for one person; how many rows went. For an erasure, beside the key's end."""
        rows = list(self._rows.find({"subject": subject}))
        for row in rows:
            self._delete(row)
        return len(rows)

    def orphans(self, before: datetime) -> Iterator[ObjectId]:
        """Files older than *before* (real time) that no row names: an upload broke off before its row was there."""
        for file in self._files.unnamed_before(before):
            row = self._rows.find_one({"$or": [{f"files.{size.value}": file} for size in Size]}, {"files": 1})
            if row is None:
                yield file
            else:
                self._files.settle(row["files"])

    def drop_orphans(self, before: datetime, limit: int = 500) -> int:
        """Delete *limit* of those at most; how many went."""
        files = list(islice(self.orphans(before), limit))
        for file in files:
            self._files.drop({"": file})
        return len(files)

    def _insert(self, new: NewPicture, drawn: Redrawn, kept: Kept) -> Document:
        row = _row(new, drawn, kept, self._clock.now())
        for _ in range(TRIES):
            row["place"] = self._free_place(new.community_id, new.ticket_id, new.by)
            try:
                self._rows.insert_one(row)
            except DuplicateKeyError:
                known = self.known(new.id, new.body_hash)
                if known is not None:
                    return known
            else:
                return row
        raise Conflict("try-again", Text("同时有人在加照片,请再试一次", "others add pictures right now: try again"))

    def _free_place(self, community_id: str, ticket_id: str, by: str) -> int:
        rows = self.of(community_id, ticket_id)
        own = sum(row["by"] in ORDERING for row in rows)
        taken = {row["place"] for row in rows}
        free = next((place for place in range(1, self._quota.order + 1) if place not in taken), None)
        if free is None or (by in ORDERING and own >= self._quota.requester):
            most = self._quota.requester if by in ORDERING else self._quota.order
            raise Conflict(
                "too-many-pictures", Text(f"这件工单最多 {most} 张照片", f"this order takes {most} pictures at most")
            )
        return free

    def _show(self, row: Document) -> None:
        entry = listed(row)
        self._views.update_one(
            {"_id": row["ticket_id"], "pictures.id": {"$ne": entry["id"]}}, {"$push": {"pictures": entry}}
        )

    def _unlist(self, row: Document) -> None:
        self._views.update_one({"_id": row["ticket_id"]}, {"$pull": {"pictures": {"id": row["_id"]}}})

    def _not_over(self, ticket_ids: Iterable[str], moment: str) -> set[str]:
        goes_on = {"$or": [{"ticket.times.ended_at": None}, {"ticket.times.ended_at": {"$gte": moment}}]}
        return {view["_id"] for view in self._views.find({"_id": {"$in": [*ticket_ids]}, **goes_on}, {"_id": 1})}

    def _delete(self, row: Document) -> None:
        self._unlist(row)
        self._files.drop(row.get("files", {}))
        self._rows.delete_one({"_id": row["_id"]})


def listed(row: Document) -> Document:
    """What an order's view says of a picture: nobody's name, no account."""
    return {
        "id": row["_id"],
        "kind": row["kind"],
        "at": time_text(row["at"]),
        "by": row["by"],
        "shows_person": row["shows_person"],
        "consent": row["consent"],
        "question": row.get("question"),
    }


def _row(new: NewPicture, drawn: Redrawn, kept: Kept, now: datetime) -> Document:
    return {
        "_id": new.id,
        "schema": SCHEMA,
        "community_id": new.community_id,
        "ticket_id": new.ticket_id,
        "at": now,
        "kind": new.kind.value,
        "by": new.by,
        "account_id": new.account_id,
        "subject": new.subject,
        "shows_person": new.shows_person,
        "consent": None if new.consent is None else new.consent.value,
        "width": drawn.width,
        "height": drawn.height,
        "question": new.question,
        "body_hash": new.body_hash,
        "key": kept.key,
        "files": kept.files,
    }
