"""What the counter has in hand nobody is asked for, until a dispatcher has people looked for again."""

import pytest

from contracts.errors import Conflict
from contracts.events.counter import TicketTakenIn
from contracts.events.tickets import TicketAccepted
from contracts.words import DemandStatus, OfferStatus, ReleaseReason, TicketStatus
from tests.builders import TICKET_ID, a_ticket_snapshot, received, some_terms
from tests.builders_of_counter import OWNER
from tests.unit.volunteers.builders import accepted, redispatched, reworked
from tests.unit.volunteers.world import World, a_world


def born_there() -> object:
    """Accepted, with an owner from the first."""
    snapshot = a_ticket_snapshot(owner=OWNER, status=TicketStatus.IN_PROGRESS)
    return received(TicketAccepted(terms=some_terms()), snapshot, 1)


def taken_in(version: int, **ticket: object) -> object:
    values = {"owner": OWNER, "status": TicketStatus.ASSIGNED, **ticket}
    return received(TicketTakenIn(owner=OWNER), a_ticket_snapshot(**values), version)


def holdings(world: World) -> set[int]:
    return {len(world.member(id).holding) for id in world.members.ids()}


def test_nobody_is_asked_for_what_was_taken_in_at_birth() -> None:
    world = a_world()
    world.tell(born_there())
    assert (world.demand.status, world.demand.offers, world.happened) == (DemandStatus.FINISHED, (), [])


def test_whoever_was_asked_need_not_answer_and_hears_so() -> None:
    world = a_world()
    world.tell(accepted(1))
    world.tell(taken_in(2))
    assert {offer.status for offer in world.demand.offers} == {OfferStatus.WITHDRAWN}
    assert world.happened[-1] == "demand.ended"
    with pytest.raises(Conflict):
        world.accept(1, world.demand.offers[0].member_id)


def test_who_had_the_seat_is_free() -> None:
    world = a_world()
    world.tell(accepted(1))
    world.accept(1, world.demand.offers[0].member_id)
    world.tell(taken_in(3))
    assert [take.released for take in world.demand.takes] == [ReleaseReason.TAKEN_IN]
    assert (world.demand.holders, holdings(world)) == ((), {0})


def test_a_rework_at_the_counter_asks_nobody_and_a_redispatch_does() -> None:
    world = a_world()
    world.tell(born_there())
    world.tell(reworked(5, owner=OWNER))
    assert (world.demand.status, world.demand.rework_count, world.demand.offers) == (DemandStatus.FINISHED, 1, ())
    world.tell(redispatched(6, round=2, rework_count=1))
    assert world.demand.status is DemandStatus.OPEN
    assert world.demand.offers
    assert world.demand.id == TICKET_ID
