"""Pings in a process of their own: ``python -m tests.bench.fanout.pinging HOST PORT``, by turns on a kept connection
and on a new one. Each line read is the name of what begins now; at the end of input it says how long each ping took.
"""

import json
import select
import socket
import sys
import time
from collections import defaultdict

EVERY_SECONDS = 0.01
PATIENCE = 30.0
REQUEST = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"


class Pinger:
    """One client."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._kept = self._connect()

    def kept(self) -> float:
        """Seconds of one ping on the connection that is open."""
        begun = time.perf_counter()
        _ask(self._kept)
        return time.perf_counter() - begun

    def anew(self) -> float:
        """Seconds of one ping with all it takes to connect."""
        begun = time.perf_counter()
        with self._connect() as connection:
            _ask(connection)
        return time.perf_counter() - begun

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(self._address, PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def _ask(connection: socket.socket) -> None:
    connection.sendall(REQUEST)
    answer = b""
    while b"alive" not in answer:
        more = connection.recv(4_096)
        if not more:
            raise ConnectionError("the gateway closed the connection")
        answer += more


def _main(host: str, port: str) -> None:
    pinger, name = Pinger(host, int(port)), "before"
    took: dict[str, list[float]] = defaultdict(list)
    number = 0
    while True:
        readable, _, _ = select.select([sys.stdin], [], [], EVERY_SECONDS)
        if readable:
            line = sys.stdin.readline()
            if not line:
                break
            name = line.strip()
        took[name].append(pinger.anew() if number % 2 else pinger.kept())
        number += 1
    sys.stdout.write(json.dumps(took) + "\n")


if __name__ == "__main__":
    _main(*sys.argv[1:])
