"""Whoever is on the roster is asked first: for what duty staff are ordered to, and in an emergency."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.dispatch import Asking
from contracts.events.tickets import TicketAccepted
from contracts.roster import ShiftRole
from contracts.words import Employment, Policy, Urgency, WhoMay
from services.volunteers.domain.roster import officers
from tests.builders import a_ticket_snapshot, received, some_terms
from tests.builders_of_rosters import NIGHT_BEGINS, OFFICER, PATH, SUBSTITUTE, a_roster, a_wanted, an_empty_roster
from tests.unit.volunteers.builders import a_member
from tests.unit.volunteers.world import World

DUTY = {"policy": Policy.DUTY, "who_may": WhoMay.DUTY, "skills": ()}


def a_world(*on_roster: str, **terms: Any) -> World:
    """Five officers; by lot another one than d5 is asked first."""
    world = World(*(a_member(f"d{n}", employment=Employment.DUTY) for n in range(1, 6)))
    world.on_roster = list(on_roster)
    urgency = terms.get("urgency", Urgency.ORDINARY)
    ticket = a_ticket_snapshot(urgency=urgency)
    world.tell(received(TicketAccepted(terms=some_terms(**terms)), ticket, 1))
    return world


def asked(world: World) -> list[str]:
    return [offer.member_id for offer in world.demand.open_offers]


def test_without_a_roster_the_cheapest_is_asked() -> None:
    assert asked(a_world(**DUTY)) != ["d5"]


def test_the_officer_of_the_roster_is_ordered_first_and_the_why_says_so() -> None:
    world = a_world("d5", **DUTY)
    (offer,) = world.demand.open_offers
    assert (offer.member_id, offer.asking) == ("d5", Asking.ORDERED)
    assert offer.why[0].zh in ("今晚值班", "现在值班")


def test_in_an_emergency_the_officer_comes_before_the_others_and_they_are_asked_too() -> None:
    them = asked(a_world("d5", urgency=Urgency.EMERGENCY, skills=()))
    assert them[0] == "d5"
    assert len(set(them)) == 3


def test_an_ordinary_order_for_volunteers_does_not_go_by_the_roster() -> None:
    assert "现在值班" not in [why.zh for offer in a_world("d5", skills=()).demand.offers for why in offer.why]


def test_who_is_off_duty_is_not_asked_however_the_roster_names_them() -> None:
    world = World(a_member("d1", employment=Employment.DUTY), a_member("d5", employment=Employment.DUTY, on_duty=False))
    world.on_roster = ["d5"]
    world.tell(received(TicketAccepted(terms=some_terms(**DUTY)), a_ticket_snapshot(), 1))
    assert asked(world) == ["d1"]


def test_what_goes_by_the_roster_waits_for_no_tick() -> None:
    world = World(a_member("d5", employment=Employment.DUTY), by_tick=True)
    world.on_roster = ["d5"]
    world.tell(received(TicketAccepted(terms=some_terms(**DUTY)), a_ticket_snapshot(), 1))
    assert asked(world) == ["d5"]


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-1, ()), (0, (OFFICER, SUBSTITUTE)), (12 * 60 - 1, (OFFICER, SUBSTITUTE)), (12 * 60, ())]
)
def test_the_nearest_area_comes_first_and_only_while_the_shift_lasts(minutes: int, expected: tuple[str, ...]) -> None:
    wide = a_roster(a_wanted(member_id=SUBSTITUTE), id="sll.20261122", area="sll", area_path=PATH[:3])
    grid = a_roster(a_wanted(), a_wanted(role=ShiftRole.COUNTER, member_id="m-c01"), a_wanted(member_id=None))
    now = NIGHT_BEGINS + timedelta(minutes=minutes)
    assert officers([wide, grid, an_empty_roster()], PATH, now) == expected
