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
    """It was completed, or answered again, and so are those that are merged into it; no order of its own tells this."""

    TYPE: ClassVar[str] = "shiliu.ticket.done_for_others.v1"


@dataclass(frozen=True, kw_only=True)
class TicketAskingMoved(TicketEvent):
    """The order that this one was done with is done once more for another: ``stopped``, nobody is asked meanwhile.

    Else that is over, and from now on somebody is waited for who says how it went.
    """

    TYPE: ClassVar[str] = "shiliu.ticket.asking_moved.v1"
    stopped: bool


MERGING_EVENTS: tuple[type[TicketEvent], ...] = (
    TicketMerged,
    TicketSplit,
    TicketGathered,
    TicketDoneForOthers,
    TicketAskingMoved,
)
