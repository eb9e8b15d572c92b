"""Somebody's server that webhooks are delivered to: ``python -m tests.bench.fanout.receiver``.

Says at which port it listens, takes every POST with 204, and for each line read says how many it took so far and when
the first and the last of them came, in seconds since 1970.
"""

import asyncio
import json
import sys
import time

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
END = b"\r\n\r\n"


class Counted:
    """What came."""

    def __init__(self) -> None:
        self.count = 0
        self.first = 0.0
        self.last = 0.0

    def take(self) -> None:
        """One more."""
        self.last = time.time()
        self.first = self.first or self.last
        self.count += 1


async def _serve(counted: Counted, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(END):
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
            await reader.readexactly(int(fields.get(b"content-length", b"0")))
            counted.take()
            writer.write(ANSWER)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _main() -> None:
    counted, loop = Counted(), asyncio.get_running_loop()
    server = await asyncio.start_server(lambda reader, writer: _serve(counted, reader, writer), "127.0.0.1", 0)
    _say({"port": server.sockets[0].getsockname()[1]})
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        _say({"count": counted.count, "first": counted.first, "last": counted.last})


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_main())
