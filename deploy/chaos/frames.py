"""What a wire understands of the bytes it carries: where a frame ends, and how a client calls its connection."""

from typing import Literal

Kind = Literal["amqp", "mongo"]

NAME_FIELD = b"connection_name"
AMQP_AROUND = 8
"""Seven bytes before the payload of an AMQP 0-9-1 frame, one after it."""


def first_frame(kind: Kind, data: bytes) -> int:
    """How much of *data* belongs to the frame it begins with, as far as that can be told.

    AMQP 0-9-1, 2.3.5: type, channel, size of the payload (octets 3 to 6), payload, end. MongoDB's wire protocol: the
    whole message's size first, as a little-endian int32.
    """
    if kind == "amqp":
        stated = int.from_bytes(data[3:7], "big") + AMQP_AROUND if len(data) >= 7 else 0
    else:
        stated = int.from_bytes(data[:4], "little") if len(data) >= 4 else 0
    return stated if 0 < stated < len(data) else len(data)


def connection_name(said: bytes) -> str | None:
    """The name in the client properties of the first bytes *said* by an AMQP client; None before it is whole."""
    at = said.find(NAME_FIELD)
    begin = at + len(NAME_FIELD) + 5  # the type (S: a long string) and its length
    if at < 0 or len(said) < begin:
        return None
    length = int.from_bytes(said[begin - 4 : begin], "big")
    return said[begin : begin + length].decode(errors="replace") if len(said) >= begin + length else None
