"""Bodies of the events about public answers, for samples and tests."""

from typing import Any

from contracts.events.public_answers import (
    TicketAnswerAgreed,
    TicketAnswerPublished,
    TicketAnswerWithdrawn,
    TicketAnswerWritten,
)
from contracts.talk import Side

PUBLIC_ANSWER_BODIES: tuple[Any, ...] = (
    TicketAnswerWritten(version=1),
    TicketAnswerAgreed(version=1),
    TicketAnswerPublished(version=1),
    TicketAnswerWithdrawn(side=Side.REQUESTER),
)
