"""The keeper on stand-in services: strikes, brings back, and sees the ends that nobody asked for."""

import asyncio
import os
import signal
from collections.abc import Callable

import psutil
import pytest

from deploy.chaos import keeper as keeper_module
from deploy.chaos.keeper import Keeper
from deploy.stack.failure import StackError
from deploy.stack.services import Service
from deploy.stack.stack import Stack
from tests.brokers import Site
from tests.rooms import MakeStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

MODULE = "tests.stack.echo"
ONE = Service("one", MODULE, 8801, launcher=("-m", MODULE))
ENV = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
BOUND = 20.0


async def until(condition: Callable[[], object], about: str) -> None:
    """Wait for *condition*, bounded."""
    for _ in range(int(BOUND / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {BOUND:g} s: {about}")


@pytest.fixture
def stack(make_stack: MakeStack, site: Site) -> Stack:
    """Two processes of one service, on the brokers of the test run."""
    outside = {"amqp_url": site.amqp_url("test-9"), "mongo_url": site.mongo_url}
    made = make_stack(services=(ONE,), counts={"one": 2}, env=ENV, **outside)
    made.up()
    return made


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_who_is_struck_is_gone_until_brought_back(stack: Stack, how: signal.Signals) -> None:
    async def story() -> None:
        keeper = Keeper(stack)
        assert keeper.names == ("one", "one.2")
        before = keeper.pid("one.2")
        watching = asyncio.create_task(keeper.watch())
        await keeper.strike(["one.2"], how)
        assert keeper.pid("one.2") is None
        assert keeper.pid("one") is not None
        await keeper.bring_back(["one.2"], {"ECHO_MARK": "yes"})
        assert keeper.pid("one.2") not in (None, before)
        assert psutil.Process(keeper.pid("one.2")).environ()["ECHO_MARK"] == "yes"
        assert keeper.unexpected_ends == []
        assert keeper.restarts == {"one.2": 1}
        watching.cancel()

    asyncio.run(story())


def test_an_end_that_nobody_asked_for_is_told_and_started_again(stack: Stack) -> None:
    async def story() -> None:
        keeper = Keeper(stack)
        watching = asyncio.create_task(keeper.watch())
        os.kill(keeper.pid("one") or 0, signal.SIGKILL)
        await until(lambda: keeper.unexpected_ends and keeper.pid("one"), "a new process")
        keeper.expect_death("one.2")
        first = keeper.pid("one.2")
        os.kill(first or 0, signal.SIGKILL)
        await until(lambda: keeper.pid("one.2") not in (None, first), "another new process")
        await keeper.all_ready()
        assert [said.partition(":")[0] for said in keeper.unexpected_ends] == ["one"]
        assert keeper.restarts == {"one": 1, "one.2": 1}
        watching.cancel()

    asyncio.run(story())


def test_who_does_not_get_ready_is_named_with_the_reason(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper_module, "READY_BOUND", 1.0)

    async def story() -> None:
        keeper = Keeper(stack)
        await keeper.strike(["one"], signal.SIGKILL)
        with pytest.raises(StackError, match=r"one was not ready in time.*still asleep"):
            await keeper.bring_back(["one"], {"ECHO_READY": "no"})

    asyncio.run(story())


def test_who_is_ended_again_by_plan_is_not_waited_for(stack: Stack) -> None:
    async def story() -> None:
        keeper = Keeper(stack)
        watching = asyncio.create_task(keeper.watch())
        await keeper.strike(["one"], signal.SIGKILL)
        coming = asyncio.create_task(keeper.bring_back(["one"], {"ECHO_READY": "no"}))
        await until(lambda: keeper.pid("one"), "its start")
        keeper.expect_death("one")
        os.kill(keeper.pid("one") or 0, signal.SIGKILL)
        await asyncio.wait_for(coming, BOUND)
        assert keeper.unexpected_ends == []
        watching.cancel()

    asyncio.run(story())


def test_two_strikes_on_one_process_are_both_by_plan(stack: Stack) -> None:
    async def story() -> None:
        keeper = Keeper(stack)
        watching = asyncio.create_task(keeper.watch())
        await keeper.strike(["one"], signal.SIGTERM)
        await asyncio.gather(keeper.strike(["one", "one.2"], signal.SIGKILL), keeper.bring_back(["one"]))
        started = keeper.pid("one")
        assert started is not None
        os.kill(started, signal.SIGKILL)  # as the second strike does where the first has just started it
        await until(lambda: keeper.pid("one") is None, "its end")
        await asyncio.sleep(2 * keeper_module.WATCH_EVERY)  # nothing is to happen: the keeper looks, and sees no fault
        assert keeper.unexpected_ends == []
        await keeper.bring_back(["one", "one.2"])
        assert None not in (keeper.pid("one"), keeper.pid("one.2"))
        assert keeper.unexpected_ends == []
        watching.cancel()

    asyncio.run(story())
