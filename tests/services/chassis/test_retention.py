"""What is over is forgotten, what is not stays, and the report says what was done and what is missing."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure

from chassis.gear import Parts, Resources
from chassis.ids import floor_id, new_id
from chassis.mongo import Document, database
from chassis.retention import By, Fields, Retention, Rule
from chassis.retention_verb import operate
from chassis.settings import Settings, SettingsError
from contracts.words import Text
from tests.fakes.clock import FixedClock

WHAT = Text(zh="便条", en="notes")
DAY = timedelta(days=1)


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings) -> Database[Document]:
    return database(mongo, settings, "gear")


def real() -> float:
    return datetime.now(UTC).timestamp()


def notes(db: Database[Document], update: Any = None, days: float = 30.0) -> Rule:
    how = Fields(db["notes"], lambda before: {"at": {"$lt": before}, "text": {"$ne": None}}, update)
    return Rule(name="notes", what=WHAT, days=days, setting="retention_words_days", how=how)


def written(db: Database[Document], clock: FixedClock, *ages: float) -> None:
    db["notes"].insert_many([{"_id": f"{age:g}", "at": clock.now() - age * DAY, "text": "words"} for age in ages])


def test_fields_are_emptied_after_their_days_and_the_rest_stays(db: Database[Document]) -> None:
    clock = FixedClock()
    written(db, clock, 0, 29, 31, 400)
    retention = Retention(db, [notes(db, {"$set": {"text": None}})], clock.now, real)
    assert [row.overdue for row in retention.report()] == [2]
    assert retention.run() == {"notes": 2}
    assert {row["_id"]: row["text"] for row in db["notes"].find()} == {
        "0": "words", "29": "words", "31": None, "400": None,
    }  # fmt: skip
    clock.advance(days=2)
    assert retention.run() == {"notes": 1}
    (row,) = retention.report()
    assert (row.overdue, row.forgotten, row.days) == (0, 3, 30.0)
    assert row.last_run is not None


def test_documents_are_deleted_in_batches_until_nothing_is_over(db: Database[Document]) -> None:
    clock = FixedClock()
    written(db, clock, *range(20, 60))
    retention = Retention(db, [notes(db)], clock.now, real, batch=7)
    assert retention.run() == {"notes": 29}
    assert db["notes"].count_documents({}) == 11


def test_a_run_ends_in_time_and_the_next_goes_on(db: Database[Document]) -> None:
    clock = FixedClock()
    written(db, clock, *range(31, 51))
    hasty = Retention(db, [notes(db)], clock.now, real, batch=5, seconds=-1.0)
    assert hasty.run() == {"notes": 0}
    assert [row.overdue for row in hasty.report()] == [20]
    assert Retention(db, [notes(db)], clock.now, real, batch=5).run() == {"notes": 20}


@pytest.mark.parametrize("error", [OperationFailure("no"), OverflowError("date value out of range")])
def test_a_rule_that_fails_does_not_keep_the_others_from_it(db: Database[Document], error: Exception) -> None:
    clock = FixedClock()
    written(db, clock, 31)

    class Broken:
        def overdue(self, before: datetime) -> int:
            return 1

        def forget(self, before: datetime, most: int) -> int:
            raise error

    broken = replace(notes(db), name="broken", how=Broken())
    assert Retention(db, [broken, notes(db)], clock.now, real).run() == {"notes": 1}


def test_real_time_rules_go_by_the_ids_of_their_documents(db: Database[Document]) -> None:
    now = datetime.now(UTC)
    db["log"].insert_many([{"_id": new_id()}, {"_id": floor_id(now - 31 * DAY)}, {"_id": floor_id(now - 29 * DAY)}])
    how = Fields(db["log"], lambda before: {"_id": {"$lt": floor_id(before)}})
    rule = Rule(name="log", what=WHAT, days=30, setting="retention_stream_days", how=how, by=By.REAL)
    long_ago = FixedClock(datetime(2000, 1, 1, tzinfo=UTC))
    assert Retention(db, [rule], long_ago.now, real).run() == {"log": 1}
    assert db["log"].count_documents({}) == 2


def test_the_verb_tells_what_is_overdue_and_forgets_it_when_asked(
    db: Database[Document], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(resources: Resources) -> Parts:
        return Parts(app=None, retention=[notes(resources.db)])

    written(db, FixedClock(datetime.now(UTC)), 1, 31, 32)
    assert operate(settings, "gear", build, ["report", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["service"], told["rule"], told["overdue"], told["last_run"]) == ("gear", "notes", 2, None)
    assert operate(settings, "gear", build, ["run"]) == 0
    assert "便条 / notes; 30 天 days; 超期 overdue 0, 已清除 forgotten 2" in capsys.readouterr().out
    assert db["notes"].count_documents({}) == 1


@pytest.mark.parametrize("value", ["0", "-1", "inf", "nan"])
def test_a_period_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="SHILIU_RETENTION_WORDS_DAYS"):
        Settings.from_env({"SHILIU_RETENTION_WORDS_DAYS": value})
