"""What somebody speaks is with each of their orders, and is forgotten with its words: it may tell of their origin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.database import Database

from chassis.mongo import Document

LANGUAGES = "terms.languages"
SPOKEN: Mapping[str, Any] = {"times.ended_at": {"$type": "date"}, f"{LANGUAGES}.0": {"$gt": ""}}
"""Orders at an end that still say it; for the index, too."""
_TOLD = f"wire.data.{LANGUAGES}"
_SAID = {"$exists": True}


@dataclass(frozen=True)
class Spoken:
    """A ``Forgetting``. The events first: an order whose events are emptied and which is not itself is found again."""

    db: Database[Document]

    def overdue(self, before: datetime) -> int:
        """See ``Forgetting``."""
        return self.db["tickets"].count_documents(_over(before))

    def forget(self, before: datetime, most: int) -> int:
        """See ``Forgetting``."""
        over = _over(before)
        return self._emptied([doc["_id"] for doc in self.db["tickets"].find(over, {"_id": 1}).limit(most)])

    def erase(self, persons: Sequence[str], orders: Sequence[str]) -> int:
        """Nobody knows any more what these people speak; in how many places it was said."""
        known = {"_id": {"$in": list(persons)}, "languages.0": _SAID}
        people = self.db["people"].update_many(known, {"$set": {"languages": []}, "$inc": {"rev": 1}})
        return people.modified_count + self._emptied(orders)

    def _emptied(self, orders: Sequence[str]) -> int:
        ids = {"$in": list(orders)}
        self.db["events"].update_many({"thread": ids, f"{_TOLD}.0": _SAID}, {"$set": {_TOLD: []}})
        waiting = {"_id": ids, f"outbox.data.{LANGUAGES}.0": _SAID}
        told: Document = {"$set": {f"outbox.$[one].data.{LANGUAGES}": []}}
        self.db["tickets"].update_many(waiting, told, array_filters=[{f"one.data.{LANGUAGES}.0": _SAID}])
        said = {"_id": ids, f"{LANGUAGES}.0": _SAID}
        emptied: Document = {"$set": {LANGUAGES: []}, "$inc": {"rev": 1}}
        return self.db["tickets"].update_many(said, emptied).modified_count


def _over(before: datetime) -> Document:
    return {**SPOKEN, "times.ended_at": {"$lt": before, "$type": "date"}}
