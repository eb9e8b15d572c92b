"""What tickets tells of the ladder: an order went up, departments were whistled and answered."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events.tickets import TicketEvent
from contracts.ladder import EscalationReason, Rung, WhistleStep
from contracts.words import ResultCode


@dataclass(frozen=True, kw_only=True)
class TicketEscalated(TicketEvent):
    """An order went up; who is at ``rung`` has it from now on."""

    TYPE: ClassVar[str] = "shiliu.ticket.escalated.v1"
    before: Rung
    rung: Rung
    reason: EscalationReason


@dataclass(frozen=True, kw_only=True)
class TicketWhistled(TicketEvent):
    """These teams were called to it."""

    TYPE: ClassVar[str] = "shiliu.ticket.whistled.v1"
    teams: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WhistleSignedIn(TicketEvent):
    """A whistled team has it."""

    TYPE: ClassVar[str] = "shiliu.ticket.whistle_signed_in.v1"
    team: str


@dataclass(frozen=True, kw_only=True)
class WhistleContacted(TicketEvent):
    """A whistled team has made first contact: the order is answered."""

    TYPE: ClassVar[str] = "shiliu.ticket.whistle_contacted.v1"
    team: str


@dataclass(frozen=True, kw_only=True)
class WhistleReported(TicketEvent):
    """A whistled team said what it did."""

    TYPE: ClassVar[str] = "shiliu.ticket.whistle_reported.v1"
    team: str
    result: ResultCode


@dataclass(frozen=True, kw_only=True)
class WhistleReturned(TicketEvent):
    """A whistled team gave it back: somebody else has to be found."""

    TYPE: ClassVar[str] = "shiliu.ticket.whistle_returned.v1"
    team: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class WhistleNear(TicketEvent):
    """Three quarters of a whistled team's time for ``step`` have passed."""

    TYPE: ClassVar[str] = "shiliu.ticket.whistle_near.v1"
    team: str
    step: WhistleStep


@dataclass(frozen=True, kw_only=True)
class WhistleOverdue(TicketEvent):
    """A whistled team did not take ``step`` in its time."""

    TYPE: ClassVar[str] = "shiliu.ticket.whistle_overdue.v1"
    team: str
    step: WhistleStep


LADDER_EVENTS: tuple[type[TicketEvent], ...] = (
    TicketEscalated,
    TicketWhistled,
    WhistleSignedIn,
    WhistleContacted,
    WhistleReported,
    WhistleReturned,
    WhistleNear,
    WhistleOverdue,
)
