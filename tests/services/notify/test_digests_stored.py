"""What belongs to one digest is found in the real database: all that is due, and nobody else's."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.settings import Settings
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.outbox import MongoOutbox
from services.notify.adapters.rules import read_rules
from services.notify.application.routing import PUT_TOGETHER
from services.notify.domain.message import OUTWARD
from services.notify.domain.planning import messages_for
from tests.builders import NOON
from tests.unit.notify.test_digests_sent import COMES

Db = Database[dict[str, Any]]
LATER = NOON + timedelta(days=1)


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Db:
    database = mongo[f"{settings.db_prefix}notify"]
    migrate(database, INDEXES)
    database["messages"].delete_many({})
    return database


def test_all_that_is_due_of_a_digest_and_nothing_else(db: Db) -> None:
    (told,) = [
        one for one in messages_for(read_rules(), COMES) if (one.channel, one.rule) == (OUTWARD, "somebody-comes")
    ]
    MongoMessages(db).add([replace(told, id=f"m{place}") for place in range(7)])
    put_off = {"put_off": PUT_TOGETHER, "wait_until": LATER}
    rows = db["messages"]
    rows.update_many({}, {"$set": put_off})
    rows.update_one({"_id": "m1"}, {"$set": {"wait_until": LATER + timedelta(days=1)}})
    rows.update_one({"_id": "m2"}, {"$set": {"recipient": "account:another"}})
    rows.update_one({"_id": "m3"}, {"$set": {"community_id": "another"}})
    rows.update_one({"_id": "m4"}, {"$unset": {"put_off": ""}})
    outbox = MongoOutbox(db)
    assert [one.message.id for one in outbox.take(["m5"], 60.0)] == ["m5"]
    found = outbox.put_together([(told.community_id, told.recipient)], LATER)
    assert {one.message.id for one in found} == {"m0", "m6"}
    assert outbox.put_together([], LATER) == []
