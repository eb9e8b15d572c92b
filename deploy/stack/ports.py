"""Ports on this machine: which are free, and who holds one that is not."""

import os
import random
import socket
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from itertools import chain, islice

import psutil

from deploy.stack.failure import StackError

HOST = "127.0.0.1"
PORTS = range(1, 65_536)
SEARCHED = (20_000, 32_000)
BLOCKS = 24
"""Each process searches in one of so many blocks first: two that look at the same moment do not find the same port."""
MOST_CLAIMS = 256
_claims: deque[socket.socket] = deque()
"""What this process was given last: a part of a stack opens its port long after it was chosen, or leaves it a while."""


def is_free(port: int) -> bool:
    """Whether a server could listen on *port* of the loopback address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """*count* different ports that nobody holds now, below those that systems give to outgoing connections.

    Nobody else is given one of them as long as this process lives, unless it asks for very many more.
    """
    first, last = SEARCHED
    size = (last - first) // BLOCKS
    own = range(first, last)[os.getpid() % BLOCKS * size :][:size]
    others = [port for port in range(first, last) if port not in own]
    searched = chain(random.sample(own, size), random.sample(others, len(others)))
    return list(islice(filter(_claim, filter(is_free, searched)), count))


def _claim(port: int) -> bool:
    """Take the UDP port of the same number, which nothing here serves: a mark that ends with its process."""
    mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        mark.bind((HOST, port))
    except OSError:
        mark.close()
        return False
    _claims.append(mark)
    if len(_claims) > MOST_CLAIMS:
        _claims.popleft().close()
    return True


def listener(port: int) -> psutil.Process | None:
    """The process that listens on *port*, as far as this user may see."""
    with suppress(psutil.AccessDenied):
        for connection in psutil.net_connections("tcp"):
            local = connection.laddr
            if connection.status == psutil.CONN_LISTEN and local and local.port == port and connection.pid:
                with suppress(psutil.NoSuchProcess):
                    return psutil.Process(connection.pid)
    return None


def describe_holder(port: int) -> str:
    """Who holds *port*, in words for an error: name and process id, or a question mark."""
    process = listener(port)
    if process is None:
        return "?"
    with suppress(psutil.Error):
        return f"{process.name()}, pid {process.pid}"
    return f"pid {process.pid}"


def require_free(wanted: Mapping[str, int]) -> None:
    """Raise StackError naming the first port of *wanted* (part -> port) that is taken, and by whom."""
    for part, port in wanted.items():
        if not is_free(port):
            holder = describe_holder(port)
            raise StackError(
                f"端口 {port}({part})已被占用({holder}):请先停掉它,或用 ./shiliu up --port {part}=端口号 换一个",
                f"port {port} ({part}) is taken by {holder}: stop that, or choose another with"
                f" ./shiliu up --port {part}=NUMBER",
            )
