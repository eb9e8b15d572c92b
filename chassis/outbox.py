"""What the relay writes to a document's outbox: it takes published events out, or parks one that cannot be.

It touches neither ``rev`` nor ``version``, and never writes the outbox as a whole: an event that was pushed between
the relay's reading and this write stays. One pipeline update does both halves, so ``pending`` is never wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pymongo import UpdateOne, WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database

from chassis.mongo import Document

_LAZY = WriteConcern(w=1, j=False)
"""A take that gets lost only lets an event be published twice, which every reader expects."""

_UNSET_PENDING: Document = {"$set": {"pending": {"$cond": [{"$eq": ["$outbox", []]}, "$$REMOVE", "$pending"]}}}


def take(db: Database[Document], published: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
    """Take events out of their outboxes: event ids by document id by collection."""
    for name, documents in published.items():
        writes = [UpdateOne({"_id": doc_id}, _without(ids)) for doc_id, ids in documents.items()]
        _lazily(db[name]).bulk_write(writes, ordered=False)


def park(collection: Collection[Document], doc_id: str, event_id: str, reason: str) -> None:
    """Move an event that cannot be published to ``outbox_dead``, for people to look at. Once, however often called."""
    is_it = {"$eq": ["$$this.id", {"$literal": event_id}]}
    entry = {"wire": "$$this", "reason": {"$literal": reason}, "at": "$$NOW"}
    found = {"$filter": {"input": _list("$outbox"), "cond": is_it}}
    parked: Document = {"$map": {"input": found, "in": entry}}
    pipeline = [{"$set": {"outbox_dead": {"$concatArrays": [_list("$outbox_dead"), parked]}}}, *_without([event_id])]
    collection.update_one({"_id": doc_id, "outbox.id": event_id}, pipeline)


def by_document(entries: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, list[str]]]:
    """Group (collection, document id, event id) as ``take`` wants them."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for collection, doc_id, event_id in entries:
        grouped.setdefault(collection, {}).setdefault(doc_id, []).append(event_id)
    return grouped


def _lazily(collection: Collection[Document]) -> Collection[Document]:
    return collection.with_options(write_concern=_LAZY)


def _without(ids: Sequence[str]) -> list[dict[str, Any]]:
    stays = {"$not": {"$in": ["$$this.id", {"$literal": list(ids)}]}}
    return [{"$set": {"outbox": {"$filter": {"input": _list("$outbox"), "cond": stays}}}}, _UNSET_PENDING]


def _list(path: str) -> dict[str, Any]:
    return {"$ifNull": [path, []]}
