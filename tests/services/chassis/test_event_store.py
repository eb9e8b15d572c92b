"""The event store on a real MongoDB: what came twice is there once, threads and pages have an order."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import BulkWriteError

from chassis.event_store import EventStore
from chassis.ids import new_id
from chassis.migrations import base_indexes, migrate
from chassis.mongo import Document, database
from chassis.settings import Settings
from contracts.errors import Invalid
from contracts.schemas.fields import time_text
from tests.builders import NOON


@pytest.fixture
def store(mongo: MongoClient[Document], settings: Settings) -> EventStore:
    db = database(mongo, settings, "gear")
    migrate(db, base_indexes([]))
    return EventStore(db)


def a_wire(version: int = 1, *, minute: float = 0, **changes: Any) -> dict[str, Any]:
    """An envelope as it travels; *minute* is after noon."""
    time = time_text(NOON + timedelta(minutes=minute))
    of = {"subject": "t-1", "aggregatetype": "ticket", "aggregateversion": version, "communityid": "c"}
    return {"id": new_id(), **of, "time": time, "data": {"note": "$x"}, **changes}


def test_what_is_added_twice_is_there_once(store: EventStore) -> None:
    first, second, third = a_wire(1), a_wire(2, minute=1), a_wire(3, minute=2)
    store.add([first, second])
    store.add([second, third])
    store.add([])

    assert store.history("t-1") == [first, second, third]
    assert store.collection.count_documents({}) == 3


def test_a_row_says_what_audits_ask_for(store: EventStore) -> None:
    store.add([wire := a_wire(4)])
    row = store.collection.find_one() or {}
    assert row.pop("wire") == wire
    of = {"thread": "t-1", "aggregate": "ticket", "version": 4, "community_id": "c"}
    assert row == {"_id": wire["id"], **of, "at": NOON}


def test_other_failures_are_not_swallowed(store: EventStore) -> None:
    store.collection.database.command("collMod", "events", validator={"version": {"$lt": 100}})
    try:
        with pytest.raises(BulkWriteError):
            store.add([a_wire(1), a_wire(100)])
        assert store.collection.count_documents({}) == 1
    finally:
        store.collection.database.command("collMod", "events", validator={})


def test_a_thread_is_told_by_time_and_each_aggregate_by_version(store: EventStore) -> None:
    """Naive: sorted by time only, an event written on a machine whose clock is behind comes before its cause."""
    placed, assigned = a_wire(1), a_wire(2, minute=30)
    done_by_a_slow_clock = a_wire(3, minute=20)
    offered = a_wire(1, minute=10, aggregatetype="demand")
    taken = a_wire(2, minute=29, aggregatetype="demand")
    another = a_wire(1, subject="t-2")
    store.add([taken, done_by_a_slow_clock, placed, another, offered, assigned])

    assert store.history("t-1") == [placed, offered, taken, assigned, done_by_a_slow_clock]
    assert store.history("nobody") == []


def test_pages_give_each_event_once(store: EventStore) -> None:
    wires = [a_wire(number) for number in range(1, 12)]
    store.add(wires)

    seen: list[dict[str, Any]] = []
    after: str | None = None
    sizes = []
    while True:
        page, after = store.page(after, 4)
        seen += page
        sizes.append(len(page))
        if after is None:
            break
    assert sizes == [4, 4, 3]
    assert sorted(seen, key=lambda wire: wire["aggregateversion"]) == wires


def test_an_empty_store_is_one_empty_page(store: EventStore) -> None:
    assert store.page(None, 10) == ([], None)


def test_threads_are_found_by_index(store: EventStore) -> None:
    store.add([a_wire(number) for number in range(1, 30)])
    plan = store.collection.find({"thread": "t-1"}).sort([("aggregate", 1), ("version", 1)]).explain()
    assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])
    assert "SORT'" not in str(plan["queryPlanner"]["winningPlan"])


def test_a_time_of_one_community_is_read_by_pages_and_each_event_once(store: EventStore) -> None:
    inside = [a_wire(number, minute=number // 3) for number in range(1, 25)]
    others = [a_wire(30, minute=-1), a_wire(31, minute=9), a_wire(32, minute=2, communityid="elsewhere")]
    store.add([*others, *reversed(inside)])
    seen: list[str] = []
    after, sizes = None, []
    while True:
        page, after = store.between("c", NOON, NOON + timedelta(minutes=9), after, 5)
        sizes.append(len(page))
        seen += [wire["id"] for wire in page]
        if after is None:
            break
    assert sizes == [5, 5, 5, 5, 4]
    assert seen == [wire["id"] for wire in sorted(inside, key=lambda wire: (wire["time"], wire["id"]))]


def test_a_time_is_served_by_its_index_and_looks_at_nothing_else(store: EventStore) -> None:
    """Of what lies before, after and in other communities no document is looked at, and nothing is sorted."""
    store.add([a_wire(number, minute=number, communityid=("c", "d")[number % 2]) for number in range(1, 400)])
    page, after = store.between("c", NOON + timedelta(minutes=100), NOON + timedelta(minutes=200), None, 10)
    assert len(page) == 10
    for place in (None, after):
        store.collection.database.command("profile", 2)
        try:
            store.between("c", NOON + timedelta(minutes=100), NOON + timedelta(minutes=200), place, 10)
        finally:
            store.collection.database.command("profile", 0)
        asked = {"command.find": "events", "command.filter.community_id": "c"}
        *_, ran = store.collection.database["system.profile"].find(asked).sort("ts")
        assert ran["planSummary"] == "IXSCAN { community_id: 1, at: 1, _id: 1 }"
        assert ran["docsExamined"] <= 11
        assert not ran.get("hasSortStage")


def test_a_place_that_is_none_is_refused(store: EventStore) -> None:
    with pytest.raises(Invalid):
        store.between("c", NOON, NOON + timedelta(minutes=9), "somewhere", 5)
