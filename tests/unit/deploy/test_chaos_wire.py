"""Each thing that a wire does to a connection, seen from both of its ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from deploy.chaos.frames import Kind, connection_name, first_frame
from deploy.chaos.wire import Wire

BOUND = 5.0
NOTHING = 0.15
"""Seconds in which nothing arriving means that it is held; only ever waited for where the test wants silence."""

START_OK = b"\x01\x00\x00\x00\x00\x00\x60\x00\x0a\x00\x0b"


def hello(name: str) -> bytes:
    """The first bytes of an AMQP client that calls its connection *name*."""
    said = name.encode()
    return b"AMQP\x00\x00\x09\x01" + START_OK + b"\x0fconnection_nameS" + len(said).to_bytes(4, "big") + said + b"\xce"


def frame(payload: bytes) -> bytes:
    """A frame of AMQP 0-9-1."""
    return b"\x01\x00\x01" + len(payload).to_bytes(4, "big") + payload + b"\xce"


@dataclass
class Broker:
    """Writes down what arrives on each connection, and answers on the newest."""

    got: list[bytearray] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine = bytearray()
        self.got.append(mine)
        self.writers.append(writer)
        try:
            while data := await reader.read(65_536):
                mine += data
            self.ended.append("end")
        except ConnectionError:
            self.ended.append("reset")
        writer.close()


@dataclass
class Scene:
    """A broker behind a wire."""

    wire: Wire
    broker: Broker
    clients: list[asyncio.StreamWriter] = field(default_factory=list)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.wire.port)
        self.clients.append(writer)
        return reader, writer

    async def reached(self, place: int = 0) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A client whose connection has got through to the broker."""
        reader, writer = await self.connect()
        await until(lambda: len(self.broker.got) > place)
        return reader, writer


@asynccontextmanager
async def scene(kind: Kind = "mongo") -> AsyncIterator[Scene]:
    broker = Broker()
    server = await asyncio.start_server(broker.serve, "127.0.0.1", 0)
    wire = Wire(kind, *server.sockets[0].getsockname()[:2])
    await wire.open()
    at = Scene(wire, broker)
    try:
        yield at
    finally:
        await wire.close()
        server.close()
        for writer in (*at.clients, *broker.writers):
            writer.transport.abort()
        await asyncio.sleep(0)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(BOUND):
        while not condition():
            await asyncio.sleep(0.005)


