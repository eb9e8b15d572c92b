"""Who may be with a child, what members say they can do, and whom nobody wakes."""

from datetime import date, datetime
from typing import Any

import pytest

from contracts.errors import Conflict
from contracts.words import Ability, Employment, SeatStatus, Urgency
from services.volunteers.domain.gates import stopped_by
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate, need_of, need_of_claim
from tests.builders import NOON, some_terms
from tests.unit.volunteers.builders import a_demand, a_member, accepted
from tests.unit.volunteers.world import World

TODAY = date(2026, 11, 21)
VETTED: dict[str, Any] = {"vetted_until": TODAY}


def stopped(member: Member, now: datetime = NOON, **terms: Any) -> str | None:
    gate = stopped_by(need_of(a_demand(), some_terms(**terms), now), Candidate(member))
    return gate.name if gate else None


@pytest.mark.parametrize(
    ("until", "expected"), [(None, "vetted"), (date(2026, 11, 20), "vetted"), (TODAY, None), (date(2030, 1, 1), None)]
)
def test_with_a_child_only_those_whose_check_is_on_file_and_in_date(until: date | None, expected: str | None) -> None:
    assert stopped(a_member(vetted_until=until), for_child=True) == expected
    assert stopped(a_member(vetted_until=until)) is None


def with_a_child() -> World:
    world = World(a_member("m1", **VETTED), a_member("m2", **VETTED))
    world.tell(accepted(seats=2, for_child=True))
    return world


def test_nobody_goes_to_a_child_alone() -> None:
    world = with_a_child()
    seat = world.say_yes("m1")
    with pytest.raises(Conflict) as refusal:
        world.arrive(seat, "m1")
    assert refusal.value.code == "two-at-once"
    world.say_yes("m2")
    world.arrive(seat, "m1")


def test_nobody_stays_with_a_child_alone() -> None:
    world = with_a_child()
    seats = {member: world.say_yes(member) for member in ("m1", "m2")}
    for member, seat in seats.items():
        world.arrive(seat, member)
    world.leave(seats["m1"], "m1")
    assert [take.status for take in world.demand.holders] == [SeatStatus.LEFT, SeatStatus.LEFT]
    assert (world.member("m1").holding, world.member("m2").holding) == ((), ())


def test_the_second_cannot_come_to_a_child_when_the_first_has_left() -> None:
    world = with_a_child()
    seats = {member: world.say_yes(member) for member in ("m1", "m2")}
    world.arrive(seats["m1"], "m1")
    world.leave(seats["m1"], "m1")
    with pytest.raises(Conflict, match="nobody is alone"):
        world.arrive(seats["m2"], "m2")


def test_nobody_is_asked_for_more_than_they_said_they_can() -> None:
    asks = (Ability.LIFT, Ability.LADDER)
    assert stopped(a_member(), asks=asks) == "ability"
    assert stopped(a_member(abilities=(Ability.LIFT,)), asks=asks) == "ability"
    assert stopped(a_member(abilities=(Ability.LADDER, Ability.LIFT, Ability.NIGHT)), asks=asks) is None


MIDNIGHT = NOON.replace(hour=16)


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (a_member(), "asleep"),
        (a_member(employment=Employment.SHOP), "asleep"),
        (a_member(abilities=(Ability.NIGHT,)), None),
        (a_member(employment=Employment.DUTY), None),
    ],
)
def test_at_night_only_those_who_said_so_are_called(member: Member, expected: str | None) -> None:
    assert stopped(member, MIDNIGHT, urgency=Urgency.EMERGENCY) == expected
    assert stopped(member, NOON, urgency=Urgency.EMERGENCY) is None


def test_what_can_wait_until_morning_wakes_nobody_and_is_asked_as_ever() -> None:
    """The answer has time until the morning, and messages keep to quiet hours: the night stops no ordinary order."""
    assert stopped(a_member(), MIDNIGHT) is None


def test_where_there_is_no_night_nobody_sleeps() -> None:
    assert stopped(a_member(), MIDNIGHT, urgency=Urgency.EMERGENCY, night_from=None, night_to=None) is None


def test_whoever_claims_at_night_is_awake() -> None:
    need = need_of_claim(a_demand(), some_terms(urgency=Urgency.EMERGENCY), MIDNIGHT)
    assert stopped_by(need, Candidate(a_member())) is None
