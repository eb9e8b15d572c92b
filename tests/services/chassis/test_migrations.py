"""Index tables on a real MongoDB: built once, built anew when changed, and never silently half there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import Index, MigrationError, base_indexes, is_migrated, migrate
from chassis.mongo import Document, database
from chassis.settings import Settings

TABLE = (
    *base_indexes(["crews"]),
    Index("crews", [("community_id", 1), ("name", 1)], unique=True),
    Index("stream", "seen", expireAfterSeconds=60),
    Index("places", [("at", "2dsphere")]),
)


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings) -> Iterator[Database[Document]]:
    db = database(mongo, settings, "gear_migrations")
    mongo.drop_database(db.name)
    yield db
    mongo.drop_database(db.name)


def test_a_new_database_gets_every_index_once(db: Database[Document]) -> None:
    assert not is_migrated(db, TABLE)
    built = migrate(db, TABLE)

    assert "crews.pending_1" in built
    assert len(built) == len(TABLE)
    assert is_migrated(db, TABLE)
    assert migrate(db, TABLE) == []


def test_collections_exist_before_a_transaction_needs_them(db: Database[Document]) -> None:
    migrate(db, TABLE)
    assert {"crews", "events", "leases"} <= set(db.list_collection_names())


@dataclass(frozen=True)
class Changed:
    before: Index
    now: Index


@pytest.mark.parametrize(
    "changed",
    [
        Changed(Index("stream", "seen", expireAfterSeconds=60), Index("stream", "seen", expireAfterSeconds=90)),
        Changed(Index("crews", "number"), Index("crews", "number", unique=True)),
        Changed(Index("crews", "pending"), Index("crews", "pending", partialFilterExpression={"pending": True})),
        Changed(Index("crews", [("a", 1)], name="by_a"), Index("crews", [("a", 1), ("b", 1)], name="by_a")),
    ],
)
def test_a_changed_index_is_built_anew(db: Database[Document], changed: Changed) -> None:
    migrate(db, [changed.before])
    assert not is_migrated(db, [changed.now])
    assert migrate(db, [changed.now]) == [f"{changed.now.collection}.{changed.now.name}"]
    assert is_migrated(db, [changed.now])


def test_what_the_version_before_needs_stays(db: Database[Document]) -> None:
    old = Index("crews", "old_field")
    migrate(db, [old])
    migrate(db, TABLE)
    assert is_migrated(db, [old])


def test_data_that_breaks_a_rule_is_named(db: Database[Document]) -> None:
    db.crews.insert_many([{"number": 1}, {"number": 1}])
    with pytest.raises(MigrationError, match="number_1"):
        migrate(db, [Index("crews", "number", unique=True)])


def test_two_may_migrate_at_once(db: Database[Document]) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: migrate(db, TABLE), range(4)))
    assert is_migrated(db, TABLE)
