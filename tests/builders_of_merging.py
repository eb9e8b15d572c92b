"""Builders of what tickets tells of orders about the same thing: one body of each event."""

from typing import Any

from contracts.events.merging import TicketAskingMoved, TicketDoneForOthers, TicketGathered, TicketMerged, TicketSplit
from contracts.events.ticket_snapshot import TicketHolder
from contracts.merging import Primary


def a_primary(**changes: Any) -> Primary:
    """The order that is done for another too."""
    values = {"id": "01KAJ5ZX00000000000PR1MARY", "number": "NC-261121-0041", **changes}
    return Primary(**values)


MERGING_BODIES: tuple[Any, ...] = (
    TicketMerged(primary=a_primary(), released=(TicketHolder("01KAJ5ZX0000000000000TCKET.s1.1", "m-v-001", "王师傅"),)),
    TicketSplit(primary=a_primary()),
    TicketGathered(),
    TicketDoneForOthers(),
    TicketAskingMoved(stopped=True),
)
