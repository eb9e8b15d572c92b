"""Small work that comes back: every so many seconds, in one instance only where it is leased."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import eventlet
from eventlet.event import Event

from chassis.lease import Leases
from chassis.logging import get_logger
from chassis.metrics import JOB_FAILED
from chassis.outage import tell

log = get_logger(__name__)


@dataclass(frozen=True)
class Job:
    """``run`` every ``interval_seconds`` of real time, counted from the end of the run before.

    A ``leased`` job is looked after by one instance of the service at a time; a lease can run out under a long run,
    so what it does must bear being done twice.
    """

    name: str
    interval_seconds: float
    run: Callable[[], object]
    leased: bool = False


def note_failure(job: str, error: Exception) -> None:
    """Count and log that one run of what is done again and again failed."""
    JOB_FAILED.labels(job).inc()
    tell(log, "job.failed", error, job=job)


class JobLoop:
    """Runs one job until it is stopped; an error is logged and counted, and the next run comes all the same."""

    def __init__(self, job: Job, leases: Leases, lease_seconds: float) -> None:
        self._job = job
        length = max(lease_seconds, 3 * job.interval_seconds)
        self._turn = leases.turn(f"job:{job.name}", length) if job.leased else None
        self._stopping = Event()
        self._greenlet: Any = None

    def start(self) -> None:
        """Begin, with the first run at once."""
        self._greenlet = eventlet.spawn(self._loop)

    def stop(self) -> None:
        """Finish the run that is under way, then end."""
        if self._greenlet is None:
            return
        self._stopping.send()
        self._greenlet.wait()
        if self._turn is not None:
            self._turn.give_back()

    def run_once(self) -> None:
        """One run, if it is this process's turn."""
        if self._turn is None or self._turn.take() is not None:
            self._job.run()

    def _loop(self) -> None:
        while not self._stopping.ready():
            try:
                self.run_once()
            except Exception as error:  # noqa: BLE001  told; it runs again
                note_failure(self._job.name, error)
            self._stopping.wait(timeout=self._job.interval_seconds)
