"""A crew: each seat is for something, is filled and refilled by itself, and whoever has the lead's role leads."""

import pytest

from contracts.dispatch import Asking
from contracts.errors import Conflict
from contracts.terms import SeatNeed, SkillNeed
from contracts.words import Ability, DemandStatus, Employment, Policy, Text, Urgency
from services.volunteers.domain.asking import asking_of
from services.volunteers.domain.member import HeldSkill
from services.volunteers.domain.team_choice import can_fill, roles_for
from tests.unit.volunteers.builders import PLUMBING, a_member, accepted
from tests.unit.volunteers.world import World

DRIVE = Text("开车", "driving")
CREW = (
    SeatNeed(role="drive", name=DRIVE, skills=(SkillNeed("driving", 1, DRIVE),), lead=True),
    SeatNeed(role="lift", name=Text("搬抬", "carrying"), count=2, asks=(Ability.LIFT,)),
)
DRIVER = (PLUMBING, HeldSkill("driving", 1))


def a_crowd() -> World:
    return World(
        a_member("driver1", skills=DRIVER),
        a_member("driver2", skills=DRIVER),
        *(a_member(f"m{number}", abilities=(Ability.LIFT,)) for number in range(1, 5)),
    )


def test_each_seat_asks_for_somebody_who_can_do_its_part_and_says_so() -> None:
    world = a_crowd()
    world.tell(accepted(seats=3, crew=CREW))
    roles = {offer.member_id: offer.role for offer in world.demand.open_offers}
    assert sorted(roles.values(), key=str) == ["drive", "lift", "lift"]
    assert all((role == "drive") == who.startswith("driver") for who, role in roles.items())
    parts = {offer.role: offer.why for offer in world.demand.open_offers}
    assert Text("这次请您负责开车", "your part: driving") in parts["drive"]


def test_a_seat_given_back_looks_for_its_own_part_again_and_the_lead_is_who_has_the_leads() -> None:
    world = a_crowd()
    world.tell(accepted(seats=3, crew=CREW))
    taken = {offer.member_id: world.say_yes(offer.member_id) for offer in world.demand.open_offers}
    assert world.demand.status is DemandStatus.FILLED
    holders = world.demand.snapshot().holders
    assert [(one.seat, one.role, one.lead) for one in sorted(holders, key=lambda one: one.seat)] == [
        (1, "drive", True),
        (2, "lift", False),
        (3, "lift", False),
    ]
    driver = next(one for one in taken if one.startswith("driver"))
    world.release(taken[driver], driver)
    [again] = world.demand.open_offers
    assert (again.role, again.member_id) == ("drive", "driver2" if driver == "driver1" else "driver1")


def test_the_first_who_takes_a_part_of_an_emergency_frees_only_those_asked_for_the_same() -> None:
    world = a_crowd()
    world.tell(accepted(seats=3, crew=CREW, urgency=Urgency.EMERGENCY))
    asked = {offer.member_id: offer.role for offer in world.demand.open_offers}
    driver = next(who for who, role in asked.items() if role == "drive")
    world.say_yes(driver)
    assert {offer.role for offer in world.demand.open_offers} == {"lift"}


def test_a_claim_takes_the_part_that_the_member_can_do() -> None:
    world = a_crowd()
    world.tell(accepted(seats=3, crew=CREW, policy=Policy.CLAIM))
    world.claim("m1")
    world.claim("m2")
    with pytest.raises(Conflict, match="not-qualified"):
        world.claim("m3")
    world.claim("driver1")
    assert {take.member_id: take.role for take in world.demand.holders} == {
        "m1": "lift",
        "m2": "lift",
        "driver1": "drive",
    }


@pytest.mark.parametrize(
    ("employment", "policy", "asking"),
    [
        (Employment.VOLUNTEER, Policy.OFFER, Asking.INVITED),
        (Employment.VOLUNTEER, Policy.CONTRACTED, Asking.INVITED),
        (Employment.DUTY, Policy.OFFER, Asking.ORDERED),
        (Employment.PROPERTY, Policy.TEAM, Asking.CONTRACTED),
        (Employment.DEPARTMENT, Policy.OFFER, Asking.CONTRACTED),
        (Employment.SHOP, Policy.OFFER, Asking.INVITED),
        (Employment.SHOP, Policy.CONTRACTED, Asking.CONTRACTED),
    ],
)
def test_in_what_way_somebody_is_asked(employment: Employment, policy: Policy, asking: Asking) -> None:
    assert asking_of(employment, policy) is asking


def test_people_are_spread_over_the_parts_so_that_all_have_one() -> None:
    fits = {"a": frozenset({"drive", "lift"}), "b": frozenset({"drive"})}
    assert roles_for(["drive", "lift"], ["a", "b"], fits) == {"a": "lift", "b": "drive"}
    assert roles_for(["drive", "drive"], ["a", "b"], fits) is not None
    assert roles_for(["lift"], ["b"], fits) is None
    assert can_fill(["drive", "lift"], fits)
    assert not can_fill(["lift", "lift"], fits)
