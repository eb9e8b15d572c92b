"""Very many open streams in a process of their own: ``python -m tests.bench.fanout.crowd``.

Reads one line of JSON (where, as whom, how many each), opens all of them and says how many answered; then a line of
JSON for each line ``report``: when which event was heard, in milliseconds since 1970, how many streams ended. Standard
library alone, so that what it costs is the reading.
"""

import asyncio
import json
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from typing import Any

AT_ONCE = 50
"""Streams that are being opened at the same time."""
OPENING_SECONDS = 60.0
_EVENT = re.compile(rb"id: (\S+)\nevent: (\S+)\ndata: ")
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3})")


class Crowd:
    """What all of them heard."""

    def __init__(self) -> None:
        self.told: Counter[str] = Counter()
        self.heard: dict[str, list[float]] = defaultdict(list)
        self.gaps = 0
        self.ended = 0

    def report(self) -> dict[str, Any]:
        """All since the last report."""
        heard, self.heard = self.heard, defaultdict(list)
        return {"heard": heard, "gaps": self.gaps, "ended": self.ended}


class Listener(asyncio.Protocol):
    """One stream."""

    def __init__(self, crowd: Crowd, request: bytes) -> None:
        self._crowd = crowd
        self._request = request
        self._kept = b""
        self.answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Ask."""
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Note when each event came; what is cut in two is put together."""
        now = time.time() * 1000
        text = self._kept + data
        if not self.answered.done() and (status := _STATUS.match(text)):
            self.answered.set_result(status[1].decode())
        end = 0
        for found in _EVENT.finditer(text):
            end = found.end()
            if found[2] == b"gap":
                self._crowd.gaps += 1
            else:
                self._crowd.heard[found[1].decode()].append(now)
        self._kept = text[max(end, len(text) - 200) :]

    def connection_lost(self, error: Exception | None) -> None:
        """It ended, whoever ended it."""
        self._crowd.ended += 1
        if not self.answered.done():
            self.answered.set_result("closed")


async def _open(crowd: Crowd, asked: dict[str, Any]) -> None:
    host, port, path = asked["host"], asked["port"], asked.get("path", "/api/v1/stream")
    gate, loop = asyncio.Semaphore(AT_ONCE), asyncio.get_running_loop()

    async def one(token: str) -> None:
        head = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"
        async with gate:
            try:
                _, listener = await loop.create_connection(lambda: Listener(crowd, head.encode()), host, port)
                crowd.told[await asyncio.wait_for(listener.answered, OPENING_SECONDS)] += 1
            except (OSError, TimeoutError) as error:
                crowd.told[type(error).__name__] += 1

    await asyncio.gather(*(one(token) for token in asked["tokens"]))


async def _lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=2**26)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def _main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd, lines = Crowd(), await _lines()
    await _open(crowd, json.loads(await lines.readline()))
    _say(crowd.told)
    while await lines.readline():
        _say(crowd.report())


if __name__ == "__main__":
    asyncio.run(_main())
