"""Each way out has a lane of its own: a provider that takes its whole time-out holds up its own way and no other."""

from collections import Counter
from collections.abc import Callable, Sequence

import eventlet
from eventlet import GreenPool
from eventlet.greenthread import GreenThread

from chassis.jobs import note_failure
from services.notify.application.outbox_ports import Work
from services.notify.application.sending import CHUNK

TRIES = 2 * CHUNK
"""Under way at once by one way, in one process: those of one look, and as many that it did not wait for."""
PATIENCE_SECONDS = 3.0
"""Of real time: a way whose tries took longer is waited for no more, until one of its tries takes less."""
NAME = "deliver"


class GreenLanes:
    """``Lanes``, and a loop of the service for the sake of its end; ``elapsed`` is seconds of real time."""

    def __init__(self, elapsed: Callable[[], float], tries: int = TRIES, patience: float = PATIENCE_SECONDS) -> None:
        self._elapsed = elapsed
        self._tries = tries
        self._patience = patience
        self._taken: Counter[str] = Counter()
        self._slow: set[str] = set()
        self._pool = GreenPool(1_000)
        self._stopping = False

    def start(self) -> None:
        """Nothing begins by itself."""

    def stop(self) -> None:
        """Begin nothing more; until every try under way is over."""
        self._stopping = True
        self._pool.waitall()

    def take(self, way: str) -> bool:
        """See ``Lanes``."""
        if self._stopping or self._taken[way] >= self._tries:
            return False
        self._taken[way] += 1
        return True

    def give_back(self, way: str, tries: int = 1) -> None:
        """See ``Lanes``."""
        self._taken[way] -= tries

    def go(self, works: Sequence[Work]) -> None:
        """See ``Lanes``."""
        begun = [(one.way, self._pool.spawn(self._one, one)) for one in works]
        waits = [(way, thread) for way, thread in begun if way not in self._slow]
        with eventlet.Timeout(self._patience, False):
            for _, thread in waits:
                thread.wait()
        self._slow |= {way for way, thread in waits if not _is_over(thread)}

    def _one(self, work: Work) -> None:
        began = self._elapsed()
        try:
            work.act()
        except Exception as error:  # noqa: BLE001  told; what was taken is everybody's again when its lease is over
            note_failure(NAME, error)
        finally:
            self.give_back(work.way, work.tries)
            in_time = self._elapsed() - began <= self._patience
            (self._slow.discard if in_time else self._slow.add)(work.way)


def _is_over(thread: GreenThread) -> bool:
    return bool(thread.dead)
