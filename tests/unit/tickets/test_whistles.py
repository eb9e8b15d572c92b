"""Whistles: who may be called, what they do within which limits, and who hears that they did not."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.ladder import MakeContact, ReportWhistle, ReturnWhistle, SignInWhistle, WhistleTeams
from contracts.commands.tickets import CompleteTicket, ConfirmTicket, ReadPrivate, ReworkTicket
from contracts.decisions import Decided
from contracts.errors import Conflict, Invalid, NotFound, Refused
from contracts.events.ladder import (
    TicketEscalated,
    TicketWhistled,
    WhistleContacted,
    WhistleNear,
    WhistleOverdue,
    WhistleReported,
    WhistleReturned,
    WhistleSignedIn,
)
from contracts.events.tickets import TicketAccepted
from contracts.ladder import EscalationReason, Rung, WhistleStatus, WhistleStep
from contracts.lifecycle import IllegalTransition, advance
from contracts.recusal import Recusal
from contracts.words import Answer, ResultCode, TicketStatus
from services.tickets.domain.deadlines import fire, standing
from services.tickets.domain.rungs import ItemLadder
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.whistles import WHISTLE, WhistleAction
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor
from tests.builders_of_ladder import GAS, a_whistle
from tests.unit.tickets.builders import a_ticket, an_item
from tests.unit.tickets.house import House

DISPATCHER = an_actor(Role.DISPATCHER)
LEAD = a_member_actor("m-q01")
MINUTE = timedelta(minutes=1)


def a_house(**changes: Any) -> House:
    house = House()
    house.units.add(GAS, "m-q01", "m-q02")
    house.tickets.holding(a_ticket(**changes))
    return house


def whistle(house: House, *teams: str, who: Any = DISPATCHER, number: int = 1) -> Any:
    command = WhistleTeams(ticket_id=TICKET_ID, teams=teams or (GAS,), note="三楼有煤气味")
    return house.climbing.whistle(Call(command, a_meta(who, command_id=f"whistle-{number}")))


def answer(house: House, command: Any, who: Any = LEAD) -> Any:
    step = {
        SignInWhistle: house.climbing.sign_in,
        MakeContact: house.climbing.contact,
        ReportWhistle: house.climbing.report,
        ReturnWhistle: house.climbing.give_back,
    }[type(command)]
    return step(Call(command, a_meta(who, command_id=f"{type(command).__name__}-{house.tickets.writes}")))


def sign_in(house: House, who: Any = LEAD) -> Any:
    return answer(house, SignInWhistle(ticket_id=TICKET_ID, team=GAS), who)


def the_whistle(house: House) -> Any:
    return house.tickets.rows[TICKET_ID].whistles[-1]


@pytest.mark.parametrize(("status", "action"), list(product(WhistleStatus, WhistleAction)))
def test_every_cell(status: WhistleStatus, action: WhistleAction) -> None:
    if (status, action) in WHISTLE:
        assert advance(WHISTLE, status, action) is WHISTLE[status, action]
    else:
        with pytest.raises(IllegalTransition):
            advance(WHISTLE, status, action)


def test_a_department_signs_in_makes_contact_and_reports() -> None:
    house = a_house()
    whistle(house)
    house.clock.advance(minutes=5)
    sign_in(house)
    assert house.tickets.rows[TICKET_ID].times.responded_at is None
    house.clock.advance(minutes=5)
    answer(house, MakeContact(ticket_id=TICKET_ID, team=GAS, note="联系上了"))
    assert house.tickets.rows[TICKET_ID].times.responded_at == NOON + 10 * MINUTE, "first contact answers the order"
    house.clock.advance(minutes=50)
    answer(house, ReportWhistle(ticket_id=TICKET_ID, team=GAS, result=ResultCode.SOLVED))
    one = the_whistle(house)
    assert (one.status, one.result, one.by) == (WhistleStatus.REPORTED, ResultCode.SOLVED, "a-dispatcher")
    assert (one.signed_in_at, one.contacted_at, one.reported_at) == (
        NOON + 5 * MINUTE,
        NOON + 10 * MINUTE,
        NOON + 60 * MINUTE,
    )
    assert house.tickets.events == [
        TicketWhistled(teams=(GAS,)),
        WhistleSignedIn(team=GAS),
        WhistleContacted(team=GAS),
        WhistleReported(team=GAS, result=ResultCode.SOLVED),
    ]
    assert house.tickets.rows[TICKET_ID].status is TicketStatus.ACCEPTED, "the order is completed by who has it"
    assert [note.action for note in house.tickets.rows[TICKET_ID].private.notes] == ["whistle", "contact"]


def test_what_nobody_took_is_done_when_a_department_has_done_it() -> None:
    house = a_house(whistles=(a_whistle(status=WhistleStatus.CONTACTED),))
    complete = CompleteTicket(ticket_id=TICKET_ID, result=ResultCode.SOLVED)
    with pytest.raises(IllegalTransition):
        house.steps.complete(Call(complete, a_meta(DISPATCHER, command_id="too-early")))
    answer(house, ReportWhistle(ticket_id=TICKET_ID, team=GAS, result=ResultCode.SOLVED))
    house.steps.complete(Call(complete, a_meta(DISPATCHER, command_id="done")))
    assert house.tickets.rows[TICKET_ID].status is TicketStatus.COMPLETED
    confirm = ConfirmTicket(ticket_id=TICKET_ID, answer=Answer.SATISFIED, solved=True)
    own = replace(an_actor(Role.DUTY, account_id="a-gas"), member_id="m-q01")
    with pytest.raises(Refused):
        house.steps.confirm(Call(confirm, a_meta(own, command_id="own-work")))
    again = ReworkTicket(ticket_id=TICKET_ID)
    house.steps.rework(Call(again, a_meta(an_actor(account_id="a-resident"), command_id="again")))
    ticket = house.tickets.rows[TICKET_ID]
    assert (ticket.status, ticket.rework_count) == (TicketStatus.ACCEPTED, 1), "people are looked for"


def test_a_report_without_anybody_to_speak_with_is_the_first_contact_too() -> None:
    house = a_house(whistles=(a_whistle(status=WhistleStatus.SIGNED_IN),))
    answer(house, ReportWhistle(ticket_id=TICKET_ID, team=GAS, result=ResultCode.SOLVED))
    assert the_whistle(house).contacted_at == NOON
    assert house.tickets.rows[TICKET_ID].times.responded_at == NOON


def test_it_may_be_returned_with_a_reason_and_called_again() -> None:
    house = a_house()
    whistle(house)
    with pytest.raises(Conflict) as twice:
        whistle(house, number=2)
    assert (twice.value.code, twice.value.field) == ("already-whistled", "teams")
    with pytest.raises(Invalid):
        answer(house, ReturnWhistle(ticket_id=TICKET_ID, team=GAS, reason_code="不归我们"))
    answer(house, ReturnWhistle(ticket_id=TICKET_ID, team=GAS, reason_code="not_ours"))
    assert house.tickets.events[-1] == WhistleReturned(team=GAS, reason_code="not_ours")
    with pytest.raises(NotFound):
        sign_in(house)
    whistle(house, number=3)
    sign_in(house)
    assert [(one.count, one.status) for one in house.tickets.rows[TICKET_ID].whistles] == [
        (1, WhistleStatus.RETURNED),
        (2, WhistleStatus.SIGNED_IN),
    ]


@pytest.mark.parametrize("who", [a_member_actor("m-other"), DISPATCHER, an_actor(account_id="a-resident")])
def test_only_who_answers_for_the_team_answers(who: Any) -> None:
    house = a_house()
    whistle(house)
    with pytest.raises(NotFound):
        sign_in(house, who)


def test_who_leads_the_team_now_answers_and_who_did_before_does_not() -> None:
    house = a_house()
    whistle(house)
    house.units.add(GAS, "m-q03")
    with pytest.raises(NotFound):
        sign_in(house)
    sign_in(house, a_member_actor("m-q03"))
    assert the_whistle(house).leads == ("m-q03",)


def test_volunteers_are_invited_and_never_called() -> None:
    house = a_house()
    house.units.add("helping-hands", "m-v50", contracted=False)
    house.units.add("headless")
    for team, said in (
        ("helping-hands", "team-not-contracted"),
        ("nobody", "unknown-team"),
        ("headless", "team-without-lead"),
    ):
        with pytest.raises(Invalid) as wrong:
            whistle(house, team)
        assert (wrong.value.code, wrong.value.field) == (said, "teams")
    with pytest.raises(Invalid):
        whistle(house, *["t"] * 21)
    assert house.tickets.writes == 0


def test_whom_a_complaint_is_about_is_not_called_to_it() -> None:
    house = a_house(recused=Recusal(members=("m-q02",)))
    with pytest.raises(Invalid) as wrong:
        whistle(house)
    assert wrong.value.code == "team-recused"


def test_the_exact_place_opens_when_they_sign_in_and_closes_when_they_report() -> None:
    house = a_house()
    house.tickets.rows.clear()
    house.place()
    read = Call(ReadPrivate(ticket_id=TICKET_ID), a_meta(LEAD))
    whistle(house)
    with pytest.raises(NotFound):
        house.reads.read_private(read)
    sign_in(house)
    assert house.reads.read_private(read).result["area_id"] == "heping-1"
    assert house.reveals.rows[-1].role == "assignee"
    answer(house, ReportWhistle(ticket_id=TICKET_ID, team=GAS, result=ResultCode.SOLVED))
    with pytest.raises(NotFound):
        house.reads.read_private(read)


def test_each_step_is_near_and_then_overdue_once_all_counted_from_the_whistle() -> None:
    ticket = a_ticket(whistles=(a_whistle(),))
    dues = {due.key.partition(":")[0]: due for due in standing(ticket)}
    near, over = dues["whistle-near"], dues["whistle-overdue"]
    assert (near.at, over.at) == (NOON + 22.5 * MINUTE, NOON + 30 * MINUTE)
    warned = fire(ticket, near.key, near.at)
    assert warned is not None
    assert warned.events == (WhistleNear(team=GAS, step=WhistleStep.SIGN_IN),)
    assert fire(warned.aggregate, near.key, near.at) is None
    missed = fire(warned.aggregate, over.key, over.at)
    assert missed is not None
    assert missed.events == (
        WhistleOverdue(team=GAS, step=WhistleStep.SIGN_IN),
        TicketEscalated(before=Rung.CREW, rung=Rung.DUTY, reason=EscalationReason.UNSIGNED),
    )
    assert standing(missed.aggregate) == ()
    assert missed.aggregate.snapshot().whistles[0].overdue == (WhistleStep.SIGN_IN,)


def _miss(ticket: Ticket, step: WhistleStep, team: str = GAS) -> Decided[Ticket]:
    key = next(due.key for due in standing(ticket) if due.key == f"whistle-overdue:{step.value}:1:{team}")
    missed = fire(ticket, key, NOON + 300 * MINUTE)
    assert missed is not None
    return missed


def test_who_does_not_sign_in_sends_it_up_one_rung_and_who_only_reports_late_does_not() -> None:
    ticket = a_ticket(whistles=(a_whistle(),))
    up = _miss(ticket, WhistleStep.SIGN_IN).aggregate
    assert [step.reason for step in up.escalations] == [EscalationReason.UNSIGNED]
    here = a_ticket(whistles=(a_whistle(status=WhistleStatus.CONTACTED),))
    assert _miss(here, WhistleStep.REPORT).events == (WhistleOverdue(team=GAS, step=WhistleStep.REPORT),)


def test_two_who_were_called_together_and_do_not_come_send_it_up_once() -> None:
    ticket = a_ticket(whistles=(a_whistle(), a_whistle(team="water")))
    for team in (GAS, "water"):
        ticket = _miss(ticket, WhistleStep.SIGN_IN, team).aggregate
    assert [step.rung for step in ticket.escalations] == [Rung.DUTY]
    other = replace(a_whistle(team="heat"), whistled_at=NOON + MINUTE)
    again = _miss(replace(ticket, whistles=(*ticket.whistles, other)), WhistleStep.SIGN_IN, "heat")
    assert [step.rung for step in again.aggregate.escalations] == [Rung.DUTY, Rung.DESK]


def test_at_the_top_and_of_who_died_nobody_is_left_to_send_it_to() -> None:
    top = a_ticket(whistles=(a_whistle(),), rung=Rung.DESK)
    assert _miss(top, WhistleStep.SIGN_IN).aggregate.escalations == ()
    assert not any("whistle" in due.key for due in standing(replace(top, quiet=True)))


def test_who_signs_in_late_has_the_next_limit_from_the_whistle_on() -> None:
    ticket = a_ticket(whistles=(a_whistle(status=WhistleStatus.SIGNED_IN, overdue=(WhistleStep.SIGN_IN,)),))
    assert {due.at for due in standing(ticket)} == {NOON + 45 * MINUTE, NOON + 60 * MINUTE}


def test_a_warning_that_comes_too_late_is_not_given() -> None:
    ticket = a_ticket(whistles=(a_whistle(),))
    near = next(due for due in standing(ticket) if due.key.startswith("whistle-near"))
    assert fire(ticket, near.key, NOON + 31 * MINUTE) is None


@pytest.mark.parametrize("status", [TicketStatus.COMPLETED, TicketStatus.CANCELLED])
def test_of_what_is_done_nobody_is_urged_or_called(status: TicketStatus) -> None:
    ticket = a_ticket(status, whistles=(a_whistle(),))
    assert not any(due.key.startswith("whistle") for due in standing(ticket))
    house = a_house()
    house.tickets.holding(ticket)
    with pytest.raises(Conflict):
        sign_in(house)


def test_an_item_may_call_a_company_as_soon_as_it_is_accepted() -> None:
    house = a_house()
    house.tickets.rows.clear()
    item = an_item(ladder=ItemLadder(at_once=(GAS,)))
    house.items[item.id] = item
    house.place()
    accepted, whistled = house.tickets.events
    assert isinstance(accepted, TicketAccepted)
    assert whistled == TicketWhistled(teams=(GAS,))
    assert the_whistle(house).by is None


def test_an_ordinary_order_looks_for_no_team() -> None:
    house = a_house()
    house.tickets.rows.clear()
    house.place()
    assert house.units.asked == 0
