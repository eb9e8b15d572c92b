"""Leases: of many instances one looks after something, for a while.

Times are compared and set by the database's own clock, so that a machine whose clock jumps takes nothing from
anyone. A lease only picks who looks: the work itself is guarded, by ``rev`` or by the fencing number.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.clock import elapsed_seconds
from chassis.mongo import Document

COLLECTION = "leases"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_UNTIL = {"$ifNull": ["$until", _NEVER]}
_FREE = {"$lte": [_UNTIL, "$$NOW"]}


class Leases:
    """The leases of one service; *owner* is this process and no other (instance and a random part)."""

    def __init__(self, db: Database[Document], owner: str) -> None:
        self._collection = db[COLLECTION]
        self._owner = owner

    def acquire(self, name: str, ttl: float) -> int | None:
        """Take *name* for *ttl* seconds if it is free; None where another holds it.

        Gives the fencing number, which grows with every change of hands. Whoever holds the lease already keeps its
        number and has it for longer.
        """
        mine = {"$eq": ["$owner", {"$literal": self._owner}]}
        sets = {
            "fence": {"$cond": [_FREE, {"$add": [{"$ifNull": ["$fence", 0]}, 1]}, "$fence"]},
            "until": {"$cond": [{"$or": [_FREE, mine]}, _after(ttl), "$until"]},
            "owner": {"$cond": [_FREE, {"$literal": self._owner}, "$owner"]},
        }
        try:
            lease = self._collection.find_one_and_update(
                {"_id": name}, [{"$set": sets}], upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            return None  # another one's insert was first, so it is theirs
        return int(lease["fence"]) if lease and lease["owner"] == self._owner else None

    def renew(self, name: str, fence: int, ttl: float) -> bool:
        """Hold it for *ttl* seconds from now; False if it ran out or went to another."""
        result = self._collection.update_one(self._held(name, fence), [{"$set": {"until": _after(ttl)}}])
        return result.matched_count == 1

    def release(self, name: str, fence: int) -> None:
        """Give it back before its time; what is not held any more is left alone."""
        self._collection.update_one(self._held(name, fence), {"$set": {"until": _NEVER}})

    def holds(self, name: str, fence: int) -> bool:
        """Is this owner's *fence* still the standing one, by the database's clock?"""
        return self._collection.find_one(self._held(name, fence), {"_id": 1}) is not None

    def turn(self, name: str, ttl: float) -> "Turn":
        """A lease kept for as long as the caller goes on asking."""
        return Turn(self, name, ttl)

    def _held(self, name: str, fence: int) -> dict[str, Any]:
        return {"_id": name, "owner": self._owner, "fence": fence, "$expr": {"$gt": [_UNTIL, "$$NOW"]}}


class Turn:
    """Whose turn it is, for loops that look often: the database is asked three times in a lease's length.

    Between, the answer stands by this process's own steady clock, which also counts while the process is frozen.
    """

    def __init__(self, leases: Leases, name: str, ttl: float, steady: Callable[[], float] = elapsed_seconds) -> None:
        self._leases = leases
        self._name = name
        self._ttl = ttl
        self._steady = steady
        self._fence: int | None = None
        self._asked = float("-inf")

    def take(self) -> int | None:
        """The fencing number if it is this process's turn, else None."""
        now = self._steady()
        if now - self._asked >= self._ttl / 3:
            self._fence = self._leases.acquire(self._name, self._ttl)
            self._asked = now
        return self._fence

    def give_back(self) -> None:
        """Let another have the turn at once: for a gentle stop."""
        if self._fence is not None:
            self._leases.release(self._name, self._fence)
        self._fence = None
        self._asked = float("-inf")


def _after(ttl: float) -> dict[str, Any]:
    return {"$dateAdd": {"startDate": "$$NOW", "unit": "millisecond", "amount": round(ttl * 1000)}}
