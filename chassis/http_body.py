"""A request's body, read whole before any work begins: bounded in bytes and in time.

So a slow or endless client never holds a place among the requests in work, and the application sees a plain body of
known length, chunked or not.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import eventlet
from eventlet.wsgi import ChunkReadError

from chassis.http_chunks import Chunks

PART = 16_384
Hold = Callable[[int], bool]
"""Is there room for so many bytes more? Then they are held."""


class BodyRefused(Exception):
    """The body will not be read to its end, so that the connection is of no more use."""

    def __init__(self, status: str, code: str, sentence: str, *headers: tuple[str, str]) -> None:
        super().__init__(code)
        self.headers = headers
        self.status = status
        self.code = code
        self.sentence = sentence


class Budget:
    """Bytes of bodies that may be held at once, so that many large ones at a time fill nobody's memory."""

    def __init__(self, size: int) -> None:
        self._free = size

    def take(self, size: int) -> bool:
        """Are *size* bytes free? Then they are taken, until they are given back."""
        if size > self._free:
            return False
        self._free -= size
        return True

    def give_back(self, size: int) -> None:
        """They are free again."""
        self._free += size


class _TooSlow(Exception):
    pass


def take_body(environ: dict[str, Any], limit: int, seconds: float, hold: Hold = lambda _size: True) -> None:
    """Replace ``wsgi.input`` by the whole body; raises BodyRefused (400, 408, 413, 503 where *hold* says no)."""
    try:
        with eventlet.Timeout(seconds, _TooSlow()):
            body = _read(environ, limit, hold)
    except (_TooSlow, TimeoutError):
        raise BodyRefused("408 Request Timeout", "too-slow", "请求发送得太慢 / the request came too slowly") from None
    except (ChunkReadError, OSError):
        raise _malformed() from None
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def announced(environ: dict[str, Any]) -> int | None:
    """Bytes that the request says it brings; None: in chunks, so that nobody knows."""
    return None if "HTTP_TRANSFER_ENCODING" in environ else int(environ.get("CONTENT_LENGTH") or 0)


def _read(environ: dict[str, Any], limit: int, hold: Hold) -> bytes:
    length = announced(environ)
    if length == 0:
        return b""
    if length is not None and length > limit:
        raise _too_large(limit)
    source = environ["wsgi.input"]
    if length is None:
        # Of chunks no more than one byte over the limit is waited for.
        body = b"".join(_parts(Chunks(source), limit + 1, hold))
    else:
        body = b"".join(_parts(source, length, hold))
    if len(body) > limit:
        raise _too_large(limit)
    if length is not None and len(body) < length:
        raise _malformed()
    return body


def _parts(stream: Any, left: int, hold: Hold) -> Iterator[bytes]:
    """The body in parts; room for each is held before it is waited for."""
    room = 0
    while left:
        size = min(left, PART)
        if room < size and not hold(size - room):
            raise BodyRefused(
                "503 Service Unavailable",
                "too-busy",
                "现在人太多了 / too many requests right now",
                ("Retry-After", "1"),
            )
        room = max(room, size)
        part = stream.read(size)
        if not part:
            return
        room -= len(part)
        left -= len(part)
        yield part


def _too_large(limit: int) -> BodyRefused:
    sentence = f"内容太大,最多 {limit} 字节 / the body is too large: at most {limit} bytes"
    return BodyRefused("413 Content Too Large", "too-large", sentence)


def _malformed() -> BodyRefused:
    return BodyRefused(
        "400 Bad Request", "malformed-body", "请求内容不完整或格式不对 / the body is cut short or malformed"
    )
