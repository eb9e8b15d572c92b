"""Two orders that change together: a transaction over both documents, each with its own outbox."""

from collections.abc import Callable, Sequence
from typing import Any

from chassis.aggregates import Aggregates
from chassis.journal import Journal
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from services.tickets.application.merging import PairDecision
from services.tickets.domain.ticket import Ticket


class MongoPairs:
    """A ``TicketPairs``; for merging and splitting only (the closed list of the design, section 4)."""

    def __init__(self, journal: Journal, tickets: Aggregates[Ticket]) -> None:
        self._journal = journal
        self._tickets = tickets

    def apply(
        self, first: str, second: str, meta: Meta, decide: Callable[[Ticket | None, Ticket | None], PairDecision]
    ) -> Outcome:
        """See ``TicketPairs``."""

        def both(found: Sequence[Any | None]) -> Sequence[Decided[Any] | None]:
            one, other = found
            return decide(one, other)

        return self._journal.apply_together(meta, [(self._tickets, first), (self._tickets, second)], both)
