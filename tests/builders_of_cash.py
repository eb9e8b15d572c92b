"""Builders about cash slips: name what your test is about. All invented."""

from contracts.cash import CashSide, SlipStep
from contracts.events.cash import TicketCashChanged

CASH_BODIES = (TicketCashChanged(slip=1, step=SlipStep.HANDED, waits_for=CashSide.CREW),)
