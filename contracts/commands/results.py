"""Commands about results, callbacks, and answers that were not satisfied. Answered by tickets."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.tickets import TicketCommand
from contracts.results import GivenResult
from contracts.words import Answer


@dataclass(frozen=True, kw_only=True)
class RecordCallback(TicketCommand):
    """Staff who neither completed it nor were of the crew asked how it went, by a call or a visit.

    Where somebody was ``reached``, ``answer`` and ``solved`` say what they said, and an order that was completed closes
    by it; where nobody was, the try is counted and the call stays owed. ``note`` is private.
    """

    METHOD: ClassVar[str] = "record_callback"
    ticket_id: str
    reached: bool
    answer: Answer | None = None
    solved: bool | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExplainTicket(TicketCommand):
    """Staff above explain to somebody who was not satisfied why it stays as it is; ``note`` is private."""

    METHOD: ClassVar[str] = "explain_ticket"
    ticket_id: str
    reason_code: str
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerAgain(GivenResult, TicketCommand):
    """Staff say what became of what was planned; the requester is asked anew. ``note`` is private."""

    METHOD: ClassVar[str] = "answer_again"
    ticket_id: str
    note: str | None = None
