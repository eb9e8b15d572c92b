"""Brokers that go and come back, in good order or not."""

import asyncio
import signal
from functools import partial
from random import Random

from contracts.words import Text
from deploy.chaos.arena import Arena
from deploy.stack.brokers import BrokerName

AWAY = (2.0, 6.0)


async def down_and_up(arena: Arena, rng: Random, which: BrokerName, how: signal.Signals) -> None:
    """End a broker, leave it away for a while, start it on its old data and wait until it serves."""
    seconds = rng.uniform(*AWAY)
    async with arena.wires.turn(which):
        arena.say(Text(f"{how.name} {which},{seconds:.1f} 秒", "ended, back in a moment"))
        try:
            await arena.keeper.broker_down(which, how)
            await asyncio.sleep(seconds)
        finally:
            await arena.keeper.broker_up(which)


rabbit_term = partial(down_and_up, which="rabbitmq", how=signal.SIGTERM)
rabbit_kill = partial(down_and_up, which="rabbitmq", how=signal.SIGKILL)
mongo_term = partial(down_and_up, which="mongod", how=signal.SIGTERM)
mongo_kill = partial(down_and_up, which="mongod", how=signal.SIGKILL)
