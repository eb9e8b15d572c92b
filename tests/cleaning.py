"""Empties a worker's databases between tests: what this process wrote to, and everything where others may have written.

Emptied, not dropped: indexes stay, and a service that runs on keeps its collections. To ask every collection whether it
holds something took a quarter of the processor time of all tests (measured by mongod's ``top``).
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from pymongo import MongoClient, monitoring
from pymongo.database import Database

from tests.brokers import Rabbit

REMEMBERED = ("person_keys", "vault_secrets")
"""A service that runs on through several tests may still seal with the keys it knows."""
_WRITES = frozenset({"insert", "update", "delete", "findAndModify"})
_STAGES_THAT_WRITE = frozenset({"$merge", "$out"})
_OTHERS = frozenset({"subprocess.Popen", "os.fork", "os.posix_spawn"})
"""Another process may write to the same databases, and nobody here sees what."""


class Written(monitoring.CommandListener):
    """Which collections this process wrote to since they were emptied last; ``all_known`` is false where another
    process may have written, too."""

    def __init__(self) -> None:
        self.collections: set[tuple[str, str]] = set()
        self.all_known = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """A command is about to be sent, by whichever client of this process."""
        name = event.command_name
        if name in _WRITES:
            self.collections.add((event.database_name, str(event.command[name])))
        elif name == "aggregate" and any(_writes(stage) for stage in event.command["pipeline"]):
            self.all_known = False

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing more to know."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """What failed may have been done in part."""

    def heard(self, event: str, _: tuple[Any, ...]) -> None:
        """An audit event of the interpreter."""
        if event in _OTHERS:
            self.all_known = False


def watch() -> Written:
    """From now on, for all clients that are made after this."""
    written = Written()
    monitoring.register(written)
    sys.addaudithook(written.heard)
    return written


def clean(client: MongoClient[dict[str, Any]], rabbit: Rabbit, prefix: str, written: Written) -> None:
    """Nothing is left in the databases that begin with *prefix*, nor in the queues of the house."""
    known, written.all_known = written.all_known, True
    mine = {one for one in written.collections if one[0].startswith(prefix)}
    written.collections -= mine
    for database, collection in mine if known else _filled(client, prefix):
        if not collection.startswith(("system.", *REMEMBERED)):
            client[database][collection].delete_many({})
            written.collections.discard((database, collection))
    rabbit.purge_house()


def _writes(stage: Mapping[str, Any]) -> bool:
    return not _STAGES_THAT_WRITE.isdisjoint(stage)


def _filled(client: MongoClient[dict[str, Any]], prefix: str) -> Iterator[tuple[str, str]]:
    for name in client.list_database_names():
        if name.startswith(prefix):
            for collection in _filled_of(client[name]):
                yield name, collection


def _filled_of(database: Database[dict[str, Any]]) -> list[str]:
    """The collections that hold something: asked for all at once, since most tests fill two or three of sixty."""
    found = database.list_collection_names(filter={"type": "collection"})
    names = [name for name in found if not name.startswith(("system.", *REMEMBERED))]
    if not names:
        return []
    others = [{"$unionWith": {"coll": name, "pipeline": _told_by_one(name)}} for name in names[1:]]
    return [str(row["name"]) for row in database[names[0]].aggregate([*_told_by_one(names[0]), *others])]


def _told_by_one(collection: str) -> list[dict[str, Any]]:
    return [{"$limit": 1}, {"$project": {"_id": 0, "name": {"$literal": collection}}}]
