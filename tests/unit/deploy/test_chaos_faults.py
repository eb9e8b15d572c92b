"""Every fault: it strikes what it says, and whatever happens to it meanwhile, it leaves everything repaired."""

import asyncio
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from deploy.chaos import brokers, clocks, network, poison, processes
from deploy.chaos.arena import Arena
from deploy.chaos.faults import FAULTS
from deploy.chaos.planted import Planted
from deploy.chaos.wires import Wires
from deploy.stack.failure import StackError

NAMES = [
    f"{service}{suffix}"
    for service in ("tickets", "volunteers", "dispatcher", "notify", "gateway")
    for suffix in ("", ".2")
]
WANTED = [
    "kill_each",
    "term_each",
    "kill_both_of_a_service",
    "kill_several",
    "kill_all",
    "dispatcher_kill",
    "dispatcher_pause",
    "rabbit_term",
    "rabbit_kill",
    "mongo_term",
    "mongo_kill",
    "net_freeze",
    "net_reset",
    "net_slow",
    "net_cut",
    "net_freeze_process",
    "net_reset_process",
    "net_slow_process",
    "net_cut_process",
    "relay_stall",
    "poison_undecodable",
    "poison_unknown_type",
    "poison_schema",
    "poison_always_fails",
    "poison_kills",
    "duplicates",
    "reordering",
    "clock_ahead",
    "clock_behind",
]


