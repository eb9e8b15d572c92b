"""What an older version left to go out by its channel ``console`` goes out after the update, once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.settings import Settings
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.outbox import MongoOutbox
from services.notify.adapters.outbox_before import take_over
from services.notify.domain.message import OUTWARD
from tests.builders import NOON

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def of_before(id: str, status: str, next_try_at: datetime | None, channel: str = "console") -> dict[str, Any]:
    """As the first schema had it."""
    doc = {
        "_id": id,
        "schema": 1,
        "community_id": "shiliuli",
        "area_path": ["sll", "sll-g1"],
        "recipient": "account:a1",
        "channel": channel,
        "rule": "accepted",
        "template": "accepted",
        "event_id": "01K",
        "event_type": "shiliu.ticket.accepted.v1",
        "correlation_id": "c",
        "thread": "t1",
        "number": "NC-1",
        "params": {"number": "NC-1"},
        "urgent": True,
        "at": NOON,
        "status": status,
        "reason": None,
        "tries": 1,
        "read": [],
        "recused": None,
        "abroad": False,
    }
    return doc if next_try_at is None else {**doc, "next_try_at": next_try_at}


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Any:
    database = mongo[f"{settings.db_prefix}notify"]
    migrate(database, INDEXES)
    return database


def test_what_waited_is_due_as_everything_else_and_is_taken_once(db: Any) -> None:
    held = datetime.now(UTC) + timedelta(hours=1)
    db["messages"].insert_many(
        [
            of_before("queued", "queued", LONG_AGO),
            of_before("failed", "failed_temporary", LONG_AGO),
            of_before("died-with", "sending", LONG_AGO),
            of_before("being-sent", "sending", held),
            of_before("sent", "sent", None),
            of_before("read-there", "delivered", None, "in_app"),
        ]
    )
    outbox = MongoOutbox(db)
    assert outbox.due(NOON, 10, [OUTWARD]) == []
    for _ in range(2):
        take_over(db)
    due = outbox.due(NOON, 10, [OUTWARD])
    assert sorted(one.message.id for one in due) == ["died-with", "failed", "queued"]
    assert {(one.message.channel, one.tries, one.message.not_before) for one in due} == {(OUTWARD, 1, NOON)}
    ids = [one.message.id for one in due]
    assert len(outbox.take(ids, 60.0)) == 3
    take_over(db)
    assert outbox.take(ids, 60.0) == []
    assert db["messages"].find_one({"_id": "being-sent"})["channel"] == "console"
    assert db["messages"].find_one({"_id": "sent"})["status"] == "sent"
