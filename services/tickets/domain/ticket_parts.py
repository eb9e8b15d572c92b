"""The small parts that an order is made of, beside what everybody may know of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.events.ticket_snapshot import TicketTimes
from contracts.words import Answer, ClosedBy


@dataclass(frozen=True, kw_only=True)
class Windows:
    """How many days after completion silence confirms, or somebody must call (the community's, frozen)."""

    silence_days: float
    callback_days: float


@dataclass(frozen=True, kw_only=True)
class DelegateAct:
    """What a delegate did with an order, for everybody whom the delegation concerns to read."""

    at: datetime
    account_id: str
    action: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said of an order that was closed, before it was opened again for another: it holds."""

    by: ClosedBy | None
    answer: Answer | None
    resolved: bool | None


def with_answer(times: TicketTimes, now: datetime) -> TicketTimes:
    """*times* of an order that somebody has at last; the first time counts."""
    return replace(times, responded_at=times.responded_at or now)
