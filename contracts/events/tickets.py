"""What tickets tells the others. Each event is what happened; the snapshot that travels with it is what is now.

Nothing that a person typed and nobody's name, phone or address is in here; place goes down to the grid.
"""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events.ticket_snapshot import TicketHolder, TicketSnapshot
from contracts.terms import Terms
from contracts.words import (
    Answer,
    ClosedBy,
    DeadlineKind,
    ResultCode,
)


class TicketEvent:
    """Marks the events of one aggregate: the ticket."""

    AGGREGATE: ClassVar[str] = "ticket"
    SOURCE: ClassVar[str] = "/shiliu/tickets"
    SNAPSHOT: ClassVar[type] = TicketSnapshot
    TYPE: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class TicketSubmitted(TicketEvent):
    """An order waits for staff to look at it first."""

    TYPE: ClassVar[str] = "shiliu.ticket.submitted.v1"


@dataclass(frozen=True, kw_only=True)
class TicketAccepted(TicketEvent):
    """An order is the community's to serve; its terms are frozen. Placing without review is this one event."""

    TYPE: ClassVar[str] = "shiliu.ticket.accepted.v1"
    terms: Terms


@dataclass(frozen=True, kw_only=True)
class TicketRejected(TicketEvent):
    """An order is not the community's; ``go_to`` is the coded place that is responsible."""

    TYPE: ClassVar[str] = "shiliu.ticket.rejected.v1"
    reason_code: str
    go_to: str


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(TicketEvent):
    """All seats that the order needs are taken (again, when the holders changed)."""

    TYPE: ClassVar[str] = "shiliu.ticket.assigned.v1"
    assignment_ids: tuple[str, ...]
    lead: str


@dataclass(frozen=True, kw_only=True)
class TicketSeatFreed(TicketEvent):
    """A seat that was taken is free again, so the order waits for people: accepted."""

    TYPE: ClassVar[str] = "shiliu.ticket.seat_freed.v1"
    assignment_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TicketStarted(TicketEvent):
    """The first of those who took the order is there."""

    TYPE: ClassVar[str] = "shiliu.ticket.started.v1"


@dataclass(frozen=True, kw_only=True)
class TicketCompleted(TicketEvent):
    """The work ended with a result; ``by_member`` is None when staff completed it."""

    TYPE: ClassVar[str] = "shiliu.ticket.completed.v1"
    result: ResultCode
    by_member: str | None
    headcount: int | None


@dataclass(frozen=True, kw_only=True)
class TicketCallbackDue(TicketEvent):
    """Silence never confirms for somebody who cannot answer: staff other than the completer must call or visit."""

    TYPE: ClassVar[str] = "shiliu.ticket.callback_due.v1"


@dataclass(frozen=True, kw_only=True)
class TicketDeadlineNear(TicketEvent):
    """Three quarters of the time to answer or to solve an order have passed."""

    TYPE: ClassVar[str] = "shiliu.ticket.deadline_near.v1"
    kind: DeadlineKind


@dataclass(frozen=True, kw_only=True)
class TicketOverdue(TicketEvent):
    """An order was not answered, or not solved, in its time. ``overdue`` of the snapshot names it from now on."""

    TYPE: ClassVar[str] = "shiliu.ticket.overdue.v1"
    kind: DeadlineKind


@dataclass(frozen=True, kw_only=True)
class TicketClosed(TicketEvent):
    """The person served (or staff who asked them, or silence) confirmed the end."""

    TYPE: ClassVar[str] = "shiliu.ticket.closed.v1"
    by: ClosedBy
    answer: Answer | None
    resolved: bool


@dataclass(frozen=True, kw_only=True)
class TicketReworked(TicketEvent):
    """It was not solved: the same people go again. ``rework`` counts from 1.

    Of an order that is merged into another it says that it waits for that one again; ``for_another``: of the one that
    is done for both, that it is not this one's requester who asks.
    """

    TYPE: ClassVar[str] = "shiliu.ticket.reworked.v1"
    rework: int
    for_another: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketRedispatched(TicketEvent):
    """Other people are looked for; ``released`` had taken it until now."""

    TYPE: ClassVar[str] = "shiliu.ticket.redispatched.v1"
    released: tuple[TicketHolder, ...]


@dataclass(frozen=True, kw_only=True)
class TicketCancelled(TicketEvent):
    """The order ended without service; ``go_to`` says where help is to be had instead, if staff cancelled."""

    TYPE: ClassVar[str] = "shiliu.ticket.cancelled.v1"
    by_role: str
    reason_code: str
    go_to: str | None
    released: tuple[TicketHolder, ...]


@dataclass(frozen=True, kw_only=True)
class TicketAssignmentRefused(TicketEvent):
    """A seat was taken that the order can no longer use; volunteers frees it and the member is told kindly."""

    TYPE: ClassVar[str] = "shiliu.ticket.assignment_refused.v1"
    assignment_id: str
    member_id: str


@dataclass(frozen=True, kw_only=True)
class TicketDelegatesChanged(TicketEvent):
    """Who may act in it for the person served is not as before; the snapshot says who may now."""

    TYPE: ClassVar[str] = "shiliu.ticket.delegates_changed.v1"


@dataclass(frozen=True, kw_only=True)
class TicketReporterRevealed(TicketEvent):
    """Staff looked up who made a complaint, with a reason that is on record; whoever made it is told."""

    TYPE: ClassVar[str] = "shiliu.ticket.reporter_revealed.v1"


@dataclass(frozen=True, kw_only=True)
class TicketRecused(TicketEvent):
    """Somebody joined the subject of a complaint: from now on they have nothing to do with it, either."""

    TYPE: ClassVar[str] = "shiliu.ticket.recused.v1"


@dataclass(frozen=True, kw_only=True)
class TicketReporterForgotten(TicketEvent):
    """A year after a complaint ended nobody knows any more who made it, or for whom."""

    TYPE: ClassVar[str] = "shiliu.ticket.reporter_forgotten.v1"


TICKET_EVENTS: tuple[type[TicketEvent], ...] = (
    TicketSubmitted,
    TicketAccepted,
    TicketRejected,
    TicketAssigned,
    TicketSeatFreed,
    TicketStarted,
    TicketCompleted,
    TicketCallbackDue,
    TicketDeadlineNear,
    TicketOverdue,
    TicketClosed,
    TicketReworked,
    TicketRedispatched,
    TicketCancelled,
    TicketAssignmentRefused,
    TicketDelegatesChanged,
    TicketReporterRevealed,
    TicketRecused,
    TicketReporterForgotten,
)
