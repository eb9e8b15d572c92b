"""The ladder 提级: who has an order that nobody below could solve; and whistles 吹哨: departments called to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.words import ResultCode, Text


class Rung(StrEnum):
    """Who answers for an order now, the lowest first. A ladder names some of them; rungs may be skipped."""

    CREW = "crew"
    """Whoever takes it, or is asked to."""
    DUTY = "duty"
    """The duty officer."""
    DESK = "desk"
    """Dispatchers and the secretary."""
    BLOCK_CHIEF = "block_chief"
    """The chief of a block 街区长 and their deputies."""
    CHIEF_OF_BLOCKS = "chief_of_blocks"
    """The chief of all blocks 总区长, and in the same step the departments."""


OF_BLOCKS = frozenset({Rung.BLOCK_CHIEF.value, Rung.CHIEF_OF_BLOCKS.value})
"""The rungs of chiefs."""


class EscalationReason(StrEnum):
    """Why an order went up."""

    UNSERVED = "unserved"
    """Nobody took it."""
    STILL_UNSERVED = "still_unserved"
    """It came up because nobody took it, and in the time of that rung nobody did."""
    OVERDUE = "overdue"
    """It was not solved in its time."""
    STRIKES = "strikes"
    """Three reworks or returns."""
    UNSIGNED = "unsigned"
    """A department that was called did not sign in in its time."""
    BEYOND_US = "beyond_us"
    """Those who had it cannot solve it."""
    JOINT = "joint"
    """Several departments have to act together."""
    DANGER = "danger"
    """It cannot wait."""


class WhistleStatus(StrEnum):
    """Where a whistled department stands."""

    WHISTLED = "whistled"
    SIGNED_IN = "signed_in"
    CONTACTED = "contacted"
    REPORTED = "reported"
    RETURNED = "returned"


OPEN_WHISTLES = frozenset({WhistleStatus.WHISTLED, WhistleStatus.SIGNED_IN, WhistleStatus.CONTACTED})
"""In these a department is still to do something."""


class WhistleStep(StrEnum):
    """What a department has to do within its limit: sign in, make first contact, report."""

    SIGN_IN = "sign_in"
    CONTACT = "contact"
    REPORT = "report"


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """One step up: from ``before`` to ``rung``. ``by_role``: staff, chief or system.

    ``round``: in which round nobody had taken it, where it goes up for that until somebody does; else 0.
    """

    at: datetime
    before: Rung
    rung: Rung
    reason: EscalationReason
    by_role: str
    round: int = 0


@dataclass(frozen=True, kw_only=True)
class Whistle:
    """One department (or contracted company: a team) called to one order.

    ``count`` is the how-manieth whistle to this team in this order, from 1. ``leads`` are the members who may answer
    for it, ``by`` is the account that whistled (None: the order's own rules did). All limits run from the whistle.
    ``stood_still``: so many minutes the order was done or merged meanwhile, by which the limits are later.
    ``warned`` and ``overdue`` name the steps that were told to be near, and told to be missed.
    """

    team: str
    name: Text
    count: int
    leads: tuple[str, ...]
    by: str | None
    status: WhistleStatus
    whistled_at: datetime
    sign_in_by: datetime
    contact_by: datetime
    report_by: datetime
    signed_in_at: datetime | None = None
    contacted_at: datetime | None = None
    reported_at: datetime | None = None
    returned_at: datetime | None = None
    result: ResultCode | None = None
    reason_code: str | None = None
    warned: tuple[WhistleStep, ...] = ()
    overdue: tuple[WhistleStep, ...] = ()
    stood_still: float = 0
