"""Builders of what is taken in on the spot; all invented."""

from typing import Any

from contracts.events.intake import TicketHandled
from contracts.words import ResultCode

INTAKE_BODIES: tuple[Any, ...] = (TicketHandled(result=ResultCode.SOLVED, headcount=1),)
"""One body of every event of taking orders in."""
