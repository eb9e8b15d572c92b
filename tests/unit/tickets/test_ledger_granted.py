"""What is done when a request is granted, and that a refusal does nothing."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.cash import SlipStep
from contracts.commands import Call
from contracts.commands.ledger import ResumeTicket
from contracts.commands.tickets import CompleteTicket
from contracts.errors import Conflict, DomainError, Invalid, Refused
from contracts.events.cash import TicketCashChanged
from contracts.events.ledger import (
    TicketExtended,
    TicketHeld,
    TicketRequestDecided,
    TicketRequestMade,
    TicketResumed,
    TicketStruckThree,
)
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketCancelled, TicketCompleted, TicketRedispatched
from contracts.ladder import Rung
from contracts.ledger import RequestKind, RequestState, Resumed, to_ask_first
from contracts.words import DeadlineKind, Nature, Permit, ResultCode, TicketStatus
from services.tickets.domain.deadlines import standing
from services.tickets.domain.external import ExternalOrder
from services.tickets.domain.following import follow_demand
from services.tickets.domain.merging import merge
from services.tickets.domain.ticket_parts import Slip
from tests.builders import NOON, TICKET_ID, a_meta, some_deadlines
from tests.unit.tickets.asking import (
    DAY,
    DISPATCHER,
    HOUR,
    LEAD,
    OFFICER,
    a_house,
    ask,
    decide,
    order,
    told,
)
from tests.unit.tickets.builders import a_seat, a_ticket, assignment_id, demand_with
from tests.unit.tickets.house import House


def test_a_hold_that_is_granted_stops_the_clock_and_staff_start_it_again() -> None:
    house = a_house()
    ask(house, LEAD, note="缺户口簿原件", papers=("household_register",))
    house.clock.moment = NOON + HOUR
    decide(house, DISPATCHER)
    assert told(house) == [TicketRequestMade, TicketRequestDecided, TicketHeld]
    held = order(house)
    assert held.held[0].papers[0].code == "household_register"
    assert held.snapshot().held == held.held
    assert [note.action for note in held.private.notes] == ["hold"]
    house.clock.moment = NOON + 2 * HOUR
    with pytest.raises(Refused, match="staff-only"):
        house.ledger.resume(Call(ResumeTicket(ticket_id=TICKET_ID), a_meta(LEAD)))
    house.ledger.resume(Call(ResumeTicket(ticket_id=TICKET_ID), a_meta(OFFICER)))
    promised = order(house).deadlines
    assert promised is not None
    assert promised.resolve_by == some_deadlines().resolve_by + HOUR


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"requester_id": OFFICER.account_id}, "own-case"),
        ({"delegates": (TicketDelegate(OFFICER.account_id, (Permit.SEE,)),)}, "own-case"),
        ({"nature": Nature.COMPLAINT}, "dispatchers-only"),
    ],
)
def test_staff_start_neither_their_own_clock_again_nor_that_of_a_complaint(changes: dict[str, Any], code: str) -> None:
    house = a_house()
    ask(house, LEAD)
    decide(house, DISPATCHER)
    house.tickets.holding(replace(order(house), **changes))
    with pytest.raises(Refused, match=code):
        house.ledger.resume(Call(ResumeTicket(ticket_id=TICKET_ID), a_meta(OFFICER)))
    house.ledger.resume(Call(ResumeTicket(ticket_id=TICKET_ID), a_meta(DISPATCHER)))
    assert order(house).held[-1].ended_at is not None


def test_whoever_owns_an_order_decides_nothing_that_was_asked_for_of_it() -> None:
    house = a_house()
    ask(house, OFFICER)
    house.tickets.holding(replace(order(house), owner=DISPATCHER.account_id))
    with pytest.raises(Refused, match="own-part"):
        decide(house, DISPATCHER)


def test_what_is_done_while_it_waits_waits_no_more_and_what_was_asked_for_lapses() -> None:
    house = a_house()
    ask(house, OFFICER)
    decide(house, DISPATCHER)
    ask(house, OFFICER, RequestKind.EXTENSION, until=NOON + 9 * DAY)
    house.clock.moment = NOON + DAY
    house.steps.complete(Call(CompleteTicket(ticket_id=TICKET_ID, result=ResultCode.SOLVED), a_meta(LEAD)))
    assert told(house)[-2:] == [TicketResumed, TicketCompleted]
    done = order(house)
    assert (done.held[0].ended_by, done.held[0].ended_at) == (Resumed.DONE, NOON + DAY)
    assert [row.state for row in done.ledger] == [RequestState.APPROVED, RequestState.LAPSED]
    assert done.deadlines is not None
    assert done.deadlines.resolve_by == some_deadlines().resolve_by + DAY


def test_an_extension_moves_the_solution_and_its_warning() -> None:
    house = a_house(warned=(DeadlineKind.RESPOND, DeadlineKind.RESOLVE))
    ask(house, LEAD, RequestKind.EXTENSION)
    decide(house, DISPATCHER)
    assert isinstance(house.tickets.events[-1], TicketExtended)
    after = order(house)
    assert after.deadlines is not None
    assert (after.deadlines.resolve_by, after.deadlines.resolve_warn_at) == (NOON + 6 * DAY, NOON + 4.5 * DAY)
    assert after.warned == (DeadlineKind.RESPOND,)


def test_what_was_missed_while_an_extension_waited_for_its_answer_was_not_missed() -> None:
    house = a_house()
    ask(house, LEAD, RequestKind.EXTENSION)
    house.tickets.holding(replace(order(house), overdue=(DeadlineKind.RESPOND, DeadlineKind.RESOLVE)))
    house.clock.moment = NOON + 5 * DAY
    decide(house, DISPATCHER)
    assert order(house).overdue == (DeadlineKind.RESPOND,)


def test_an_extension_takes_back_nothing_that_was_said_of_upstreams_stricter_time() -> None:
    house = a_house(external=ExternalOrder(system="12345", deadline=NOON + DAY))
    ask(house, LEAD, RequestKind.EXTENSION)
    house.clock.moment = NOON + 1.5 * DAY
    late = next(due for due in standing(order(house)) if due.key.startswith("overdue:resolve"))
    house.reactions.fire(TICKET_ID, late)
    decide(house, DISPATCHER)
    assert DeadlineKind.RESOLVE in order(house).overdue
    assert late not in standing(order(house))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"overdue": (DeadlineKind.RESOLVE,)}, "overdue-already"),
        ({"deadlines": None}, "overdue-already"),
        ({"deadlines": some_deadlines(resolve_by=NOON + 7 * DAY)}, "no-extension"),
    ],
)
def test_an_extension_comes_in_time_and_is_one(changes: dict[str, Any], refusal: str) -> None:
    with pytest.raises(DomainError, match=refusal):
        ask(a_house(**changes), LEAD, RequestKind.EXTENSION)


def test_a_return_that_is_granted_looks_for_others_and_is_counted() -> None:
    house = a_house()
    ask(house, LEAD, RequestKind.RETURN)
    decide(house, DISPATCHER)
    assert told(house) == [TicketRequestMade, TicketRequestDecided, TicketRedispatched]
    after = order(house)
    assert (after.status, after.returns, after.round, after.holders) == (TicketStatus.ACCEPTED, 1, 2, ())


@pytest.mark.parametrize("kind", [RequestKind.RETURN, RequestKind.REASSIGN])
def test_staff_hear_of_the_money_that_whoever_is_let_go_has_in_hand(kind: RequestKind) -> None:
    house = a_house(slips=(Slip(number=1, step=SlipStep.OUT, waits_for=None, said_by="m-1"),))
    ask(house, OFFICER, kind)
    decide(house, DISPATCHER)
    assert order(house).status is TicketStatus.ACCEPTED
    assert [event.left_behind for event in house.tickets.events if isinstance(event, TicketCashChanged)] == [True]


@pytest.mark.parametrize(("returns", "strikes"), [(0, 0), (2, 1)])
def test_a_return_may_send_the_order_up_a_rung_and_no_more_than_one(returns: int, strikes: int) -> None:
    house = a_house(returns=returns)
    ask(house, LEAD, RequestKind.RETURN)
    decide(house, DISPATCHER, up=True)
    after = order(house)
    assert [step.rung for step in after.escalations] == [Rung.DUTY]
    assert (after.status, after.returns) == (TicketStatus.ACCEPTED, returns + 1)
    assert told(house).count(TicketStruckThree) == strikes


@pytest.mark.parametrize(("kind", "approved"), [(RequestKind.HOLD, True), (RequestKind.RETURN, False)])
def test_nothing_else_sends_it_up(kind: RequestKind, approved: bool) -> None:
    house = a_house()
    ask(house, LEAD, kind)
    with pytest.raises(Invalid) as refusal:
        decide(house, DISPATCHER, approved=approved, up=True)
    assert refusal.value.field == "up"
    assert order(house).ledger[0].state is RequestState.ASKED


def test_a_return_is_nobody_elses() -> None:
    house = a_house()
    ask(house, LEAD, RequestKind.RETURN)
    for version, seats in ((2, ()), (3, (a_seat(3, assignment_id=assignment_id(3)), a_seat(4)))):
        _news(house, version, *seats)
    with pytest.raises(Conflict, match="others-have-it"):
        decide(house, DISPATCHER)


def _news(house: House, version: int, *seats: Any) -> None:
    decided = follow_demand(order(house), demand_with(*seats), version, NOON)
    assert decided is not None
    house.tickets.holding(decided.aggregate)


def test_three_returns_and_reworks_strike() -> None:
    house = a_house(returns=1, rework_count=1)
    ask(house, LEAD, RequestKind.RETURN)
    decide(house, DISPATCHER)
    assert (house.tickets.events[-2], order(house).rung) == (TicketStruckThree(strikes=3), Rung.DUTY)
    done = a_ticket(TicketStatus.COMPLETED, returns=2)
    assert done.rework(None).events[-1] == TicketStruckThree(strikes=3)
    assert TicketStruckThree not in [type(event) for event in a_ticket(TicketStatus.COMPLETED).rework(None).events]


def test_a_void_ends_the_order_with_its_reason() -> None:
    house = a_house()
    ask(house, OFFICER, RequestKind.VOID, reason_code="entered_twice")
    decide(house, DISPATCHER)
    after, event = order(house), house.tickets.events[-1]
    assert isinstance(event, TicketCancelled)
    assert (after.status, event.reason_code, len(event.released)) == (TicketStatus.CANCELLED, "entered_twice", 2)


@pytest.mark.parametrize(("field", "value"), [("member_id", "m-7"), ("team_id", "silver-vanguard")])
def test_a_reassignment_says_who_is_to_be_asked(field: str, value: str) -> None:
    house = a_house()
    ask(house, OFFICER, RequestKind.REASSIGN, **{"member_id": None, field: value})
    decide(house, DISPATCHER)
    after = order(house)
    assert isinstance(house.tickets.events[-1], TicketRedispatched)
    named = to_ask_first(after.snapshot().ledger, after.round)
    assert named is not None
    assert getattr(named, field) == value
    assert to_ask_first(after.ledger, after.round + 1) is None, "of another round nobody was named"


def test_a_refusal_changes_nothing_but_the_ledger() -> None:
    house = a_house()
    ask(house, LEAD, RequestKind.RETURN)
    before = order(house)
    decide(house, DISPATCHER, approved=False, note="请再联系一次")
    after = order(house)
    assert told(house) == [TicketRequestMade, TicketRequestDecided]
    assert after.ledger[0].state is RequestState.REFUSED
    assert (after.status, after.holders, after.deadlines) == (before.status, before.holders, before.deadlines)
    assert [note.action for note in after.private.notes] == ["decide"]


def test_what_was_asked_for_lapses_with_a_merge() -> None:
    house = a_house()
    ask(house, LEAD, RequestKind.RETURN)
    merged, _ = merge(order(house), a_ticket(id="another"), NOON)
    assert [row.state for row in merged.aggregate.ledger] == [RequestState.LAPSED]
