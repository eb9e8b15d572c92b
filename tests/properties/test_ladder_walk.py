"""An order that nobody takes walks the whole ladder, from the roster's duty officer to the chief of blocks."""

from typing import Any

import pytest

from contracts.commands.tickets import PlaceTicket
from contracts.words import DemandStatus, OfferStatus
from tests.properties.endings import let_time_pass
from tests.properties.house import RESIDENT, House
from tests.properties.masters import REPAIR

UP = [("crew", "duty"), ("duty", "desk"), ("desk", "block_chief"), ("block_chief", "chief_of_blocks")]


def on_duty(house: House, *there: str) -> None:
    for member in house.members():
        house.volunteers.set_duty(member.id, on_duty=member.id in there)


def nobody_took_it(on_roster: list[str] | None) -> House:
    """The last wave and the claim are over; d1 comes on duty only then, and everything is still on its way."""
    house = House()
    on_duty(house)
    order = PlaceTicket(item_id=REPAIR.id, area_id="heping-1", description="龙头滴水")
    assert house.command(house.placing.place, order, RESIDENT, "order1")
    house.placed.append("order1")
    house.settle()
    house.clock.advance(days=1)
    for due in house.due():
        if due[0] == "volunteers":
            house.fire(*due)
    assert house.volunteers.demand_of("order1").status is DemandStatus.UNSERVED
    on_duty(house, "d1")
    house.volunteers.on_roster = on_roster
    return house


def climbed(house: House) -> list[tuple[Any, ...]]:
    return [(step.before.value, step.rung.value) for step in house.ticket("order1").escalations]


@pytest.mark.parametrize(
    ("on_roster", "unserved", "offers"),
    [(None, 1, []), ([], 2, []), (["d1"], 2, [OfferStatus.EXPIRED])],
    ids=["no roster is kept", "nobody is on it now", "whoever is does not answer"],
)
def test_nobody_signs_in_and_it_goes_up_to_the_top(
    on_roster: list[str] | None, unserved: int, offers: list[OfferStatus]
) -> None:
    house = nobody_took_it(on_roster)
    house.settle()
    let_time_pass(house)

    assert climbed(house) == UP
    assert house.volunteers.happened.count("demand.unserved") == unserved
    assert [offer.status for offer in house.volunteers.demand_of("order1").offers] == offers


def test_the_officer_signs_in_and_it_stays_with_them() -> None:
    house = nobody_took_it(["d1"])
    house.settle()
    (offer,) = house.volunteers.demand_of("order1").open_offers
    house.volunteers.accept(1, offer.member_id, demand="order1")
    house.settle()

    assert climbed(house) == UP[:1]
    assert [holder.member_id for holder in house.ticket("order1").holders] == ["d1"]


def test_brought_twice_each_step_is_taken_once() -> None:
    house = nobody_took_it(["d1"])
    house.settle()
    for place in range(len(house.post.delivered)):
        house.post.again(place)
    house.settle()
    let_time_pass(house)

    assert climbed(house) == UP
    assert len(house.volunteers.demand_of("order1").offers) == 1
