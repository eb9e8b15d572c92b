"""A request's body, read whole before any work begins: bounded in bytes and in time.

So a slow or endless client never holds a place among the requests in work, and the application sees a plain body of
known length, chunked or not.
"""

from io import BytesIO
from typing import Any

import eventlet
from eventlet.wsgi import ChunkReadError

BODY_SECONDS = 60.0


class BodyRefused(Exception):
    """The body will not be read to its end, so that the connection is of no more use."""

    def __init__(self, status: str, code: str, sentence: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.sentence = sentence


class _TooSlow(Exception):
    pass


def take_body(environ: dict[str, Any], limit: int, seconds: float = BODY_SECONDS) -> None:
    """Replace ``wsgi.input`` by the whole body; raises BodyRefused (400, 408, 413)."""
    try:
        with eventlet.Timeout(seconds, _TooSlow()):
            body = _read(environ, limit)
    except (_TooSlow, TimeoutError):
        raise BodyRefused("408 Request Timeout", "too-slow", "请求发送得太慢 / the request came too slowly") from None
    except (ChunkReadError, OSError):
        raise _malformed() from None
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def _read(environ: dict[str, Any], limit: int) -> bytes:
    encoding = environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    if encoding == "chunked":
        return _read_chunked(environ["wsgi.input"], limit)
    if encoding:
        raise _malformed()
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > limit:
        raise _too_large(limit)
    body: bytes = environ["wsgi.input"].read(length) if length else b""
    if len(body) < length:
        raise _malformed()
    return body


def _read_chunked(stream: Any, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    # No more than one byte over the limit is waited for.
    while part := stream.read(limit + 1 - size):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise _too_large(limit)
    return b"".join(parts)


def _too_large(limit: int) -> BodyRefused:
    sentence = f"内容太大,最多 {limit} 字节 / the body is too large: at most {limit} bytes"
    return BodyRefused("413 Content Too Large", "too-large", sentence)


def _malformed() -> BodyRefused:
    return BodyRefused(
        "400 Bad Request", "malformed-body", "请求内容不完整或格式不对 / the body is cut short or malformed"
    )
