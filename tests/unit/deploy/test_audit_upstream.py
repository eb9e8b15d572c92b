"""The audit works out by itself what upstream has to be told; here it is held against the order."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from contracts.ladder import Rung
from contracts.ledger import LedgerRow, RequestKind, RequestState
from contracts.words import TicketStatus
from deploy.audit import promised
from deploy.audit import upstream as audit
from services.tickets.adapters.codecs import TicketCodec
from services.tickets.domain import upstream
from services.tickets.domain.external import ExternalOrder
from services.tickets.domain.ticket_parts import Inherited, Renewed
from tests.builders import NOON, some_deadlines
from tests.unit.tickets.builders import a_ticket

DAY = timedelta(days=1)
REPORTED = (None, "completed:1.0", "completed:1.1", "reopened:1.1", "closed:1.0", "returned:1.0", "cancelled:1.0")


def _row(kind: RequestKind, state: RequestState) -> LedgerRow:
    return LedgerRow(id="r1", kind=kind, reason_code="x", asked_by="a", asked_as=Rung.DUTY, asked_at=NOON, state=state)


@pytest.mark.parametrize("status", TicketStatus)
def test_it_expects_the_report_that_the_order_expects(status: TicketStatus) -> None:
    rows = [(), *((_row(kind, state),) for kind, state in product(RequestKind, RequestState))]
    for reported, rework, reports, ledger in product(REPORTED, (0, 1), (0, 2), rows):
        external = ExternalOrder(system="12345", reported=reported)
        ticket = a_ticket(status, external=external, rework_count=rework, reports=reports, ledger=ledger)
        doc = TicketCodec().to_doc(ticket)
        found = upstream.state_to_report(ticket)
        assert audit.state_to_report(doc) == (found and found[1]), ticket
        assert audit.report_due(doc) == ({"report"} if list(upstream.report_due(ticket)) else set()), ticket
    assert audit.state_to_report(TicketCodec().to_doc(a_ticket(status))) is None


LIVES = (None, Renewed(since=NOON + 2 * DAY, promised_by=NOON + DAY))
OTHERS = [
    Inherited(ticket_id="other", resolve_warn_at=NOON + day * DAY / 2, resolve_by=NOON + day * DAY) for day in (1, 3)
]


@pytest.mark.parametrize("renewed", LIVES)
@pytest.mark.parametrize("others", [(), tuple(OTHERS[:1]), tuple(OTHERS[1:]), tuple(OTHERS)])
def test_it_knows_the_deadlines_that_hold(renewed: Renewed | None, others: tuple[Inherited, ...]) -> None:
    for hours in (-5, 1, 20, 60, 90, 200, None):
        by = None if hours is None else NOON + timedelta(hours=hours)
        external = ExternalOrder(system="12345", deadline=by)
        ticket = a_ticket(external=external, deadlines=some_deadlines(), renewed=renewed, inherited=others)
        shown, doc = ticket.deadlines_in_force, TicketCodec().to_doc(ticket)
        assert shown is not None
        assert promised.deadlines_in_force(doc) == vars(shown)
        assert promised.promised_by(doc) == ticket.promised_by
    assert promised.deadlines_in_force(TicketCodec().to_doc(replace(ticket, deadlines=None))) is None


def test_it_knows_whom_somebody_may_ask_and_by_when() -> None:
    for requester, client, by in product(
        (None, "a-daughter", "c-hotline"), (None, "c-hotline"), (None, NOON, NOON + DAY)
    ):
        external = ExternalOrder(system="12345", client=client, callback_by=by)
        ticket = a_ticket(TicketStatus.COMPLETED, requester_id=requester, external=external)
        doc = TicketCodec().to_doc(ticket)
        assert audit.asks_somebody(doc) == ticket.can_answer
        assert audit.not_after_upstream(doc, NOON + timedelta(days=ticket.windows.callback_days)) == ticket.call_by
