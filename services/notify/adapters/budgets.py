"""``budgets``: how much a robot or a provider takes in a time, counted once for all instances, by the database's clock.

The window is strict: within any stretch of so many seconds no more than the most is taken, wherever it begins. What was
taken is counted in small steps of a sixtieth of the window, each as if it had all been taken at the step's end; so a
window is up to that much longer than asked for, and a document stays small however much is allowed.
"""

from collections.abc import Mapping
from typing import Any

from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.migrations import Index
from chassis.mongo import Document
from chassis.vault import Vault

COLLECTION = "budgets"
BUDGET_INDEXES = (Index(COLLECTION, "until", expireAfterSeconds=0),)
_STEPS = 60


class MongoBudgets:
    """A ``Budgets``. A key is an id or a blind index: never a phone, never a name."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db[COLLECTION]

    def take(self, key: str, most: int, seconds: int) -> float:
        """See ``Budgets``. One guarded write; where nothing is allowed at all, it is never."""
        if most < 1:
            return float(seconds)
        change = _change(most, seconds * 1000)
        try:
            row = self._update(key, change)
        except DuplicateKeyError:  # another one's insert was first
            row = self._update(key, change)
        return float(row["wait"]) / 1000

    def _update(self, key: str, change: list[Mapping[str, Any]]) -> Document:
        row = self._rows.find_one_and_update({"_id": key}, change, upsert=True, return_document=ReturnDocument.AFTER)
        return row or {"wait": 0}


class BlindBudgets:
    """A ``Budgets`` whose keys may hold a phone or an address: what is stored stands for them and tells nothing."""

    def __init__(self, budgets: MongoBudgets, vault: Vault) -> None:
        self._budgets = budgets
        self._vault = vault

    def take(self, key: str, most: int, seconds: int) -> float:
        """See ``Budgets``."""
        return self._budgets.take(self._vault.index(key, "budgets/key"), most, seconds)


def _change(most: int, window: int) -> list[Mapping[str, Any]]:
    """Milliseconds. ``steps`` are {at: its end, n: how much}, oldest first; ``wait`` is what this taking is told."""
    width = max(1, window // _STEPS)
    now = {"$toLong": "$$NOW"}
    end = {"$add": [{"$subtract": [now, {"$mod": [now, width]}]}, width]}
    # A step that lies ahead was written by a clock that has been put back since: it counts from now on, not from then.
    steps = {
        "$map": {"input": {"$ifNull": ["$steps", []]}, "in": {"at": {"$min": ["$$this.at", end]}, "n": "$$this.n"}}
    }
    standing = {"$filter": {"input": steps, "cond": {"$gt": [{"$add": ["$$this.at", window]}, now]}}}
    used = {"$sum": "$steps.n"}
    older = {"$filter": {"input": "$steps", "cond": {"$ne": ["$$this.at", end]}}}
    same = {"$filter": {"input": "$steps", "cond": {"$eq": ["$$this.at", end]}}}
    so_far = {"$sum": {"$map": {"input": same, "in": "$$this.n"}}}
    taken = {"$concatArrays": [older, [{"at": end, "n": {"$add": [so_far, 1]}}]]}
    until_room = {"$subtract": [{"$add": [{"$first": "$steps.at"}, window]}, now]}
    return [
        {"$set": {"steps": standing}},
        {"$set": {"wait": {"$cond": [{"$lt": [used, most]}, 0, {"$max": [1, until_room]}]}}},
        {"$set": {"steps": {"$cond": [{"$eq": ["$wait", 0]}, taken, "$steps"]}}},
        {"$set": {"until": {"$toDate": {"$add": [{"$max": [{"$ifNull": [{"$last": "$steps.at"}, 0]}, now]}, window]}}}},
    ]
