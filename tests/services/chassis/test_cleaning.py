"""Between two tests nothing is left, whoever wrote it."""

import subprocess
import sys
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.settings import Settings
from tests.brokers import Rabbit
from tests.cleaning import Written, clean, watch


@pytest.fixture
def written() -> Written:
    return watch()


def count(client: MongoClient[dict[str, Any]], name: str) -> int:
    return client[name]["things"].count_documents({})


def test_what_this_process_wrote_is_gone(mongo: MongoClient[dict[str, Any]], amqp: Rabbit, settings: Settings) -> None:
    written, name = watch(), f"{settings.db_prefix}cleaned"
    written.all_known = True
    with MongoClient[dict[str, Any]](settings.mongo_url) as client:
        client[name]["things"].insert_one({"_id": 1})
        client[name]["things"].create_index("a")
        client[name]["person_keys"].update_one({"_id": 1}, {"$set": {"a": 1}}, upsert=True)
        client[name]["from"].insert_one({"_id": 2})
    clean(mongo, amqp, settings.db_prefix, written)
    assert count(mongo, name) == 0
    assert mongo[name]["person_keys"].count_documents({}) == 1, "a service that runs on may know these keys"
    assert "a_1" in mongo[name]["things"].index_information()
    assert written.collections == set()
    mongo.drop_database(name)


def test_what_another_process_wrote_is_gone(
    mongo: MongoClient[dict[str, Any]], amqp: Rabbit, settings: Settings, written: Written
) -> None:
    name = f"{settings.db_prefix}cleaned"
    written.all_known = True
    script = "import sys, pymongo; pymongo.MongoClient(sys.argv[1])[sys.argv[2]].things.insert_one({'_id': 1})"
    subprocess.run([sys.executable, "-c", script, settings.mongo_url, name], check=True, timeout=60)
    assert count(mongo, name) == 1
    clean(mongo, amqp, settings.db_prefix, written)
    assert count(mongo, name) == 0
    mongo.drop_database(name)


def test_what_the_database_itself_wrote_is_gone(
    mongo: MongoClient[dict[str, Any]], amqp: Rabbit, settings: Settings, written: Written
) -> None:
    name = f"{settings.db_prefix}cleaned"
    written.all_known = True
    with MongoClient[dict[str, Any]](settings.mongo_url) as client:
        list(client[name].aggregate([{"$documents": [{"_id": 1}]}, {"$merge": "things"}]))
    assert count(mongo, name) == 1
    clean(mongo, amqp, settings.db_prefix, written)
    assert count(mongo, name) == 0
    mongo.drop_database(name)
