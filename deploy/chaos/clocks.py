"""One process whose wall clock is wrong by an hour, while its steady clock is right (Debian's libfaketime)."""

import asyncio
import signal
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from random import Random

from contracts.words import Text
from deploy.chaos.arena import Arena
from deploy.stack.failure import StackError

HOUR = 3600
SECONDS = (8.0, 16.0)
LIBRARIES = Path("/usr/lib")
PATTERN = "*/faketime/libfaketimeMT.so.1"


def library() -> str:
    """Where libfaketime is; StackError when it is not installed."""
    found = sorted(LIBRARIES.glob(PATTERN))
    if not found:
        raise StackError(
            "没有找到 libfaketime:请运行 apt-get install --no-install-recommends libfaketime",
            "libfaketime is not installed: run apt-get install --no-install-recommends libfaketime",
        )
    return str(found[0])


def wrong_by(seconds: int) -> Mapping[str, str]:
    """The environment of a process whose wall clock is so many *seconds* ahead (negative: behind).

    Monotonic clocks stay right: no machine's steady clock jumps because its date is wrong.
    """
    return {"LD_PRELOAD": library(), "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


async def wrong_clock(arena: Arena, rng: Random, seconds: int) -> None:
    """Start one process again with a wrong clock; later once more with the right one."""
    name, how = rng.choice(arena.keeper.names), rng.choice((signal.SIGTERM, signal.SIGKILL))
    arena.say(Text(f"{name} 的时钟差 {seconds:+d} 秒", "its clock is wrong"))
    environment = wrong_by(seconds)
    try:
        await arena.keeper.strike([name], how)
        await arena.keeper.bring_back([name], environment)
        await asyncio.sleep(rng.uniform(*SECONDS))
    finally:
        await arena.keeper.strike([name], how)
        await arena.keeper.bring_back([name])


clock_ahead = partial(wrong_clock, seconds=HOUR)
clock_behind = partial(wrong_clock, seconds=-HOUR)
