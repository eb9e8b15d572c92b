"""Processes that end: by SIGKILL or SIGTERM, one, both of a service, several, all."""

import asyncio
import signal
from collections.abc import Sequence
from random import Random

from contracts.words import Text
from deploy.chaos.arena import Arena

AWAY = (0.5, 4.0)
SEVERAL = (2, 5)


async def end(arena: Arena, rng: Random, names: Sequence[str], how: signal.Signals) -> None:
    """End *names*, leave them away for a while, bring them back."""
    seconds = rng.uniform(*AWAY)
    arena.say(Text(f"{how.name} {'、'.join(names)},{seconds:.1f} 秒", "ended, back in a moment"))
    try:
        await arena.keeper.strike(names, how)
        await asyncio.sleep(seconds)
    finally:
        await arena.keeper.bring_back(names)


async def kill_each(arena: Arena, rng: Random) -> None:
    """SIGKILL of the next of all processes."""
    await end(arena, rng, [arena.wires.next_name("kill_each")], signal.SIGKILL)


async def term_each(arena: Arena, rng: Random) -> None:
    """SIGTERM of the next of all processes: it finishes what it has begun."""
    await end(arena, rng, [arena.wires.next_name("term_each")], signal.SIGTERM)


async def kill_both_of_a_service(arena: Arena, rng: Random) -> None:
    """A service that is not there at all."""
    service = service_of(rng.choice(arena.keeper.names))
    await end(arena, rng, [name for name in arena.keeper.names if service_of(name) == service], signal.SIGKILL)


async def kill_several(arena: Arena, rng: Random) -> None:
    """Some of all processes, at one moment."""
    count = min(rng.randint(*SEVERAL), len(arena.keeper.names))
    await end(arena, rng, rng.sample(arena.keeper.names, count), signal.SIGKILL)


async def kill_all(arena: Arena, rng: Random) -> None:
    """Every process, at one moment."""
    await end(arena, rng, arena.keeper.names, signal.SIGKILL)


def service_of(name: str) -> str:
    """The service whose process this is: `tickets.2` is one of tickets."""
    return name.partition(".")[0]
