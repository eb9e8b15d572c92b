"""At the counter: who takes an order in owns it, sees its papers, and closes it by the resident's word."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Role
from contracts.cash import SlipStep
from contracts.commands import Call
from contracts.commands.counter import CloseAtCounter
from contracts.counter import CounterVisit, Signed
from contracts.errors import Conflict, Invalid, Refused
from contracts.events.cash import TicketCashChanged
from contracts.events.counter import TicketAppointed, TicketHandedOver, TicketPapersSeen, TicketTakenIn
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketAccepted, TicketClosed, TicketCompleted, TicketStarted
from contracts.words import Answer, ClosedBy, Nature, Permit, ResultCode, TicketStatus
from services.tickets.application.counter import Counter
from services.tickets.application.holds import Holds
from services.tickets.application.sealing import Sealing
from services.tickets.domain import counter, deadlines
from services.tickets.domain.counter_relations import must_serve, must_take_in
from services.tickets.domain.following import follow_demand
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import Slip
from tests.builders import NOON, TICKET_ID, a_meta, an_actor, some_terms
from tests.builders_of_counter import OWNER, a_paper, a_visit, an_appointment
from tests.unit.tickets.builders import a_community, a_seat, a_ticket, demand_with, some_time_limits
from tests.unit.tickets.fakes import FakeClock, FakeRows, FakeTickets, FakeVault

CLERK = an_actor(Role.DUTY, account_id=OWNER, member_id="k-001")
COLLEAGUE = an_actor(Role.DUTY, account_id="m-k-002")
DISPATCHER = an_actor(Role.DISPATCHER)


def owned(status: TicketStatus = TicketStatus.IN_PROGRESS, visit: CounterVisit | None = None, **changes: Any) -> Ticket:
    values = {"holders": (), "lead": None, "owner": OWNER, "counter": visit or a_visit(), **changes}
    return a_ticket(status, **values)


def close(ticket: Ticket, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "result": ResultCode.SOLVED,
        "headcount": 1,
        "answer": Answer.SATISFIED,
        "solved": True,
        "signed": Signed.SIGNATURE,
        "note": None,
        "now": NOON,
        **changes,
    }
    return counter.close_at_counter(ticket, CLERK, **values)


def test_who_takes_it_in_at_birth_owns_it_and_serves_it_at_once() -> None:
    new = a_ticket(TicketStatus.SUBMITTED)
    decided = counter.born_at_the_counter(new, some_terms(), CLERK, a_visit(a_paper()), NOON)
    assert [type(event) for event in decided.events] == [TicketAccepted, TicketTakenIn, TicketStarted]
    after = decided.aggregate
    assert (after.status, after.owner, after.holders) == (TicketStatus.IN_PROGRESS, OWNER, ())
    assert after.times.responded_at == after.times.started_at == NOON


def test_with_an_appointment_it_waits_for_its_time() -> None:
    visit = a_visit(appointment=an_appointment())
    decided = counter.born_at_the_counter(a_ticket(TicketStatus.SUBMITTED), some_terms(), CLERK, visit, NOON)
    assert [type(event) for event in decided.events] == [TicketAccepted, TicketTakenIn, TicketAppointed]
    assert decided.aggregate.status is TicketStatus.ASSIGNED
    served = counter.see_papers(decided.aggregate, (), NOON + timedelta(hours=1)).aggregate
    assert (served.status, served.times.started_at) == (TicketStatus.IN_PROGRESS, NOON + timedelta(hours=1))


@pytest.mark.parametrize(("terms", "nature"), [(None, Nature.HELP), (some_terms(), Nature.COMPLAINT)])
def test_what_somebody_else_looks_at_first_is_not_taken_in(terms: Any, nature: Nature) -> None:
    with pytest.raises(Conflict) as refusal:
        counter.born_at_the_counter(a_ticket(TicketStatus.SUBMITTED, nature=nature), terms, CLERK, a_visit(), NOON)
    assert refusal.value.code == "looked-at-first"


def test_an_order_from_elsewhere_is_taken_in_once() -> None:
    taken = counter.take_in(a_ticket(), CLERK, a_visit(), NOON).aggregate
    assert (taken.status, taken.owner) == (TicketStatus.ASSIGNED, OWNER)
    with pytest.raises(Conflict) as refusal:
        counter.take_in(taken, COLLEAGUE, a_visit(), NOON)
    assert refusal.value.code == "owned-already"


def test_an_order_that_somebody_has_is_taken_in_by_its_lead_or_a_dispatcher() -> None:
    ticket = a_ticket(TicketStatus.ASSIGNED)
    with pytest.raises(Refused):
        counter.take_in(ticket, COLLEAGUE, a_visit(), NOON)
    by_lead = counter.take_in(ticket, replace(CLERK, member_id="m-1"), a_visit(), NOON)
    assert by_lead.events == (TicketTakenIn(owner=OWNER, released=()),)
    by_dispatcher = counter.take_in(ticket, DISPATCHER, a_visit(), NOON)
    assert [one.member_id for event in by_dispatcher.events for one in event.released] == ["m-1"]  # type: ignore[attr-defined]
    assert by_dispatcher.aggregate.holders == ()


def test_nobody_takes_a_seat_of_an_order_with_an_owner() -> None:
    decided = follow_demand(owned(TicketStatus.ASSIGNED), demand_with(a_seat(1)), 3, NOON)
    assert decided is not None
    assert [event.TYPE for event in decided.events] == ["shiliu.ticket.assignment_refused.v1"]
    assert (decided.aggregate.owner, decided.aggregate.holders) == (OWNER, ())
    assert decided.aggregate.status is TicketStatus.ASSIGNED
    # The news that nobody is looked for any more changes nothing either.
    assert follow_demand(decided.aggregate, demand_with(), 4, NOON).aggregate.status is TicketStatus.ASSIGNED  # type: ignore[union-attr]


def test_a_redispatch_lets_the_owner_go() -> None:
    assert owned().redispatch().aggregate.owner is None


def test_it_is_handed_over_with_a_reason() -> None:
    decided = counter.hand_over(owned(), "m-k-002", "end_of_shift", None)
    assert decided.events == (TicketHandedOver(owner="m-k-002", before=OWNER, reason_code="end_of_shift"),)
    assert decided.aggregate.owner == "m-k-002"
    back = counter.hand_over(decided.aggregate, OWNER, "back", None).aggregate
    assert (back.owner, back.owners) == (OWNER, (OWNER, "m-k-002"))
    away = counter.hand_over(decided.aggregate, "a-third", "end_of_shift", None).aggregate
    for ticket in (away, away.redispatch().aggregate):
        assert {OWNER, "m-k-002"} <= set(ticket.handled_by), "that they owned it stays known"


@pytest.mark.parametrize("whose", ["a-resident", "a-daughter"])
def test_nobody_is_handed_their_own_affair_or_their_familys(whose: str) -> None:
    ticket = owned(requester_id="a-resident", delegates=(TicketDelegate("a-daughter", (Permit.SEE,)),))
    with pytest.raises(Refused, match="own-case"):
        counter.hand_over(ticket, whose, "end_of_shift", None)


@pytest.mark.parametrize(
    ("ticket", "code"),
    [(a_ticket(), "not-taken-in"), (owned(TicketStatus.CLOSED), "order-ended"), (owned(owner="m-k-002"), "same-owner")],
)
def test_what_is_not_handed_over(ticket: Ticket, code: str) -> None:
    with pytest.raises(Conflict) as refusal:
        counter.hand_over(ticket, "m-k-002", "end_of_shift", None)
    assert refusal.value.code == code


def test_the_list_is_ticked_and_says_what_is_missing() -> None:
    ticket = owned(visit=a_visit(a_paper(), a_paper("photo"), a_paper("form")))
    decided = counter.see_papers(ticket, ("photo",), NOON)
    assert decided.events == (TicketPapersSeen(complete=False, missing=("id-card", "form")),)
    # What was there yesterday and is not today is missing again: the list is as it is now.
    again = counter.see_papers(decided.aggregate, ("id-card", "form"), NOON)
    assert again.aggregate.counter.missing == ("photo",)
    with pytest.raises(Invalid) as refusal:
        counter.see_papers(ticket, ("passport",), NOON)
    assert refusal.value.field == "seen"


def test_what_two_businesses_want_is_brought_once_with_copies_for_both() -> None:
    merged = counter.papers_of((a_paper(original=False, copies=2), a_paper("photo"), a_paper(copies=1)))
    assert [(paper.code, paper.original, paper.copies) for paper in merged] == [
        ("id-card", True, 3),
        ("photo", True, 1),
    ]


def test_it_closes_there_by_the_residents_word() -> None:
    decided = close(owned(visit=a_visit(a_paper(seen=True))))
    assert [type(event) for event in decided.events] == [TicketCompleted, TicketClosed]
    after = decided.aggregate
    assert (after.status, after.closed_by, after.resolved) == (TicketStatus.CLOSED, ClosedBy.COUNTER, True)
    assert after.counter.signed is Signed.SIGNATURE
    assert after.completed_by == OWNER
    assert deadlines.standing(after) == ()


def test_what_was_completed_before_is_only_signed() -> None:
    decided = close(owned(TicketStatus.COMPLETED), result=None)
    assert [type(event) for event in decided.events] == [TicketClosed]
    with pytest.raises(Invalid) as refusal:
        close(owned(), result=None)
    assert refusal.value.field == "result"


@pytest.mark.parametrize(
    ("visit", "code"),
    [
        (a_visit(a_paper(), a_paper("photo", seen=True)), "papers-missing"),
        (a_visit(by_proxy=True), "mandate-needed"),
    ],
)
def test_nothing_is_solved_without_its_papers_or_its_mandate(visit: CounterVisit, code: str) -> None:
    with pytest.raises(Conflict) as refusal:
        close(owned(visit=visit))
    assert refusal.value.code == code
    if code == "papers-missing":
        assert refusal.value.sentence.zh == "还缺材料:身份证"
        assert close(owned(visit=visit), result=ResultCode.EXPLAINED).aggregate.resolved is False


def test_a_mandate_lets_somebody_come_for_them() -> None:
    given = counter.give_mandate(owned(visit=a_visit(by_proxy=True)), None).aggregate
    assert close(given).aggregate.status is TicketStatus.CLOSED


def test_only_the_owner_and_dispatchers_serve_it_and_nobody_serves_themselves() -> None:
    assert must_serve(owned(), CLERK).owner == OWNER
    assert must_serve(owned(), DISPATCHER)
    with pytest.raises(Refused) as refusal:
        must_serve(owned(), COLLEAGUE)
    assert refusal.value.code == "owner-only"
    with pytest.raises(Refused) as refusal:
        must_take_in(a_ticket(requester_id=OWNER), CLERK)
    assert refusal.value.code == "own-case"


@pytest.mark.parametrize("step", [SlipStep.HANDED, SlipStep.OUT, SlipStep.RETURNED])
def test_it_does_not_close_while_money_is_out(step: SlipStep) -> None:
    slip = Slip(number=1, step=step, waits_for=None, said_by="m-1")
    with pytest.raises(Conflict) as refusal:
        close(owned(slips=(slip,)))
    assert refusal.value.code == "cash-open"


def test_staff_hear_of_the_money_that_is_out_when_the_counter_takes_it_from_its_crew() -> None:
    ticket = a_ticket(slips=(Slip(number=1, step=SlipStep.OUT, waits_for=None, said_by="m-1"),))
    told = counter.take_in(ticket, CLERK, a_visit(), NOON).events
    assert [event.left_behind for event in told if isinstance(event, TicketCashChanged)] == [True]


@pytest.mark.parametrize("result", [ResultCode.PLANNED, ResultCode.REFERRED, ResultCode.WITHDRAWN])
def test_a_result_that_promises_something_is_not_signed_without_it(result: ResultCode) -> None:
    tickets, asked = FakeTickets().holding(owned()), FakeRows.of(a_community())
    holds = Holds(asked, some_time_limits())
    nothing: Any = None
    desk = Counter(tickets, nothing, asked, nothing, holds, Sealing(FakeVault()), FakeClock())
    command = CloseAtCounter(
        ticket_id=TICKET_ID, answer=Answer.SATISFIED, solved=True, signed=Signed.TAP, result=result
    )
    with pytest.raises(Invalid) as refusal:
        desk.close(Call(command, a_meta(CLERK)))
    assert (refusal.value.code, refusal.value.field) == ("particulars-needed", "result")
