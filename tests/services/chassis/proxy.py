"""A TCP proxy before the broker, to freeze, cut and refuse connections as a bad network does."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

import eventlet
from eventlet.event import Event
from eventlet.greenthread import GreenThread

from chassis.settings import Settings

_HEARTBEAT = b"\x08\x00\x00\x00\x00\x00\x00\xce"
_RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Between a client and the broker; ``settings`` lead through it."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.amqp_url)
        self._upstream = (parts.hostname, parts.port or 5672)
        self._server = eventlet.listen(("127.0.0.1", 0))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._pumps: list[GreenThread] = []
        self._flows = Event()
        self._flows.send(None)
        self.refusing = False
        self.accepted = 0
        self.heartbeats = 0
        """Frames of either side that say nothing but that it lives."""
        address = f"{parts.username}:{parts.password}@127.0.0.1:{self._server.getsockname()[1]}"
        self.settings = replace(settings, amqp_url=urlunsplit(parts._replace(netloc=address)))
        self._acceptor = eventlet.spawn(self._accept)

    def freeze(self) -> None:
        """Let no byte through any more; connections stay open, new ones are accepted and hang."""
        self._flows = Event()

    def thaw(self) -> None:
        """Let everything through that has waited."""
        self._flows.send(None)

    def cut(self) -> None:
        """Reset all connections."""
        pumps, self._pumps = self._pumps, []
        for pump in pumps:
            pump.kill()
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                end.close()

    def close(self) -> None:
        """The end of it."""
        self._acceptor.kill()
        self._server.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            client, _ = self._server.accept()
            if self.refusing:
                client.close()
                continue
            self.accepted += 1
            upstream = socket.create_connection(self._upstream)
            self._pairs.append((client, upstream))
            self._pumps += [eventlet.spawn(self._pump, client, upstream), eventlet.spawn(self._pump, upstream, client)]

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError, EOFError):
            while data := source.recv(65_536):
                self.heartbeats += data == _HEARTBEAT
                self._flows.wait()
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def proxied(settings: Settings) -> Iterator[Proxy]:
    """A proxy for the length of a test."""
    proxy = Proxy(settings)
    try:
        yield proxy
    finally:
        proxy.close()
