"""A year of a ledger, read from Mongo."""

from collections.abc import Collection, Mapping, Sequence

from pymongo import ASCENDING
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.mongo import Document
from contracts.errors import Invalid
from contracts.hours import Ledger
from contracts.words import Text
from services.volunteers.adapters.hours_store import kept_by
from services.volunteers.application.hours_ports import Keeper
from services.volunteers.application.hours_year import Named
from services.volunteers.domain.hours_entry import Entry
from services.volunteers.domain.hours_ledger import UNPAID

_NAMES = {"external_no": 1, "display_name": 1, "employment": 1}
_BETWEEN = "|"


class MongoYearBook:
    """A ``YearBook``."""

    def __init__(self, db: Database[Document], entries: Aggregates[Entry]) -> None:
        self._members = db["members"]
        self._entries = entries

    def named(self, community_id: str, ledger: Ledger) -> Mapping[str, Named]:
        """See ``YearBook``."""
        agreed: list[Document] = [{"share_hours": True}]
        if ledger is Ledger.WORKLOAD:
            agreed.append({"employment": {"$nin": [employment.value for employment in UNPAID]}})
        query = {"community_id": community_id, "erased": {"$ne": True}, "$or": agreed}
        return {
            row["_id"]: Named(row["external_no"], row["display_name"], row["employment"])
            for row in self._members.find(query, _NAMES)
        }

    def page(
        self, keeper: Keeper, ledger: Ledger, year: int, members: Collection[str], mark: str | None, limit: int
    ) -> Sequence[tuple[str, Entry]]:
        """See ``YearBook``."""
        query = _of_year(keeper, ledger, year) | {"member_id": {"$in": sorted(members)}} | _after(mark)
        found = self._entries.find(query, [("member_id", ASCENDING), ("_id", ASCENDING)], limit)
        return [(f"{entry.member_id}{_BETWEEN}{entry.id}", entry) for entry in found]

    def others(self, keeper: Keeper, ledger: Ledger, year: int, members: Collection[str]) -> tuple[int, int]:
        """See ``YearBook``."""
        query = _of_year(keeper, ledger, year) | {"member_id": {"$nin": sorted(members)}}
        total = {"$group": {"_id": None, "count": {"$sum": 1}, "minutes": {"$sum": "$minutes"}}}
        for row in self._entries.collection.aggregate([{"$match": query}, total]):
            return row["count"], row["minutes"]
        return 0, 0


def _of_year(keeper: Keeper, ledger: Ledger, year: int) -> Document:
    timed: Document = {"ledger": ledger.value, "year": year, "standing_spans": {"$ne": []}}
    return {"community_id": keeper.community_id, **timed, **kept_by(keeper)}


def _after(mark: str | None) -> Document:
    """The filter for entries after *mark*; raises Invalid for what is none of ours."""
    if mark is None:
        return {}
    member_id, between, entry_id = mark.partition(_BETWEEN)
    if not between:
        raise Invalid("bad-cursor", Text("翻页位置不对", "that is no place to go on from"), "cursor")
    return {"$or": [{"member_id": {"$gt": member_id}}, {"member_id": member_id, "_id": {"$gt": entry_id}}]}
