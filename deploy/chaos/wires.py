"""All wires of a run: one between each process and each broker."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle

from deploy.chaos.frames import Kind
from deploy.chaos.wire import Wire

KINDS: tuple[Kind, ...] = ("amqp", "mongo")
HOST = "127.0.0.1"


class Wires:
    """The wires by process and broker; opened before the processes start."""

    def __init__(self, names: Sequence[str], amqp_port: int, mongo_port: int) -> None:
        """*names* of the processes; the brokers listen on these ports of the loopback address."""
        ports = {"amqp": amqp_port, "mongo": mongo_port}
        self._wires = {(name, kind): Wire(kind, HOST, ports[kind]) for name in names for kind in KINDS}
        self._turns: dict[str, asyncio.Lock] = {}
        self._names = tuple(names)
        self._walks: dict[str, Iterator[str]] = {}

    async def open(self) -> None:
        """Listen, each on a free port."""
        for wire in self._wires.values():
            await wire.open()

    async def close(self) -> None:
        """End all connections and listen no more."""
        for wire in self._wires.values():
            await wire.close()

    def of(self, name: str, kind: Kind) -> Wire:
        """The wire between a process and a broker."""
        return self._wires[name, kind]

    def all_of(self, names: Iterable[str]) -> list[Wire]:
        """Every wire of these processes."""
        return [self._wires[name, kind] for name in names for kind in KINDS]

    @property
    def keys(self) -> Sequence[tuple[str, Kind]]:
        """(process, broker) of every wire."""
        return tuple(self._wires)

    @property
    def carried(self) -> int:
        """Bytes of all wires, both directions."""
        return sum(wire.carried for wire in self._wires.values())

    def mend(self) -> None:
        """All are good wires again."""
        for wire in self._wires.values():
            wire.mend()

    def turn(self, what: str) -> asyncio.Lock:
        """For faults that must not be struck on the same thing at once."""
        return self._turns.setdefault(what, asyncio.Lock())

    def next_name(self, walk: str) -> str:
        """The process that comes next on this walk round all of them."""
        return next(self._walks.setdefault(walk, cycle(self._names)))
