"""What is on file of a member beside what they can do: papers that staff saw, and from whom they are kept apart."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.dispatch import ApartReason, CheckKind, SaidBy

MOST_CHECKS = 50
"""Lines of staff's looks at papers; the oldest go first, what holds now stands in fields of its own."""
MOST_APART = 100
"""Members who are kept from more people than that are for staff to talk to."""
LONGEST_REST = timedelta(days=366)
"""Whoever is away for longer goes off duty without an end."""
MOST_A_WEEK = 50
"""Orders of one week that somebody may say they want."""
NEAREST, FARTHEST = 100, 50_000
"""Metres: a start is kept to about a hundred, and a community is never wider."""
MOST_AREAS = 30
SEVENTY = 70
"""Years. From then on an insurance has to say that it covers the age (product, point 24)."""


@dataclass(frozen=True)
class Credential:
    """A paper by its code; ``valid_until`` is its last day, None without end."""

    code: str
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """One look of staff at a paper: who, when, and until when it holds; ``until`` None: it does not hold (any more)."""

    at: datetime
    by: str
    """The account of staff who saw it."""
    kind: CheckKind
    code: str | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Apart:
    """The member is not sent to somebody: ``other`` is a person or an account, never a name.

    Nobody but whoever said it is ever told: not the other side, no event, no count of its own. Nothing is typed, so
    that nothing has to be sealed. ``ticket_id`` is the order by which they met, for whoever said it to know it again;
    ``by`` is their account.
    """

    other: str
    said_by: SaidBy
    by: str
    at: datetime
    ticket_id: str
    number: str = ""
    """The order's number, as people know it."""
    reason: ApartReason | None = None
    """Of staff alone."""

    def is_like(self, other: "Apart") -> bool:
        """The same said by the same, of whichever order."""
        return (self.other, self.said_by, self.by) == (other.other, other.said_by, other.by)
