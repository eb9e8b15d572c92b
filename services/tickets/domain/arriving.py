"""How it shows that whoever took a seat came: the door word, a code, or one point that is compared and forgotten."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hmac import compare_digest

from contracts.errors import Conflict
from contracts.words import Text
from services.tickets.domain.area import Area
from services.tickets.domain.coordinates import Place, metres_between
from services.tickets.domain.outline import metres_outside
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import WrongTries

NEAR_METRES = 100.0
"""Within so far of the place somebody counts as there (design, section 6)."""
MOST_WRONG = 5
"""So often one seat may be shown a wrong word or code; then other ways are left, the bare word among them."""
CODE_SECONDS = 600
"""A code is shown for so long, and holds as long again: whoever reads it out need not hurry. Real time."""
CODE_DIGITS = 6


@dataclass(frozen=True)
class CodeWindow:
    """One stretch of real time in which one code is shown."""

    number: int

    @classmethod
    def at(cls, moment: datetime) -> "CodeWindow":
        """The one that *moment* lies in."""
        return cls(int(moment.timestamp()) // CODE_SECONDS)

    @property
    def before(self) -> "CodeWindow":
        """The one before it, whose code still holds."""
        return CodeWindow(self.number - 1)

    @property
    def until(self) -> float:
        """When its code is shown no more, as a POSIX time."""
        return float((self.number + 1) * CODE_SECONDS)


def code_of(digest: str) -> str:
    """The code that stands for a keyed digest (hex)."""
    return f"{int(digest, 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def same(said: str, known: str) -> bool:
    """Is it the same word or code, however it was typed? Takes as long for every wrong one."""
    return compare_digest(_plain(said).encode(), _plain(known).encode())


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def wrong_tries(ticket: Ticket, assignment_id: str) -> int:
    """How often this seat was shown a wrong word or code."""
    return next((one.count for one in ticket.wrong_tries if one.assignment_id == assignment_id), 0)


def with_wrong_try(ticket: Ticket, assignment_id: str) -> Ticket:
    """One more of them."""
    others = tuple(one for one in ticket.wrong_tries if one.assignment_id != assignment_id)
    mine = WrongTries(assignment_id=assignment_id, count=wrong_tries(ticket, assignment_id) + 1)
    return replace(ticket, wrong_tries=(*others, mine))


def must_have_tries(ticket: Ticket, assignment_id: str) -> None:
    """Raises Conflict ``too-many-tries``: a word of two characters could be found by trying."""
    if wrong_tries(ticket, assignment_id) >= MOST_WRONG:
        raise Conflict(
            "too-many-tries",
            Text(
                "试错太多次了,请换一种方式,或直接报到场",
                "too many wrong tries: show it in another way, or just say that you are there",
            ),
        )


def is_near(place: Place, tapped: Mapping[str, float] | None, area: Area | None) -> bool | None:
    """Does *place* lie within 100 m of where the order is? None where nobody knows that well enough.

    The point tapped on the map decides, else the house: its outline, else its middle. A grid is too wide to say.
    """
    if tapped is not None:
        return metres_between(place, Place(tapped["longitude"], tapped["latitude"])) <= NEAR_METRES
    if area is None or len(area.path) <= len(area.grid_path):
        return None
    if area.outline:
        return metres_outside(area.outline, place) <= NEAR_METRES
    if area.centroid is None:
        return None
    return metres_between(place, Place(area.centroid.lon, area.centroid.lat)) <= NEAR_METRES
