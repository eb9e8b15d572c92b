"""What tickets tells of orders that are about the same thing, so that one of them is done for all."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events.ticket_snapshot import TicketHolder
from contracts.events.tickets import TicketEvent
from contracts.merging import Primary


@dataclass(frozen=True, kw_only=True)
class TicketMerged(TicketEvent):
    """It is about the same thing as ``primary`` and waits for that; ``released`` had taken it until now."""

    TYPE: ClassVar[str] = "shiliu.ticket.merged.v1"
    primary: Primary
    released: tuple[TicketHolder, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketSplit(TicketEvent):
    """It is not about the same thing as ``primary`` after all, or that ended for its own requester alone.

    It goes on by itself, and people are looked for in a new round.
    """

    TYPE: ClassVar[str] = "shiliu.ticket.split.v1"
    primary: Primary


@dataclass(frozen=True, kw_only=True)
class TicketGathered(TicketEvent):
    """Which orders are merged into it is not as before; ``merged`` of the snapshot names them all."""

    TYPE: ClassVar[str] = "shiliu.ticket.gathered.v1"


@dataclass(frozen=True, kw_only=True)
class TicketDoneForOthers(TicketEvent):
    """It was completed, and so are those that are merged into it; orders of their own never tell this."""

    TYPE: ClassVar[str] = "shiliu.ticket.done_for_others.v1"


MERGING_EVENTS: tuple[type[TicketEvent], ...] = (TicketMerged, TicketSplit, TicketGathered, TicketDoneForOthers)
