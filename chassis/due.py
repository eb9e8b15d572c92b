"""Deadlines: they live in their aggregate's document, and this looks which are due and fires them.

A lease picks who looks, nothing more: firing is an ordinary guarded command, so that a deadline fired twice, or
cleared a moment before, does nothing (design, section 4 point 6).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventlet import GreenPool, spawn
from eventlet.event import Event
from pymongo import ASCENDING
from pymongo.database import Database

from chassis.clock import Clock, elapsed_seconds
from chassis.lease import Leases
from chassis.logging import get_logger
from chassis.metrics import DUE_FAILED, DUE_FIRED, LEASE_HELD
from chassis.mongo import Document
from chassis.outage import tell
from contracts.decisions import Due
from contracts.errors import DomainError
from contracts.schemas.fields import time_text

LEASE = "due"
LEASE_SECONDS = 10.0
WORKERS = 20
BATCH = 500
"""So many deadlines are fired in one look at most."""
LOOK = 20_000
"""So many documents are looked at: far more than can be due at once, unless firing fails for all of them."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0

Fire = Callable[[str, Due], None]
"""Fires one deadline: aggregate id, deadline. It must bear being called in vain, and again.

Its command id is ``firing_id``, or without the moment where a key never comes back in an aggregate's life.
"""
log = get_logger(__name__)


def firing_id(collection: str, id: str, due: Due) -> str:
    """The command id of a deadline's firing: the same deadline fires once.

    The moment is part of it: the same key set again later (silence, after a rework) is another deadline.
    """
    return f"due:{collection}:{id}:{due.key}:{time_text(due.at)}"


@dataclass(frozen=True)
class Standing:
    """A deadline that was found due."""

    collection: str
    id: str
    due: Due

    @property
    def key(self) -> str:
        """What tells it from every other deadline."""
        return firing_id(self.collection, self.id, self.due)


@dataclass(frozen=True)
class _Pause:
    until: float
    seconds: float

    def longer(self, now: float) -> "_Pause":
        return _Pause(now + self.seconds, min(self.seconds * 2, LONGEST_PAUSE))


_NO_PAUSE = _Pause(float("-inf"), FIRST_PAUSE)


class DueLoop:
    """Looks every *interval* seconds of real time, while it is this process's turn.

    *fire* has the application's command for each collection. A firing that fails, or leaves its deadline standing,
    is tried again after a growing pause, and keeps nobody else waiting.
    """

    def __init__(
        self,
        db: Database[Document],
        clock: Clock,
        leases: Leases,
        fire: Mapping[str, Fire],
        interval: float,
        *,
        lease_seconds: float = LEASE_SECONDS,
        steady: Callable[[], float] = elapsed_seconds,
    ) -> None:
        self._db = db
        self._clock = clock
        self._fire = fire
        self._interval = interval
        self._turn = leases.turn(LEASE, lease_seconds)
        self._steady = steady
        self._pauses: dict[str, _Pause] = {}
        self._stopping: Event | None = None
        self._loop: Any = None

    def start(self) -> None:
        """Begin to look, in a greenlet of its own."""
        self._stopping = Event()
        self._loop = spawn(self._run, self._stopping)

    def stop(self) -> None:
        """Finish the firings that run, give the turn to another, end."""
        if self._stopping is None:
            return
        self._stopping.send()
        self._loop.wait()
        self._stopping = None
        self._turn.give_back()

    def run_once(self) -> int:
        """Fire what is due now if it is our turn; returns how many were fired, in vain or not."""
        turn = self._turn.take()
        LEASE_HELD.labels(LEASE).set(0 if turn is None else 1)
        if turn is None:
            return 0
        pool = GreenPool(WORKERS)
        ripe = self._ripe()
        for standing in ripe:
            pool.spawn_n(self._fire_one, standing)
        pool.waitall()
        return len(ripe)

    def _run(self, stopping: Event) -> None:
        while not stopping.ready():
            try:
                self.run_once()
            except Exception as error:  # noqa: BLE001  told; the next look may succeed
                tell(log, "due.look_failed", error)
            stopping.wait(timeout=self._interval)

    def _ripe(self) -> list[Standing]:
        """What is due, apart from what was fired a moment ago and still stands."""
        steady = self._steady()
        ripe: list[Standing] = []
        seen: dict[str, _Pause] = {}
        for standing in self._standing(self._clock.now()):
            pause = self._pauses.get(standing.key, _NO_PAUSE)
            if steady >= pause.until and len(ripe) < BATCH:
                ripe.append(standing)
                pause = pause.longer(steady)
            seen[standing.key] = pause
        self._pauses = seen
        return ripe

    def _standing(self, now: datetime) -> Iterator[Standing]:
        for collection in self._fire:
            cursor = self._db[collection].find({"next_due": {"$lte": now}}, {"due": 1}).sort("next_due", ASCENDING)
            for doc in cursor.limit(LOOK):
                yield from _standing_in(collection, doc, now)

    def _fire_one(self, standing: Standing) -> None:
        try:
            self._fire[standing.collection](standing.id, standing.due)
            DUE_FIRED.labels(standing.collection).inc()
        except DomainError as error:
            DUE_FAILED.labels(standing.collection).inc()
            log.warning("due.refused", deadline=standing.key, code=error.code)
        except Exception as error:  # noqa: BLE001  told; it still stands and is fired again
            DUE_FAILED.labels(standing.collection).inc()
            tell(log, "due.firing_failed", error, deadline=standing.key)


def _standing_in(collection: str, doc: Mapping[str, Any], now: datetime) -> Iterator[Standing]:
    for entry in doc.get("due", ()):
        if entry["at"] <= now:
            yield Standing(collection, doc["_id"], Due(entry["key"], entry["at"]))
