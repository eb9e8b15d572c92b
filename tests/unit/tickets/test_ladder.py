"""The ladder: where an order begins, who sends it up, when it goes up by itself, and where it stops."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.commands import Call
from contracts.commands.ladder import EscalateTicket
from contracts.commands.tickets import ReworkTicket
from contracts.errors import Conflict, Invalid, NotFound, Refused
from contracts.events.ladder import TicketEscalated, TicketWhistled
from contracts.events.volunteers import DemandUnserved
from contracts.ladder import EscalationReason, Rung, WhistleStatus
from contracts.words import Nature, TicketStatus, Urgency
from services.tickets.domain.ladder import climbed
from services.tickets.domain.rungs import ALL_RUNGS, ItemLadder, Ladder, LadderRules, ladder_of
from tests.builders import AREA_PATH, NOON, TICKET_ID, a_demand_snapshot, a_meta, an_actor, received
from tests.builders_of_ladder import BLOCK
from tests.unit.tickets.builders import a_community, a_ticket, an_item
from tests.unit.tickets.house import House

GRID = AREA_PATH[-1]
WHOLE = Ladder(rungs=ALL_RUNGS)
DISPATCHER = an_actor(Role.DISPATCHER)


def a_chief(role: Role = Role.BLOCK_CHIEF, block: str | None = BLOCK, **changes: Any) -> Any:
    return an_actor(role, account_id="a-chief", grants=(Grant(role, block),), **changes)


def in_block(status: TicketStatus = TicketStatus.ACCEPTED, **changes: Any) -> Any:
    return a_ticket(status, **{"blocks": (BLOCK,), "ladder": WHOLE, **changes})


def escalate(house: House, who: Any, number: int = 1, **changes: Any) -> Any:
    values = {"ticket_id": TICKET_ID, "reason": EscalationReason.BEYOND_US, **changes}
    return house.climbing.escalate(Call(EscalateTicket(**values), a_meta(who, command_id=f"up-{number}")))


def test_an_order_carries_the_ladder_of_its_community_and_the_blocks_that_it_lies_in() -> None:
    house = House()
    house.blocks.covers = {BLOCK: (AREA_PATH[2], "zyl"), "elsewhere": ("zyl",)}
    house.place()
    ticket = house.tickets.rows[TICKET_ID]
    assert (ticket.blocks, ticket.rung, ticket.ladder.rungs) == ((BLOCK,), Rung.CREW, ALL_RUNGS)


def test_without_a_block_nobody_stands_above_the_desk() -> None:
    house = House()
    house.place()
    assert house.tickets.rows[TICKET_ID].ladder.rungs == (Rung.CREW, Rung.DUTY, Rung.DESK)


def test_an_item_may_leave_out_rungs_and_begin_at_the_top() -> None:
    house = House()
    house.blocks.covers = {BLOCK: (GRID,)}
    item = an_item(ladder=ItemLadder(rungs=(Rung.CHIEF_OF_BLOCKS,)))
    house.items[item.id] = item
    house.place()
    assert house.tickets.rows[TICKET_ID].rung is Rung.CHIEF_OF_BLOCKS


def test_the_limits_are_those_of_the_urgency() -> None:
    rules = LadderRules()
    ladder = ladder_of(rules, ItemLadder(), Urgency.EMERGENCY, ())
    assert ladder.minutes == rules.whistle_minutes.emergency


@pytest.mark.parametrize(("nature", "rung"), [(Nature.HELP, Rung.CREW), (Nature.COMPLAINT, Rung.DESK)])
def test_a_complaint_begins_one_rung_above_those_who_handle_orders(nature: Nature, rung: Rung) -> None:
    assert WHOLE.start(nature) is rung


def test_staff_send_it_up_to_the_next_rung_or_over_several() -> None:
    house = House()
    house.tickets.holding(in_block())
    escalate(house, DISPATCHER, note="两家都在推")
    escalate(house, DISPATCHER, 2, to=Rung.CHIEF_OF_BLOCKS, reason=EscalationReason.JOINT)
    ticket = house.tickets.rows[TICKET_ID]
    assert [(one.before, one.rung, one.by_role) for one in ticket.escalations] == [
        (Rung.CREW, Rung.DUTY, "staff"),
        (Rung.DUTY, Rung.CHIEF_OF_BLOCKS, "staff"),
    ]
    assert ticket.snapshot().rung is Rung.CHIEF_OF_BLOCKS
    assert [note.action for note in ticket.private.notes] == ["escalate"]
    assert "两家" not in repr(ticket.snapshot())


def test_never_down_never_off_the_ladder_and_at_the_top_no_further() -> None:
    house = House()
    house.tickets.holding(in_block(rung=Rung.DESK))
    for to in (Rung.DESK, Rung.CREW):
        with pytest.raises(Invalid) as wrong:
            escalate(house, DISPATCHER, to=to)
        assert wrong.value.field == "to"
    house.tickets.holding(in_block(rung=Rung.CHIEF_OF_BLOCKS))
    with pytest.raises(Conflict) as top:
        escalate(house, DISPATCHER)
    assert top.value.code == "top-of-the-ladder"
    house.tickets.holding(a_ticket())
    with pytest.raises(Invalid):
        escalate(house, DISPATCHER, to=Rung.BLOCK_CHIEF)


@pytest.mark.parametrize("reason", [EscalationReason.UNSERVED, EscalationReason.OVERDUE, EscalationReason.STRIKES])
def test_what_the_platform_finds_out_nobody_claims(reason: EscalationReason) -> None:
    house = House()
    house.tickets.holding(in_block())
    with pytest.raises(Invalid) as wrong:
        escalate(house, DISPATCHER, reason=reason)
    assert wrong.value.field == "reason"


def test_departments_come_in_the_same_step_as_the_chief_of_blocks() -> None:
    house = House()
    house.units.add("fire", "m-d04")
    house.units.add("police", "m-d01")
    house.tickets.holding(in_block(ladder=replace(WHOLE, departments=("police", "unknown"))))
    escalate(house, DISPATCHER, to=Rung.CHIEF_OF_BLOCKS, teams=("fire",))
    up, *whistled = house.tickets.events
    assert isinstance(up, TicketEscalated)
    assert [one.teams for one in whistled if isinstance(one, TicketWhistled)] == [("fire",), ("police",)]
    ticket = house.tickets.rows[TICKET_ID]
    assert {(one.team, one.by, one.status) for one in ticket.whistles} == {
        ("fire", "a-dispatcher", WhistleStatus.WHISTLED),
        ("police", "a-dispatcher", WhistleStatus.WHISTLED),
    }
    assert house.tickets.writes == 1
    assert house.told == ["whistle.team_unusable"]


def test_nobody_took_it_so_it_goes_up_once_for_each_time() -> None:
    house = House()
    house.tickets.holding(in_block())
    event = received(DemandUnserved(gates={}), a_demand_snapshot(holders=()), version=4)
    house.climbing.climb([event, event])
    assert [one.reason for one in house.tickets.rows[TICKET_ID].escalations] == [EscalationReason.UNSERVED]
    house.climbing.climb([received(DemandUnserved(gates={}), a_demand_snapshot(holders=(), round=2), version=9)])
    assert house.tickets.rows[TICKET_ID].rung is Rung.DESK


@pytest.mark.parametrize("status", [TicketStatus.COMPLETED, TicketStatus.CLOSED, TicketStatus.CANCELLED])
def test_what_is_done_goes_nowhere(status: TicketStatus) -> None:
    house = House()
    house.tickets.holding(in_block(status))
    house.climbing.climb([received(DemandUnserved(gates={}), a_demand_snapshot(holders=()), version=4)])
    assert house.tickets.events == []
    with pytest.raises(Conflict):
        escalate(house, DISPATCHER)


def test_at_the_top_and_of_somebody_who_died_nothing_goes_up_by_itself() -> None:
    assert climbed(in_block(rung=Rung.CHIEF_OF_BLOCKS), EscalationReason.OVERDUE, NOON) is None
    assert climbed(in_block(quiet=True), EscalationReason.OVERDUE, NOON) is None


def test_the_third_rework_sends_it_up() -> None:
    house = House()
    house.tickets.holding(in_block(TicketStatus.COMPLETED, rework_count=1))
    requester = an_actor(account_id="a-resident")
    house.steps.rework(Call(ReworkTicket(ticket_id=TICKET_ID), a_meta(requester, command_id="again-2")))
    assert house.tickets.rows[TICKET_ID].rung is Rung.CREW
    done = replace(house.tickets.rows[TICKET_ID], status=TicketStatus.COMPLETED)
    house.tickets.holding(done)
    house.steps.rework(Call(ReworkTicket(ticket_id=TICKET_ID), a_meta(requester, command_id="again-3")))
    ticket = house.tickets.rows[TICKET_ID]
    assert [one.reason for one in ticket.escalations] == [EscalationReason.STRIKES]
    assert ticket.status is TicketStatus.IN_PROGRESS


def test_a_chief_sends_up_what_lies_in_the_block_whichever_community_it_is_in() -> None:
    house = House()
    house.tickets.holding(in_block())
    escalate(house, a_chief(community_id="zaoyuanli"))
    assert house.tickets.rows[TICKET_ID].escalations[0].by_role == "chief"
    for who in (a_chief(block="another-block"), a_chief(block=None, community_id="zaoyuanli")):
        with pytest.raises(NotFound):
            escalate(house, who, 2)
    escalate(house, a_chief(block=None), 3)


def test_who_is_staff_elsewhere_stays_no_staff_here_for_being_a_chief() -> None:
    """The secretary of one community may be chief of a block that reaches into another."""
    house = House()
    house.tickets.holding(in_block(TicketStatus.COMPLETED))
    grants = (Grant(Role.SECRETARY), Grant(Role.BLOCK_CHIEF, BLOCK))
    secretary = an_actor(Role.SECRETARY, grants=grants, community_id="zaoyuanli", account_id="a-other")
    with pytest.raises(Refused):
        house.steps.rework(Call(ReworkTicket(ticket_id=TICKET_ID), a_meta(secretary, command_id="again")))


def test_who_only_ordered_sends_nothing_up() -> None:
    house = House()
    house.tickets.holding(in_block())
    with pytest.raises(Refused):
        escalate(house, an_actor(account_id="a-resident"))
    assert a_community().ladder == LadderRules()
