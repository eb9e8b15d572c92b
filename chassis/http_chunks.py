"""A request's body that comes in chunks (RFC 9112, 7.1), read to the letter.

Stock eventlet reads ``+5``, ``0x5``, ``1_0`` and ``-1`` as sizes, does not look at what ends a chunk, and waits for
the end of a line however long it gets: another server would find other requests in the same bytes, and memory would
have no bound.
"""

import re
from typing import Any

from eventlet.wsgi import ChunkReadError

LONGEST_LINE = 1_024
"""Bytes of a chunk's size with what may stand beside it, or of one trailer."""
MOST_TRAILERS = 32
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})(?:[ \t]*;[^\r\n\0]*)?\r\n")
_TRAILER = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\r\n\0]*\r\n")


class Chunks:
    """The body behind *source*, eventlet's own input; ``read`` gives at most so many bytes, none at the end."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._file = source.rfile
        self._left = -1
        """Bytes of this chunk that have not come; -1: before the first."""

    def read(self, size: int) -> bytes:
        """The next bytes of one chunk; raises ChunkReadError, OSError."""
        if self._left < 0:
            self._begin()
        if not self._left:
            return b""
        part: bytes = self._file.read(min(size, self._left))
        if not part:
            raise ChunkReadError("the body is cut short")
        self._left -= len(part)
        if not self._left:
            if self._file.read(2) != b"\r\n":
                raise ChunkReadError("a chunk is longer than it says")
            self._next()
        return part

    def _begin(self) -> None:
        if self._source.should_send_hundred_continue:
            self._source.send_hundred_continue_response()
            self._source.is_hundred_continue_response_sent = True
        self._next()

    def _next(self) -> None:
        found = _SIZE.fullmatch(self._line())
        if found is None:
            raise ChunkReadError("this is no size of a chunk")
        self._left = int(found[1], 16)
        if not self._left:
            self._end()

    def _end(self) -> None:
        for _ in range(MOST_TRAILERS + 1):
            line = self._line()
            if line == b"\r\n":
                # Else eventlet would look for more of it in the next request.
                self._source.chunk_length = 0
                return
            if _TRAILER.fullmatch(line) is None:
                break
        raise ChunkReadError("what follows the last chunk is no trailer")

    def _line(self) -> bytes:
        line: bytes = self._file.readline(LONGEST_LINE)
        return line
