"""An order that nobody takes goes up rung by rung by itself, each step once, until somebody has it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.ladder import EscalateTicket
from contracts.events.ladder import TicketEscalated, TicketWhistled
from contracts.events.volunteers import DemandUnserved
from contracts.ladder import EscalationReason, Rung, WhistleStatus
from contracts.ledger import Hold
from contracts.words import TicketStatus, Urgency
from services.tickets.domain.ladder import CLIMB, climbing_on
from services.tickets.domain.rungs import ALL_RUNGS, ItemLadder, Ladder, LadderRules, ladder_of
from tests.builders import TICKET_ID, a_demand_snapshot, a_meta, an_actor, received
from tests.builders_of_ladder import BLOCK, a_whistle
from tests.unit.tickets.builders import a_ticket
from tests.unit.tickets.house import House

WHOLE = Ladder(rungs=ALL_RUNGS, departments=("police",), rung_minutes=5)
UNSERVED = received(DemandUnserved(gates={}), a_demand_snapshot(holders=()), version=4)


def in_block(**changes: Any) -> Any:
    return a_ticket(TicketStatus.ACCEPTED, **{"blocks": (BLOCK,), "ladder": WHOLE, **changes})


def a_house(**changes: Any) -> House:
    """Nobody took the order: it is with the duty officer."""
    house = House()
    house.units.add("police", "m-d01")
    house.tickets.holding(in_block(**changes))
    house.climbing.climb([UNSERVED])
    return house


def order(house: House) -> Any:
    return house.tickets.rows[TICKET_ID]


def ups(house: House) -> list[tuple[Rung, EscalationReason]]:
    return [(one.rung, one.reason) for one in house.tickets.events if isinstance(one, TicketEscalated)]


def walk(house: House) -> None:
    """Every step of the ladder at its time; each is fired again, in another order, and the news comes again, as after a
    process that died in the middle.
    """
    fired = []
    while dues := climbing_on(order(house)):
        (due,) = dues
        house.clock.advance(seconds=(due.at - house.clock.now()).total_seconds() - 1)
        house.reactions.fire(TICKET_ID, due)
        assert climbing_on(order(house)) == dues, "not before its time"
        house.clock.advance(seconds=1)
        house.climbing.climb([UNSERVED, UNSERVED])
        fired.append(due)
        for one in reversed(fired):
            house.reactions.fire(TICKET_ID, one)
    assert len({due.key for due in fired}) == len(fired)


def test_an_order_that_nobody_ever_touches_walks_the_whole_ladder_and_each_hears_of_it_once() -> None:
    house = a_house()
    house.climbing.climb([UNSERVED, UNSERVED])
    began = house.clock.now()
    walk(house)
    assert ups(house) == [
        (Rung.DUTY, EscalationReason.UNSERVED),
        (Rung.DESK, EscalationReason.STILL_UNSERVED),
        (Rung.BLOCK_CHIEF, EscalationReason.STILL_UNSERVED),
        (Rung.CHIEF_OF_BLOCKS, EscalationReason.STILL_UNSERVED),
    ]
    assert house.clock.now() - began == timedelta(minutes=15)
    assert [one.teams for one in house.tickets.events if isinstance(one, TicketWhistled)] == [("police",)]
    assert order(house).rung is Rung.CHIEF_OF_BLOCKS


def test_rungs_that_its_item_leaves_out_are_left_out() -> None:
    rules = ItemLadder(rungs=(Rung.CREW, Rung.DESK, Rung.CHIEF_OF_BLOCKS))
    house = a_house(ladder=ladder_of(LadderRules(), rules, Urgency.EMERGENCY, (BLOCK,)))
    walk(house)
    assert [rung for rung, _ in ups(house)] == [Rung.DESK, Rung.CHIEF_OF_BLOCKS]


def test_an_emergency_is_less_patient() -> None:
    patience = [
        ladder_of(LadderRules(), ItemLadder(), urgency, ()).rung_minutes
        for urgency in (Urgency.EMERGENCY, Urgency.URGENT, Urgency.ORDINARY, Urgency.WISH)
    ]
    assert patience == sorted(set(patience))


@pytest.mark.parametrize(
    "changes",
    [
        {"status": TicketStatus.ASSIGNED},
        {"status": TicketStatus.COMPLETED},
        {"status": TicketStatus.CANCELLED},
        {"owner": "a-counter"},
        {"quiet": True},
        {"round": 2},
        {"whistles": (a_whistle(),)},
        {"whistles": (a_whistle(by=None, status=WhistleStatus.SIGNED_IN),)},
    ],
)
def test_it_stops_when_somebody_has_it_or_it_is_over(changes: dict[str, Any]) -> None:
    taken = replace(order(a_house()), **changes)
    assert climbing_on(taken) == ()


def test_whoever_had_it_since_stops_it_also_when_they_gave_it_back() -> None:
    ticket = order(a_house())
    later = ticket.escalations[-1].at + timedelta(minutes=1)
    assert climbing_on(replace(ticket, times=replace(ticket.times, assigned_at=later))) == ()


def test_while_it_is_on_hold_it_waits() -> None:
    ticket = order(a_house())
    at = ticket.escalations[-1].at
    held = Hold(request_id=f"{TICKET_ID}.r1", reason_code="materials", started_at=at, until=at + timedelta(days=1))
    assert climbing_on(replace(ticket, held=(held,))) == ()


def test_staff_who_send_it_up_have_it_in_hand() -> None:
    house = a_house()
    (due,) = climbing_on(order(house))
    command = EscalateTicket(ticket_id=TICKET_ID, reason=EscalationReason.JOINT)
    house.climbing.escalate(Call(command, a_meta(an_actor(Role.DISPATCHER), command_id="up")))
    house.clock.advance(days=1)
    house.reactions.fire(TICKET_ID, due)
    assert [rung for rung, _ in ups(house)] == [Rung.DUTY, Rung.DESK]


def test_every_step_has_a_key_of_its_own() -> None:
    (due,) = climbing_on(order(a_house()))
    assert due.key == f"{CLIMB}:1"
