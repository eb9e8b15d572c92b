"""The words of a visit: how it is known that somebody came, and how it ended."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Evidence(IntEnum):
    """How well it is known that whoever took a seat stood there: the smaller, the better. It is kept with the seat.

    Nothing better than one's word is ever asked for, and no seat is refused for a lower grade: it only says how much a
    record rests on. Source: product.md 8 (the word typed after the nod is grade 2), 18 (one point, compared once) and
    24 (the paper sheet is grade 3); a code that only the place can give is better than a word that was told before.
    """

    CODE = 1
    """The short code shown at the place or on the requester's page: whoever comes cannot know it elsewhere."""
    SHOWN = 2
    """The door word, typed after they nodded; or the one point that was compared lay within 100 m of the place."""
    STAFF = 3
    """Staff wrote it down later, from a paper sheet or a call."""
    WORD = 4
    """Their own word."""


class VisitResult(StrEnum):
    """How a visit ended that did not do the work. One that did is told as the order's completion, with its result."""

    NOBODY_ANSWERED = "nobody_answered"
    REFUSED = "refused"
    """Whoever opened did not want it (any more): a dispatcher asks and decides."""
    BEYOND_ME = "beyond_me"
    """It takes somebody who can do more; no blame to whoever says so."""
    DANGER_HERE = "danger_here"


class LinkKind(StrEnum):
    """How one order came of another."""

    CHECK = "check"
    """Nobody answered the door: somebody looks at once whether all is well."""
    FOLLOW_UP = "follow_up"
    """Whoever was there saw what else is needed."""


@dataclass(frozen=True)
class OrderLink:
    """The other side of a link between two orders."""

    kind: LinkKind
    ticket_id: str
