"""The small parts that an order is made of, beside what everybody may know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.cash import CashSide, SlipStep
from contracts.events.ticket_snapshot import TicketTimes
from contracts.results import Review, ReviewState
from contracts.words import Answer, ClosedBy


@dataclass(frozen=True, kw_only=True)
class Windows:
    """How many days after completion silence confirms, or somebody must call (the community's, frozen).

    So many ``callback_days`` staff above have for an answer that was not satisfied, too; an order that is closed may be
    reopened for ``reopen_days``.
    """

    silence_days: float
    callback_days: float
    reopen_days: float = 15


@dataclass(frozen=True, kw_only=True)
class DelegateAct:
    """What a delegate did with an order, for everybody whom the delegation concerns to read."""

    at: datetime
    account_id: str
    action: str


@dataclass(frozen=True, kw_only=True)
class WrongTries:
    """How often the holder of a seat showed a wrong door word or code; what they showed is kept nowhere."""

    assignment_id: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said of an order that was closed, before it was opened again for another: it holds."""

    by: ClosedBy | None
    answer: Answer | None
    resolved: bool | None


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A cash slip without its sums, which are private; ``said_by`` is whose word its step is, and who confirms none."""

    number: int
    step: SlipStep
    waits_for: CashSide | None
    said_by: str


@dataclass(frozen=True, kw_only=True)
class DoneAgain:
    """The order that this one was done with is done once more for another: in which turn of it, and when it was over.

    Nobody is asked how it went meanwhile.
    """

    turn: int
    over_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Inherited:
    """By when one of the orders that this one is done for has to be solved, and when that is warned of."""

    ticket_id: str
    resolve_warn_at: datetime
    resolve_by: datetime
    resolve_in_working_time: bool = False


@dataclass(frozen=True, kw_only=True)
class Renewed:
    """A new time to solve an order, begun by a rework after the one of its ordering was over.

    ``since`` is when it began, ``promised_by`` by when it was promised at ordering; ``missed``: that this time is over
    was told, too.
    """

    since: datetime
    promised_by: datetime
    missed: bool = False


def with_answer(times: TicketTimes, now: datetime) -> TicketTimes:
    """*times* of an order that somebody has at last; the first time counts."""
    return replace(times, responded_at=times.responded_at or now)


def answered_by_going_again(review: Review | None) -> Review | None:
    """Who was not satisfied has the answer of staff above: it is done once more."""
    if review is None or review.state is not ReviewState.OPEN:
        return review
    return replace(review, state=ReviewState.REWORKED)


NO_RESULT: Mapping[str, Any] = {
    "result": None,
    "particulars": None,
    "next_answer_at": None,
    "answer_told": False,
    "completed_by": None,
    "evidence": (),
    "without_evidence": None,
}
"""Of an order that goes on."""
ASKED_ANEW: Mapping[str, Any] = {
    "answer": None,
    "closed_by": None,
    "resolved": None,
    "called_back": False,
    "calls": 0,
    "called": None,
    "review": None,
    "again": None,
}
"""Of an order that was completed just now: nobody has said anything of it yet."""
