"""Silence confirms where somebody could have answered, and never for somebody who cannot."""

from datetime import datetime, timedelta
from typing import Any

from contracts.events.ladder import TicketEscalated
from contracts.events.tickets import TicketCallbackDue, TicketClosed, TicketDeadlineNear, TicketOverdue
from contracts.ladder import EscalationReason, Rung
from contracts.words import Answer, ClosedBy, DeadlineKind, ResultCode, TicketStatus
from services.tickets.domain.deadlines import fire, standing
from services.tickets.domain.following import follow_demand
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, an_actor, some_deadlines
from tests.unit.tickets.builders import a_seat, a_ticket, demand_with

DAY = timedelta(days=1)
LATE = TicketEscalated(before=Rung.CREW, rung=Rung.DUTY, reason=EscalationReason.OVERDUE)
"""What is not solved in its time goes up in the same step."""


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


def _promised(status: TicketStatus = TicketStatus.ACCEPTED, **changes: Any) -> Ticket:
    return a_ticket(status, deadlines=some_deadlines(), **changes)


def _run(ticket: Ticket, until: datetime) -> tuple[Ticket, list[Any]]:
    """All deadlines up to then, in the order in which a service that was down finds them."""
    told: list[Any] = []
    while dues := sorted((due for due in standing(ticket) if due.at <= until), key=lambda due: due.at):
        fired = [decided for due in dues if (decided := fire(ticket, due.key, until))]
        if not fired:
            break
        told += fired[0].events
        ticket = fired[0].aggregate
    return ticket, told


def test_an_order_that_nobody_has_is_near_its_answer_then_overdue_each_once() -> None:
    ticket, told = _run(_promised(), NOON + 0.8 * DAY)
    assert told == [TicketDeadlineNear(kind=DeadlineKind.RESPOND)]
    ticket, told = _run(ticket, NOON + DAY)
    assert told == [TicketOverdue(kind=DeadlineKind.RESPOND)]
    assert ticket.snapshot().overdue == (DeadlineKind.RESPOND,)
    ticket, told = _run(ticket, NOON + 9 * DAY)
    assert told == [TicketOverdue(kind=DeadlineKind.RESOLVE), LATE], "a warning that comes too late is not given"
    assert standing(ticket) == ()


def test_who_took_it_in_time_has_answered_also_if_they_give_it_back() -> None:
    taken = follow_demand(_promised(), demand_with(a_seat(1)), 2, NOON + timedelta(hours=1))
    assert taken is not None
    given_back = follow_demand(taken.aggregate, demand_with(), 3, NOON + timedelta(hours=2))
    assert given_back is not None
    assert given_back.aggregate.times.responded_at == NOON + timedelta(hours=1)
    again = follow_demand(given_back.aggregate, demand_with(a_seat(2)), 4, NOON + timedelta(hours=3))
    assert again is not None
    assert again.aggregate.times.responded_at == NOON + timedelta(hours=1), "the first time counts"
    _, told = _run(given_back.aggregate, NOON + 3.5 * DAY)
    assert told == [TicketDeadlineNear(kind=DeadlineKind.RESOLVE)]


def test_completing_stops_the_clock_and_once_more_starts_it_where_it_stood() -> None:
    done = _promised(TicketStatus.IN_PROGRESS).complete(an_actor(), ResultCode.SOLVED, None, None, NOON + DAY).aggregate
    assert done.times.responded_at == NOON + DAY
    assert {due.key.partition(":")[0] for due in standing(done)} == {"silence"}
    again = done.rework(None).aggregate
    _, told = _run(again, NOON + 5 * DAY)
    assert told == [TicketOverdue(kind=DeadlineKind.RESOLVE), LATE]


def test_an_end_needs_no_deadline_and_refusing_is_an_answer() -> None:
    rejected = _promised(TicketStatus.SUBMITTED).reject("not_ours", "gas_company", None, NOON).aggregate
    by_staff = _promised().cancel("staff", "no_longer_needed", "counter", None, NOON).aggregate
    withdrawn = _promised().cancel("resident", "no_longer_needed", None, None, NOON).aggregate
    assert [standing(ended) for ended in (rejected, by_staff, withdrawn)] == [()] * 3
    assert [ended.times.responded_at for ended in (rejected, by_staff, withdrawn)] == [NOON, NOON, None]


def test_of_somebody_who_died_nothing_is_urged() -> None:
    assert standing(_promised(quiet=True)) == ()


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
