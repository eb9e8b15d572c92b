"""How well it is known that somebody came: what was shown, or what staff copied from a sheet."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.actor import Actor, Role
from contracts.commands import Call
from contracts.commands.visits import EnterArrival
from contracts.commands.volunteers import Arrive
from contracts.errors import Conflict, DomainError, Invalid, NotFound, Refused
from contracts.words import SeatStatus
from tests.builders import NOON, TICKET_ID, a_meta, an_actor
from tests.unit.volunteers.builders import completed
from tests.unit.volunteers.test_following import a_crew
from tests.unit.volunteers.world import World

SEAT = f"{TICKET_ID}.s1.1"
DESK = an_actor(Role.DUTY)


def enter(world: World, at: datetime, left_at: datetime | None = None, actor: Actor = DESK) -> Any:
    command = EnterArrival(assignment_id=SEAT, at=at, left_at=left_at)
    world.visits.enter(Call(command, a_meta(actor, command_id=f"enter-{at}-{actor.account_id}")))
    return world.demand.take(SEAT)


def test_what_was_shown_is_kept_with_the_seat_and_told() -> None:
    world = a_crew(1)
    world.commands.arrive(Call(Arrive(assignment_id=SEAT, evidence=2, near=True), world.meta("m1")))
    take = world.demand.take(SEAT)
    assert (take.evidence, take.near) == (2, True)
    assert world.demand.snapshot().holders[0].evidence == 2


def test_staff_copy_a_sheet_later_with_both_times() -> None:
    world = a_crew(1)
    world.clock.advance(hours=3)
    take = enter(world, NOON + timedelta(hours=1), NOON + timedelta(hours=2))
    assert (take.status, take.evidence, take.entered_by) == (SeatStatus.LEFT, 3, DESK.account_id)
    assert take.left_at - take.arrived_at == timedelta(hours=1)
    assert world.member("m1").holding == ()
    assert world.happened[-2:] == ["assignment.arrived", "assignment.left"]


def test_a_sheet_that_comes_after_the_order_is_done_fills_in_the_times() -> None:
    world = a_crew(1)
    world.tell(completed(5))
    world.clock.advance(hours=3)
    take = enter(world, NOON + timedelta(hours=1))
    assert (take.status, take.arrived_at) == (SeatStatus.FINISHED, NOON + timedelta(hours=1))
    assert world.member("m1").holding == ()


@pytest.mark.parametrize(
    ("hours", "actor", "refusal"),
    [
        (-1, DESK, Invalid),
        (4, DESK, Invalid),
        (1, replace(DESK, member_id="m1"), Refused),
        (1, an_actor(Role.RESIDENT), NotFound),
        (1, replace(DESK, community_id="elsewhere"), NotFound),
    ],
)
def test_nobody_writes_down_what_cannot_be(hours: int, actor: Actor, refusal: type[DomainError]) -> None:
    world = a_crew(1)
    world.clock.advance(hours=3)
    with pytest.raises(refusal):
        enter(world, NOON + timedelta(hours=hours), actor=actor)


def test_what_the_member_said_stands() -> None:
    world = a_crew(1)
    world.arrive(SEAT, "m1")
    with pytest.raises(Conflict, match="already-there"):
        enter(world, NOON)
