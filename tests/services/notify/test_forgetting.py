"""What overtook is forgotten in its time, and what it stopped is not told a year later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.ids import floor_id
from chassis.migrations import migrate
from chassis.settings import Settings
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.outbox import MongoOutbox
from services.notify.adapters.retention import rules
from services.notify.domain.message import OUTWARD
from services.notify.domain.overtaking import Overtaking
from tests.builders import COMMUNITY, TICKET_ID
from tests.ports.test_messages import a_message, queued

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)
NEXT_YEAR = LONG_AGO + timedelta(days=350)


@pytest.fixture
def db(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Database[dict[str, Any]]:
    database = mongo[settings.db_prefix + "notify"]
    migrate(database, INDEXES)
    return database


def id_of(days: int) -> str:
    """Of an event so many days later."""
    return floor_id(LONG_AGO + timedelta(days=days)) + "0" * 16


def forget(db: Database[dict[str, Any]], settings: Settings, name: str, before: datetime) -> int:
    (rule,) = [rule for rule in rules(db, settings) if rule.name == name]
    return rule.how.forget(before, 100)


@pytest.mark.parametrize("name", ["overtakings", "messages"])
def test_a_reminder_of_next_year_is_kept_back_before_what_overtook_it_is_forgotten(
    db: Database[dict[str, Any]], settings: Settings, name: str
) -> None:
    reminder = queued(not_before=NEXT_YEAR, rule="visit-soon")
    stays = replace(reminder, id=f"{id_of(0)}:visit-soon:account:a-2:outward", thread="another")
    reminder = replace(reminder, id=f"{id_of(0)}:visit-soon:account:a-1:outward")
    off = {"thread": TICKET_ID, "aggregate": "ticket", "community_id": COMMUNITY}
    if name == "messages":
        told = a_message(2, event_version=2, overtakes=("visit-soon",))
        MongoMessages(db).add([reminder, stays, replace(told, id=f"{id_of(1)}:off:account:a-1:in_app")])
    else:
        over = Overtaking(id=f"{id_of(1)}:off:*", recipient="*", version=2, rules=("visit-soon",), **off)
        MongoMessages(db).add([reminder, stays], [over])

    assert forget(db, settings, name, LONG_AGO + timedelta(days=180)) > 0
    due = MongoOutbox(db).due(NEXT_YEAR, 10, (OUTWARD,))
    assert [one.message.id for one in due] == [stays.id], "the other one's appointment stands"
    kept_back = [(one["status"], one["reason"]) for one in db["messages"].find({"_id": reminder.id})]
    assert kept_back == ([("suppressed", "overtaken")] if name == "overtakings" else []), "it is as old itself"
