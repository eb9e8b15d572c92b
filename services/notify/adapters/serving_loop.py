"""The loop that serves endpoints, or robots: each in a greenlet of its own: one that hangs holds up no other."""

from collections.abc import Callable, Sequence
from typing import Any

import eventlet
from eventlet import GreenPool
from eventlet.event import Event

from chassis.jobs import note_failure
from services.notify.application.webhook_sending import AT_ONCE
from services.notify.domain.delivery import Delivery

WORKERS = 64
"""Endpoints, or robots, of one process under way at once."""
STOP_SECONDS = 3.0


class ServingLoop:
    """Looks for those that something is due for, every so many seconds, and serves them; *name* is for the log."""

    def __init__(
        self,
        name: str,
        ready: Callable[[], Sequence[str]],
        serve: Callable[[str], object],
        interval: float,
        workers: int = WORKERS,
    ) -> None:
        self.name = name
        self._ready = ready
        self._serve = serve
        self._interval = interval
        self._pool = GreenPool(workers)
        self._served: set[str] = set()
        self._stopping = Event()
        self._greenlet: Any = None

    def start(self) -> None:
        """Begin; does not block."""
        self._greenlet = eventlet.spawn(self._loop)

    def stop(self) -> None:
        """What is under way gets a moment; what is left then comes again by its lease, under the same id."""
        if self._greenlet is None:
            return
        self._stopping.send()
        with eventlet.Timeout(STOP_SECONDS, False):
            self._greenlet.wait()
            self._pool.waitall()

    def look(self) -> None:
        """One look: who is served already, or finds no worker free, is left to the next."""
        for id in self._ready():
            if id in self._served or not self._pool.free():
                continue
            self._served.add(id)
            self._pool.spawn_n(self._one, id)

    def wait(self) -> None:
        """Until everything is done that a look began."""
        self._pool.waitall()

    def _one(self, id: str) -> None:
        try:
            self._guarded(lambda: self._serve(id))
        finally:
            self._served.discard(id)

    def _loop(self) -> None:
        while not self._stopping.ready():
            self._guarded(self.look)
            self._stopping.wait(timeout=self._interval)

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  told; the next look comes all the same
            note_failure(self.name, error)


def side_by_side(work: Callable[[Delivery], Any], deliveries: Sequence[Delivery]) -> Sequence[Any]:
    """A ``SideBySide``."""
    if len(deliveries) < 2:
        return [work(one) for one in deliveries]
    return list(GreenPool(AT_ONCE).imap(work, deliveries))
