"""What comes with every rework, whoever asked for it: a new time to solve it, the departments', the third strike."""

from dataclasses import replace
from datetime import datetime

from contracts.decisions import Decided
from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.events.tickets import TicketReworked
from services.tickets.application.holds import Holds
from services.tickets.application.ladders import Ladders
from services.tickets.application.ports import Items
from services.tickets.domain.ladder import after_strike
from services.tickets.domain.promises import renewed
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.whistles import taken_up


class Again:
    """For a decision that reworks nothing it does nothing, and looks nothing up."""

    def __init__(self, items: Items, holds: Holds, ladders: Ladders) -> None:
        self._items = items
        self._holds = holds
        self._ladders = ladders

    def begun(self, decided: Decided[Ticket], now: datetime) -> Decided[Ticket]:
        """*decided*, which may have been a rework, with all that belongs to one."""
        if not any(isinstance(event, TicketReworked) for event in decided.events):
            return decided
        again = replace(decided, aggregate=taken_up(self._renewed(decided.aggregate, now), now))
        return self._ladders.with_departments(after_strike(again, now), None, now)

    def _renewed(self, ticket: Ticket, now: datetime) -> Ticket:
        def limits() -> TicketDeadlines:
            item = self._items.version(ticket.item_id, ticket.item_version)
            return self._holds.limits(ticket, item, now)

        return renewed(ticket, limits, now)
