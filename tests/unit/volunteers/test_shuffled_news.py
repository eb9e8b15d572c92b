"""Every history of an order, delivered twice and in any order, ends the same."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.words import DemandStatus
from tests.unit.volunteers.builders import a_member, accepted, cancelled, completed, redispatched, reworked
from tests.unit.volunteers.world import World, a_world

SEATS = 2
HISTORIES: dict[str, tuple[Any, ...]] = {
    "completed": (completed(2, seats=SEATS),),
    "reworked": (completed(2, seats=SEATS), reworked(3, seats=SEATS)),
    "reworked and done": (
        completed(2, seats=SEATS),
        reworked(3, seats=SEATS),
        completed(4, seats=SEATS, rework_count=1),
    ),
    "cancelled": (cancelled(2, seats=SEATS),),
    "redispatched": (redispatched(2, seats=SEATS),),
    "redispatched, cancelled": (redispatched(2, seats=SEATS), cancelled(3, seats=SEATS, round=2)),
    "reworked, redispatched": (
        completed(2, seats=SEATS),
        reworked(3, seats=SEATS),
        redispatched(4, seats=SEATS, rework_count=1),
    ),
    "twice round": (redispatched(2, seats=SEATS), redispatched(3, 3, seats=SEATS), cancelled(4, seats=SEATS, round=3)),
}


def a_crew() -> World:
    world = a_world(SEATS)
    world.tell(accepted(seats=SEATS))
    for number, offer in enumerate(world.demand.offers, start=1):
        world.accept(number, offer.member_id)
    world.add(a_member("spare"))
    return world


def end(world: World) -> dict[str, Any]:
    """What counts at the end; how many were asked on the way depends on the way."""
    demand = world.demand
    held = {id: world.member(id).holding for id in world.members.ids()}
    return {
        "status": demand.status,
        "round": demand.round,
        "rework": demand.rework_count,
        "version": demand.ticket_version,
        "terms": demand.terms,
        "holders": {(take.member_id, take.status, take.arrived_at) for take in demand.holders},
        "held": held,
        "unsettled": demand.unsettled,
        "asking": sorted(offer.member_id for offer in demand.open_offers),
    }


@given(data=st.data(), name=st.sampled_from(sorted(HISTORIES)))
@settings(max_examples=150, deadline=None)
def test_what_follows_a_filled_demand(data: st.DataObject, name: str) -> None:
    history = HISTORIES[name]
    straight, shuffled = a_crew(), a_crew()
    straight.tell(*history)
    shuffled.tell(*data.draw(st.permutations([*history, *history])))
    assert end(shuffled) == end(straight)


@given(data=st.data(), name=st.sampled_from(["cancelled", "redispatched", "redispatched, cancelled", "twice round"]))
@settings(max_examples=150, deadline=None)
def test_the_whole_history_with_its_beginning(data: st.DataObject, name: str) -> None:
    """The terms come late: the beginning may arrive last. Nobody has taken a seat yet."""
    history = (accepted(1, seats=SEATS), *HISTORIES[name])
    straight, shuffled = a_world(3), a_world(3)
    straight.tell(*history)
    shuffled.tell(*data.draw(st.permutations([*history, *history])))
    for world in (straight, shuffled):
        asked = len(world.demand.open_offers)
        assert asked == (0 if world.demand.status is DemandStatus.ENDED else SEATS)
    without_names = [{**end(world), "asking": None} for world in (straight, shuffled)]
    assert without_names[0] == without_names[1]
