"""The audit derives by itself which deadlines an order has; here it is held against the order."""

from datetime import timedelta
from itertools import combinations, product
from typing import Any

import pytest

from contracts.events.ticket_snapshot import TicketTimes
from contracts.results import CallbackKind, CallbackState, Closing, Review, ReviewState
from contracts.words import Answer, ClosedBy, DeadlineKind, Nature, TicketStatus
from deploy.audit import afterwards, deadlines
from services.tickets.adapters.codecs import TicketCodec
from services.tickets.domain.deadlines import standing
from services.tickets.domain.owed import Called
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import DoneAgain, Renewed
from tests.builders import NOON, some_deadlines
from tests.unit.tickets.builders import a_ticket

SOME = [kinds for count in range(3) for kinds in combinations(DeadlineKind, count)]


def _names(ticket: Ticket) -> set[str]:
    return {due.key.partition(":")[0] + deadlines._tail(due.key) for due in standing(ticket)}


@pytest.mark.parametrize("status", TicketStatus)
def test_it_expects_what_the_order_has(status: TicketStatus) -> None:
    lives = (None, *(Renewed(since=NOON, promised_by=NOON, missed=missed) for missed in (False, True)))
    ways = product(SOME, SOME, (None, NOON), (False, True), (False, True), lives)
    for warned, overdue, answered, quiet, promised, renewed in ways:
        ticket = a_ticket(
            status,
            renewed=renewed,
            warned=warned,
            overdue=overdue,
            quiet=quiet,
            deadlines=some_deadlines() if promised else None,
            times=TicketTimes(placed_at=NOON, completed_at=NOON + timedelta(hours=1), responded_at=answered),
        )
        assert deadlines._of_ticket(TicketCodec().to_doc(ticket)) == _names(ticket), ticket


HANDLED: dict[str, Any] = {"handled_at_birth": True, "terms": None}
WHOSE: tuple[dict[str, Any], ...] = (
    {},
    {"requester_id": None},
    {"requester_id": None, "beneficiary_id": "p-1"},
    {"requester_gone": True},
    HANDLED,
    HANDLED | {"call_wanted": True},
    HANDLED | {"requester_id": None},
    {"part_of": "whole"},
    {"again": DoneAgain(turn=2)},
    {"again": DoneAgain(turn=2, over_at=NOON), "requester_id": None},
)
CALLED = Called(at=NOON, by="a-officer", kind=CallbackKind.SAMPLE, answer=Answer.SATISFIED, solved=True)
REVIEWS = (
    None,
    *(Review(opened_at=NOON, due_at=NOON, state=one, told=told) for one in ReviewState for told in (False, True)),
)


@pytest.mark.parametrize("status", [TicketStatus.COMPLETED, TicketStatus.CLOSED])
@pytest.mark.parametrize("nature", [Nature.HELP, Nature.COMPLAINT])
@pytest.mark.parametrize("closing", [(), (Closing.SAMPLE,), (Closing.CALLBACK,), (Closing.REQUESTER, Closing.SAMPLE)])
def test_it_expects_what_is_owed_after_the_work(
    status: TicketStatus, nature: Nature, closing: tuple[Closing, ...]
) -> None:
    ways = product(WHOSE, (False, True), (None, CALLED), (False, True), (None, NOON), (None, *ClosedBy), REVIEWS)
    for whose, sampled, called, told, promised, closed_by, review in ways:
        ticket = a_ticket(
            status,
            nature=nature,
            closing=closing,
            sampled=sampled,
            called=called,
            called_back=told,
            next_answer_at=promised,
            answer_told=told,
            closed_by=closed_by,
            review=review,
            **whose,
        )
        doc = TicketCodec().to_doc(ticket)
        assert deadlines._of_ticket(doc) == _names(ticket), ticket
        owed = ticket.callback if ticket.callback and ticket.callback.state is CallbackState.OPEN else None
        assert afterwards.owed(doc) == (owed.kind if owed else None), ticket
