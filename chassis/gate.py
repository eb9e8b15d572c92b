"""Work is taken only while the database answers.

A process that is cut off from its database would take every second request of two instances, and keep each until its
caller gives up. So it stops taking: the other instance gets all, and where there is none, callers hear so at once.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import eventlet
from eventlet.greenthread import GreenThread

from chassis.logging import get_logger

LOOK_EVERY = 1.0
LOOK_EVERY_WHILE_AWAY = 0.3

log = get_logger(__name__)


class Valve(Protocol):
    """A way by which work comes in."""

    def pause(self) -> None:
        """Take nothing for now; again and again is the same as once."""

    def resume(self) -> None:
        """Take work again."""


class Gate:
    """Closes all *valves* when *ask* (bounded in time; None, or why not) finds the database away, and opens them."""

    def __init__(self, ask: Callable[[], str | None], valves: Sequence[Valve]) -> None:
        self._ask = ask
        self._valves = tuple(valves)
        self._closed = False
        self._greenlet: GreenThread | None = None

    def start(self) -> None:
        """Look every second, and more often while it is closed."""
        self._greenlet = eventlet.spawn(self._look)

    def stop(self) -> None:
        """Look no more; what is closed stays closed."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def run_once(self) -> bool:
        """One look; says whether the gate is open after it."""
        why = self._ask()
        if why and not self._closed:
            log.warning("gate.closed", why=why)
        if not why and self._closed:
            log.info("gate.opened")
        self._closed = bool(why)
        for valve in self._valves:
            valve.pause() if why else valve.resume()
        return not why

    def _look(self) -> None:
        while True:
            try:
                is_open = self.run_once()
            except Exception:  # a look that failed is no reason to look no more
                log.exception("gate.look_failed")
                is_open = False
            eventlet.sleep(LOOK_EVERY if is_open else LOOK_EVERY_WHILE_AWAY)
