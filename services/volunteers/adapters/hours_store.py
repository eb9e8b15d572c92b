"""The ledgers in Mongo, read; and their sealed words."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pymongo import ASCENDING, DESCENDING

from chassis.aggregates import Aggregates
from chassis.marks import mark_of, older_than
from chassis.mongo import Document
from chassis.vault import Vault
from contracts.hours import Ledger
from services.volunteers.adapters.hours_codec import WAITS
from services.volunteers.adapters.sealed import hours_context
from services.volunteers.domain.hours_entry import Entry

_GEARS = {"outbox": 0, "commands": 0}


class MongoEntries:
    """An ``Entries``."""

    def __init__(self, entries: Aggregates[Entry]) -> None:
        self._entries = entries

    def page(
        self, community_id: str, member_id: str, ledger: Ledger, year: int | None, mark: str | None, limit: int
    ) -> Sequence[tuple[str, Entry]]:
        """See ``Entries``."""
        query: Document = {"community_id": community_id, "member_id": member_id, "ledger": ledger.value}
        if year is not None:
            query["year"] = year
        query |= _before(mark)
        found = self._entries.collection.find(query, _GEARS).sort([("began", DESCENDING), ("_id", DESCENDING)])
        return [
            (mark_of({"at": doc["began"], "_id": doc["_id"]}), self._entries.codec.from_doc(doc))
            for doc in found.limit(limit)
        ]

    def years(self, community_id: str, member_id: str, ledger: Ledger) -> Mapping[int, int]:
        """See ``Entries``."""
        wanted = {"community_id": community_id, "ledger": ledger.value, "member_id": member_id}
        by_year = {"$group": {"_id": "$year", "minutes": {"$sum": "$minutes"}}}
        found = self._entries.collection.aggregate([{"$match": wanted}, by_year, {"$sort": {"_id": 1}}])
        return {row["_id"]: row["minutes"] for row in found}

    def waiting(self, community_id: str, mark: str | None, limit: int) -> Sequence[tuple[str, Entry]]:
        """See ``Entries``."""
        query: Document = {"community_id": community_id, WAITS: {"$exists": True}}
        if mark is not None:
            query["_id"] = {"$gt": mark}
        found = self._entries.collection.find(query, _GEARS).sort("_id", ASCENDING).limit(limit)
        return [(doc["_id"], self._entries.codec.from_doc(doc)) for doc in found]

    def overlaps(self, community_id: str, member_id: str, began: datetime, ended: datetime) -> bool:
        """See ``Entries``."""
        span = {"$elemMatch": {"began": {"$lt": ended}, "ended": {"$gt": began}}}
        query = {"community_id": community_id, "member_id": member_id, "standing_spans": span}
        return self._entries.collection.find_one(query, {"_id": 1}) is not None


class VaultHoursWords:
    """A ``HoursWords``."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, member_id: str, entry_id: str, field: str, text: str) -> bytes | None:
        """See ``HoursWords``."""
        return self._vault.try_seal(member_id, text, hours_context(entry_id, field))

    def open(self, entry_id: str, field: str, blob: bytes | None) -> str | None:
        """See ``HoursWords``."""
        return self._vault.try_open(blob, hours_context(entry_id, field))


def _before(mark: str | None) -> Document:
    """The filter for entries after *mark*; raises Invalid for what is none of ours."""
    told = older_than(mark)
    return {} if not told else {"$or": [{"began" if name == "at" else name: value for name, value in one.items()}
                                        for one in told["$or"]]}  # fmt: skip
