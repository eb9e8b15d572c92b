"""One connection through a wire: its two ends, and what a bad network does to what passes between them."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any, Protocol

from deploy.chaos.frames import Kind, connection_name, first_frame

RESET = struct.pack("ii", 1, 0)
READ = 32_768
"""Bytes read at once; the loop sets so much memory aside for every read."""

SNIFFED = 4_096
"""A client of the message broker has told its name within so many bytes, or has none."""


class Weather(Protocol):
    """What a line asks of its wire."""

    kind: Kind
    latency: float
    rate: float
    carried: int
    marks: dict[bytes, Callable[[], None]]

    def holds(self, name: str) -> bool:
        """Nothing may pass on a connection of this name now."""

    def over(self, line: "Line") -> None:
        """The connection is over."""


class End(asyncio.Protocol):
    """One socket of a line. It is read unless there is a reason not to."""

    other: "End"

    def __init__(self, line: "Line") -> None:
        self.line = line
        self.transport: Any = None
        self.held: list[bytes] = []
        self._reasons: set[str] = set()
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is there."""
        self.transport = transport
        self.transport.max_size = READ
        if self.line.is_over:
            self.close(reset=True)
        elif self._reasons:
            self.transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        """Bytes go over as they come, unless something is the matter with this line."""
        self.line.weather.carried += len(data)
        if self.line.plain:
            self.other.transport.write(data)
        else:
            self.line.take(self, data)

    def eof_received(self) -> bool:
        """This side has said all; the other may still answer."""
        self._ended = True
        if self.other._ended:
            self.line.close()
        elif not self.other.transport.is_closing():
            self.other.transport.write_eof()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone, and with it the line."""
        self.line.close()

    def pause_writing(self) -> None:
        """Whoever reads here is slower than whoever writes over there."""
        self.other.wait_for("reader")

    def resume_writing(self) -> None:
        """The reader has caught up."""
        self.other.go_on("reader")

    def wait_for(self, reason: str) -> None:
        """Read nothing until ``go_on`` is told the same."""
        self._reasons.add(reason)
        if self.transport is not None and not self.transport.is_closing():
            self.transport.pause_reading()

    def go_on(self, reason: str) -> None:
        """Let what was held pass, and read again when nothing else stands against it."""
        self._reasons.discard(reason)
        if self._reasons or self.transport is None or self.transport.is_closing():
            return
        if self.held:
            held, self.held = b"".join(self.held), []
            self.line.take(self, held)
        if not self._reasons:
            self.transport.resume_reading()

    def close(self, *, reset: bool) -> None:
        """End the socket; with *reset* the peer gets an error instead of an end."""
        if self.transport is None:
            return
        if not reset:
            self.transport.close()
            return
        found: socket.socket = self.transport.get_extra_info("socket")
        if found.fileno() >= 0:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.transport.abort()


class Line:
    """Between one client's socket and the broker's."""

    def __init__(self, weather: Weather) -> None:
        self.weather = weather
        self.name = ""
        """How an AMQP client calls its connection; empty before it has told, and on other lines."""
        self.client, self.server = End(self), End(self)
        self.client.other, self.server.other = self.server, self.client
        self.client.wait_for("dialling")
        self.plain = False
        """Nothing is the matter: bytes need no look."""
        self.is_over = False
        self._said = b""
        """The last that the client said: its beginning until its name is known, then what may begin a mark."""
        self._nameless = weather.kind == "amqp"
        self.cutting = False
        """Of its next frame only a part will arrive."""

    async def dial(self, host: str, port: int) -> None:
        """Connect to the broker; where there is none the client is reset."""
        try:
            await asyncio.get_running_loop().create_connection(lambda: self.server, host, port)
        except OSError:
            self.close(reset=True)
            return
        if self.is_over:
            self.server.close(reset=True)
            return
        self.look()
        self.client.go_on("dialling")

    def look(self) -> None:
        """The weather has changed."""
        weather = self.weather
        self.plain = not (self._nameless or self.cutting or weather.latency or weather.rate or weather.marks)
        frozen = weather.holds(self.name)
        for end in (self.client, self.server):
            if frozen:
                end.wait_for("frozen")
            else:
                end.go_on("frozen")

    def take(self, end: End, data: bytes) -> None:
        """Pass *data* that came in at *end* on, as far as it may."""
        weather = self.weather
        if end is self.client:
            self._listen(data)
        if self.is_over:
            return
        if weather.holds(self.name):
            end.held.append(data)
        elif self.cutting:
            end.other.transport.write(data[: max(1, first_frame(weather.kind, data) // 2)])
            self.close()
        elif weather.latency or weather.rate:
            end.wait_for("slow")
            seconds = weather.latency + (len(data) / weather.rate if weather.rate else 0)
            asyncio.get_running_loop().call_later(seconds, self._arrive, end, data)
        elif not end.other.transport.is_closing():
            end.other.transport.write(data)

    def cut(self) -> None:
        """Of the next frame only a part arrives, then both sides end."""
        self.cutting = True
        self.look()

    def close(self, *, reset: bool = False) -> None:
        """End both sides."""
        if not self.is_over:
            self.is_over = True
            self.client.close(reset=reset)
            self.server.close(reset=reset)
            self.weather.over(self)

    def _arrive(self, end: End, data: bytes) -> None:
        """A slow chunk is there."""
        if self.is_over:
            return
        if self.weather.holds(self.name):
            end.held.append(data)
        else:
            end.other.transport.write(data)
        end.go_on("slow")

    def _listen(self, data: bytes) -> None:
        """Learn the client's name, and tell of marks before they reach the broker; then nothing passes any more."""
        marks = self.weather.marks
        if not self._nameless and not marks:
            return
        said = self._said + data
        if self._nameless:
            self._said = said
            name = connection_name(said)
            if name is not None or len(said) > SNIFFED:
                self._nameless, self._said, self.name = False, b"", name or ""
                self.look()
            return
        for mark, seen in list(marks.items()):
            if mark in said:
                self.close(reset=True)
                seen()
                return
        longest = max(map(len, marks))
        self._said = said[-(longest - 1) :] if longest > 1 else b""
