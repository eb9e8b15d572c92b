"""Empties a worker's databases and queues between tests: of all collections those that somebody wrote to since.

The database server says itself which ones: every write of a replica set is in its log, whoever made it, in a
transaction or by a pipeline. To ask each collection whether it holds something took a quarter of the processor time
of all tests.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bson.timestamp import Timestamp
from pymongo import MongoClient
from pymongo.database import Database

from tests.brokers import Rabbit

REMEMBERED = ("person_keys", "vault_secrets")
"""A service that runs on through several tests may still seal with the keys it knows."""

Document = dict[str, Any]
Spot = tuple[str, str]
"""A database and one of its collections."""

_INSERT = "i"
_COMMAND = "c"
"""Entries of the log: a document that was put in (a change alone fills no collection that was empty), and what is no
single document's, a whole transaction among it."""


class Cleaner:
    """Emptied, not dropped: indexes stay, and a service that runs on keeps its collections."""

    def __init__(self, client: MongoClient[Document], rabbit: Rabbit, prefix: str) -> None:
        self._client = client
        self._rabbit = rabbit
        self._prefix = prefix
        self._since: Timestamp | None = None
        """Until then everything that was written is known to be gone."""

    def clean(self) -> None:
        """Nothing is left in the databases that begin with the prefix, nor in the queues of the house."""
        for database, collection in self._written():
            if _is_emptied(collection):
                self._client[database][collection].delete_many({})
        self._rabbit.purge_house()

    def _written(self) -> Iterable[Spot]:
        """Where something may be; what is written while this is asked is looked for the next time."""
        rows = _log_of(self._client, self._since) if self._since else []
        whole = any(row["first"] == self._since for row in rows)  # else the log's beginning was overwritten meanwhile
        if not whole:
            self._since = _end_of_log(self._client)
            return _filled(self._client, self._prefix)
        self._since = max(row["last"] for row in rows)
        return [_spot(row["_id"]) for row in rows if row["_id"].startswith(self._prefix)]


def _log_of(client: MongoClient[Document], since: Timestamp) -> Sequence[Mapping[str, Any]]:
    """Each namespace that was written to from *since* on, with the times of its first and its last entry; what fills
    nothing is under no name."""
    of_command = {"$concatArrays": [{"$ifNull": ["$o.applyOps.ns", []]}, [{"$ifNull": ["$o.to", ""]}]]}
    of_document = [{"$cond": [{"$eq": ["$op", _INSERT]}, "$ns", ""]}]
    return list(
        client.local["oplog.rs"].aggregate(
            [
                {"$match": {"ts": {"$gte": since}}},
                {"$project": {"ts": 1, "ns": {"$cond": [{"$eq": ["$op", _COMMAND]}, of_command, of_document]}}},
                {"$unwind": "$ns"},
                {"$group": {"_id": "$ns", "first": {"$min": "$ts"}, "last": {"$max": "$ts"}}},
            ]
        )
    )


def _end_of_log(client: MongoClient[Document]) -> Timestamp:
    newest: Timestamp = client.local["oplog.rs"].find(projection={"ts": 1}).sort("$natural", -1).limit(1)[0]["ts"]
    return newest


def _spot(namespace: str) -> Spot:
    database, _, collection = namespace.partition(".")
    return database, collection


def _is_emptied(collection: str) -> bool:
    return not collection.startswith(("system.", "$", *REMEMBERED))


def _filled(client: MongoClient[Document], prefix: str) -> Iterator[Spot]:
    for name in client.list_database_names():
        if name.startswith(prefix):
            for collection in _filled_of(client[name]):
                yield name, collection


def _filled_of(database: Database[Document]) -> list[str]:
    """The collections that hold something: asked for all at once, since most tests fill two or three of sixty."""
    names = list(filter(_is_emptied, database.list_collection_names(filter={"type": "collection"})))
    if not names:
        return []
    others = [{"$unionWith": {"coll": name, "pipeline": _told_by_one(name)}} for name in names[1:]]
    return [str(row["name"]) for row in database[names[0]].aggregate([*_told_by_one(names[0]), *others])]


def _told_by_one(collection: str) -> list[Document]:
    return [{"$limit": 1}, {"$project": {"_id": 0, "name": {"$literal": collection}}}]
