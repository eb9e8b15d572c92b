"""Commands and reads of public answers 民呼我应. Answered by tickets."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.tickets import TicketCommand
from contracts.words import Given


@dataclass(frozen=True, kw_only=True)
class WritePublicAnswer(TicketCommand):
    """Staff put the question and its answer in their own words, without anything that tells who asked."""

    METHOD: ClassVar[str] = "write_public_answer"
    ticket_id: str
    question: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class AgreeToPublicAnswer(TicketCommand):
    """Whoever ordered agrees that these very words are published: ``version`` is the one that they have read.

    Staff enter it for somebody who signed or was called: ``given`` says how.
    """

    METHOD: ClassVar[str] = "agree_to_public_answer"
    ticket_id: str
    version: int
    given: Given = Given.TAP


@dataclass(frozen=True, kw_only=True)
class ApprovePublicAnswer(TicketCommand):
    """A dispatcher who did not write it publishes the words of this version."""

    METHOD: ClassVar[str] = "approve_public_answer"
    ticket_id: str
    version: int


@dataclass(frozen=True, kw_only=True)
class WithdrawPublicAnswer(TicketCommand):
    """Take it back at once: whoever ordered, or staff."""

    METHOD: ClassVar[str] = "withdraw_public_answer"
    ticket_id: str


@dataclass(frozen=True, kw_only=True)
class ReadPublicAnswer(TicketCommand):
    """The words of an order's public answer, for staff and whoever ordered, whatever its state.

    Result: ``{"state", "version", "needs_agreement", "agreed", "question", "answer", "published_at"}``.
    """

    METHOD: ClassVar[str] = "read_public_answer"
    ticket_id: str


@dataclass(frozen=True, kw_only=True)
class ReadPublicAnswers(TicketCommand):
    """What is published, newest first, for anybody: a page after the mark ``before``, of a grid if one is named.

    Result: ``{"answers": [{"item_id", "item_name", "category", "grid", "month", "question", "answer"}],
    "next": mark | None}``.
    ``grid`` is an area's id, ``month`` like 2026-11: when it was ordered.
    """

    METHOD: ClassVar[str] = "read_public_answers"
    grid: str | None = None
    before: str | None = None
    limit: int = 50
