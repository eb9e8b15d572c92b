"""What tickets tells of results and of what people said of them; see contracts/results.py for the words."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events.tickets import TicketEvent
from contracts.words import Answer, ResultCode


@dataclass(frozen=True, kw_only=True)
class TicketCallbackRecorded(TicketEvent):
    """Somebody who had no part in it called or came; ``answer`` and ``solved`` are None where nobody was reached."""

    TYPE: ClassVar[str] = "shiliu.ticket.callback_recorded.v1"
    reached: bool
    answer: Answer | None = None
    solved: bool | None = None


@dataclass(frozen=True, kw_only=True)
class TicketReviewDue(TicketEvent):
    """Somebody was not satisfied, and staff above have neither sent people again nor explained it in time."""

    TYPE: ClassVar[str] = "shiliu.ticket.review_due.v1"


@dataclass(frozen=True, kw_only=True)
class TicketExplained(TicketEvent):
    """Staff above explained to somebody who was not satisfied why it stays as it is."""

    TYPE: ClassVar[str] = "shiliu.ticket.explained.v1"
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class TicketAnswerDue(TicketEvent):
    """The day has come by which the requester was promised to hear again of what was planned."""

    TYPE: ClassVar[str] = "shiliu.ticket.answer_due.v1"


@dataclass(frozen=True, kw_only=True)
class TicketAnsweredAgain(TicketEvent):
    """Staff said what became of what was planned: the result is another one, or the day is."""

    TYPE: ClassVar[str] = "shiliu.ticket.answered_again.v1"
    result: ResultCode


RESULT_EVENTS: tuple[type[TicketEvent], ...] = (
    TicketCallbackRecorded,
    TicketReviewDue,
    TicketExplained,
    TicketAnswerDue,
    TicketAnsweredAgain,
)
