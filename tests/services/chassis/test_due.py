"""Deadlines on a real MongoDB: set and cleared with their state, fired once, whoever looks and whatever fails."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from eventlet.event import Event
from pymongo import MongoClient
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.due import FIRST_PAUSE, LEASE_SECONDS, DueLoop, firing_id
from chassis.journal import Journal
from chassis.lease import Leases
from chassis.migrations import base_indexes, migrate
from chassis.mongo import Document, database
from chassis.settings import Settings
from contracts.actor import system_actor
from contracts.decisions import Decided, Due
from contracts.errors import Conflict
from contracts.events.masters import TeamPublished
from contracts.words import Text
from tests.builders import COMMUNITY, a_meta
from tests.fakes.clock import MORNING, FixedClock
from tests.fakes.crews import Crew, CrewCodec
from tests.waiting import wait_until

SOON = MORNING + timedelta(minutes=3)


class AlwaysOurs(Leases):
    """Leases that everybody gets: what happens around a change of hands."""

    def acquire(self, name: str, ttl: float) -> int | None:
        return 1


@dataclass
class Crews:
    """Crews that meet when their deadline comes; ``fired`` are the calls, ``met`` the effects."""

    aggregates: Aggregates[Crew]
    clock: FixedClock
    fired: list[tuple[str, Due]]
    met: list[str]

    def plan(self, id: str, until: datetime | None) -> None:
        """Set or clear the deadline, by a command."""
        meta = a_meta(command_id=f"plan-{until}")
        self.aggregates.apply(id, meta, lambda crew: Decided(replace(crew or Crew(id), until=until)))

    def meet(self, id: str, due: Due) -> None:
        """The application's command: it holds only while the deadline stands."""
        self.fired.append((id, due))

        def decide(crew: Crew | None) -> Decided[Crew] | None:
            if crew is None or crew.until is None or crew.until > self.clock.now():
                return None
            return Decided(replace(crew, until=None), (TeamPublished(),))

        meta = a_meta(system_actor(COMMUNITY), firing_id("crews", id, due))
        if self.aggregates.apply(id, meta, decide).envelopes:
            self.met.append(id)


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings) -> Database[Document]:
    db = database(mongo, settings, "gear")
    migrate(db, base_indexes(["crews"]))
    return db


@pytest.fixture
def crews(db: Database[Document]) -> Crews:
    clock = FixedClock()
    return Crews(Aggregates(Journal(db, clock), CrewCodec()), clock, [], [])


def a_loop(
    db: Database[Document],
    crews: Crews,
    *,
    owner: str = "ours",
    leases: type[Leases] = Leases,
    fire: Callable[[str, Due], None] | None = None,
    steady: Callable[[], float] = lambda: 0.0,
    lease_seconds: float = LEASE_SECONDS,
) -> DueLoop:
    handlers = {"crews": fire or crews.meet}
    return DueLoop(db, crews.clock, leases(db, owner), handlers, 0.01, lease_seconds=lease_seconds, steady=steady)


def test_it_fires_when_its_time_has_come_and_not_before(db: Database[Document], crews: Crews) -> None:
    crews.plan("c-1", SOON)
    loop = a_loop(db, crews)

    crews.clock.advance(minutes=2, seconds=59)
    assert loop.run_once() == 0
    crews.clock.advance(seconds=1)
    assert loop.run_once() == 1

    assert crews.fired == [("c-1", Due("meet", SOON))]
    assert crews.aggregates.get("c-1") == Crew("c-1")
    assert loop.run_once() == 0


def test_a_deadline_that_was_cleared_with_its_state_never_fires(db: Database[Document], crews: Crews) -> None:
    crews.plan("c-1", SOON)
    crews.plan("c-1", None)
    crews.clock.advance(hours=1)

    assert a_loop(db, crews).run_once() == 0
    assert db.crews.count_documents({"next_due": {"$exists": True}}) == 0


def test_a_deadline_cleared_between_look_and_firing_does_nothing(db: Database[Document], crews: Crews) -> None:
    crews.plan("c-1", SOON)
    crews.clock.advance(hours=1)

    def cleared_just_before(id: str, due: Due) -> None:
        crews.plan(id, None)
        crews.meet(id, due)

    a_loop(db, crews, fire=cleared_just_before).run_once()
    assert len(crews.fired) == 1
    assert crews.met == []


def test_only_who_has_the_turn_looks(db: Database[Document], crews: Crews) -> None:
    crews.plan("c-1", SOON)
    crews.clock.advance(hours=1)
    ours, theirs = a_loop(db, crews), a_loop(db, crews, owner="theirs")

    assert [ours.run_once(), theirs.run_once()] == [1, 0]


def test_it_happens_once_though_two_look(db: Database[Document], crews: Crews) -> None:
    """Around a change of hands two loops may see the same deadline: the guarded command lets one through."""
    ids = [f"c-{number}" for number in range(10)]
    for id in ids:
        crews.plan(id, SOON)
    crews.clock.advance(hours=1)
    loops = [a_loop(db, crews, owner=f"o-{number}", leases=AlwaysOurs) for number in range(3)]

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(DueLoop.run_once, loops))

    assert sorted(crews.met) == sorted(ids)
    assert {doc["version"] for doc in db.crews.find()} == {1}


