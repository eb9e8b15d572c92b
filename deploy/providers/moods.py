"""How a played provider answers: as it should, or as providers do on their bad days."""

from enum import StrEnum


class Mood(StrEnum):
    """One way of answering."""

    OK = "ok"
    THROTTLED = "throttled"
    """An error around which HTTP says 200: too much at once. By mail 451."""
    REFUSED = "refused"
    """This number, openid or address will never be served. By mail 550."""
    GARBAGE = "garbage"
    """200, and nothing that anybody understands."""
    HANG = "hang"
    """Takes what is sent and answers when nobody waits any more."""
    DOWN = "down"
    """503. By mail 421."""


HANG_SECONDS = 60.0
