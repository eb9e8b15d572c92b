"""Slips whose money is not even: what keeps an order from its end, and what is told when its people are gone."""

from collections.abc import Sequence

from contracts.cash import SlipStep
from contracts.events.cash import TicketCashChanged
from services.tickets.domain.ticket_parts import Slip

EVEN = frozenset({SlipStep.SETTLED, SlipStep.VOID})


def open_slips(slips: Sequence[Slip]) -> tuple[Slip, ...]:
    """Those with money that is out, or that wait to be confirmed."""
    return tuple(slip for slip in slips if slip.step not in EVEN)


def left_behind(slips: Sequence[Slip]) -> tuple[TicketCashChanged, ...]:
    """Whoever had the money has given their seat back, or the order ended by itself: staff have to look after it."""
    return tuple(
        TicketCashChanged(slip=slip.number, step=slip.step, waits_for=None, left_behind=True)
        for slip in open_slips(slips)
    )
