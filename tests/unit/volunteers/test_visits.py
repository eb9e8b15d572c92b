"""What the end of a visit makes of a seat."""

import pytest

from contracts.events.visits import TicketVisited
from contracts.visits import VisitResult
from contracts.words import DemandStatus, ReleaseReason, SeatStatus
from services.volunteers.domain.member import HeldSkill
from tests.builders import TICKET_ID, a_ticket_snapshot, received
from tests.unit.volunteers.builders import a_member
from tests.unit.volunteers.test_following import a_crew
from tests.unit.volunteers.world import World

SEAT = f"{TICKET_ID}.s1.1"


def visited(result: VisitResult, visit: int = 1) -> object:
    body = TicketVisited(assignment_id=SEAT, member_id="m1", result=result, visit=visit)
    return received(body, a_ticket_snapshot(), 5 + visit)


def at_the_door() -> World:
    world = a_crew(1)
    world.arrive(SEAT, "m1")
    world.clock.advance(minutes=20)
    return world


def test_nobody_answered_keeps_the_seat_and_the_try() -> None:
    world = at_the_door()
    came = world.demand.take(SEAT).arrived_at
    for _ in range(2):
        world.reactions.follow_visit([visited(VisitResult.NOBODY_ANSWERED)])  # type: ignore[list-item]
    take = world.demand.take(SEAT)
    assert (take.status, take.arrived_at, world.member("m1").holding) == (SeatStatus.TAKEN, None, (SEAT,))
    [tried] = take.visits
    assert (tried.arrived_at, tried.left_at) == (came, world.clock.now())
    assert world.happened[-1] == "assignment.comes_again"
    world.arrive(SEAT, "m1")
    world.reactions.follow_visit([visited(VisitResult.NOBODY_ANSWERED)])  # type: ignore[list-item]
    assert world.demand.take(SEAT).status is SeatStatus.ARRIVED, "old news of an earlier visit"


def test_refused_ends_their_part_and_nobody_else_is_looked_for() -> None:
    world = at_the_door()
    world.add(a_member("m9"))
    world.reactions.follow_visit([visited(VisitResult.REFUSED)])  # type: ignore[list-item]
    assert world.demand.take(SEAT).status is SeatStatus.LEFT
    assert (world.demand.status, world.demand.open_offers, world.member("m1").holding) == (
        DemandStatus.FILLED,
        (),
        (),
    )


@pytest.mark.parametrize("level", [1, 2])
def test_beyond_them_asks_somebody_with_a_certificate_and_not_the_same_again(level: int) -> None:
    world = at_the_door()
    world.add(a_member("m9", skills=(HeldSkill("water_electric", level),)))
    world.reactions.follow_visit([visited(VisitResult.BEYOND_ME)])  # type: ignore[list-item]
    assert world.demand.take(SEAT).released is ReleaseReason.BEYOND_ME
    assert [offer.member_id for offer in world.demand.open_offers] == (["m9"] if level == 2 else [])
    assert world.member("m1").holding == ()
