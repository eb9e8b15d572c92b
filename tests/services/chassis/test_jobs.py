"""Work that comes back, and takes longer than it should: never two runs at once, never one straight after another."""

import time
from datetime import UTC, datetime

import eventlet
import pytest
from eventlet.event import Event
from pymongo import MongoClient
from pymongo.database import Database

from chassis.jobs import Job, JobLoop
from chassis.lease import COLLECTION, Leases
from chassis.mongo import Document, database
from chassis.settings import Settings
from tests.waiting import wait_until

INTERVAL = 0.05


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings) -> Database[Document]:
    return database(mongo, settings, "gear")


class Overrunning:
    """A job whose runs take several intervals; notes when each began and ended."""

    def __init__(self) -> None:
        self.began: list[float] = []
        self.ended: list[float] = []

    def __call__(self) -> None:
        self.began.append(time.monotonic())
        eventlet.sleep(4 * INTERVAL)
        self.ended.append(time.monotonic())


def test_a_run_that_overruns_is_followed_by_a_whole_interval_and_by_no_missed_ones(db: Database[Document]) -> None:
    """The framework's timer fires the ticks that it missed back to back."""
    job = Overrunning()
    loop = JobLoop(Job("slow", INTERVAL, job), Leases(db, "ours"), 1.0)
    loop.start()
    wait_until(lambda: len(job.began) > 4)
    loop.stop()
    assert len(job.began) == len(job.ended), "a stop waits for the run under way"
    pauses = [began - ended for began, ended in zip(job.began[1:], job.ended, strict=False)]
    assert min(pauses) >= INTERVAL * 0.9


class Held:
    """A job that does not end before it is let go."""

    def __init__(self) -> None:
        self.runs = 0
        self.gate = Event()

    def __call__(self) -> None:
        self.runs += 1
        self.gate.wait()


def test_a_run_that_outlasts_its_lease_leaves_the_next_to_another(db: Database[Document]) -> None:
    """It is let end, since what it does must bear being done twice; but it does not take the work back."""
    slow, other = Held(), Held()
    other.gate.send(None)
    ours = JobLoop(Job("sweep", INTERVAL, slow, leased=True), Leases(db, "ours"), 0.15)
    theirs = JobLoop(Job("sweep", INTERVAL, other, leased=True), Leases(db, "theirs"), 60.0)
    ours.start()
    wait_until(lambda: slow.runs == 1)
    wait_until(lambda: _until(db, "job:sweep") < datetime.now(UTC))
    theirs.run_once()
    assert other.runs == 1
    slow.gate.send(None)
    wait_until(lambda: ours._turn is not None and ours._turn.take() is None)
    ours.stop()
    assert (slow.runs, other.runs) == (1, 1)
    assert Leases(db, "third").acquire("job:sweep", 1.0) is None, "who stopped gave away what was another's"


def _until(db: Database[Document], name: str) -> datetime:
    lease = db[COLLECTION].find_one(name)
    assert lease is not None
    until: datetime = lease["until"]
    return until
