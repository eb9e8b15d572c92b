"""The databases of the small world; a test breaks one thing in them, and then it is as before."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from chassis.settings import Settings
from deploy.simulate.journal import Journal
from tests.system.auditing.house import BUILD, House
from tests.system.auditing.scenes import play, settle_in

Document = dict[str, Any]


@dataclass(frozen=True)
class World:
    """Everything that the audit reads of it; ``orders`` are the scenes' orders by name."""

    settings: Settings
    journal: Path
    orders: dict[str, str]
    client: MongoClient[Document]

    def of(self, service: str) -> Any:
        return self.client[f"{self.settings.db_prefix}{service}"]

    def doc(self, service: str, collection: str, query: Any) -> Document:
        """The first document by id, or by condition."""
        found: Document | None = self.of(service)[collection].find_one(query)
        assert found is not None, (service, collection, query)
        return found


class Plant:
    """Changes the world, and puts back what was there."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.journal = folder / "journal.jsonl"
        self.journal.write_bytes(world.journal.read_bytes())
        self._before: dict[tuple[str, str, Any], Document | None] = {}

    def change(self, service: str, collection: str, id_: Any, update: Any) -> None:
        self._keep(service, collection, id_)
        assert self.world.of(service)[collection].update_one({"_id": id_}, update).modified_count

    def add(self, service: str, collection: str, doc: Document) -> None:
        self._keep(service, collection, doc["_id"])
        self.world.of(service)[collection].insert_one(doc)

    def remove(self, service: str, collection: str, id_: Any) -> None:
        self._keep(service, collection, id_)
        assert self.world.of(service)[collection].delete_one({"_id": id_}).deleted_count

    def answer(self, method: str, path: str, http: int, **body: Any) -> None:
        """The journal has one more line."""
        with Journal(self.journal) as journal:
            journal.note(method, path, f"key-{path}", http, body)

    def undo(self) -> None:
        for (service, collection, id_), doc in self._before.items():
            rows = self.world.of(service)[collection]
            if doc is None:
                rows.delete_one({"_id": id_})
            else:
                rows.replace_one({"_id": id_}, doc, upsert=True)

    def _keep(self, service: str, collection: str, id_: Any) -> None:
        self._before.setdefault((service, collection, id_), self.world.of(service)[collection].find_one({"_id": id_}))


@contextmanager
def small_world(settings: Settings, folder: Path) -> Iterator[World]:
    """The world, in databases of its own that are dropped afterwards."""
    own = replace(settings, db_prefix=f"audit_{settings.db_prefix}", outbox_bound=200)
    with MongoClient[Document](own.mongo_url, tz_aware=True, serverSelectionTimeoutMS=5000) as client:
        _drop(client, own.db_prefix)
        with Journal(folder / "journal.jsonl") as journal:
            house = House(own, journal)
            house.prepare()
            settle_in(house)
            orders = play(house)
        yield World(own, journal.path, orders, client)
        house.close()
        _drop(client, own.db_prefix)


def _drop(client: MongoClient[Document], prefix: str) -> None:
    for service in BUILD:
        client.drop_database(f"{prefix}{service}")
