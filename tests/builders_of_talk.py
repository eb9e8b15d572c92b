"""Bodies of the events about talk, for samples and tests."""

from typing import Any

from contracts.events.talk import TicketCommented, TicketNoted
from contracts.talk import Side

TALK_BODIES: tuple[Any, ...] = (TicketCommented(side=Side.REQUESTER), TicketNoted(side=Side.STAFF))
