"""What tickets tells of cash slips: the step, never a sum."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.cash import CashSide, SlipStep
from contracts.events.tickets import TicketEvent


@dataclass(frozen=True, kw_only=True)
class TicketCashChanged(TicketEvent):
    """A slip came a step further; ``refused``: back, since the other side says that it is not right.

    ``left_behind``: it is where it was, but whoever had the money is gone, or the order ended without it.
    """

    TYPE: ClassVar[str] = "shiliu.ticket.cash_changed.v1"
    slip: int
    step: SlipStep
    waits_for: CashSide | None
    refused: bool = False
    left_behind: bool = False


CASH_EVENTS: tuple[type[TicketEvent], ...] = (TicketCashChanged,)
