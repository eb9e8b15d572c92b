"""The audit derives by itself which deadlines an order has; here it is held against the order."""

from datetime import timedelta
from itertools import combinations, product

import pytest

from contracts.events.ticket_snapshot import TicketTimes
from contracts.words import DeadlineKind, TicketStatus
from deploy.audit import deadlines
from services.tickets.adapters.codecs import TicketCodec
from services.tickets.domain.deadlines import standing
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, some_deadlines
from tests.unit.tickets.builders import a_ticket

SOME = [kinds for count in range(3) for kinds in combinations(DeadlineKind, count)]


def _names(ticket: Ticket) -> set[str]:
    return {due.key.partition(":")[0] + deadlines._tail(due.key) for due in standing(ticket)}


@pytest.mark.parametrize("status", TicketStatus)
def test_it_expects_what_the_order_has(status: TicketStatus) -> None:
    for warned, overdue, answered, quiet, promised in product(SOME, SOME, (None, NOON), (False, True), (False, True)):
        ticket = a_ticket(
            status,
            warned=warned,
            overdue=overdue,
            quiet=quiet,
            deadlines=some_deadlines() if promised else None,
            times=TicketTimes(placed_at=NOON, completed_at=NOON + timedelta(hours=1), responded_at=answered),
        )
        assert deadlines._of_ticket(TicketCodec().to_doc(ticket)) == _names(ticket), ticket