class Diary:
    """A keeper that only writes down what it is asked for."""

    def __init__(self) -> None:
        self.names: Sequence[str] = NAMES
        self.acts: list[tuple[Any, ...]] = []
        self.down: set[str] = set()
        self.expected: list[str] = []
        self.pids: dict[str, int] = {}

    async def strike(self, names: Sequence[str], how: signal.Signals) -> None:
        self.acts.append(("strike", tuple(names), how))
        self.down |= set(names)

    async def bring_back(self, names: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self.acts.append(("back", tuple(names), dict(env or {})))
        self.down -= set(names)

    async def broker_down(self, which: str, how: signal.Signals) -> None:
        self.acts.append(("strike", which, how))
        self.down.add(which)

    async def broker_up(self, which: str) -> None:
        self.acts.append(("back", which))
        self.down.discard(which)

    def expect_death(self, name: str) -> None:
        self.expected.append(name)

    def pid(self, name: str) -> int | None:
        return self.pids.get(name)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits; how long they would have."""
    waited: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waited


def an_arena() -> tuple[Arena, Diary]:
    diary = Diary()
    wires = Wires(NAMES, 1, 1)
    anything: Any = None
    keeper: Any = diary
    return Arena(anything, wires, keeper, Planted(), lambda text: None), diary


def strike(kind: str, seed: int = 1, arena: Arena | None = None) -> Diary:
    arena = arena or an_arena()[0]
    asyncio.run(FAULTS[kind](arena, Random(seed)))  # type: ignore[arg-type]
    diary: Any = arena.keeper
    return diary  # type: ignore[no-any-return]


def test_every_kind_of_fault_is_there() -> None:
    assert sorted(FAULTS) == sorted(WANTED)


@pytest.mark.parametrize(("kind", "how"), [("kill_each", signal.SIGKILL), ("term_each", signal.SIGTERM)])
def test_each_process_in_turn(kind: str, how: signal.Signals, hurry: list[float]) -> None:
    arena, diary = an_arena()
    for seed in range(len(NAMES)):
        strike(kind, seed, arena)
    assert [act[1] for act in diary.acts if act[0] == "strike"] == [(name,) for name in NAMES]
    assert {act[2] for act in diary.acts if act[0] == "strike"} == {how}
    assert not diary.down


@pytest.mark.parametrize("seed", range(8))
def test_both_of_a_service_several_and_all_at_once(seed: int, hurry: list[float]) -> None:
    (_, both, how), *_ = strike("kill_both_of_a_service", seed).acts
    assert len(both) == 2
    assert len({processes.service_of(name) for name in both}) == 1
    assert how is signal.SIGKILL
    (_, several, _), *_ = strike("kill_several", seed).acts
    assert len(set(several)) == len(several)
    assert 2 <= len(several) <= 5
    diary = strike("kill_all", seed)
    assert diary.acts[0][1] == tuple(NAMES)
    assert not diary.down
    assert all(processes.AWAY[0] <= seconds <= processes.AWAY[1] for seconds in hurry)


@pytest.mark.parametrize("kind", ["rabbit_term", "rabbit_kill", "mongo_term", "mongo_kill"])
def test_a_broker_goes_and_comes_back(kind: str, hurry: list[float]) -> None:
    which = "rabbitmq" if kind.startswith("rabbit") else "mongod"
    how = signal.SIGTERM if kind.endswith("term") else signal.SIGKILL
    assert strike(kind).acts == [("strike", which, how), ("back", which)]
    assert all(brokers.AWAY[0] <= seconds <= brokers.AWAY[1] for seconds in hurry)


@pytest.mark.parametrize("kind", ["kill_all", "rabbit_kill", "clock_ahead", "net_freeze_process", "net_slow_process"])
def test_a_fault_that_is_given_up_is_repaired_all_the_same(kind: str) -> None:
    async def story() -> None:
        arena, diary = an_arena()
        task = asyncio.ensure_future(FAULTS[kind](arena, Random(1)))
        while not (diary.acts or any(wire.holds("") or wire.latency for wire in arena.wires.all_of(NAMES))):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert not diary.down
        assert not any(wire.holds("") or wire.latency for wire in arena.wires.all_of(NAMES))

    asyncio.run(story())


@pytest.mark.parametrize("kind", [kind for kind in WANTED if kind.startswith("net_")])
@pytest.mark.parametrize("seed", range(4))
def test_a_bad_network_is_a_good_one_afterwards(kind: str, seed: int, hurry: list[float]) -> None:
    arena, _ = an_arena()
    strike(kind, seed, arena)
    for wire in arena.wires.all_of(NAMES):
        assert not wire.holds("")
        assert not wire.holds("shiliu tickets relay")
        assert (wire.latency, wire.rate, wire.refusing) == (0.0, 0.0, False)


def test_some_freezes_outlast_the_heartbeat_and_most_do_not(hurry: list[float]) -> None:
    for seed in range(60):
        strike("net_freeze", seed)
    long = [seconds for seconds in hurry if seconds > 20]
    assert 3 <= len(long) <= 30
    assert all(3 <= seconds <= 12 for seconds in hurry if seconds not in long)


def test_a_stalled_relay_is_of_a_process_that_publishes_and_nothing_else_is_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[tuple[str, bool, bool, bool]] = []

    async def look(_seconds: float) -> None:
        for name in NAMES:
            wire = arena.wires.of(name, "amqp")
            if wire.holds(f"shiliu {name} relay"):
                held.append((name, wire.holds("shiliu tickets inbox"), wire.holds("tickets.rpc"), wire.holds("")))

    monkeypatch.setattr(asyncio, "sleep", look)
    for seed in range(10):
        arena, _ = an_arena()
        strike("relay_stall", seed, arena)
    assert len(held) == 10
    assert {processes.service_of(name) for name, *_ in held} == network.PUBLISHERS
    assert not any(any(others) for _, *others in held)


@pytest.mark.parametrize(("kind", "offset"), [("clock_ahead", "+3600s"), ("clock_behind", "-3600s")])
def test_a_clock_is_wrong_for_a_while(
    kind: str, offset: str, hurry: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "x86_64-linux-gnu" / "faketime" / "libfaketimeMT.so.1"
    monkeypatch.setattr(clocks, "LIBRARIES", tmp_path)
    with pytest.raises(StackError, match="apt-get install"):
        strike(kind)
    place.parent.mkdir(parents=True)
    place.touch()
    struck, wrong, again, right = strike(kind).acts
    assert struck == again
    assert wrong[2] == {"LD_PRELOAD": str(place), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    assert right == ("back", struck[1], {})


def test_whoever_sends_the_mark_dies_before_it_arrives() -> None:
    async def story() -> None:
        arrived = bytearray()

        async def database(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):
                while data := await reader.read(1000):
                    arrived.extend(data)
            writer.close()

        server = await asyncio.start_server(database, "127.0.0.1", 0)
        arena, diary = an_arena()
        arena.wires = Wires(NAMES, 1, server.sockets[0].getsockname()[1])
        await arena.wires.open()
        victim = subprocess.Popen(["sleep", "60"])
        diary.pids["notify.2"] = victim.pid
        deaths = poison.kill_at(arena, ["notify", "notify.2"], b"the-mark")
        _, writer = await asyncio.open_connection("127.0.0.1", arena.wires.of("notify.2", "mongo").port)
        for piece in (b"harmless", b" the-m", b"ark"):
            writer.write(piece)
            await asyncio.sleep(0.02)
        while victim.poll() is None:
            await asyncio.sleep(0.01)
        assert victim.returncode == -signal.SIGKILL
        assert list(deaths) == diary.expected == ["notify.2"]
        assert b"mark" not in arrived
        await arena.wires.close()
        server.close()
        writer.transport.abort()

    asyncio.run(asyncio.wait_for(story(), 20))


def test_what_is_planted_is_noted_before_it_can_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    arena, _ = an_arena()
    stack: Any = type("Stack", (), {"amqp_url": "amqp://nowhere/"})()
    arena.stack = stack
    seen: list[tuple[str, list[str]]] = []

    def put(_url: str, letters: Sequence[tuple[Any, tuple[str, str]]]) -> None:
        for letter, (exchange, queue) in letters:
            noted = [service for service, reasons in arena.planted.reasons.items() if letter.key in reasons]
            assert bool(exchange) == (len(noted) > 1)
            seen.append((queue, noted))

    monkeypatch.setattr(poison, "put", put)
    kinds = ("poison_undecodable", "poison_unknown_type", "poison_schema", "poison_always_fails")
    for seed, kind in enumerate(kinds):
        strike(kind, seed, arena)
    assert len(seen) == 7
    for queue, noted in seen:
        heard_by_all = queue == "ticket.accepted.v1"
        assert sorted(noted) == (["gateway", "notify", "volunteers"] if heard_by_all else [queue.partition(".")[0]])
    assert set(arena.planted.reasons["volunteers"].values()) >= {"undecodable", "schema", "handler-failed"}
    assert arena.planted.letters["notify"] == set(arena.planted.reasons["notify"])
