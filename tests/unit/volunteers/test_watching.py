"""Whoever is long at a door is asked whether all is well; whoever does not come is asked before anybody else is."""

from datetime import datetime, timedelta

import pytest

from contracts.catalogue import Wanted
from contracts.commands import Call
from contracts.commands.visits import OnMyWay, StillHere
from contracts.decisions import Due
from contracts.errors import Conflict, NotFound
from contracts.words import ReleaseReason, SeatStatus
from services.volunteers.domain.watching import watched
from tests.builders import NOON, TICKET_ID
from tests.unit.volunteers.builders import a_member, accepted, completed
from tests.unit.volunteers.world import World, a_world

SEAT = f"{TICKET_ID}.s1.1"
WANTED = Wanted(start=NOON + timedelta(hours=1))
SPARE = "m2"


def an_order(wanted: Wanted | None = None) -> World:
    """Taken by m1; the other one could take it, too."""
    world = a_world(1)
    world.tell(accepted(ticket={"wanted": wanted}))
    world.accept(1, world.demand.offers[0].member_id)
    world.add(a_member(SPARE))
    return world


def due(world: World) -> list[tuple[str, datetime]]:
    return [(one.key.partition(":")[0], one.at) for one in watched(world.demand)]


def pass_minutes(world: World, minutes: float) -> list[str]:
    """What happened when the moments came that are due by then."""
    before = len(world.happened)
    now = world.clock.advance(minutes=minutes)
    for one in list(watched(world.demand)):
        if one.at <= now:
            world.deadlines.fire(TICKET_ID, Due(one.key, one.at))
    return world.happened[before:]


def still(world: World, member: str = "m1") -> None:
    world.visits.still_here(Call(StillHere(assignment_id=SEAT), world.meta(member)))


def coming(world: World, member: str = "m1") -> None:
    world.visits.on_my_way(Call(OnMyWay(assignment_id=SEAT), world.meta(member)))


def test_a_visit_longer_than_planned_is_asked_then_staff_hear_once() -> None:
    world = an_order()
    world.arrive(SEAT, "m1")
    assert due(world) == [("safe", NOON + timedelta(minutes=90))]
    assert pass_minutes(world, 89) == []
    assert pass_minutes(world, 1) == ["assignment.safety_asked"]
    assert pass_minutes(world, 9) == []
    assert pass_minutes(world, 1) == ["assignment.safety_alarm"]
    assert due(world) == []
    assert pass_minutes(world, 600) == []


def test_still_here_begins_the_time_anew_and_says_so_after_an_alarm() -> None:
    world = an_order()
    world.arrive(SEAT, "m1")
    pass_minutes(world, 90)
    pass_minutes(world, 10)
    still(world)
    assert world.happened[-1] == "assignment.still_there"
    assert due(world) == [("safe", world.clock.now() + timedelta(minutes=90))]


@pytest.mark.parametrize("end", ["left", "done"])
def test_nobody_asks_when_it_is_over(end: str) -> None:
    world = an_order()
    world.arrive(SEAT, "m1")
    if end == "left":
        world.leave(SEAT, "m1")
    else:
        world.tell(completed(5))
    assert due(world) == []


def test_a_deadline_that_fires_twice_asks_once() -> None:
    world = an_order()
    world.arrive(SEAT, "m1")
    [one] = watched(world.demand)
    world.clock.advance(minutes=95)
    for _ in range(2):
        world.deadlines.fire(TICKET_ID, one)
    assert world.happened.count("assignment.safety_asked") == 1


def test_who_does_not_come_is_asked_first_and_then_somebody_else_is() -> None:
    world = an_order(WANTED)
    assert due(world) == [("late", NOON + timedelta(hours=3))]
    assert pass_minutes(world, 180) == ["assignment.late"]
    assert pass_minutes(world, 15)[0] == "assignment.released"
    assert world.demand.take(SEAT).released is ReleaseReason.NO_SHOW
    assert world.member("m1").holding == ()
    assert [offer.member_id for offer in world.demand.open_offers] == [SPARE]


def test_who_is_on_the_way_keeps_the_seat() -> None:
    world = an_order(WANTED)
    pass_minutes(world, 180)
    coming(world)
    assert pass_minutes(world, 15) == []
    assert due(world) == [("late", NOON + timedelta(hours=5))]
    world.arrive(SEAT, "m1")
    assert world.demand.take(SEAT).status is SeatStatus.ARRIVED
    assert [name for name, _ in due(world)] == ["safe"]


def test_within_a_wanted_span_nobody_is_late() -> None:
    world = an_order(Wanted(start=WANTED.start, until=NOON + timedelta(hours=6)))
    assert due(world) == [("late", NOON + timedelta(hours=6))]
    assert pass_minutes(world, 359) == []
    assert pass_minutes(world, 1) == ["assignment.late"]
    coming(world)
    assert due(world) == [("late", NOON + timedelta(hours=8))]


def test_without_a_wanted_time_nobody_is_late() -> None:
    assert due(an_order()) == []


def test_only_the_holder_answers_and_only_what_is_asked() -> None:
    world = an_order(WANTED)
    with pytest.raises(NotFound):
        coming(world, SPARE)
    with pytest.raises(Conflict, match="not-there"):
        still(world)
    world.arrive(SEAT, "m1")
    with pytest.raises(Conflict, match="not-coming"):
        coming(world)
