"""What tickets tells of the counter 全岗通: who owns an order, when it is served, its papers and its parts."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.counter import ServedAt
from contracts.events.ticket_snapshot import TicketHolder
from contracts.events.tickets import TicketEvent
from contracts.words import TicketStatus


@dataclass(frozen=True, kw_only=True)
class TicketTakenIn(TicketEvent):
    """Somebody at the counter owns the order now: nobody else is looked for, and who had a seat is ``released``."""

    TYPE: ClassVar[str] = "shiliu.ticket.taken_in.v1"
    owner: str
    released: tuple[TicketHolder, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketHandedOver(TicketEvent):
    """Another member of staff owns the order; ``before`` did until now."""

    TYPE: ClassVar[str] = "shiliu.ticket.handed_over.v1"
    owner: str
    before: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class TicketAppointed(TicketEvent):
    """A time at the counter or at home was agreed; ``local`` is how the wall there shows it."""

    TYPE: ClassVar[str] = "shiliu.ticket.appointed.v1"
    at: datetime
    local: str
    where: ServedAt


@dataclass(frozen=True, kw_only=True)
class TicketPapersSeen(TicketEvent):
    """Somebody looked at the papers; ``missing`` are the codes of those that are not there."""

    TYPE: ClassVar[str] = "shiliu.ticket.papers_seen.v1"
    complete: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TicketMandateGiven(TicketEvent):
    """Whoever comes for the person served has shown a mandate slip."""

    TYPE: ClassVar[str] = "shiliu.ticket.mandate_given.v1"


@dataclass(frozen=True, kw_only=True)
class TicketPartAdded(TicketEvent):
    """A share of the order went to another department, as an order of its own."""

    TYPE: ClassVar[str] = "shiliu.ticket.part_added.v1"
    part_id: str


@dataclass(frozen=True, kw_only=True)
class TicketPartReported(TicketEvent):
    """A part tells its whole (``part_of`` of the snapshot) where it stands."""

    TYPE: ClassVar[str] = "shiliu.ticket.part_reported.v1"


@dataclass(frozen=True, kw_only=True)
class TicketPartsChanged(TicketEvent):
    """A part of the order stands elsewhere now; ``all_done`` says that it was the last whose work was open."""

    TYPE: ClassVar[str] = "shiliu.ticket.parts_changed.v1"
    part_id: str
    part_status: TicketStatus
    all_done: bool


@dataclass(frozen=True, kw_only=True)
class TicketWholeReported(TicketEvent):
    """An order with parts tells them where it stands."""

    TYPE: ClassVar[str] = "shiliu.ticket.whole_reported.v1"


COUNTER_EVENTS: tuple[type[TicketEvent], ...] = (
    TicketTakenIn,
    TicketHandedOver,
    TicketAppointed,
    TicketPapersSeen,
    TicketMandateGiven,
    TicketPartAdded,
    TicketPartReported,
    TicketPartsChanged,
    TicketWholeReported,
)