async def silent(reading: Awaitable[bytes]) -> None:
    """Nothing can be read."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reading, NOTHING)


def play(story: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(30):
            await story()

    asyncio.run(bounded())


def test_it_passes_everything_on_in_both_directions_and_the_end_too() -> None:
    async def story() -> None:
        async with scene() as at:
            reader, writer = await at.reached()
            sent = bytes(range(256)) * 8_000
            writer.write(sent)
            await until(lambda: len(at.broker.got[0]) == len(sent))
            assert at.broker.got[0] == sent
            at.broker.writers[0].write(b"answer")
            assert await reader.readexactly(6) == b"answer"
            writer.write_eof()
            assert await reader.read() == b""
            assert at.broker.ended == ["end"]
            await until(lambda: not at.wire.names)
            assert at.wire.carried == len(sent) + 6

    play(story)


def test_a_slow_reader_holds_its_writer_back() -> None:
    async def story() -> None:
        async with scene() as at:
            reader, _ = await at.reached()
            broker = at.broker.writers[0]
            flood = b"x" * 60_000_000
            broker.write(flood)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(broker.drain(), 0.5)
            assert at.wire.carried < 40_000_000
            got = 0
            while got < len(flood):
                got += len(await reader.read(1_000_000))

    play(story)


def test_frozen_nothing_passes_and_all_of_it_arrives_afterwards() -> None:
    async def story() -> None:
        async with scene() as at:
            reader, writer = await at.reached()
            thaw = at.wire.freeze()
            writer.write(b"one")
            at.broker.writers[0].write(b"two")
            await silent(reader.read(3))
            new_reader, new_writer = await at.connect()
            new_writer.write(b"three")
            await silent(new_reader.read(1))
            assert [bytes(got) for got in at.broker.got] == [b""]
            thaw()
            assert await reader.readexactly(3) == b"two"
            await until(lambda: [bytes(got) for got in at.broker.got] == [b"one", b"three"])

    play(story)


def test_two_freezes_end_with_the_later_end() -> None:
    async def story() -> None:
        async with scene() as at:
            reader, _ = await at.reached()
            first, second = at.wire.freeze(), at.wire.freeze()
            at.broker.writers[0].write(b"!")
            first()
            first()
            await silent(reader.read(1))
            second()
            assert await reader.readexactly(1) == b"!"

    play(story)


def test_only_the_connection_of_that_name_is_frozen_old_or_new() -> None:
    async def story() -> None:
        async with scene("amqp") as at:
            _, relay = await at.reached(0)
            relay.write(hello("shiliu tickets relay")[:20])
            relay.write(hello("shiliu tickets relay")[20:])
            _, inbox = await at.reached(1)
            inbox.write(hello("shiliu tickets inbox"))
            await until(lambda: sorted(at.wire.names) == ["shiliu tickets inbox", "shiliu tickets relay"])
            thaw = at.wire.freeze(lambda name: name.endswith(" relay"))
            relay.write(b"held")
            inbox.write(b"passes")
            await until(lambda: at.broker.got[1].endswith(b"passes"))
            _, later = await at.reached(2)
            later.write(hello("shiliu volunteers relay"))
            await until(lambda: "shiliu volunteers relay" in at.wire.names)
            assert not at.broker.got[0].endswith(b"held")
            thaw()
            await until(lambda: at.broker.got[0].endswith(b"held"))
            await until(lambda: at.broker.got[2] == hello("shiliu volunteers relay"))

    play(story)


def test_a_reset_ends_every_connection_by_an_error_on_both_sides() -> None:
    async def story() -> None:
        async with scene() as at:
            reader, writer = await at.reached()
            writer.write(b"x")
            await until(lambda: at.broker.got[0])
            at.wire.reset()
            with pytest.raises(ConnectionResetError):
                await reader.read(1)
            await until(lambda: at.broker.ended == ["reset"])
            await at.reached(1)

    play(story)


def test_frozen_connections_can_be_reset() -> None:
    async def story() -> None:
        async with scene() as at:
            reader, _ = await at.reached()
            at.wire.freeze()
            at.wire.reset()
            with pytest.raises(ConnectionResetError):
                await reader.read(1)

    play(story)


def test_slow_it_keeps_order_and_takes_its_time() -> None:
    async def story() -> None:
        async with scene() as at:
            _, writer = await at.reached()
            at.wire.slow(0.05, rate=200_000)
            begun = asyncio.get_running_loop().time()
            sent = b"".join(number.to_bytes(4, "big") for number in range(25_000))
            writer.write(sent)
            await until(lambda: len(at.broker.got[0]) == len(sent))
            assert at.broker.got[0] == sent
            assert asyncio.get_running_loop().time() - begun >= 0.5 + 0.05
            at.wire.slow(0.0)
            writer.write(b"fast")
            await until(lambda: at.broker.got[0].endswith(b"fast"))

    play(story)


@pytest.mark.parametrize("from_client", [True, False])
def test_cut_the_next_frame_arrives_in_part_and_then_both_sides_end(from_client: bool) -> None:
    async def story() -> None:
        async with scene("amqp") as at:
            reader, writer = await at.reached()
            writer.write(hello("a"))
            await until(lambda: at.broker.got[0] == hello("a"))
            at.wire.cut()
            whole = frame(b"payload" * 10) + frame(b"next")
            if from_client:
                writer.write(whole)
                await until(lambda: at.broker.ended)
                part = bytes(at.broker.got[0][len(hello("a")) :])
                assert await reader.read() == b""
            else:
                at.broker.writers[0].write(whole)
                part = await reader.read()
                await until(lambda: at.broker.ended)
            assert whole.startswith(part)
            assert 0 < len(part) < len(frame(b"payload" * 10))
            assert not at.wire.cutting

    play(story)


def test_refused_connections_end_at_once_and_the_others_stay() -> None:
    async def story() -> None:
        async with scene() as at:
            _, writer = await at.reached()
            at.wire.refuse()
            reader, _ = await at.connect()
            with pytest.raises(ConnectionResetError):
                await reader.read(1)
            writer.write(b"still here")
            await until(lambda: at.broker.got == [b"still here"])
            at.wire.mend()
            await at.reached(1)

    play(story)


def test_without_a_broker_the_client_is_reset() -> None:
    async def story() -> None:
        async with scene() as at:
            lonely = Scene(Wire("mongo", "127.0.0.1", 1), at.broker)
            await lonely.wire.open()
            reader, _ = await lonely.connect()
            with pytest.raises(ConnectionResetError):
                await reader.read(1)
            assert lonely.wire.names == []
            await lonely.wire.close()

    play(story)


@pytest.mark.parametrize("pieces", [(b"xx MARK yy",), (b"xx MA", b"RK yy"), (b"M", b"A", b"R", b"K")])
def test_whoever_watches_for_a_mark_hears_of_it_before_it_is_whole(pieces: tuple[bytes, ...]) -> None:
    async def story() -> None:
        async with scene() as at:
            seen: list[int] = []
            at.wire.watch(b"MARK", lambda: seen.append(len(at.broker.got[0])))
            reader, writer = await at.reached()
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(0.02)
            with pytest.raises(ConnectionResetError):
                await reader.read(1)
            assert len(seen) == 1
            assert b"MARK" not in at.broker.got[0]
            at.wire.unwatch(b"MARK")
            _, writer = await at.reached(1)
            writer.write(b"MARK")
            await until(lambda: at.broker.got[1] == b"MARK")

    play(story)


def test_a_mark_that_comes_from_the_broker_is_none() -> None:
    async def story() -> None:
        async with scene() as at:
            at.wire.watch(b"MARK", lambda: pytest.fail("seen"))
            reader, _ = await at.reached()
            at.broker.writers[0].write(b"MARK")
            assert await reader.readexactly(4) == b"MARK"

    play(story)


def test_frames_and_names_as_far_as_they_can_be_told() -> None:
    assert first_frame("amqp", frame(b"abc") + b"more") == len(frame(b"abc"))
    assert first_frame("mongo", (20).to_bytes(4, "little") + bytes(30)) == 20
    assert first_frame("amqp", b"\x01") == 1
    assert first_frame("mongo", b"\xff\xff\xff\x7f....") == 8
    assert connection_name(hello("somebody")) == "somebody"
    assert connection_name(hello("somebody")[:-4]) is None
