"""What one simulated person has in hand: named tasks, each at most once at a time, whose failures are kept."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

from deploy.simulate.client import Refusal, Unanswered

KEPT = 20
SHORTEST_REST = 0.05
LONGEST_REST = 0.7
"""Real seconds between two looks of somebody who keeps looking in vain."""


class Troubles:
    """What went otherwise than asked, over the whole crowd: refusals by code, and the last unexpected errors."""

    def __init__(self) -> None:
        self.refusals: Counter[str] = Counter()
        self.unanswered = 0
        self.errors: list[str] = []

    def note(self, error: BaseException) -> None:
        """Count *error* by what it is."""
        if isinstance(error, Refusal):
            self.refusals[f"{error.status} {error.code}"] += 1
        elif isinstance(error, Unanswered):
            self.unanswered += 1
        else:
            self.errors = [*self.errors, f"{type(error).__name__}: {error}"][-KEPT:]


class Jobs:
    """Named tasks of one person."""

    def __init__(self, troubles: Troubles) -> None:
        self._troubles = troubles
        self._running: dict[str, asyncio.Task[Any]] = {}

    def start(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin *work* unless a job of this name is at it."""
        if name not in self._running:
            task = asyncio.create_task(work())
            self._running[name] = task
            task.add_done_callback(lambda done: self._ended(name, done))

    def __contains__(self, name: str) -> bool:
        return name in self._running

    def __len__(self) -> int:
        return len(self._running)

    async def beside(self, *loops: Coroutine[Any, Any, None]) -> None:
        """Live by *loops* until cancelled, then drop everything in hand."""
        try:
            async with asyncio.TaskGroup() as group:
                for loop in loops:
                    group.create_task(loop)
        finally:
            await self.stop()

    async def stop(self) -> None:
        """Drop everything in hand."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, name: str, task: asyncio.Task[Any]) -> None:
        self._running.pop(name, None)
        if not task.cancelled() and (error := task.exception()):
            self._troubles.note(error)


class Bell:
    """Something to look at: rung as often as you like, looked at once for all rings, and now and then unasked.

    *look* says whether there was something new. Staff hear of everybody's offers: whoever looks in vain rests a
    moment before looking again.
    """

    def __init__(self, look: Callable[[], Awaitable[bool]], troubles: Troubles, every: float) -> None:
        self._look = look
        self._troubles = troubles
        self._every = every
        self._rung = asyncio.Event()
        self._rest = 0.0

    def ring(self) -> None:
        """Have it looked at soon."""
        self._rung.set()

    async def run(self) -> None:
        """Look whenever rung, and at least every so many real seconds (spread, so that a crowd does not march)."""
        while True:
            # Not wait_for: on Python 3.11 it swallows a cancellation that comes together with the ring.
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every * random.uniform(0.75, 1.25)):
                    await self._rung.wait()
            self._rung.clear()
            try:
                found = await self._look()
            except (Refusal, Unanswered) as error:
                self._troubles.note(error)
                continue
            self._rest = 0.0 if found else min(LONGEST_REST, max(SHORTEST_REST, 2 * self._rest))
            await asyncio.sleep(self._rest)
