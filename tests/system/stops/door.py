"""One gateway as a client sees it: every answer is told as it came, nothing is repeated in secret."""

import http.client
import json
import select
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import eventlet

PREFIX = "/api/v1"
PATIENCE = 90.0
REFUSED = "refused"
"""The gateway's port was closed: nothing was sent."""
CLOSED = "closed"
"""The connection ended before an answer: what became of the request is not known."""
SILENT = "silent"
"""No answer within the client's patience."""


@dataclass(frozen=True)
class Reply:
    """What became of one request. ``status`` 0: no answer, and ``lost`` says how."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    lost: str = ""

    @property
    def code(self) -> str:
        """The stable word of a problem."""
        return str(self.body.get("code", ""))

    @property
    def come_again(self) -> bool:
        """503 with a Retry-After: nothing was done."""
        return self.status == 503 and int(self.headers.get("retry-after", "0")) > 0

    def __str__(self) -> str:
        return f"{self.status or self.lost} {self.code} {self.seconds:.2f} s"


class Stream:
    """One open stream of a gateway: what it brings is kept; it ends when the gateway ends it."""

    def __init__(self, port: int, token: str, last: str = "", query: str = "") -> None:
        self.frames: list[dict[str, Any]] = []
        self.place = last
        """The id to resume from."""
        self.ended = False
        headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": last} if last else {})
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10 * PATIENCE)
        self._connection.request("GET", f"{PREFIX}/stream{query}", headers=headers)
        self._answer = self._connection.getresponse()
        self._reader = eventlet.spawn(self._read)

    def about(self, subject: str) -> list[str]:
        """The types of the frames about one thing."""
        return [frame["type"].removeprefix("shiliu.") for frame in self.frames if frame.get("subject") == subject]

    def close(self) -> None:
        """Listen no more."""
        self._reader.kill()
        self._connection.close()

    def _read(self) -> None:
        with suppress(OSError, http.client.HTTPException, ValueError):
            while line := self._answer.readline().decode():
                name, _, value = line.strip().partition(": ")
                if name == "id":
                    self.place = value
                elif name == "data" and value != "{}":
                    self.frames.append(json.loads(value))
        self.ended = True


class Door:
    """The way to one gateway, with kept connections; for any number of greenlets."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._kept: list[http.client.HTTPConnection] = []

    def get(self, path: str, token: str, **options: Any) -> Reply:
        """Read."""
        return self.ask("GET", path, token, **options)

    def post(self, path: str, token: str, body: Mapping[str, Any] | None = None, **options: Any) -> Reply:
        """Command, under ``key`` or a new one."""
        return self.ask("POST", path, token, body=dict(body or {}), **options)

    def ask(
        self, method: str, path: str, token: str, *, body: Any = None, key: str = "", prefix: str = PREFIX
    ) -> Reply:
        """Send one request once."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        content = None
        if method == "POST":
            headers |= {"Idempotency-Key": key or uuid4().hex, "Content-Type": "application/json"}
            content = json.dumps(body)
        begun = time.monotonic()
        connection = self._take()
        connection.timeout = PATIENCE
        lost = REFUSED
        try:
            if connection.sock is None:
                connection.connect()
            lost = CLOSED
            connection.sock.settimeout(PATIENCE)
            connection.request(method, prefix + path, content, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            silent = isinstance(error, TimeoutError)
            return Reply(seconds=time.monotonic() - begun, lost=SILENT if silent else lost)
        if answer.will_close:
            connection.close()
        else:
            self._kept.append(connection)
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, told, _document(text), time.monotonic() - begun)

    def stream(self, token: str, last: str = "", query: str = "") -> Stream:
        """Listen, from *last* on if it is given, to what *query* (``?types=...``) narrows to."""
        return Stream(self.port, token, last, query)

    def readyz(self) -> Reply:
        """What the gateway tells a load balancer."""
        return self.ask("GET", "/readyz", "", prefix="")

    def close(self) -> None:
        """Give the kept connections back."""
        while self._kept:
            self._kept.pop().close()

    def _take(self) -> http.client.HTTPConnection:
        """A kept connection that the gateway has not closed meanwhile (every client looks first), or a new one."""
        while self._kept:
            connection = self._kept.pop()
            readable, _, _ = select.select([connection.sock], [], [], 0)
            if not readable:
                return connection
            connection.close()
        return http.client.HTTPConnection("127.0.0.1", self.port)


def _document(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
