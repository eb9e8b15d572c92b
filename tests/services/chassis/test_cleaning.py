"""Between two tests nothing is left, whoever wrote it and however."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bson.timestamp import Timestamp
from pymongo import MongoClient
from pymongo.database import Database

from chassis.settings import Settings
from tests.brokers import Rabbit
from tests.cleaning import Cleaner

Db = Database[dict[str, Any]]
ELSEWHERE = "import sys, pymongo; pymongo.MongoClient(sys.argv[1])[sys.argv[2]].things.insert_one({'_id': 1})"


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Iterator[Db]:
    name = f"{settings.db_prefix}cleaned"
    mongo[name].create_collection("things")
    mongo[name].create_collection("others")
    yield mongo[name]
    mongo.drop_database(name)


@pytest.fixture
def cleaner(mongo: MongoClient[dict[str, Any]], amqp: Rabbit, settings: Settings, db: Db) -> Cleaner:
    """One that has cleaned before, and need not look at everything."""
    made = Cleaner(mongo, amqp, settings.db_prefix)
    made.clean()
    return made


def left(db: Db) -> dict[str, int]:
    """How many documents each collection has that has any."""
    counted = {name: db[name].count_documents({}) for name in db.list_collection_names()}
    return {name: count for name, count in counted.items() if count}


def by_another_process(db: Db, settings: Settings) -> None:
    subprocess.run([sys.executable, "-c", ELSEWHERE, settings.mongo_url, db.name], check=True, timeout=60)


def by_another_client(db: Db, settings: Settings) -> None:
    with MongoClient[dict[str, Any]](settings.mongo_url) as client:
        client[db.name]["things"].insert_one({"_id": 1})


def by_a_change_that_inserts(db: Db, _: Settings) -> None:
    db["things"].find_one_and_update({"_id": 1}, {"$set": {"a": 1}}, upsert=True)


def in_a_transaction(db: Db, _: Settings) -> None:
    with db.client.start_session() as session, session.start_transaction():
        db["others"].insert_one({"_id": 1}, session=session)
        db["things"].update_one({"_id": 1}, {"$set": {"a": 1}}, upsert=True, session=session)


def by_merging(db: Db, _: Settings) -> None:
    db.aggregate([{"$documents": [{"_id": 1}]}, {"$merge": "things"}])


def by_putting_out(db: Db, _: Settings) -> None:
    db.aggregate([{"$documents": [{"_id": 1}]}, {"$out": "others"}])


def under_a_new_name(db: Db, _: Settings) -> None:
    db["things"].insert_one({"_id": 1})
    db["things"].rename("renamed")


def all_together(db: Db, _: Settings) -> None:
    db["things"].insert_many([{"_id": number} for number in range(500)])


@pytest.mark.parametrize(
    "write",
    [
        by_another_process,
        by_another_client,
        by_a_change_that_inserts,
        in_a_transaction,
        by_merging,
        by_putting_out,
        under_a_new_name,
        all_together,
    ],
)
def test_what_was_written_is_gone(
    cleaner: Cleaner, db: Db, settings: Settings, write: Callable[[Db, Settings], None]
) -> None:
    write(db, settings)
    assert left(db)
    cleaner.clean()
    assert left(db) == {}


def test_what_is_written_after_it_is_gone_the_next_time(cleaner: Cleaner, db: Db) -> None:
    for _ in range(2):
        db["things"].insert_one({"_id": 1})
        cleaner.clean()
        assert left(db) == {}


def test_keys_and_indexes_and_other_databases_stay(cleaner: Cleaner, db: Db) -> None:
    neighbour = db.client[f"of_others_{db.name}"]
    try:
        neighbour["things"].insert_one({"_id": 1})
        db["person_keys"].insert_one({"_id": 1})
        db["things"].create_index("a")
        db["things"].insert_one({"_id": 1})
        cleaner.clean()
        assert left(neighbour) == {"things": 1}
    finally:
        db.client.drop_database(neighbour.name)
    assert left(db) == {"person_keys": 1}, "a service that runs on may know these keys"
    assert "a_1" in db["things"].index_information()


def test_where_the_log_does_not_say_everything_is_looked_at(cleaner: Cleaner, db: Db) -> None:
    db["things"].insert_one({"_id": 1})
    db["person_keys"].insert_one({"_id": 1})
    (newest,) = db.client.local["oplog.rs"].find().sort("$natural", -1).limit(1)
    cleaner._since = Timestamp(newest["ts"].time + 60, 1)
    cleaner.clean()
    assert left(db) == {"person_keys": 1}