def test_a_firing_that_outlasts_the_lease_is_done_once_and_delays_no_other_instance(
    db: Database[Document], crews: Crews
) -> None:
    """The one who looks hangs in a firing until its turn has long gone to another."""
    crews.plan("c-1", SOON)
    crews.clock.advance(minutes=3)
    gate, hanging = Event(), list[str]()

    def hang(id: str, due: Due) -> None:
        hanging.append(id)
        gate.wait()
        crews.meet(id, due)

    ours = a_loop(db, crews, fire=hang, lease_seconds=0.1)
    ours.start()
    wait_until(lambda: hanging)
    theirs = a_loop(db, crews, owner="theirs")
    wait_until(lambda: theirs.run_once() and crews.met)
    gate.send(None)
    ours.stop()
    assert (hanging, crews.met) == (["c-1"], ["c-1"])
    assert [due.key for _, due in crews.fired] == ["meet", "meet"]


def test_fired_again_after_a_crash_it_does_nothing(db: Database[Document], crews: Crews) -> None:
    crews.plan("c-1", SOON)
    crews.clock.advance(hours=1)
    a_loop(db, crews).run_once()
    crews.meet("c-1", Due("meet", SOON))

    assert crews.met == ["c-1"]


def test_the_same_key_set_again_is_another_deadline(db: Database[Document], crews: Crews) -> None:
    """Naive: the key alone as command id; the aggregate remembers it, and the second silence never ends."""
    loop = a_loop(db, crews)
    for _ in range(2):
        crews.plan("c-1", crews.clock.now() + timedelta(minutes=3))
        crews.clock.advance(minutes=3)
        loop.run_once()
    assert crews.met == ["c-1", "c-1"]


@pytest.mark.parametrize("error", [RuntimeError("broken"), Conflict("no", Text("不行", "no"))])
def test_one_that_fails_stops_none_and_is_tried_again_later(
    db: Database[Document], crews: Crews, error: Exception
) -> None:
    for id in ("c-1", "c-2", "c-3"):
        crews.plan(id, SOON)
    crews.clock.advance(hours=1)
    now = [0.0]
    failures: list[str] = []

    def fail_for_one(id: str, due: Due) -> None:
        if id == "c-2" and len(failures) < 2:
            failures.append(id)
            raise error
        crews.meet(id, due)

    loop = a_loop(db, crews, fire=fail_for_one, steady=lambda: now[0])
    assert loop.run_once() == 3
    assert sorted(crews.met) == ["c-1", "c-3"]

    assert loop.run_once() == 0, "it rests a moment, so that it does not spin"
    now[0] += FIRST_PAUSE
    assert loop.run_once() == 1
    now[0] += FIRST_PAUSE
    assert loop.run_once() == 0, "and longer after each failure"
    now[0] += FIRST_PAUSE
    assert loop.run_once() == 1
    assert sorted(crews.met) == ["c-1", "c-2", "c-3"]


def test_those_that_fail_do_not_starve_the_others(
    db: Database[Document], crews: Crews, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Naive: the oldest N of each look; N broken ones hold up everybody for ever."""
    monkeypatch.setattr("chassis.due.BATCH", 3)
    for number in range(3):
        crews.plan(f"broken-{number}", MORNING)
    crews.plan("c-1", SOON)
    crews.clock.advance(hours=1)

    def fail_for_the_broken(id: str, due: Due) -> None:
        if id.startswith("broken"):
            raise RuntimeError("broken")
        crews.meet(id, due)

    loop = a_loop(db, crews, fire=fail_for_the_broken)
    loop.run_once()
    loop.run_once()
    assert crews.met == ["c-1"]


def test_every_deadline_of_a_document_is_fired_by_itself(db: Database[Document], crews: Crews) -> None:
    due = [{"key": "a", "at": MORNING}, {"key": "b", "at": SOON}, {"key": "c", "at": SOON + timedelta(days=1)}]
    db.crews.insert_one({"_id": "c-1", "due": due, "next_due": MORNING})
    crews.clock.advance(hours=1)
    fired: list[str] = []
    a_loop(db, crews, fire=lambda id, due: fired.append(due.key)).run_once()

    assert sorted(fired) == ["a", "b"]


def test_it_looks_by_itself_until_it_is_stopped_and_then_gives_the_turn_away(
    db: Database[Document], crews: Crews
) -> None:
    loop = a_loop(db, crews)
    loop.start()
    try:
        crews.plan("c-1", crews.clock.now())
        wait_until(lambda: crews.met == ["c-1"])
    finally:
        loop.stop()
    loop.stop()

    crews.plan("c-2", crews.clock.now())
    assert a_loop(db, crews, owner="theirs").run_once() == 1


def test_it_outlives_a_look_that_failed(db: Database[Document], crews: Crews, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    real = crews.clock.now

    def failing_at_first() -> datetime:
        looks.append(1)
        if len(looks) == 1:
            raise RuntimeError("no database for a moment")
        return real()

    crews.plan("c-1", MORNING)
    monkeypatch.setattr(crews.clock, "now", failing_at_first)
    loop = a_loop(db, crews)
    loop.start()
    try:
        wait_until(lambda: crews.met == ["c-1"])
    finally:
        loop.stop()
