"""The sweeper: what is left in an outbox comes out, whatever the clocks said; what is on its way is let be."""

from collections.abc import Sequence
from typing import Any

import pytest
from pymongo.database import Database

from chassis.event_store import EventStore
from chassis.lease import Leases
from chassis.migrations import base_indexes, migrate
from chassis.relay import Relay
from chassis.settings import Settings
from chassis.sweeper import PENDING, Sweeper
from contracts.topology import inbox_queue
from tests.brokers import Rabbit
from tests.services.chassis.bus_probe import Wire, a_wire, drain, ids_of, store, wires
from tests.waiting import wait_until

INTERVAL = 3.0


@pytest.fixture
def db(settings: Settings, mongo: Any) -> Database[Any]:
    database: Database[Any] = mongo[f"{settings.db_prefix}swept"]
    migrate(database, base_indexes(("tickets",)))
    return database


class Ears:
    """A relay that only hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.held: set[str] = set()
        self.flows = True
        self.room = 1_000

    def holds(self, event_id: str) -> bool:
        return event_id in self.held

    def wake(self, collection: str, doc_id: str, events: Sequence[Wire]) -> None:
        self.heard += ids_of(events)


class Steady:
    """A steady clock that stands."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def clock() -> Steady:
    return Steady()


@pytest.fixture
def sweeper(db: Database[Any], ears: Ears, clock: Steady) -> Sweeper:
    return Sweeper(db, ["tickets"], ears, Leases(db, "one"), INTERVAL, clock)


def test_what_is_seen_on_two_looks_is_brought_out(
    db: Database[Any], sweeper: Sweeper, ears: Ears, clock: Steady
) -> None:
    # The writer's clock was an hour ahead and it died: no time in the document may decide.
    events = [a_wire(subject="t-1", time="2099-01-01T00:00:00.000Z"), a_wire(subject="t-2")]
    store(db, events)
    assert sweeper.run_once() == 0
    clock.now += INTERVAL - 0.1
    assert sweeper.run_once() == 0
    clock.now += 0.1
    assert sweeper.run_once() == 2
    assert sorted(ears.heard) == sorted(ids_of(events))


def test_what_the_relay_took_out_in_between_is_let_be(
    db: Database[Any], sweeper: Sweeper, ears: Ears, clock: Steady
) -> None:
    first, second = a_wire(subject="t-1"), a_wire(subject="t-1")
    store(db, [first])
    sweeper.run_once()
    db["tickets"].update_one({"_id": "t-1"}, {"$set": {"outbox": [second]}})
    clock.now += INTERVAL
    assert sweeper.run_once() == 0
    clock.now += INTERVAL
    assert sweeper.run_once() == 1
    assert ears.heard == [second["id"]]


def test_what_was_handed_over_has_an_interval_to_get_out(
    db: Database[Any], sweeper: Sweeper, ears: Ears, clock: Steady
) -> None:
    store(db, wires(1))
    found = []
    for _ in range(5):
        found.append(sweeper.run_once())
        clock.now += INTERVAL / 2
    assert found == [0, 0, 1, 0, 1]


def test_of_two_instances_one_sweeps(db: Database[Any], ears: Ears, clock: Steady) -> None:
    one, other = (Sweeper(db, ["tickets"], ears, Leases(db, name), INTERVAL, clock) for name in ("one", "other"))
    events = wires(20)
    store(db, events)
    for _ in range(2):
        one.run_once()
        other.run_once()
        clock.now += INTERVAL
    assert sorted(ears.heard) == sorted(ids_of(events))
    one.stop()
    other.run_once()
    clock.now += INTERVAL
    assert other.run_once() == 20


def test_what_the_relay_has_in_hand_is_not_loaded_again(
    db: Database[Any], sweeper: Sweeper, ears: Ears, clock: Steady
) -> None:
    # While the broker takes nothing for an hour, the whole backlog would be read anew every interval.
    events = wires(6)
    store(db, events)
    ears.held = set(ids_of(events[:3]))
    ears.room = 2
    sweeper.run_once()
    clock.now += INTERVAL
    assert sweeper.run_once() == 2
    assert set(ears.heard) < set(ids_of(events[3:]))


def test_who_cannot_publish_leaves_the_sweeping_to_another(db: Database[Any], ears: Ears, clock: Steady) -> None:
    stalled, well = Ears(), ears
    one, other = (
        Sweeper(db, ["tickets"], relay, Leases(db, name), INTERVAL, clock)
        for name, relay in (("one", stalled), ("other", well))
    )
    store(db, events := wires(2))
    one.run_once()
    stalled.flows = False
    for _ in range(2):
        one.run_once()
        other.run_once()
        clock.now += INTERVAL
    assert (set(well.heard), stalled.heard) == (set(ids_of(events)), [])


def test_the_look_uses_the_index(db: Database[Any]) -> None:
    # A partial index on `outbox.0` is accepted and never used: every look would read the whole collection.
    db["tickets"].insert_many([{"_id": f"quiet-{number}", "outbox": []} for number in range(200)])
    store(db, wires(2))
    plan = db["tickets"].find(PENDING, {"outbox.id": 1}).explain()
    assert plan["executionStats"]["totalDocsExamined"] == 2
    assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])


def test_the_events_of_a_dead_process_arrive(settings: Settings, db: Database[Any], amqp: Rabbit) -> None:
    events = wires(150)
    store(db, events)
    relay = Relay(settings, db, EventStore(db))
    sweeper = Sweeper(db, ["tickets"], relay, Leases(db, "next"), 0.1)
    relay.start()
    sweeper.start()
    try:
        wait_until(lambda: db["tickets"].count_documents(PENDING) == 0)
    finally:
        sweeper.stop()
        relay.stop(5)
    assert {wire["id"] for wire in drain(amqp, inbox_queue("notify"))} == set(ids_of(events))


def test_a_look_that_fails_is_followed_by_another(settings: Settings, db: Database[Any], ears: Ears) -> None:
    class Shaky(Leases):
        fails = 2

        def acquire(self, name: str, ttl: float) -> int | None:
            self.fails -= 1
            if self.fails >= 0:
                raise ConnectionError("the database is away")
            return super().acquire(name, ttl)

    events = wires(1)
    store(db, events)
    sweeper = Sweeper(db, ["tickets"], ears, Shaky(db, "one"), 0.05)
    sweeper.start()
    try:
        wait_until(lambda: ears.heard)
    finally:
        sweeper.stop()
    assert set(ears.heard) == set(ids_of(events))
