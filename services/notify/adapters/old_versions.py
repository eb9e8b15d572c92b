"""What a community wrote long ago and wrote anew since, and by which nothing is told any more, is forgotten."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from pymongo import DESCENDING
from pymongo.database import Database

from chassis.mongo import Document
from services.notify.adapters.message_docs import MESSAGES
from services.notify.adapters.template_versions import COLLECTION
from services.notify.domain.template import NEWEST_KEPT, PACKAGED


@dataclass(frozen=True)
class OldVersions:
    """A ``Forgetting``. A version stays that is among the newest, or that a stored message is read by.

    Nobody looks further back than the newest, and planning asks which of all of them holds, again and again; a message
    has to read as it did for as long as it is kept. No message names an older one later: what is planned is planned by
    the newest, and what is restored is a version of its own.
    """

    db: Database[Document]
    newest: int = NEWEST_KEPT

    def overdue(self, before: datetime) -> int:
        """See ``Forgetting``."""
        return sum(1 for _ in self._old(before))

    def forget(self, before: datetime, most: int) -> int:
        """See ``Forgetting``."""
        ids = list(islice(self._old(before), most))
        return self.db[COLLECTION].delete_many({"_id": {"$in": ids}}).deleted_count

    def _old(self, before: datetime) -> Iterator[str]:
        known = {"version": "$version", "saved_at": "$saved_at", "id": "$_id"}
        pipeline: list[Document] = [
            {"$match": {"community_id": {"$ne": PACKAGED}}},
            {"$sort": {"version": DESCENDING}},
            {"$group": {"_id": {"community_id": "$community_id", "template": "$template"}, "rows": {"$push": known}}},
            {"$project": {"rows": {"$slice": ["$rows", self.newest, {"$max": [1, {"$size": "$rows"}]}]}}},
            {"$match": {"rows.0": {"$exists": True}}},
        ]
        for group in self.db[COLLECTION].aggregate(pipeline):
            rows = [row for row in group["rows"] if row["saved_at"] < before]
            named = self._named(group["_id"], [row["version"] for row in rows])
            yield from (row["id"] for row in rows if row["version"] not in named)

    def _named(self, template: Mapping[str, Any], versions: list[int]) -> frozenset[int]:
        if not versions:
            return frozenset()
        told = {**template, "version": {"$in": versions}}
        return frozenset(self.db[MESSAGES].distinct("version", told))
