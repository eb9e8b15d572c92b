"""Budgets in the real database: shared by all, strict in every window, by the database's clock."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import ANY

import eventlet
import pytest
from eventlet import GreenPool
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.settings import Settings
from chassis.vault import Vault
from services.notify.adapters.budgets import BUDGET_INDEXES, BlindBudgets, MongoBudgets
from tests.rooms import MASTER_KEY
from tests.waiting import wait_until

KEY = "robot:1"


@pytest.fixture
def db(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Iterator[Database[dict[str, Any]]]:
    found = mongo[f"{settings.db_prefix}notify"]
    migrate(found, BUDGET_INDEXES)
    found["budgets"].delete_many({})
    yield found
    found["budgets"].delete_many({})


def test_who_comes_at_once_gets_exactly_as_many_as_there_are(db: Database[dict[str, Any]]) -> None:
    instances = [MongoBudgets(db) for _ in range(4)]
    pool = GreenPool(40)
    waits = list(pool.imap(lambda n: instances[n % 4].take(KEY, 20, 60), range(60)))

    assert sum(wait == 0 for wait in waits) == 20
    assert all(0 < wait <= 62 for wait in waits if wait)


def test_room_comes_back_as_the_window_moves_and_not_before(db: Database[dict[str, Any]]) -> None:
    budgets = MongoBudgets(db)
    assert [budgets.take(KEY, 2, 1) for _ in range(2)] == [0.0, 0.0]
    wait = budgets.take(KEY, 2, 1)
    assert 0 < wait <= 1.1
    wait_until(lambda: budgets.take(KEY, 2, 1) == 0.0)
    row = db["budgets"].find_one({"_id": KEY}) or {}
    taken = sorted(step["at"] for step in row["steps"])
    assert sum(step["n"] for step in row["steps"]) <= 2, taken


def test_no_window_wherever_it_begins_has_more_than_the_most(db: Database[dict[str, Any]]) -> None:
    """Takes as fast as it may for a while; every stretch of the window's length is looked at afterwards."""
    budgets, moments = MongoBudgets(db), []
    with eventlet.Timeout(20):
        while len(moments) < 16:
            wait = budgets.take(KEY, 5, 1)
            now = db.command("hello")["localTime"]
            if wait == 0:
                moments.append(now)
            else:
                eventlet.sleep(min(wait, 0.05))
    apart = [(later - first).total_seconds() for first, later in zip(moments, moments[5:], strict=False)]
    assert min(apart) > 0.98  # moments are noted a little after they were taken


def test_each_key_has_its_own_and_nothing_allowed_is_never(db: Database[dict[str, Any]]) -> None:
    budgets = MongoBudgets(db)
    assert budgets.take("a", 1, 60) == budgets.take("b", 1, 60) == 0.0
    assert budgets.take("a", 1, 60) > 0
    assert budgets.take("c", 0, 60) == 60.0


def test_a_large_budget_stays_a_small_document(db: Database[dict[str, Any]]) -> None:
    budgets = MongoBudgets(db)
    for _ in range(300):
        assert budgets.take(KEY, 10_000, 86_400) == 0.0
    row = db["budgets"].find_one({"_id": KEY}) or {}
    assert len(row["steps"]) <= 2
    assert sum(step["n"] for step in row["steps"]) == 300
    assert row == {"_id": KEY, "steps": ANY, "wait": 0, "until": ANY}


def test_a_clock_that_was_put_back_gives_nothing_away_and_closes_nothing(
    db: Database[dict[str, Any]],
) -> None:
    budgets = MongoBudgets(db)
    budgets.take(KEY, 1, 60)
    db["budgets"].update_one({"_id": KEY}, [{"$set": {"steps.at": {"$add": [{"$first": "$steps.at"}, 3_600_000]}}}])
    assert 0 < budgets.take(KEY, 1, 60) <= 61
    assert budgets.take(KEY, 2, 60) == 0.0
    assert 0 < budgets.take(KEY, 2, 60) <= 61


def test_what_may_hold_a_phone_is_stored_blind(db: Database[dict[str, Any]]) -> None:
    budgets = BlindBudgets(MongoBudgets(db), Vault(db.client, db, MASTER_KEY))
    assert budgets.take("sms:13800138000", 1, 60) == 0.0
    assert budgets.take("sms:13800138000", 1, 60) > 0
    assert budgets.take("sms:13800138001", 1, 60) == 0.0
    assert "1380013800" not in repr(list(db["budgets"].find()))
