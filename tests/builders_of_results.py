"""Bodies of the events about results, for samples and tests."""

from typing import Any

from contracts.events.results import (
    TicketAnswerDue,
    TicketAnsweredAgain,
    TicketCallbackRecorded,
    TicketExplained,
    TicketReviewDue,
)
from contracts.words import Answer, ResultCode

RESULT_BODIES: tuple[Any, ...] = (
    TicketCallbackRecorded(reached=True, answer=Answer.UNSATISFIED, solved=False),
    TicketReviewDue(),
    TicketExplained(reason_code="private_property"),
    TicketAnswerDue(),
    TicketAnsweredAgain(result=ResultCode.SOLVED),
)
