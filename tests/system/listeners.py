"""Very many who ask for a stream at once: one connection each, kept open whatever the answer was.

Run as a process of its own, ``python -m tests.system.listeners URL TOKEN COUNT PATIENCE``: the tests' own loop looks at
every connection at every turn. It says what was told, and keeps the connections until its stdin ends.
"""

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

AT_ONCE = 100
OTHER_FILES = 300
"""That this process has open, or may need."""


@dataclass
class Crowd:
    """The connections, and what each was told."""

    url: str
    token: str
    told: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def gather(self, count: int, patience: float) -> None:
        """Ask *count* times and keep all connections; TimeoutError when not all are answered in *patience* seconds.

        So many ask at once that the gateway is busy, and not so many that they wait longer than a head may take.
        """
        gate = asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with gate:
                await self._listen()

        async with asyncio.timeout(patience):
            await asyncio.gather(*(one() for _ in range(count)))

    def report(self) -> str:
        """What was told how often, and in how many seconds half of them and all of them had their answers."""
        ranked = sorted(self.seconds)
        return json.dumps({"told": self.told, "half": round(ranked[len(ranked) // 2], 2), "all": round(ranked[-1], 2)})

    async def _listen(self) -> None:
        began, address = time.monotonic(), urlsplit(self.url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        self.writers.append(writer)
        head = f"GET /api/v1/stream HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        writer.write(head.encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).decode()
        status = answer.split(" ", 2)[1]
        self.told[f"{status} Retry-After" if "\r\nRetry-After: " in answer else status] += 1
        self.seconds.append(time.monotonic() - began)


def as_many_as(wanted: int) -> int:
    """*wanted*, or as many connections as this process may have open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(wanted, soft - OTHER_FILES)


async def _main(url: str, token: str, count: str, patience: str) -> None:
    crowd = Crowd(url, token)
    await crowd.gather(int(count), float(patience))
    sys.stdout.write(crowd.report() + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
