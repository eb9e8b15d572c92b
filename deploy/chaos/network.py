"""A bad network between processes and their brokers: frozen, reset, slow, cut in the middle of a frame; and a stalled
relay, whose connection alone is frozen."""

import asyncio
from collections.abc import Callable, Sequence
from random import Random

from contracts.words import Text
from deploy.chaos.arena import Arena
from deploy.chaos.processes import service_of
from deploy.chaos.wire import Wire

FREEZES = ((3.0, 12.0), (22.0, 26.0))
"""Seconds: some are shorter than what anybody notices, some longer than the broker's patience (two heartbeats of 10 s)
and the driver's (an answer within 20 s)."""
LONG_FREEZE = 0.25
RESETS = (1, 4)
SLOW_SECONDS = (4.0, 10.0)
LATENCIES = (0.02, 0.15)
RATES = (100_000.0, 1_000_000.0)
CUT_BOUND = 5.0
RELAY = " relay"
PUBLISHERS = frozenset({"tickets", "volunteers", "dispatcher"})
"""Who writes aggregates; the others have nothing to publish."""

Choose = Callable[[Arena, Random], tuple[str, Sequence[Wire]]]
"""Which wires are struck, and what to call them."""


def one_wire(arena: Arena, rng: Random) -> tuple[str, Sequence[Wire]]:
    """One of all."""
    name, kind = rng.choice(arena.wires.keys)
    return f"{name} - {kind}", [arena.wires.of(name, kind)]


def whole_process(arena: Arena, rng: Random) -> tuple[str, Sequence[Wire]]:
    """All wires of one process."""
    name = rng.choice(arena.keeper.names)
    return name, arena.wires.all_of([name])


async def freeze(arena: Arena, rng: Random, choose: Choose) -> None:
    """Nothing passes, nothing is refused; what was held arrives at the end."""
    about, wires = choose(arena, rng)
    seconds = rng.uniform(*FREEZES[rng.random() < LONG_FREEZE])
    arena.say(Text(f"{about} 冻结 {seconds:.1f} 秒", "frozen"))
    thaws = [wire.freeze() for wire in wires]
    try:
        await asyncio.sleep(seconds)
    finally:
        for thaw in thaws:
            thaw()


async def reset(arena: Arena, rng: Random, choose: Choose) -> None:
    """Every connection ends by an error, perhaps again as soon as it is back."""
    about, wires = choose(arena, rng)
    times = rng.randint(*RESETS)
    arena.say(Text(f"{about} 连接重置 {times} 次", "connections reset"))
    for _ in range(times):
        for wire in wires:
            wire.reset()
        await asyncio.sleep(rng.uniform(0.2, 1.5))


async def slow(arena: Arena, rng: Random, choose: Choose) -> None:
    """Each chunk takes its time, and few fit in a second."""
    about, wires = choose(arena, rng)
    latency, rate, seconds = rng.uniform(*LATENCIES), rng.uniform(*RATES), rng.uniform(*SLOW_SECONDS)
    arena.say(Text(f"{about} 变慢 {seconds:.1f} 秒,每段 {latency * 1000:.0f} 毫秒", "slow"))
    for wire in wires:
        wire.slow(latency, rate)
    try:
        await asyncio.sleep(seconds)
    finally:
        for wire in wires:
            wire.slow(0.0)


async def cut(arena: Arena, rng: Random, choose: Choose) -> None:
    """Of the next frame of every connection a part arrives, then it ends."""
    about, wires = choose(arena, rng)
    arena.say(Text(f"{about} 帧中断开", "cut in the middle of a frame"))
    for wire in wires:
        wire.cut()
    deadline = asyncio.get_running_loop().time() + CUT_BOUND
    while any(wire.cutting for wire in wires) and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.1)


async def relay_stall(arena: Arena, rng: Random) -> None:
    """One process can publish nothing, while its inbox and its commands go on."""
    name = rng.choice([name for name in arena.keeper.names if service_of(name) in PUBLISHERS])
    seconds = rng.uniform(*FREEZES[rng.random() < LONG_FREEZE])
    arena.say(Text(f"{name} 的发布停顿 {seconds:.1f} 秒", "its relay is stalled"))
    thaw = arena.wires.of(name, "amqp").freeze(lambda connection: connection.endswith(RELAY))
    try:
        await asyncio.sleep(seconds)
    finally:
        thaw()
