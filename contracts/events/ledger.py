"""What the ledger of an order tells the others: who asked is in the snapshot for staff, never beside what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.events.tickets import TicketEvent
from contracts.ladder import Rung
from contracts.ledger import Paper, RequestKind, Resumed


@dataclass(frozen=True, kw_only=True)
class TicketRequestMade(TicketEvent):
    """Somebody asks for something that a rung above them decides; ``approver`` is asked until ``until``."""

    TYPE: ClassVar[str] = "shiliu.ticket.request_made.v1"
    request_id: str
    kind: RequestKind
    reason_code: str
    asked_as: Rung
    approver: Rung
    until: datetime


@dataclass(frozen=True, kw_only=True)
class TicketRequestRaised(TicketEvent):
    """Nobody decided in time: the next rung above is asked."""

    TYPE: ClassVar[str] = "shiliu.ticket.request_raised.v1"
    request_id: str
    kind: RequestKind
    reason_code: str
    asked_as: Rung
    approver: Rung
    until: datetime


@dataclass(frozen=True, kw_only=True)
class TicketRequestDecided(TicketEvent):
    """It was granted or not; what it was about follows in the same change."""

    TYPE: ClassVar[str] = "shiliu.ticket.request_decided.v1"
    request_id: str
    kind: RequestKind
    reason_code: str
    approved: bool
    decided_as: Rung


@dataclass(frozen=True, kw_only=True)
class TicketRequestLapsed(TicketEvent):
    """Nobody above decided in time, or there is nobody: the order goes on as if it had not been asked for."""

    TYPE: ClassVar[str] = "shiliu.ticket.request_lapsed.v1"
    request_id: str
    kind: RequestKind
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class TicketHeld(TicketEvent):
    """The order waits for something, at most until then; ``papers`` are what is missing."""

    TYPE: ClassVar[str] = "shiliu.ticket.held.v1"
    request_id: str
    reason_code: str
    until: datetime
    local: str = ""
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketResumed(TicketEvent):
    """It waits no more."""

    TYPE: ClassVar[str] = "shiliu.ticket.resumed.v1"
    request_id: str
    by: Resumed


@dataclass(frozen=True, kw_only=True)
class TicketExtended(TicketEvent):
    """There is more time to solve it."""

    TYPE: ClassVar[str] = "shiliu.ticket.extended.v1"
    request_id: str
    resolve_by: datetime
    local: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketStruckThree(TicketEvent):
    """It was given back or done once more three times (six, nine..): whoever stands above has to look at it."""

    TYPE: ClassVar[str] = "shiliu.ticket.struck_three.v1"
    strikes: int


LEDGER_EVENTS: tuple[type[TicketEvent], ...] = (
    TicketRequestMade,
    TicketRequestRaised,
    TicketRequestDecided,
    TicketRequestLapsed,
    TicketHeld,
    TicketResumed,
    TicketExtended,
    TicketStruckThree,
)
