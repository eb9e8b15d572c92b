"""A client that can misbehave: bytes in, bytes out."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """A response as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=15)
        self._left = b""

    def send(self, text: str | bytes) -> None:
        """Send bytes as they are."""
        self.sock.sendall(text.encode() if isinstance(text, str) else text)

    def get(self, path: str) -> Answer:
        """One GET on this connection."""
        self.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
        return self.answer()

    def answer(self) -> Answer:
        """The next response, with a body of known length or to the end of its chunks."""
        head = self.until(b"\r\n\r\n").decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        if headers.get("transfer-encoding") == "chunked":
            body = b"".join(self.chunks())
        else:
            body = self.exactly(int(headers.get("content-length", 0)))
        return Answer(int(head[0].split()[1]), headers, body)

    def chunks(self) -> Iterator[bytes]:
        """The chunks of a response as they come."""
        while size := int(self.until(b"\r\n"), 16):
            yield self.exactly(size)
            self.exactly(2)
        self.exactly(2)

    def until(self, mark: bytes) -> bytes:
        """Read up to and with *mark*; AssertionError when the other side closes first."""
        while mark not in self._left:
            self._more()
        found, _, self._left = self._left.partition(mark)
        return found + mark

    def exactly(self, size: int) -> bytes:
        """Read *size* bytes."""
        while len(self._left) < size:
            self._more()
        found, self._left = self._left[:size], self._left[size:]
        return found

    def closed(self, seconds: float) -> bool:
        """Does the other side close within *seconds*?"""
        self.sock.settimeout(seconds)
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                if not self.sock.recv(65_536):
                    return True
        except TimeoutError:
            return False
        except OSError:
            return True
        return False

    def _more(self) -> None:
        part = self.sock.recv(65_536)
        assert part, f"closed after {self._left!r}"
        self._left += part


@contextmanager
def client(port: int) -> Iterator[Client]:
    """A connection, closed afterwards."""
    one = Client(port)
    try:
        yield one
    finally:
        one.sock.close()
