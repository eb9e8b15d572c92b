"""Finds what a dead process, a full memory or a refusing broker left in the outboxes, and hands it to the relay.

Design, section 4 point 2. No time in a document is looked at, since whoever wrote it may have had a wrong clock: an
event is taken for left behind when it was seen on two looks, an interval apart by this process's own steady clock.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import eventlet
from eventlet.greenthread import GreenThread
from pymongo.database import Database

from chassis.logging import get_logger
from chassis.mongo import Document

log = get_logger(__name__)

LEASE = "sweeper"

LOOK = 5_000
"""Documents looked at in one collection at most; the others have their turn when these are out."""

LOAD = 100
"""Documents whose events are loaded together."""

PENDING = {"pending": True}
"""The scalar that the partial index is on: a query on ``outbox.0`` would scan every document."""

_Key = tuple[str, str, str]
"""Collection, document id, event id."""


class Hears(Protocol):
    """The relay, as the sweeper knows it."""

    @property
    def flows(self) -> bool:
        """Can it publish now?"""

    @property
    def room(self) -> int:
        """How many more events it can hold."""

    def holds(self, event_id: str) -> bool:
        """Does it have this event in hand already?"""

    def wake(self, collection: str, doc_id: str, wires: Sequence[dict[str, Any]]) -> None:
        """Say that these wires wait in that document."""


class Leasing(Protocol):
    """Leases (chassis.lease): of several instances one sweeps, else each would publish the backlog."""

    def acquire(self, name: str, ttl: float) -> int | None:
        """A fencing number while it is ours."""

    def release(self, name: str, fence: int) -> None:
        """Give it back before its time."""


class Sweeper:
    """One per process; works while it holds the lease."""

    def __init__(
        self,
        db: Database[Document],
        collections: Sequence[str],
        relay: Hears,
        leases: Leasing,
        interval: float,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """*interval*: seconds between looks, and that an event must be seen for."""
        self._db = db
        self._collections = tuple(collections)
        self._relay = relay
        self._leases = leases
        self._interval = interval
        self._steady = steady
        self._seen: dict[_Key, float] = {}
        self._fence: int | None = None
        self._greenlet: GreenThread | None = None

    def start(self) -> None:
        """Look every interval."""
        self._greenlet = eventlet.spawn(self._sweep)

    def stop(self) -> None:
        """Look no more; another instance may begin at once."""
        if self._greenlet is not None:
            self._greenlet.kill()
        self._give_back()

    def _give_back(self) -> None:
        fence, self._fence = self._fence, None
        if fence is not None:
            self._leases.release(LEASE, fence)

    def run_once(self) -> int:
        """One look; returns how many events were handed to the relay.

        Whose relay cannot publish now leaves the sweeping to another instance: to gather more would help nobody, and
        in an alarm the broker would get all of it twice when it is over.
        """
        if not self._relay.flows:
            self._seen.clear()
            self._give_back()
            return 0
        self._fence = self._leases.acquire(LEASE, self._interval * 3)
        if self._fence is None:
            self._seen.clear()
            return 0
        now = self._steady()
        here = {key: self._seen.get(key, now) for key in self._look()}
        left = [key for key, first in here.items() if now - first >= self._interval and not self._relay.holds(key[2])]
        del left[self._relay.room :]
        # What is handed over is seen anew, so that it is handed over again only after another interval.
        self._seen = here | dict.fromkeys(left, now)
        self._hand_over(left)
        return len(left)

    def _look(self) -> Iterator[_Key]:
        for name in self._collections:
            for doc in self._db[name].find(PENDING, {"outbox.id": 1}).limit(LOOK):
                for entry in doc.get("outbox", ()):
                    yield name, doc["_id"], entry["id"]

    def _hand_over(self, left: Sequence[_Key]) -> None:
        wanted: dict[str, dict[str, set[str]]] = {}
        for name, doc_id, event_id in left:
            wanted.setdefault(name, {}).setdefault(doc_id, set()).add(event_id)
        for name, documents in wanted.items():
            ids = list(documents)
            for start in range(0, len(ids), LOAD):
                for doc in self._db[name].find({"_id": {"$in": ids[start : start + LOAD]}}, {"outbox": 1}):
                    wires = [entry for entry in doc["outbox"] if entry["id"] in documents[doc["_id"]]]
                    self._relay.wake(name, doc["_id"], wires)
        if left:
            log.warning("sweeper.found", events=len(left))

    def _sweep(self) -> None:
        while True:
            eventlet.sleep(self._interval)
            try:
                self.run_once()
            except Exception as error:  # noqa: BLE001  the next look may succeed
                log.warning("sweeper.failed", error=f"{type(error).__name__}: {error}")
