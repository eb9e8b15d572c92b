"""The orders, of which a part and its whole tell each other where they stand."""

from collections.abc import Callable

from chassis.aggregates import Aggregates
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from services.tickets.domain.parts import linked
from services.tickets.domain.ticket import Ticket


class LinkedTickets(Aggregates[Ticket]):
    """Whatever moves an order that has parts, or is one, is told to the other side in the same write.

    An order that is neither is written as it was decided.
    """

    def apply(self, id: str, meta: Meta, decide: Callable[[Ticket | None], Decided[Ticket] | None]) -> Outcome:
        """See ``Aggregates``."""
        return super().apply(id, meta, linked(decide))
