"""The storm: strikes the planned faults while orders are placed, and holds the orders back until each has begun."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from contracts.words import Text
from deploy.chaos.arena import Arena
from deploy.chaos.schedule import Lane, Planned

Strike = Callable[[Arena, Random], Awaitable[None]]
LONGEST = 600.0
"""Seconds. No fault takes longer, its repair included; one that does is given up and told.

The longest is a poison that kills: fifty deliveries, each the end of a process that has to start again, under load.
"""


@dataclass(frozen=True)
class Struck:
    """A fault that was struck and repaired; ``failed`` says why it was not."""

    kind: str
    after: int
    seconds: float
    failed: str = ""


class Storm:
    """One run's faults."""

    def __init__(self, planned: Sequence[Planned], faults: Mapping[str, Strike], arena: Arena, seed: int) -> None:
        self.struck: list[Struck] = []
        self._planned = list(planned)
        self._faults = faults
        self._arena = arena
        self._seed = seed
        self._lanes = {lane: asyncio.Lock() for lane in Lane}
        self._placed = 0
        self._no_more = False
        self._change = asyncio.Event()

    @property
    def missed(self) -> list[str]:
        """Kinds that were planned and did not begin, because the orders ended before."""
        return [planned.kind for planned in self._planned]

    async def admit(self) -> None:
        """Called before an order is placed: waits until every fault that is due has begun."""
        self._change.set()
        await self._until(lambda: not self._due())
        self._placed += 1

    def no_more_orders(self) -> None:
        """No further order will be placed: what has not become due will not."""
        self._no_more = True
        self._change.set()

    async def run(self) -> None:
        """Strike everything in its time; returns when all faults are over and repaired."""
        async with asyncio.TaskGroup() as group:
            while planned := await self._next():
                lane = self._lanes[planned.lane]
                await lane.acquire()
                begun = asyncio.Event()
                group.create_task(self._strike(planned, lane, begun))
                await begun.wait()
                self._planned.remove(planned)
                self._change.set()

    def _due(self) -> bool:
        return bool(self._planned) and self._planned[0].after <= self._placed

    async def _next(self) -> Planned | None:
        await self._until(lambda: self._due() or self._no_more or not self._planned)
        return self._planned[0] if self._due() else None

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._change.clear()
            await self._change.wait()

    async def _strike(self, planned: Planned, lane: asyncio.Lock, begun: asyncio.Event) -> None:
        number = len(self.struck)
        self._arena.say(Text(f"第 {planned.after} 单:{planned.kind}", f"at order {planned.after}"))
        start, failed = time.monotonic(), ""
        begun.set()
        try:
            rng = Random(f"{self._seed}:{planned.kind}:{planned.after}:{number}")
            async with asyncio.timeout(LONGEST):
                await self._faults[planned.kind](self._arena, rng)
        except Exception as problem:  # noqa: BLE001 whatever it is, it is told and counted, and the run goes on
            failed = f"{type(problem).__name__}: {problem}"
            self._arena.say(Text(f"{planned.kind} 没有做成:{failed}", "the fault could not be struck or repaired"))
        finally:
            lane.release()
        self.struck.append(Struck(planned.kind, planned.after, round(time.monotonic() - start, 1), failed))
