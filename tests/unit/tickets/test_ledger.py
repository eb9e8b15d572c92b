"""Who asks, who decides, what is done then; and that nothing waits for ever for somebody who is silent."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.actor import Actor, Role
from contracts.commands import Call
from contracts.commands.ledger import AskFor, DecideRequest, ResumeTicket
from contracts.commands.tickets import CompleteTicket
from contracts.decisions import Due
from contracts.errors import Conflict, DomainError, Invalid, NotFound, Refused
from contracts.events.ledger import (
    TicketExtended,
    TicketHeld,
    TicketRequestDecided,
    TicketRequestLapsed,
    TicketRequestMade,
    TicketRequestRaised,
    TicketResumed,
    TicketStruckThree,
)
from contracts.events.tickets import TicketCancelled, TicketCompleted, TicketRedispatched
from contracts.ladder import Rung
from contracts.ledger import RequestKind, RequestState, Resumed, to_ask_first
from contracts.recusal import Recusal
from contracts.words import DeadlineKind, ResultCode, TicketStatus, Urgency
from services.tickets.domain.deadlines import standing
from services.tickets.domain.following import follow_demand
from services.tickets.domain.rungs import Ladder
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor, some_deadlines
from tests.unit.tickets.builders import a_seat, a_ticket, assignment_id, demand_with, holder_number
from tests.unit.tickets.house import House

REQUESTER = an_actor(account_id="a-resident")
LEAD = a_member_actor("m-1")
SECOND = a_member_actor("m-2")
OFFICER = an_actor(Role.DUTY)
SECRETARY = an_actor(Role.SECRETARY)
DISPATCHER = an_actor(Role.DISPATCHER)
CHIEF = an_actor(Role.BLOCK_CHIEF)
TOP = an_actor(Role.CHIEF_OF_BLOCKS)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOON + 2 * DAY
WITH_BLOCKS = Ladder(rungs=tuple(Rung))
EXTRA: dict[RequestKind, dict[str, Any]] = {
    RequestKind.HOLD: {"until": LATER},
    RequestKind.EXTENSION: {"until": NOON + 6 * DAY},
    RequestKind.RETURN: {},
    RequestKind.VOID: {},
    RequestKind.REASSIGN: {"member_id": "m-7"},
}


def a_house(status: TicketStatus = TicketStatus.ASSIGNED, **changes: Any) -> House:
    """One order that m-1 leads and m-2 helps with; the clock stands at noon."""
    house = House()
    house.crews.members |= {"m-7", "m-8"}
    house.crews.teams["silver-vanguard"] = ("m-8",)
    crew = {"holders": (holder_number(1), holder_number(2)), "lead": "m-1", "seats": 2}
    values = {"deadlines": some_deadlines(), "ladder": WITH_BLOCKS, "urgency": Urgency.URGENT, **crew, **changes}
    house.tickets.holding(a_ticket(status, **values))
    return house


def ask(house: House, actor: Actor, kind: RequestKind = RequestKind.HOLD, **changes: Any) -> Any:
    """Its outcome; each call is a command of its own."""
    values = {"reason_code": "papers_missing", **EXTRA[kind], **changes}
    command = AskFor(ticket_id=TICKET_ID, kind=kind, **values)
    return house.ledger.ask(Call(command, a_meta(actor, command_id=f"ask-{len(house.tickets.events)}-{kind}"))).result


def decide(house: House, actor: Actor, request: str = f"{TICKET_ID}.r1", approved: bool = True, **changes: Any) -> Any:
    command = DecideRequest(ticket_id=TICKET_ID, request_id=request, approved=approved, **changes)
    meta = a_meta(actor, command_id=f"decide-{request}-{actor.account_id}")
    return house.ledger.decide(Call(command, meta)).result


def order(house: House) -> Ticket:
    found = house.tickets.get(TICKET_ID)
    assert found is not None
    return found


def told(house: House) -> list[type]:
    return [type(event) for event in house.tickets.events]


def silence(house: House, at: datetime) -> None:
    """Whatever is due of requests by *at* comes."""
    house.clock.moment = at
    while dues := [one for one in standing(order(house)) if one.key.startswith("request:") and one.at <= at]:
        house.reactions.fire(TICKET_ID, Due(dues[0].key, dues[0].at))


@pytest.mark.parametrize("kind", list(RequestKind))
def test_the_lead_asks_for_what_the_crew_need_and_staff_for_everything(kind: RequestKind) -> None:
    assert ask(a_house(), OFFICER, kind)["request_id"] == f"{TICKET_ID}.r1"
    house = a_house()
    if kind in (RequestKind.VOID, RequestKind.REASSIGN):
        with pytest.raises(Refused, match="not-yours-to-ask"):
            ask(house, LEAD, kind)
    else:
        ask(house, LEAD, kind)
        assert order(house).ledger[0].asked_as is Rung.CREW
    for nobody in (SECOND, REQUESTER):
        with pytest.raises(Refused, match="not-yours-to-ask"):
            ask(a_house(), nobody, kind)
    for stranger in (a_member_actor("m-9"), an_actor(account_id="a-stranger")):
        with pytest.raises(NotFound):
            ask(a_house(), stranger, kind)


@pytest.mark.parametrize(
    ("asker", "decider", "refusal"),
    [
        (LEAD, OFFICER, "approver-only"),
        (LEAD, DISPATCHER, None),
        (OFFICER, OFFICER, "approver-only"),
        (OFFICER, SECRETARY, None),
        (OFFICER, CHIEF, None),
        (DISPATCHER, DISPATCHER, "approver-only"),
        (DISPATCHER, SECRETARY, "approver-only"),
        (SECRETARY, CHIEF, None),
        (SECRETARY, TOP, None),
        (LEAD, REQUESTER, "approver-only"),
        (LEAD, SECOND, "approver-only"),
    ],
)
def test_only_who_stands_above_decides(asker: Actor, decider: Actor, refusal: str | None) -> None:
    house = a_house()
    ask(house, asker)
    if refusal is None:
        decide(house, decider)
        assert order(house).ledger[0].state is RequestState.APPROVED
        assert order(house).ledger[0].decided_by == decider.account_id
    else:
        with pytest.raises(Refused, match=refusal):
            decide(house, decider)
        assert order(house).ledger[0].state is RequestState.ASKED


def test_where_nobody_stands_above_an_equal_decides_and_never_who_asked() -> None:
    house = a_house(ladder=Ladder())
    ask(house, SECRETARY)
    with pytest.raises(Refused, match="own-request"):
        decide(house, SECRETARY)
    decide(house, DISPATCHER)
    assert order(house).ledger[0].decided_as is Rung.DESK


def test_who_asked_as_a_member_does_not_decide_with_another_account() -> None:
    house = a_house(ladder=Ladder())
    asker = an_actor(Role.DISPATCHER, account_id="m-m-5", member_id="m-5")
    ask(house, asker)
    with pytest.raises(Refused, match="own-request"):
        decide(house, an_actor(Role.SECRETARY, account_id="a-desk-2", member_id="m-5"))


@pytest.mark.parametrize(
    "part", [an_actor(Role.DISPATCHER, member_id="m-2"), an_actor(Role.DISPATCHER, account_id="a-resident")]
)
def test_who_has_a_part_in_the_order_does_not_decide(part: Actor) -> None:
    house = a_house()
    ask(house, OFFICER)
    with pytest.raises(Refused, match="own-part"):
        decide(house, part)


def test_whose_own_case_a_complaint_is_knows_nothing_of_its_ledger() -> None:
    house = a_house(recused=Recusal(staff=(DISPATCHER.account_id,)))
    ask(house, OFFICER)
    with pytest.raises(NotFound):
        decide(house, DISPATCHER)
    house = a_house(recused=Recusal(members=("m-7",)))
    with pytest.raises(Invalid) as refusal:
        ask(house, OFFICER, RequestKind.REASSIGN)
    assert refusal.value.field == "member_id"


def test_a_silent_approver_is_passed_over_and_at_last_it_lapses() -> None:
    house = a_house()
    ask(house, OFFICER)
    silence(house, NOON + 4 * HOUR - timedelta(seconds=1))
    assert told(house) == [TicketRequestMade]
    silence(house, NOON + 4 * HOUR)
    raised = house.tickets.events[-1]
    assert isinstance(raised, TicketRequestRaised)
    assert (raised.approver, raised.until) == (Rung.BLOCK_CHIEF, NOON + 8 * HOUR)
    silence(house, NOON + 30 * HOUR)
    assert told(house) == [TicketRequestMade, TicketRequestRaised, TicketRequestRaised, TicketRequestLapsed]
    assert order(house).ledger[0].state is RequestState.LAPSED
    with pytest.raises(Conflict, match="decided-already"):
        decide(house, TOP)
    ask(house, OFFICER)
    assert [row.state for row in order(house).ledger] == [RequestState.LAPSED, RequestState.ASKED]


def test_the_only_secretary_never_waits_for_ever() -> None:
    house = a_house(ladder=Ladder())
    ask(house, SECRETARY)
    silence(house, NOON + 4 * HOUR)
    assert told(house) == [TicketRequestMade, TicketRequestLapsed]
    assert order(house).held == ()


def test_an_approver_of_what_can_wait_has_working_hours() -> None:
    """Noon of a Saturday in 石榴里: the desk has until Monday, four hours after it opens at nine, with its rest."""
    house = a_house(urgency=Urgency.ORDINARY)
    ask(house, OFFICER)
    first, second, _ = order(house).ledger[0].desks
    assert (first.rung, first.until) == (Rung.DESK, datetime.fromisoformat("2026-11-23T07:00:00+00:00"))
    assert (second.rung, second.until) == (Rung.BLOCK_CHIEF, datetime.fromisoformat("2026-11-24T02:00:00+00:00"))


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
    assert house.tickets.events[-1] == TicketStruckThree(strikes=3)
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


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (RequestKind.HOLD, {"until": None}, "until"),
        (RequestKind.HOLD, {"until": NOON}, "until"),
        (RequestKind.HOLD, {"until": NOON + 181 * DAY}, "until"),
        (RequestKind.HOLD, {"reason_code": "他不在家"}, "reason_code"),
        (RequestKind.HOLD, {"papers": ("户口簿",)}, "papers.0"),
        (RequestKind.HOLD, {"papers": ("x",) * 31}, "papers"),
        (RequestKind.HOLD, {"team_id": "silver-vanguard"}, "team_id"),
        (RequestKind.EXTENSION, {"until": None}, "until"),
        (RequestKind.RETURN, {"until": LATER}, "until"),
        (RequestKind.VOID, {"papers": ("x",)}, "papers"),
        (RequestKind.REASSIGN, {"member_id": None}, "member_id"),
        (RequestKind.REASSIGN, {"team_id": "silver-vanguard"}, "member_id"),
        (RequestKind.REASSIGN, {"member_id": "m-0"}, "member_id"),
        (RequestKind.REASSIGN, {"member_id": None, "team_id": "no-team"}, "team_id"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(kind: RequestKind, changes: dict[str, Any], field: str) -> None:
    house = a_house()
    with pytest.raises(Invalid) as refusal:
        ask(house, OFFICER, kind, **changes)
    assert refusal.value.field == field
    assert order(house).ledger == ()


@pytest.mark.parametrize("kind", list(RequestKind))
@pytest.mark.parametrize("status", [TicketStatus.COMPLETED, TicketStatus.CLOSED, TicketStatus.CANCELLED])
def test_nothing_is_asked_for_what_is_done(kind: RequestKind, status: TicketStatus) -> None:
    with pytest.raises(Conflict):
        ask(a_house(status), OFFICER, kind)


def test_the_same_is_asked_for_once_at_a_time() -> None:
    house = a_house()
    ask(house, OFFICER)
    with pytest.raises(Conflict, match="asked-already"):
        ask(house, OFFICER)
    ask(house, OFFICER, RequestKind.EXTENSION)
    decide(house, DISPATCHER)
    with pytest.raises(Conflict, match="held-already"):
        ask(house, OFFICER)


def test_a_request_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        decide(a_house(), DISPATCHER)
