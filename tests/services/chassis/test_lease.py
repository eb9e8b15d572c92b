"""Leases on a real MongoDB: one holder at a time by the database's clock, numbers that only grow."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.lease import COLLECTION, Leases, Turn
from chassis.mongo import Document, database
from chassis.settings import Settings

LONG = 60.0
HOUR = 3_600.0


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings) -> Database[Document]:
    return database(mongo, settings, "gear")


@pytest.fixture
def ours(db: Database[Document]) -> Leases:
    return Leases(db, "ours")


@pytest.fixture
def theirs(db: Database[Document]) -> Leases:
    return Leases(db, "theirs")


def let_it_run_out(db: Database[Document], name: str) -> None:
    """As if its time had passed."""
    db[COLLECTION].update_one({"_id": name}, {"$set": {"until": datetime(2026, 1, 1, tzinfo=UTC)}})


def test_one_holds_it_and_the_other_waits(ours: Leases, theirs: Leases) -> None:
    fence = ours.acquire("due", LONG)
    assert fence == 1
    assert theirs.acquire("due", LONG) is None
    assert theirs.acquire("sweep", LONG) == 1


def test_its_holder_may_ask_again_and_keeps_the_number(ours: Leases) -> None:
    assert [ours.acquire("due", LONG), ours.acquire("due", LONG)] == [1, 1]


def test_it_goes_on_when_its_time_is_over_with_a_higher_number(
    db: Database[Document], ours: Leases, theirs: Leases
) -> None:
    assert ours.acquire("due", LONG) == 1
    let_it_run_out(db, "due")

    assert not ours.holds("due", 1)
    assert theirs.acquire("due", LONG) == 2
    assert not ours.renew("due", 1, LONG)
    ours.release("due", 1)
    assert theirs.holds("due", 2)


def test_who_takes_it_again_after_it_ran_out_gets_a_new_number(db: Database[Document], ours: Leases) -> None:
    assert ours.acquire("due", LONG) == 1
    let_it_run_out(db, "due")
    assert ours.acquire("due", LONG) == 2
    assert not ours.holds("due", 1)


def test_it_can_be_renewed_and_given_back(db: Database[Document], ours: Leases, theirs: Leases) -> None:
    fence = ours.acquire("due", 1.0) or 0
    until = (db[COLLECTION].find_one() or {})["until"]
    assert ours.renew("due", fence, LONG)
    assert (db[COLLECTION].find_one() or {})["until"] > until

    ours.release("due", fence)
    assert theirs.acquire("due", LONG) == 2


def test_a_clock_that_jumps_takes_nothing(monkeypatch: pytest.MonkeyPatch, ours: Leases, theirs: Leases) -> None:
    """Naive: compare ``until`` with this machine's now; an hour ahead, every lease looks free."""
    assert ours.acquire("due", LONG) == 1
    real = time.time

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(real() + HOUR, UTC)

    monkeypatch.setattr(time, "time", lambda: real() + HOUR)
    monkeypatch.setattr("chassis.lease.datetime", Ahead)
    assert theirs.acquire("due", LONG) is None
    assert ours.holds("due", 1)


def test_names_that_look_like_fields_are_names(db: Database[Document]) -> None:
    assert Leases(db, "$owner").acquire("due", LONG) == 1
    assert Leases(db, "other").acquire("due", LONG) is None


def test_of_many_who_ask_at_once_one_gets_it(db: Database[Document]) -> None:
    with ThreadPoolExecutor(16) as pool:
        got = list(pool.map(lambda number: Leases(db, f"o-{number}").acquire("due", LONG), range(16)))
    assert sorted(fence for fence in got if fence) == [1]


def test_a_turn_asks_the_database_three_times_in_its_length(db: Database[Document], ours: Leases) -> None:
    now = [0.0]
    turn = Turn(ours, "due", 9.0, lambda: now[0])
    assert turn.take() == 1

    db[COLLECTION].delete_many({})
    Leases(db, "theirs").acquire("due", LONG)
    now[0] = 2.9
    assert turn.take() == 1
    now[0] = 3.0
    assert turn.take() is None


def test_who_was_frozen_finds_its_turn_gone(db: Database[Document], ours: Leases, theirs: Leases) -> None:
    now = [0.0]
    turn = Turn(ours, "due", 9.0, lambda: now[0])
    assert turn.take() == 1

    let_it_run_out(db, "due")
    assert theirs.acquire("due", LONG) == 2
    now[0] = 600.0
    assert turn.take() is None


def test_a_turn_given_back_is_the_others_at_once(ours: Leases, theirs: Leases) -> None:
    turn = ours.turn("due", LONG)
    turn.take()
    turn.give_back()
    assert theirs.turn("due", LONG).take() == 2
    assert turn.take() is None
