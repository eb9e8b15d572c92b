"""How often the audit lets a promise be missed: once for each time to solve an order that there was."""

from collections import Counter

import pytest

from contracts.events.ledger import TicketExtended
from contracts.events.merging import TicketGathered
from contracts.events.tickets import TicketDeadlineNear, TicketOverdue, TicketReworked
from contracts.words import DeadlineKind
from deploy.audit.effects import _most
from deploy.audit.ledger import Ledger


@pytest.mark.parametrize("told", [TicketOverdue.TYPE, TicketDeadlineNear.TYPE])
def test_every_new_time_may_be_missed_and_no_other_twice(told: str) -> None:
    known = Ledger()
    assert _most(known, told, "order") == len(DeadlineKind)
    known.done = Counter({(one.TYPE, "order"): 1 for one in (TicketExtended, TicketGathered, TicketReworked)})
    assert _most(known, told, "order") == len(DeadlineKind) + 3
