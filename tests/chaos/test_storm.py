"""The storm: each fault begins in its turn, orders wait for it, and one that fails is told."""

import asyncio
from random import Random
from typing import Any, cast

from contracts.words import Text
from deploy.chaos.arena import Arena
from deploy.chaos.schedule import Planned
from deploy.chaos.storm import Storm, Strike

BOUND = 30.0


class Faults:
    """Faults that last until they are let go; their order is kept."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.over: dict[str, asyncio.Event] = {}
        self.told: list[str] = []

    def fault(self, kind: str, *, lasts: bool = False, fails: bool = False) -> Strike:
        self.over[kind] = asyncio.Event()

        async def strike(_arena: Arena, _rng: Random) -> None:
            self.begun.append(kind)
            if lasts:
                await self.over[kind].wait()
            if fails:
                raise LookupError("nothing to strike")

        return strike

    def storm(self, planned: list[Planned], **kinds: Any) -> Storm:
        strikes = {kind: self.fault(kind, **how) for kind, how in kinds.items()}
        arena = Arena(cast(Any, None), cast(Any, None), cast(Any, None), cast(Any, None), self._say)
        return Storm(planned, strikes, arena, seed=1)

    def _say(self, text: Text) -> None:
        self.told.append(text.zh)


async def settle() -> None:
    """Let every task go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_orders_wait_until_the_fault_that_is_due_has_begun() -> None:
    async def story() -> None:
        faults = Faults()
        storm = faults.storm(
            [Planned(0, "kill_all"), Planned(1, "rabbit_kill")], kill_all={"lasts": True}, rabbit_kill={}
        )
        first = asyncio.create_task(storm.admit())
        await settle()
        assert not first.done()
        running = asyncio.create_task(storm.run())
        await asyncio.wait_for(first, BOUND)
        assert faults.begun == ["kill_all"]
        second = asyncio.create_task(storm.admit())
        await settle()
        assert faults.begun == ["kill_all"], "both are of the house's lane"
        assert not second.done()
        faults.over["kill_all"].set()
        await asyncio.wait_for(running, BOUND)
        await asyncio.wait_for(second, BOUND)
        assert faults.begun == ["kill_all", "rabbit_kill"]
        assert [one.failed for one in storm.struck] == ["", ""]
        assert storm.missed == []

    asyncio.run(story())


def test_faults_of_different_lanes_overlap() -> None:
    async def story() -> None:
        faults = Faults()
        storm = faults.storm([Planned(0, "kill_all"), Planned(0, "net_slow")], kill_all={"lasts": True}, net_slow={})
        running = asyncio.create_task(storm.run())
        await asyncio.wait_for(storm.admit(), BOUND)
        await settle()
        assert faults.begun == ["kill_all", "net_slow"]
        faults.over["kill_all"].set()
        await asyncio.wait_for(running, BOUND)

    asyncio.run(story())


def test_what_was_not_due_when_the_orders_ended_is_missed_and_told_so() -> None:
    async def story() -> None:
        storm = Faults().storm([Planned(1, "net_cut"), Planned(99, "net_slow")], net_cut={}, net_slow={})
        running = asyncio.create_task(storm.run())
        await storm.admit()
        await asyncio.wait_for(storm.admit(), BOUND)
        storm.no_more_orders()
        await asyncio.wait_for(running, BOUND)
        assert [one.kind for one in storm.struck] == ["net_cut"]
        assert storm.missed == ["net_slow"]

    asyncio.run(story())


def test_a_fault_that_cannot_be_struck_is_kept_with_its_reason_and_the_run_goes_on() -> None:
    async def story() -> None:
        faults = Faults()
        storm = faults.storm([Planned(0, "net_cut"), Planned(0, "net_slow")], net_cut={"fails": True}, net_slow={})
        await asyncio.wait_for(storm.run(), BOUND)
        assert [(one.kind, one.failed) for one in storm.struck] == [
            ("net_cut", "LookupError: nothing to strike"),
            ("net_slow", ""),
        ]
        assert any("net_cut" in line and "nothing to strike" in line for line in faults.told)

    asyncio.run(story())
