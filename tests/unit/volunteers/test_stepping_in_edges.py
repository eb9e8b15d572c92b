"""Staff step in where it is easily got wrong: a seat taken back stays taken back, who said no is nobody's business."""

import pytest

from contracts.errors import Conflict
from contracts.words import DemandStatus, Mode, Policy
from tests.unit.volunteers.builders import accepted, redispatched
from tests.unit.volunteers.by_hand import a_searched_world, asked_now, invite, pin, refused, take_back, unfreeze
from tests.unit.volunteers.test_teams import A, a_world_of, name


def test_whose_seat_was_taken_back_does_not_claim_it_again() -> None:
    world = a_searched_world(policy=Policy.CLAIM, seats=2)
    world.claim("m1")
    world.claim("m2")
    take_back(world, world.demand.holders[0].id)
    assert world.demand.status is DemandStatus.CLAIM

    assert refused(lambda: world.claim("m1")) == "not-qualified"
    world.claim("m3")

    assert [take.member_id for take in world.demand.holders] == ["m2", "m3"]


def test_in_a_new_round_they_may() -> None:
    world = a_searched_world(policy=Policy.CLAIM)
    world.claim("m1")
    take_back(world, world.demand.holders[0].id)
    world.tell(redispatched(2))

    world.claim("m1")

    assert [take.member_id for take in world.demand.holders] == ["m1"]


def test_where_the_search_stops_with_a_seat_that_is_taken_back_nobody_claims_one() -> None:
    world = a_searched_world(policy=Policy.CLAIM, seats=2)
    world.claim("m1")

    take_back(world, world.demand.holders[0].id, search=False)

    assert refused(lambda: world.claim("m2")) == "claim-not-open"
    assert (world.demand.status, world.demand.claim_until) == (DemandStatus.OPEN, None)
    unfreeze(world)
    world.claim("m2")


def test_nobody_learns_by_inviting_who_said_no() -> None:
    """Who declined is read by a logged reveal alone: a no answers as a full day does."""
    world = a_searched_world(Mode.MANUAL, offers_per_day=1)
    invite(world, "m1")
    world.decline(1, "m1")
    invite(world, "m2")
    world.pass_time(hours=3)

    def answer(member: str) -> tuple[str, str]:
        with pytest.raises(Conflict) as refusal:
            invite(world, member)
        return refusal.value.code, refusal.value.sentence.zh

    assert answer("m1") == answer("m2")
    assert asked_now(world) == []


@pytest.mark.parametrize("minutes", [1e308, 1e15, -1e308, -1.0, 0.0])
def test_no_minutes_are_too_many_to_be_refused_in_words(minutes: float) -> None:
    world = a_searched_world(Mode.MANUAL)

    assert refused(lambda: pin(world, "m1", minutes)) == "too-long"


def test_a_lead_sends_nobody_who_said_no_to_this_order() -> None:
    world = a_world_of(A)
    world.tell(accepted(policy=Policy.TEAM, seats=1))
    invite(world, "m2")
    world.decline(2, "m2")

    assert refused(lambda: name(world, "m1", "m2")) == "does-not-suit"
    name(world, "m1", "m3")

    assert [take.member_id for take in world.demand.holders] == ["m3"]
