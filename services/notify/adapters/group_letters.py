"""``group_letters``: what waits for robots and what became of it; codes and references, nothing of anybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, UpdateOne
from pymongo.database import Database

from chassis.migrations import Index
from chassis.mongo import Document
from contracts.words import Text
from services.notify.application.robot_ports import GroupLetter, Try
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus

COLLECTION = "group_letters"
SCHEMA = 1
MOST_TRIES_KEPT = 50
"""Of one letter; a robot that is asked too much for hours tells the same again and again."""
LETTER_INDEXES = (
    Index(COLLECTION, [("next_at", 1)], sparse=True),
    Index(COLLECTION, [("robot_id", 1), ("at", -1), ("_id", -1)]),
    Index(COLLECTION, "message_id"),
)
_WAITS: Mapping[str, Any] = {"next_at": {"$exists": True}}


class MongoGroupLetters:
    """A ``GroupLetters``. What came to an end has no ``next_at``."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db[COLLECTION]

    def put(self, letters: Sequence[GroupLetter]) -> None:
        """See ``GroupLetters``."""
        if letters:
            self._rows.bulk_write(
                [
                    UpdateOne({"_id": one.id}, {"$setOnInsert": {**_doc(one), "schema": SCHEMA}}, True)
                    for one in letters
                ],
                ordered=False,
            )

    def due(self, now: datetime) -> Sequence[str]:
        """See ``GroupLetters``."""
        return [str(one) for one in self._rows.distinct("robot_id", {"next_at": {"$lte": now}})]

    def waiting(self, robot_id: str, limit: int) -> Sequence[GroupLetter]:
        """See ``GroupLetters``."""
        order = [("urgent", DESCENDING), ("at", ASCENDING), ("_id", ASCENDING)]
        return [_letter(row) for row in self._rows.find({"robot_id": robot_id, **_WAITS}).sort(order).limit(limit)]

    def begin(self, letters: Sequence[GroupLetter], at: datetime, digest: str | None) -> None:
        """See ``GroupLetters``."""
        begun = {"at": at, "status": DeliveryStatus.SENDING.value, "reason": None, "digest": digest}
        sets = {"status": DeliveryStatus.SENDING.value, "digest": digest}
        ids = [one.id for one in letters]
        push = {"attempts": {"$each": [begun], "$slice": -MOST_TRIES_KEPT}}
        self._rows.update_many({"_id": {"$in": ids}, **_WAITS}, {"$set": sets, "$push": push})

    def settle(
        self, letters: Sequence[GroupLetter], last: Try, next_at: datetime | None, *, counts: bool = True
    ) -> None:
        """See ``GroupLetters``."""
        size = {"$subtract": [{"$size": "$attempts"}, 1]}
        settled = {"$literal": _try(last)}
        sets: Document = {
            "status": last.status.value,
            "reason": {"$literal": last.reason},
            "tries": {"$add": ["$tries", int(counts)]},
            "attempts": {
                "$concatArrays": [{"$cond": [{"$gt": [size, 0]}, {"$slice": ["$attempts", size]}, []]}, [settled]]
            },
        }
        over: Document = {"next_at": next_at} if next_at is not None else {}
        steps: list[Mapping[str, Any]] = [{"$set": {**sets, **over}}]
        if next_at is None:
            steps.append({"$unset": "next_at"})
        self._rows.update_many({"_id": {"$in": [one.id for one in letters]}, **_WAITS}, steps)

    def put_off(self, robot_id: str, until: datetime) -> None:
        """See ``GroupLetters``."""
        self._rows.update_many({"robot_id": robot_id, **_WAITS}, {"$set": {"next_at": until, "overflow": True}})

    def give_up(self, robot_id: str, reason: str) -> Sequence[GroupLetter]:
        """See ``GroupLetters``."""
        waited = [_letter(row) for row in self._rows.find({"robot_id": robot_id, **_WAITS})]
        sets = {"status": DeliveryStatus.SUPPRESSED.value, "reason": reason}
        ids = [one.id for one in waited]
        self._rows.update_many({"_id": {"$in": ids}, **_WAITS}, {"$set": sets, "$unset": {"next_at": 1}})
        return waited

    def all_of(self, message_ids: Sequence[str]) -> Sequence[GroupLetter]:
        """See ``GroupLetters``."""
        return [_letter(row) for row in self._rows.find({"message_id": {"$in": list(message_ids)}})]

    def newest(self, robot_id: str, limit: int) -> Sequence[GroupLetter]:
        """See ``GroupLetters``."""
        order = [("at", DESCENDING), ("_id", DESCENDING)]
        return [_letter(row) for row in self._rows.find({"robot_id": robot_id}).sort(order).limit(limit)]


def _doc(letter: GroupLetter) -> Document:
    return {
        "robot_id": letter.robot_id,
        "community_id": letter.community_id,
        "message_id": letter.message_id,
        "template": letter.template,
        "version": letter.version,
        "category": letter.category.value,
        "thread": letter.thread,
        "number": letter.number,
        "item": None if letter.item is None else {"zh": letter.item.zh, "en": letter.item.en},
        "urgency": letter.urgency,
        "grid": letter.grid,
        "said": dict(letter.said),
        "urgent": letter.urgent,
        "at": letter.at,
        "next_at": letter.next_at,
        "status": letter.status.value,
        "reason": letter.reason,
        "tries": letter.tries,
        "overflow": letter.overflow,
        "digest": letter.digest,
        "attempts": [_try(one) for one in letter.attempts],
    }


def _letter(row: Mapping[str, Any]) -> GroupLetter:
    plain = (
        "robot_id",
        "community_id",
        "message_id",
        "template",
        "version",
        "thread",
        "number",
        "urgency",
        "grid",
        "urgent",
        "at",
        "reason",
        "tries",
        "overflow",
        "digest",
    )
    item = row["item"]
    return GroupLetter(
        id=row["_id"],
        category=Category(row["category"]),
        item=None if item is None else Text(zh=item["zh"], en=item["en"]),
        next_at=row.get("next_at"),
        said=row.get("said", {}),
        status=DeliveryStatus(row["status"]),
        attempts=tuple(
            Try(at=one["at"], status=DeliveryStatus(one["status"]), reason=one["reason"], digest=one["digest"])
            for one in row["attempts"]
        ),
        **{name: row[name] for name in plain},
    )


def _try(one: Try) -> Document:
    return {"at": one.at, "status": one.status.value, "reason": one.reason, "digest": one.digest}
