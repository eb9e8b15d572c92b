"""A dispatcher struck in the middle of a tick: at its write of an order, which does not arrive, and repaired after."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from random import Random

import psutil
import pytest

from chassis.settings import Settings
from deploy.chaos import ticks
from deploy.chaos.faults import FAULTS
from deploy.chaos.schedule import Lane, lane_of
from deploy.chaos.wires import Wires
from tests.unit.deploy.test_chaos_faults import NAMES, Diary, an_arena

WRITE = b"update demands ... $push ..."


@pytest.fixture
def victim() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


@asynccontextmanager
async def database(arrived: bytearray) -> AsyncIterator[int]:
    """What arrives at a database; its port."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(1000):
                arrived.extend(data)
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


def state(process: subprocess.Popen[bytes]) -> str:
    return psutil.Process(process.pid).status()


async def until(condition: object) -> None:
    assert callable(condition)
    while not condition():
        await asyncio.sleep(0.01)


def test_the_pause_outlasts_the_lease_and_meets_no_other_signal_to_one_process() -> None:
    assert min(ticks.PAUSES) > Settings().lease_ttl
    # One that is paused does not hear SIGTERM, and those who send it are of the same lane.
    for kind in ("dispatcher_pause", "dispatcher_kill", "term_each", "clock_ahead", "clock_behind"):
        assert lane_of(kind) is Lane.ONE


def test_who_writes_an_order_is_paused_before_it_arrives_and_goes_on_later(
    victim: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticks, "PAUSES", (0.2, 0.2))

    async def story() -> None:
        arrived, writers = bytearray(), list[asyncio.StreamWriter]()
        async with database(arrived) as port:
            arena, diary = an_arena()
            arena.wires = Wires(NAMES, 1, port)
            await arena.wires.open()
            diary.pids["dispatcher.2"] = victim.pid
            wires = {name: arena.wires.of(name, "mongo") for name in ("tickets", "dispatcher.2")}
            fault = asyncio.ensure_future(FAULTS["dispatcher_pause"](arena, Random(1)))
            await until(lambda: wires["dispatcher.2"].marks)
            for name in ("tickets", "dispatcher.2"):
                _, writer = await asyncio.open_connection("127.0.0.1", wires[name].port)
                writer.write(f"{name}: ".encode() + WRITE)
                await until(lambda: b"tickets" in arrived)
                writers.append(writer)
            await until(lambda: state(victim) == psutil.STATUS_STOPPED)
            await until(lambda: not wires["dispatcher.2"].marks)
            await fault
            assert state(victim) != psutil.STATUS_STOPPED
            assert b"dispatcher" not in arrived
            for writer in writers:
                writer.transport.abort()
            await arena.wires.close()

    asyncio.run(asyncio.wait_for(story(), 20))


@pytest.mark.parametrize("kind", ["dispatcher_pause", "dispatcher_kill"])
def test_given_up_in_the_middle_it_is_repaired_all_the_same(
    kind: str, victim: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody wrote anything meanwhile: one of them is struck."""
    monkeypatch.setattr(ticks, "QUIET_SECONDS", 0.01)

    async def story() -> Diary:
        arena, diary = an_arena()
        diary.pids |= {"dispatcher": victim.pid, "dispatcher.2": victim.pid}
        fault = asyncio.ensure_future(FAULTS[kind](arena, Random(1)))
        await until(lambda: diary.down or state(victim) == psutil.STATUS_STOPPED)
        fault.cancel()
        with suppress(asyncio.CancelledError):
            await fault
        assert not any(arena.wires.of(name, "mongo").marks for name in NAMES)
        return diary

    diary = asyncio.run(asyncio.wait_for(story(), 20))
    assert not diary.down
    assert state(victim) != psutil.STATUS_STOPPED
    strikes = [act for act in diary.acts if act[0] == "strike"]
    assert all(how is signal.SIGKILL and name.startswith("dispatcher") for _, (name,), how in strikes)
    assert len(strikes) == (kind == "dispatcher_kill")
