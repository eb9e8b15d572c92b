"""What tickets tells of orders that were done before they were written down."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events.tickets import TicketEvent
from contracts.words import ResultCode


@dataclass(frozen=True, kw_only=True)
class TicketHandled(TicketEvent):
    """Duty staff did it on the spot: the order is completed at birth, and nobody was looked for."""

    TYPE: ClassVar[str] = "shiliu.ticket.handled.v1"
    result: ResultCode
    headcount: int | None


INTAKE_EVENTS: tuple[type[TicketEvent], ...] = (TicketHandled,)
