"""The words of a visit: how it is known that somebody came, and how it ended."""

from enum import IntEnum


class Evidence(IntEnum):
    """How well it is known that whoever took a seat stood there: the smaller, the better. It is kept with the seat.

    Nothing better than one's word is ever asked for, and no seat is refused for a lower grade: it only says how much a
    record rests on. The order is the design's (section 6, "graded evidence") and product.md, 8, 18 and 24: first what
    somebody else at the place gave, then what a phone or a code shows, then what staff copied from paper, then a word.
    """

    PLACE = 1
    """Given by whoever is there: the door word after they nodded, or the short code of the place or the page."""
    NEAR = 2
    """The one point that was compared lay within 100 m of the place; the point itself is kept nowhere."""
    STAFF = 3
    """Staff wrote it down later, from a paper sheet or a call."""
    WORD = 4
    """Their own word."""
