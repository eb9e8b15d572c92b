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
from services.volunteers.application.hours_ports import Keeper
from services.volunteers.domain.hours_entry import Entry


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
        query |= older_than(mark, "began")
        found = self._entries.find(query, [("began", DESCENDING), ("_id", DESCENDING)], limit)
        return [(mark_of({"at": entry.began, "_id": entry.id}), entry) for entry in found]

    def years(self, community_id: str, member_id: str, ledger: Ledger) -> Mapping[int, int]:
        """See ``Entries``."""
        wanted = {"community_id": community_id, "ledger": ledger.value, "member_id": member_id}
        by_year = {"$group": {"_id": "$year", "minutes": {"$sum": "$minutes"}}}
        found = self._entries.collection.aggregate([{"$match": wanted}, by_year, {"$sort": {"_id": 1}}])
        return {row["_id"]: row["minutes"] for row in found}

    def waiting(self, keeper: Keeper, mark: str | None, limit: int) -> Sequence[tuple[str, Entry]]:
        """See ``Entries``."""
        query: Document = {"community_id": keeper.community_id, WAITS: {"$exists": True}, **kept_by(keeper)}
        if mark is not None:
            query["_id"] = {"$gt": mark}
        return [(entry.id, entry) for entry in self._entries.find(query, [("_id", ASCENDING)], limit)]

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


def kept_by(keeper: Keeper) -> Document:
    """The filter for what somebody of staff may see."""
    paths: list[Document] = [] if keeper.areas is None else [{"area_path": {"$in": list(keeper.areas)}}]
    if keeper.within is not None:
        paths.append({"area_path": keeper.within})
    own: Document = {"recused.staff": {"$ne": keeper.account_id}, "recused.areas": {"$nin": list(keeper.staffed)}}
    if keeper.member_id is not None:
        own["recused.members"] = {"$ne": keeper.member_id}
    return own | ({"$and": paths} if paths else {})
