"""What tickets tells the others. Each event is what happened; the snapshot that travels with it is what is now.

Nothing that a person typed and nobody's name, phone or address is in here; place goes down to the grid.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.recusal import Recusal, Subject
from contracts.terms import Terms
from contracts.words import (
    Answer,
    ClosedBy,
    DeadlineKind,
    Nature,
    Origin,
    Permit,
    ResultCode,
    Text,
    TicketStatus,
    Urgency,
)


@dataclass(frozen=True)
class TicketHolder:
    """A taken seat as tickets knows it; the name is the one the member chose to show."""

    assignment_id: str
    member_id: str
    display_name: str


@dataclass(frozen=True)
class TicketDelegate:
    """An account that may act in this order for the person served, and what it may do."""

    account_id: str
    may: tuple[Permit, ...]


@dataclass(frozen=True, kw_only=True)
class TicketTimes:
    """When each step was last reached, in business time (UTC); ``responded_at`` when somebody first had the order."""

    placed_at: datetime
    accepted_at: datetime | None = None
    assigned_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    ended_at: datetime | None = None
    responded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TicketDeadlines:
    """By when somebody has to have an order, and by when it has to be solved; each with the moment of its warning."""

    respond_warn_at: datetime
    respond_by: datetime
    resolve_warn_at: datetime
    resolve_by: datetime


@dataclass(frozen=True, kw_only=True)
class TicketSnapshot:
    """The public view of an order after the command that led to the event.

    ``area_path`` runs from the root to the grid. ``requester_id`` is an account, ``beneficiary_id`` a person.
    ``round`` counts dispatch rounds from 1; ``resolved`` is solved *and* confirmed, None before the end.
    ``delegates`` are those who may act in it now: without the ``hidden_from``, and none once it is ``quiet``, which
    says that nobody on the side of the person served is told anything any more. ``subject`` and ``recused`` are a
    complaint's: whom it is about, and who therefore learns nothing of it. ``overdue`` names the deadlines that were
    missed, whatever became of the order afterwards.
    """

    id: str
    number: str
    community_id: str
    item_id: str
    item_name: Text
    category: str
    nature: Nature
    origin: Origin
    urgency: Urgency
    status: TicketStatus
    area_path: tuple[str, ...]
    requester_id: str | None
    beneficiary_id: str | None
    seats: int
    round: int
    rework_count: int
    holders: tuple[TicketHolder, ...]
    lead: str | None
    result: ResultCode | None
    answer: Answer | None
    closed_by: ClosedBy | None
    resolved: bool | None
    times: TicketTimes
    delegates: tuple[TicketDelegate, ...] = ()
    hidden_from: tuple[str, ...] = ()
    quiet: bool = False
    subject: Subject | None = None
    recused: Recusal | None = None
    deadlines: TicketDeadlines | None = None
    overdue: tuple[DeadlineKind, ...] = ()


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
    """It was not solved: the same people go again. ``rework`` counts from 1."""

    TYPE: ClassVar[str] = "shiliu.ticket.reworked.v1"
    rework: int


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
