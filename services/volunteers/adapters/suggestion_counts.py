"""A ``SettledSuggestions`` over the demands: counted where they are, through an index of those that have any."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.database import Database

from chassis.mongo import Document
from contracts.hands_on import SuggestionOutcome
from contracts.words import Text
from services.volunteers.application.suggestion_counts import Counts, OfItem

SETTLED_AT = "steering.settled.at"
_ONE = "$steering.settled"


class MongoSettledSuggestions:
    """See above."""

    def __init__(self, db: Database[Document]) -> None:
        self._demands = db["demands"]

    def by_item(self, community_id: str, areas: Sequence[str] | None, since: datetime) -> Sequence[OfItem]:
        """See ``SettledSuggestions``."""
        wanted: Document = {"community_id": community_id, SETTLED_AT: {"$gte": since}}
        if areas is not None:
            wanted["area_path"] = {"$in": list(areas)}
        told = {SETTLED_AT: {"$gte": since}, "steering.settled.outcome": {"$ne": SuggestionOutcome.DROPPED.value}}
        sent = {"$eq": [f"{_ONE}.outcome", SuggestionOutcome.SENT.value]}
        best = {"$in": [1, f"{_ONE}.taken_ranks"]}
        rows = self._demands.aggregate(
            [
                {"$match": wanted},
                {"$unwind": _ONE},
                {"$match": told},
                {
                    "$group": {
                        "_id": "$item_id",
                        "item_name": {"$last": "$item_name"},
                        "settled": {"$sum": 1},
                        "first": _sum({"$and": [sent, best]}),
                        "other": _sum({"$and": [sent, {"$not": [best]}]}),
                        "by_itself": _sum({"$eq": [f"{_ONE}.outcome", SuggestionOutcome.BY_ITSELF.value]}),
                        "others": _sum({"$eq": [f"{_ONE}.outcome", SuggestionOutcome.OTHERS.value]}),
                    }
                },
            ]
        )
        return [OfItem(row["_id"], Text(**row["item_name"]), _counts(row)) for row in rows]


def _sum(condition: Document) -> Document:
    return {"$sum": {"$cond": [condition, 1, 0]}}


def _counts(row: Document) -> Counts:
    values: dict[str, Any] = {name: row[name] for name in Counts.__dataclass_fields__}
    return Counts(**values)
