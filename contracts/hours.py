"""The words of the two ledgers: 志愿服务时长 hours (unpaid, freely accepted) and 工作量 workload (all else)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Ledger(StrEnum):
    """In which of the two a piece of work stands; never in both."""

    HOURS = "hours"
    """志愿服务时长: unpaid, freely accepted, for nothing (民政部令第67号 art. 19 keeps everything else out)."""
    WORKLOAD = "workload"
    """工作量: duty, contracted, paid, for a low fee. No sheet of hours reads it."""


class EntryState(StrEnum):
    """Where one entry stands."""

    MISSING = "missing"
    """The work was done, but nobody checked in: no time can be said of it yet."""
    RECORDED = "recorded"
    """On record; whoever served can still ask for a correction before it is taken as agreed."""
    CONFIRMED = "confirmed"
    """Ten working days went by and nobody asked for anything else."""
    DISPUTED = "disputed"
    """A correction was asked for and is not decided yet."""


class Ending(StrEnum):
    """How it is known when somebody's time ended."""

    LEFT = "left"
    """They checked out."""
    COMPLETED = "completed"
    """The order was reported done and they had not checked out."""
    LET_GO = "let_go"
    """Their seat was freed while they were there."""
    CAPPED = "capped"
    """Nobody checked out for so long that only the longest time counts that is believed without it."""
    SAID = "said"
    """Staff entered it, from a paper sheet or in a correction."""


class Cause(StrEnum):
    """Why a line was written."""

    SERVICE = "service"
    """Check-in and check-out of the work itself."""
    AGAIN = "again"
    """The same people went once more (rework), or news of the work came late."""
    ASKED = "asked"
    """Whoever served asked for a correction."""
    PUT_RIGHT = "put_right"
    """Staff put it right unasked."""
    PAPER = "paper"
    """Entered later from a paper sign-in sheet."""


class AskState(StrEnum):
    """What became of a correction somebody asked for."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class Wanting(StrEnum):
    """What staff have to see to before a time limit."""

    TIMES = "times"
    """Nobody checked in: the limit for recording comes near."""
    TIMES_LATE = "times_late"
    """The limit for recording has passed."""
    DECISION = "decision"
    """A correction waits for a decision longer than it may."""


BEST_GRADE, PAPER_GRADE, WORST_GRADE = 1, 3, 4
"""How good the evidence of somebody's being there is: 1 best; a paper sheet 3; the member's own word alone 4."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """From check-in to check-out, UTC; travel is not in it."""

    began: datetime
    ended: datetime
    ending: Ending
    grade: int = WORST_GRADE
