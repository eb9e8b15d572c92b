"""The keeper: the one who ends and starts processes during a run, and sees the ends that nobody asked for."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import get_args

import psutil

from deploy.chaos.threads import in_thread
from deploy.stack import readiness
from deploy.stack.brokers import BrokerName
from deploy.stack.failure import StackError
from deploy.stack.processes import Record
from deploy.stack.stack import Stack

NO_ENV: Mapping[str, str] = {}
NOT_THERE = readiness.Answer(False, ("not running",))

TERM_BOUND = 40.0
"""Longer than the grace that a service gives itself: whoever is not gone by then has a defect."""
KILL_BOUND = 10.0
READY_BOUND = 120.0
LOOK_EVERY = 0.05
WATCH_EVERY = 0.2


class Keeper:
    """Starts and ends the processes of one running stack; what blocks is done in threads.

    Every method is safe beside the others, also for one name: a process is brought back once.
    """

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.unexpected_ends: list[str] = []
        """Processes that ended though nobody struck them, with the last line they wrote."""
        self.stubborn: list[str] = []
        """Processes that did not end on SIGTERM in their time."""
        self.restarts: Counter[str] = Counter()
        self._instances = {instance.name: instance for instance in stack.plan.processes()}
        self._held_down: Counter[str] = Counter()
        """How many strikes have ended a process and not yet brought it back."""
        self._env: dict[str, Mapping[str, str]] = {}
        self._expected: Counter[str] = Counter()
        self._planned_ends: Counter[str] = Counter()
        self._locks = {name: asyncio.Lock() for name in self._instances}

    @property
    def names(self) -> Sequence[str]:
        """All service processes: `tickets`, `tickets.2`, ..."""
        return tuple(self._instances)

    def expect_death(self, name: str) -> None:
        """The next end of *name* is not unexpected, whoever brings it about; it is started again all the same."""
        self._expected[name] += 1

    def pid(self, name: str) -> int | None:
        """The number of a process that lives."""
        record = self.stack.brokers.processes.find(name)
        return record.pid if record else None

    async def strike(self, names: Sequence[str], how: signal.Signals) -> None:
        """End *names* by SIGKILL or SIGTERM, and wait until they are gone. They stay down until brought back."""
        self._held_down.update(names)
        records = [record for name in names if (record := self._find(name))]
        for record in records:
            _send(record, how)
        await self._until_gone(records, how)

    async def bring_back(self, names: Sequence[str], env: Mapping[str, str] = NO_ENV) -> None:
        """Start *names* again, with *env* added to their environment, and wait until they are ready.

        One that ends meanwhile is started again; one that does so by somebody else's plan is not waited for.
        Raises StackError when one is not ready in time.
        """
        for name in names:
            self._env[name] = env
            await self._start(name)
        self._held_down -= Counter(names)
        await self._until_ready(names)

    async def broker_down(self, which: BrokerName, how: signal.Signals) -> None:
        """End a broker by SIGKILL or SIGTERM, and wait until it is gone."""
        record = self._find(which)
        if record is not None:
            _send(record, how)
            await self._until_gone([record], how)

    async def broker_up(self, which: BrokerName) -> None:
        """Start a broker again and wait until it serves; StackError when it does not."""
        await in_thread(self.stack.brokers.bring_back, which, self.stack.plan.vhosts)

    async def watch(self) -> None:
        """For ever: start again what ended though nobody struck it, and keep the book of it."""
        while True:
            for name in self.names:
                if not self._held_down[name] and not self._locks[name].locked() and not self._find(name):
                    self._note_end(name)
                    await self._start(name)
            await asyncio.sleep(WATCH_EVERY)

    async def all_ready(self) -> None:
        """Bring back whatever is down and wait until every process is ready; StackError when one is not."""
        for which in get_args(BrokerName):
            if not self._find(which):
                await self.broker_up(which)
        await self.bring_back([name for name in self.names if not self._find(name)])
        await self._until_ready(self.names)

    def _find(self, name: str) -> Record | None:
        return self.stack.brokers.processes.find(name)

    async def _start(self, name: str) -> None:
        async with self._locks[name]:
            if self._find(name) is None:
                self.restarts[name] += 1
                await in_thread(self.stack.launch, self._instances[name], self._env.get(name))

    async def _until_ready(self, names: Sequence[str]) -> None:
        deadline = time.monotonic() + READY_BOUND
        waiting = dict.fromkeys(names, "")
        before = self._planned_ends.copy()
        while waiting:
            for name in list(waiting):
                record = self._find(name)
                answer = await in_thread(readiness.ask, record.ready_url) if record else NOT_THERE
                if answer.ready or self._planned_ends[name] > before[name]:
                    del waiting[name]
                else:
                    waiting[name] = "; ".join(answer.reasons)
            if waiting and time.monotonic() > deadline:
                name, why = next(iter(waiting.items()))
                raise StackError(f"{name} 没有按时就绪({why})", f"{name} was not ready in time ({why})")
            await asyncio.sleep(LOOK_EVERY)

    def _note_end(self, name: str) -> None:
        if self._expected[name] > 0:
            self._expected[name] -= 1
            self._planned_ends[name] += 1
        else:
            said = self.stack.brokers.processes.tail(name, 1)[:300]
            self.unexpected_ends.append(f"{name}: {said}")

    async def _until_gone(self, records: Sequence[Record], how: signal.Signals) -> None:
        left = await self._wait(records, KILL_BOUND if how is signal.SIGKILL else TERM_BOUND)
        self.stubborn += [record.name for record in left]
        for record in left:
            _send(record, signal.SIGKILL)
        if await self._wait(left, KILL_BOUND):
            raise StackError(f"{left[0].name} 停不下来", f"{left[0].name} cannot be ended")

    async def _wait(self, records: Sequence[Record], seconds: float) -> list[Record]:
        deadline = time.monotonic() + seconds
        left = list(records)
        while left := [record for record in left if self.stack.brokers.processes.living(record)]:
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(LOOK_EVERY)
        return left


def _send(record: Record, how: signal.Signals) -> None:
    process = record.process()
    if process is not None:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(how)
