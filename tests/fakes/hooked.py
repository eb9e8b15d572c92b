"""The other end of webhooks: a small HTTP server that answers as it is told to, and remembers what came."""

import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG_SECONDS = 30.0
DRIP_SECONDS = 0.1
Mood = int | str
"""A status to answer with; or hang, drip, flood, reset, garbage (no HTTP), asked (429 with Retry-After), elsewhere
(a redirect)."""


@dataclass(frozen=True)
class Came:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Its webhook-id."""
        return self.headers["webhook-id"]


@dataclass
class Hooked:
    """``moods`` by path, one after the other; the last stays. ``gate`` keeps every answer back until it is set."""

    port: int = 0
    came: list[Came] = field(default_factory=list)
    moods: dict[str, list[Mood]] = field(default_factory=dict)
    gate: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0
    most_at_once: int = 0

    def url(self, path: str = "/hook", scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def mood(self, path: str) -> Mood:
        some = self.moods.get(path) or [204]
        return some.pop(0) if len(some) > 1 else some[0]

    def ids(self, path: str = "/hook") -> list[str]:
        return [one.id for one in list(self.came) if one.path == path]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, hooked: Hooked) -> None:
        self.hooked = hooked
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, *_: object) -> None:
        """What its callers do to it is none of the test's business."""


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        self.server.hooked.came.append(Came(self.path, {"webhook-id": "followed"}, b""))
        self._status(200)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.hooked.came.append(
            Came(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        )
        self.server.hooked.at_once += 1
        self.server.hooked.most_at_once = max(self.server.hooked.most_at_once, self.server.hooked.at_once)
        try:
            self.server.hooked.gate.wait(HANG_SECONDS)
            self._answer(self.server.hooked.mood(self.path))
        finally:
            self.server.hooked.at_once -= 1

    def _answer(self, mood: Mood) -> None:
        if isinstance(mood, int):
            self._status(mood)
        else:
            getattr(self, f"_{mood}")()
        self.close_connection = True

    def _asked(self) -> None:
        self._status(429, {"Retry-After": "120"})

    def _elsewhere(self) -> None:
        self._status(302, {"Location": self.server.hooked.url("/inside")})

    def _garbage(self) -> None:
        self.wfile.write(b"\x00\x01 what is this\r\n\r\n")

    def _hang(self) -> None:
        time.sleep(HANG_SECONDS)

    def _drip(self) -> None:
        """One byte at a time, each long before a reader would give up waiting for it."""
        with suppress(OSError):
            for byte in b"HTTP/1.1 204 No Content\r\nX: " + b"x" * 1_000:
                self.wfile.write(bytes([byte]))
                time.sleep(DRIP_SECONDS)

    def _flood(self) -> None:
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1_000_000)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _status(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def hooked(open_gate: bool = True) -> Iterator[Hooked]:
    """One server on a free port."""
    found = Hooked()
    if open_gate:
        found.gate.set()
    server = _Server(found)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.gate.set()
        server.shutdown()
        server.server_close()
