"""Pictures of the story: plain colour fields, drawn here, so that nobody and nothing real is shown."""

import struct
import zlib

WIDTH, HEIGHT = 96, 72
_SIGNATURE = b"\x89PNG\r\n\x1a\n"

Colour = tuple[int, int, int]


def picture(above: Colour, below: Colour) -> bytes:
    """A PNG of two fields of colour (ISO/IEC 15948: one unfiltered row after the other)."""
    rows = (bytes([0, *(above if row < HEIGHT // 2 else below) * WIDTH]) for row in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
