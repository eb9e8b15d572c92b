"""What tickets tells of public answers 民呼我应; their words are in no event."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events.tickets import TicketEvent
from contracts.talk import Side


@dataclass(frozen=True, kw_only=True)
class TicketAnswerWritten(TicketEvent):
    """Staff wrote a public answer, or changed it; ``version`` grows with each change of its words."""

    TYPE: ClassVar[str] = "shiliu.ticket.answer_written.v1"
    version: int


@dataclass(frozen=True, kw_only=True)
class TicketAnswerAgreed(TicketEvent):
    """Whoever ordered agreed that these very words are published."""

    TYPE: ClassVar[str] = "shiliu.ticket.answer_agreed.v1"
    version: int


@dataclass(frozen=True, kw_only=True)
class TicketAnswerPublished(TicketEvent):
    """Somebody above approved the words: everybody can read them."""

    TYPE: ClassVar[str] = "shiliu.ticket.answer_published.v1"
    version: int


@dataclass(frozen=True, kw_only=True)
class TicketAnswerWithdrawn(TicketEvent):
    """The public answer is gone, by the wish of whoever ordered or by staff."""

    TYPE: ClassVar[str] = "shiliu.ticket.answer_withdrawn.v1"
    side: Side


PUBLIC_ANSWER_EVENTS: tuple[type[TicketEvent], ...] = (
    TicketAnswerWritten,
    TicketAnswerAgreed,
    TicketAnswerPublished,
    TicketAnswerWithdrawn,
)
