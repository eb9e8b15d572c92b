"""Silence confirms where somebody could have answered, and never for somebody who cannot."""

from datetime import timedelta

from contracts.events.tickets import TicketCallbackDue, TicketClosed
from contracts.words import Answer, ClosedBy, ResultCode, TicketStatus
from services.tickets.domain.deadlines import fire, standing
from tests.builders import NOON, an_actor
from tests.unit.tickets.builders import a_ticket

DAY = timedelta(days=1)


def test_an_order_with_an_account_waits_for_its_answer_and_then_closes_by_silence() -> None:
    ticket = a_ticket(TicketStatus.COMPLETED)
    (due,) = standing(ticket)
    assert due.at == NOON + 3 * DAY
    assert fire(ticket, due.key, due.at - timedelta(seconds=1)) is None
    decided = fire(ticket, due.key, due.at)
    assert decided is not None
    assert decided.events == (TicketClosed(by=ClosedBy.SILENCE, answer=None, resolved=True),)
    assert decided.aggregate.status is TicketStatus.CLOSED
    assert standing(decided.aggregate) == ()


def test_silence_resolves_nothing_that_was_not_solved() -> None:
    ticket = a_ticket(TicketStatus.COMPLETED, result=ResultCode.EXPLAINED)
    decided = fire(ticket, standing(ticket)[0].key, NOON + 3 * DAY)
    assert decided is not None
    assert decided.aggregate.resolved is False


def test_silence_never_confirms_for_somebody_without_an_account() -> None:
    ticket = a_ticket(TicketStatus.COMPLETED, requester_id=None, beneficiary_id="p-1")
    (due,) = standing(ticket)
    assert due.at == NOON + DAY
    decided = fire(ticket, due.key, due.at)
    assert decided is not None
    assert decided.events == (TicketCallbackDue(),)
    assert decided.aggregate.status is TicketStatus.COMPLETED
    assert standing(decided.aggregate) == ()
    assert fire(decided.aggregate, due.key, due.at + 9 * DAY) is None


def test_a_rework_clears_the_deadline_and_the_next_completion_has_its_own() -> None:
    ticket = a_ticket(TicketStatus.COMPLETED, requester_id=None, called_back=True)
    first = standing(a_ticket(TicketStatus.COMPLETED, requester_id=None))[0]
    again = ticket.rework(None).aggregate
    assert standing(again) == ()
    assert fire(again, first.key, NOON + 9 * DAY) is None
    completed = again.complete(an_actor(), ResultCode.SOLVED, None, None, NOON + 2 * DAY).aggregate
    (second,) = standing(completed)
    assert second.key != first.key
    assert second.at == NOON + 3 * DAY


def test_only_solved_and_confirmed_is_resolved() -> None:
    solved = a_ticket(TicketStatus.COMPLETED)
    partly = a_ticket(TicketStatus.COMPLETED, result=ResultCode.PARTLY)
    ends = [
        ticket.confirm(ClosedBy.REQUESTER, Answer.SATISFIED, said, None, NOON).aggregate.resolved
        for ticket, said in [(solved, True), (solved, False), (partly, True)]
    ]
    assert ends == [True, False, False]
