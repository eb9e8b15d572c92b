"""A TCP proxy for one process and one broker, in the loop of whoever runs it, to make any bad network of it."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from deploy.chaos.frames import Kind
from deploy.chaos.line import Line


def everyone(_name: str) -> bool:
    """Every connection, whatever it is called."""
    return True


class Wire:
    """Passes everything on until it is told otherwise. Used from one event loop only.

    ``carried`` counts the bytes of both directions.
    """

    def __init__(self, kind: Kind, host: str, port: int) -> None:
        """*host* and *port* are the broker's."""
        self.kind: Kind = kind
        self.port = 0
        """Where the process finds this wire, once it is open."""
        self.carried = 0
        self.latency = 0.0
        self.rate = 0.0
        self.marks: dict[bytes, Callable[[], None]] = {}
        self.refusing = False
        self._target = (host, port)
        self._lines: dict[Line, None] = {}
        self._frozen: list[Callable[[str], bool]] = []
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._dialling: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self, port: int = 0) -> None:
        """Listen on *port* of the loopback address; 0 takes a free one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """The end of it and of every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._dialling:
            task.cancel()
        self.reset()

    @property
    def names(self) -> list[str]:
        """The names of the connections that are open; empty text where a client has none."""
        return [line.name for line in self._lines]

    @property
    def cutting(self) -> bool:
        """A connection still waits for the frame that will be cut."""
        return any(line.cutting for line in self._lines)

    def freeze(self, which: Callable[[str], bool] = everyone) -> Callable[[], None]:
        """Let no byte through in either direction on the connections whose name *which* picks; all of them stay open.

        New ones are taken and frozen too. Returns what ends it: everything that was held is delivered then.
        Freezes add up; the last one's end thaws.
        """
        pick = partial(which)  # one object per freeze, though the same function may be given twice
        self._frozen.append(pick)
        self._look()

        def thaw() -> None:
            if pick in self._frozen:
                self._frozen.remove(pick)
                self._look()

        return thaw

    def reset(self) -> None:
        """End all connections by an error (RST)."""
        for line in list(self._lines):
            line.close(reset=True)

    def slow(self, latency: float, rate: float = 0.0) -> None:
        """Each chunk takes *latency* seconds, and its length at *rate* bytes a second (0: no limit), each way."""
        self.latency, self.rate = latency, rate
        self._look()

    def cut(self) -> None:
        """Of the next frame of each connection that is open now only a part arrives; then it ends on both sides."""
        for line in list(self._lines):
            line.cut()

    def refuse(self, refusing: bool = True) -> None:
        """Reset each new connection at once, until told otherwise."""
        self.refusing = refusing

    def watch(self, mark: bytes, seen: Callable[[], None]) -> None:
        """Call *seen* each time a client sends *mark*, before its last byte reaches the broker; it never does.

        The connection is reset first; *seen* may end the client.
        """
        self.marks[mark] = seen
        self._look()

    def unwatch(self, mark: bytes) -> None:
        """*mark* may pass again."""
        self.marks.pop(mark, None)
        self._look()

    def mend(self) -> None:
        """Be a good wire again: neither slow, frozen nor refusing; watches stay."""
        self.latency = self.rate = 0.0
        self.refusing = False
        self._frozen.clear()
        self._look()

    def holds(self, name: str) -> bool:
        """For its lines: nothing may pass on a connection of this name now."""
        return bool(self._frozen) and any(which(name) for which in self._frozen)

    def over(self, line: Line) -> None:
        """For its lines: this one is over."""
        self._lines.pop(line, None)

    def _look(self) -> None:
        if self.holds(""):
            self._thawed.clear()
        else:
            self._thawed.set()
        for line in list(self._lines):
            line.look()

    def _accept(self) -> Any:
        line = Line(self)
        self._lines[line] = None
        task = asyncio.get_running_loop().create_task(self._dial(line))
        self._dialling.add(task)
        task.add_done_callback(self._dialling.discard)
        return line.client

    async def _dial(self, line: Line) -> None:
        if self.refusing:
            line.close(reset=True)
            return
        await self._thawed.wait()
        await line.dial(*self._target)
