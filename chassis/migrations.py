"""Index tables: what every service's database must have before the service calls itself ready."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pymongo
from pymongo import ASCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import OperationFailure

from chassis import event_store, lease
from chassis.mongo import Document

BUILD_SECONDS = 3_600
"""An index over many documents takes its time; the usual bound for an answer does not apply."""
_COMPARED = ("unique", "partialFilterExpression", "expireAfterSeconds", "sparse", "collation")
_FLAGS = ("unique", "sparse")


class MigrationError(Exception):
    """An index cannot be built; the message names it and says why."""


class Index:
    """One row of a service's index table: ``Index("tickets", [("community_id", 1), ("status", 1)], unique=True)``.

    *options* are MongoDB's. The name follows from the keys.
    """

    def __init__(self, collection: str, keys: str | Sequence[tuple[str, int | str]], **options: Any) -> None:
        self.collection = collection
        self.keys = ((keys, ASCENDING),) if isinstance(keys, str) else tuple(keys)
        self.options = options

    def __repr__(self) -> str:
        return f"Index({self.collection!r}, {list(self.keys)!r}, {self.options!r})"

    @property
    def name(self) -> str:
        """Keys and directions, as MongoDB itself would name it."""
        return str(self.options.get("name") or "_".join(f"{field}_{direction}" for field, direction in self.keys))

    def model(self) -> IndexModel:
        """What the driver builds."""
        return IndexModel(list(self.keys), **{**self.options, "name": self.name})

    def is_built_as(self, info: Mapping[str, Any]) -> bool:
        """Is the index that MongoDB describes by *info* this one?"""
        return [tuple(key) for key in info["key"]] == list(self.keys) and all(
            _plain(option, info.get(option)) == _plain(option, self.options.get(option)) for option in _COMPARED
        )


def base_indexes(aggregates: Iterable[str]) -> tuple[Index, ...]:
    """What the gear itself needs: for each collection with outboxes, and for the event store.

    ``pending`` and ``next_due`` are scalars with partial indexes: an index on ``outbox.0`` would be accepted and
    never used. Leases are found by their id.
    """
    gear = [
        index
        for collection in aggregates
        for index in (
            Index(collection, "pending", partialFilterExpression={"pending": True}),
            Index(collection, "next_due", partialFilterExpression={"next_due": {"$exists": True}}),
        )
    ]
    history = [("thread", ASCENDING), ("aggregate", ASCENDING), ("version", ASCENDING)]
    of_a_time = [("community_id", ASCENDING), *event_store.BY_TIME]
    indexes = (history, "at", of_a_time)
    return (*gear, *(Index(event_store.COLLECTION, keys) for keys in indexes))


def migrate(db: Database[Document], indexes: Iterable[Index]) -> list[str]:
    """Build what is missing and build anew what changed; returns ``collection.name`` of each.

    May run beside running services, and again at any time. Indexes that no table names any more stay: the version
    before may still need them. Raises MigrationError.
    """
    built = []
    with pymongo.timeout(BUILD_SECONDS):
        existing = _make_collections(db, indexes := list(indexes))
        for index in indexes:
            info = existing[index.collection].get(index.name)
            if info is None or not index.is_built_as(info):
                _build(db, index, replaced=info is not None)
                built.append(f"{index.collection}.{index.name}")
    return built


def is_migrated(db: Database[Document], indexes: Iterable[Index]) -> bool:
    """Does the database have every one of *indexes*, as they are described now?"""
    wanted: dict[str, list[Index]] = {}
    for index in indexes:
        wanted.setdefault(index.collection, []).append(index)
    return all(_has_all(db[collection].index_information(), rows) for collection, rows in wanted.items())


def _has_all(existing: Mapping[str, Mapping[str, Any]], wanted: Sequence[Index]) -> bool:
    return all(index.name in existing and index.is_built_as(existing[index.name]) for index in wanted)


def _make_collections(db: Database[Document], indexes: Sequence[Index]) -> dict[str, Mapping[str, Mapping[str, Any]]]:
    """Collections exist before the first transaction needs them; returns the indexes that each has."""
    names = {index.collection for index in indexes} | {lease.COLLECTION}
    for name in sorted(names - set(db.list_collection_names())):
        try:
            db.create_collection(name)
        except (OperationFailure, pymongo.errors.CollectionInvalid):
            if name not in db.list_collection_names():
                raise
    return {name: db[name].index_information() for name in names}


def _build(db: Database[Document], index: Index, *, replaced: bool) -> None:
    collection = db[index.collection]
    try:
        if replaced:
            collection.drop_index(index.name)
        collection.create_indexes([index.model()])
    except OperationFailure as error:
        raise MigrationError(
            f"建不了索引 / index {index.name} of {db.name}.{index.collection} cannot be built: {error}"
        ) from error


def _plain(option: str, value: Any) -> Any:
    if option in _FLAGS:
        return bool(value)
    return dict(value) if isinstance(value, Mapping) else value
