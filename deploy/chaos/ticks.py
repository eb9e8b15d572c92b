"""The dispatcher in the middle of a tick: ended, or paused until its lease is another's and its writes come late."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from random import Random

from contracts.words import Text
from deploy.chaos.arena import Arena
from deploy.chaos.processes import AWAY, service_of

ROLE = "dispatcher"
WRITES = b"$push"
"""Of all that a dispatcher sends to its database only the write of an order that it looked at has this."""
QUIET_SECONDS = 20.0
"""Where no order is written for so long, whoever is chosen has nothing in hand."""
PAUSES = (12.0, 16.0)
"""Seconds, longer than the lease (``lease_ttl``): another has the turn when the paused one wakes."""


async def kill_mid_tick(arena: Arena, rng: Random) -> None:
    """SIGKILL of whichever dispatcher writes an order next, before that arrives; it is away for a while."""
    seconds, killed = rng.uniform(*AWAY), list[str]()
    try:
        async with _at_its_write(arena, rng) as name:
            killed.append(name)
            await arena.keeper.strike(killed, signal.SIGKILL)
        arena.say(Text(f"{name} 派到一半被杀,{seconds:.1f} 秒", "killed in the middle of a tick"))
        await asyncio.sleep(seconds)
    finally:
        await arena.keeper.bring_back(killed)


async def pause_mid_tick(arena: Arena, rng: Random) -> None:
    """SIGSTOP of whichever dispatcher writes an order next, for longer than its lease, then SIGCONT.

    What it was sending is lost with its connections: it is sent again when it wakes, by the driver, as decided before.
    """
    seconds = rng.uniform(*PAUSES)
    async with _at_its_write(arena, rng) as name:
        pid = arena.keeper.pid(name)
        _send(pid, signal.SIGSTOP)
    arena.say(Text(f"{name} 派到一半停住 {seconds:.1f} 秒", "paused in the middle of a tick"))
    try:
        await asyncio.sleep(seconds)
    finally:
        if arena.keeper.pid(name) == pid:
            _send(pid, signal.SIGCONT)


@asynccontextmanager
async def _at_its_write(arena: Arena, rng: Random) -> AsyncIterator[str]:
    """The dispatcher that is writing an order now; no dispatcher's such write arrives before the end of the block."""
    names = [name for name in arena.keeper.names if service_of(name) == ROLE]
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def seen(name: str) -> None:
        if not found.done():
            found.set_result(name)

    wires = {name: arena.wires.of(name, "mongo") for name in names}
    for name, wire in wires.items():
        wire.watch(WRITES, partial(seen, name))
    try:
        await asyncio.wait([found], timeout=QUIET_SECONDS)
        yield found.result() if found.done() else rng.choice(names)
    finally:
        for wire in wires.values():
            wire.unwatch(WRITES)


def _send(pid: int | None, how: signal.Signals) -> None:
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, how)
