"""Somebody else's server on this machine: answers as it is told, and keeps what it was sent."""

import json
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import eventlet

from chassis.outgoing import closing_refused

LONGEST_HEAD = 65_536


@dataclass(frozen=True)
class Received:
    """One request; ``headers`` by lower-case name."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> Mapping[str, str]:
        """Each parameter, decoded once."""
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


Reply = bytes | Iterable[bytes] | None
"""What goes back, as it is on the wire; piece by piece; or None: the line is cut."""


@dataclass
class Far:
    """A running server."""

    host: str
    port: int
    answer: Callable[[Received], Reply]
    scheme: str = "http"
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address, without a path."""
        return f"{self.scheme}://{self.host}:{self.port}"


def reply(body: Any = b"", status: int = 200, **headers: str) -> bytes:
    """A whole answer; what is no bytes is sent as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    named = {"Content-Length": str(len(raw)), "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + raw


def silence(_: Received) -> Iterator[bytes]:
    """Never answers, until whoever asked goes."""
    while True:
        eventlet.sleep(0.02)
        yield b""


@contextmanager
def a_far_server(
    answer: Callable[[Received], Reply], *, context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[Far]:
    """A server that is up."""
    listening = eventlet.listen((host, 0))
    far = Far(host, listening.getsockname()[1], answer, "http" if context is None else "https")
    pool = eventlet.GreenPool()
    secure = None if context is None else closing_refused(context)

    def serve() -> None:
        while True:
            connection, _ = listening.accept()
            pool.spawn(_talk, far, connection, secure)

    server = eventlet.spawn(serve)
    try:
        yield far
    finally:
        server.kill()
        listening.close()
        for talking in list(pool.coroutines_running):
            talking.kill()


def _talk(far: Far, connection: Any, context: ssl.SSLContext | None) -> None:
    with closing(connection), suppress(OSError, ValueError):
        if context is None:
            _say(far, connection)
            return
        with context.wrap_socket(connection, server_side=True) as wrapped:
            _say(far, wrapped)


def _say(far: Far, connection: Any) -> None:
    request = _read(connection)
    far.received.append(request)
    answer = far.answer(request)
    for piece in (answer,) if isinstance(answer, bytes) else answer or ():
        connection.sendall(piece)


def _read(connection: Any) -> Received:
    head = b""
    while b"\r\n\r\n" not in head and len(head) < LONGEST_HEAD:
        piece = connection.recv(4096)
        if not piece:
            raise ConnectionError
        head += piece
    head, _, body = head.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65_536)
    return Received(method, path, headers, body)
