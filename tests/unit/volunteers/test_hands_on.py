"""Duty staff who are assigned, and members who are asked by name."""

import pytest

from contracts.actor import Grant, Role
from contracts.errors import NotFound
from contracts.events.hands_on import DemandSteered, DemandWaiting
from contracts.hands_on import SteeringReason, SuggestionOutcome
from contracts.words import DemandStatus, Employment, Mode, OfferStatus, Policy, Urgency, WhoMay
from tests.builders import an_actor
from tests.unit.volunteers.builders import a_member, accepted, redispatched
from tests.unit.volunteers.by_hand import a_searched_world, asked_now, assign, invite, pin, refused
from tests.unit.volunteers.world import World

# Assigning.


@pytest.mark.parametrize("mode", list(Mode))
def test_duty_staff_have_the_seat_unasked_in_every_mode(mode: Mode) -> None:
    world = a_searched_world(mode)

    outcome = assign(world, "z1")

    (holder,) = world.demand.holders
    assert (holder.member_id, holder.id) == ("z1", outcome.result["assignment_id"])
    assert world.demand.status is DemandStatus.FILLED
    assert asked_now(world) == []
    assert world.member("z1").holding == (holder.id,)
    told = [one for one in world.journal.envelopes if one.type == DemandSteered.TYPE]
    assert [(one.data["step"], one.data["member_id"]) for one in told] == [("assign", "z1")]


def test_whoever_was_asked_meanwhile_need_not_answer() -> None:
    world = a_searched_world()
    (asked,) = asked_now(world)

    assign(world, "z1")

    assert [offer.status for offer in world.demand.offers if offer.member_id == asked] == [OfferStatus.WITHDRAWN]
    made = next(one for one in world.journal.envelopes if one.type == "shiliu.assignment.made.v1")
    assert [offer["member_id"] for offer in made.data["offers"]] == [asked]


def test_an_officer_who_was_asked_has_that_very_offer_accepted() -> None:
    world = World(a_member("z1", employment=Employment.DUTY))
    world.tell(accepted())

    assign(world, "z1")

    assert [offer.status for offer in world.demand.offers] == [OfferStatus.ACCEPTED]


def test_nobody_who_is_free_to_refuse_is_ever_assigned() -> None:
    world = a_searched_world(Mode.MANUAL)

    assert refused(lambda: assign(world, "m1")) == "not-ordered"
    assert world.demand.holders == ()


def test_hard_gates_hold_for_duty_staff_too() -> None:
    world = a_searched_world(Mode.MANUAL, who_may=WhoMay.PROFESSIONAL)

    assert refused(lambda: assign(world, "z1")) == "does-not-fit"


def test_full_hands_are_overridden_by_their_own_reason_alone() -> None:
    world = a_searched_world(Mode.MANUAL)
    world.add(a_member("z2", employment=Employment.DUTY, holding=("elsewhere",)))

    assert refused(lambda: assign(world, "z2")) == "hands-full"
    assert refused(lambda: assign(world, "z1", SteeringReason.BEYOND_CAPACITY)) == "hands-free"
    assign(world, "z2", SteeringReason.BEYOND_CAPACITY)

    assert [take.beyond for take in world.demand.holders] == [True]


def test_where_nobody_is_wanted_nobody_is_assigned() -> None:
    world = a_searched_world()
    assign(world, "z1")
    world.add(a_member("z2", employment=Employment.DUTY))

    assert refused(lambda: assign(world, "z2")) == "nobody-wanted"


def test_an_order_that_nobody_took_is_saved_by_assigning() -> None:
    world = a_searched_world(policy=Policy.CLAIM)
    world.pass_time(hours=4)
    assert world.demand.status is DemandStatus.UNSERVED

    assign(world, "z1")

    assert world.demand.status is DemandStatus.FILLED


@pytest.mark.parametrize(
    "grants", [(Grant(Role.MEMBER),), (Grant(Role.DISPATCHER, "elsewhere"),)], ids=["member", "afar"]
)
def test_an_order_beyond_ones_area_is_not_there(grants) -> None:
    world = a_searched_world()

    with pytest.raises(NotFound):
        assign(world, "z1", actor=an_actor(Role.DISPATCHER, grants=grants))


# Asking by name.


@pytest.mark.parametrize("mode", list(Mode))
def test_a_member_is_asked_by_name_though_others_come_first(mode: Mode) -> None:
    world = a_searched_world(mode)

    invite(world, "m3")

    assert "m3" in asked_now(world)
    assert world.demand.offers[-1].wave == 0
    assert world.demand.steering.suggestion is None
    told = [one for one in world.journal.envelopes if one.type == DemandSteered.TYPE]
    assert "m3" not in str(told[0].data), "who is asked is nobody's business who has not come"


def test_asking_others_settles_the_suggestion() -> None:
    world = a_searched_world(Mode.SUGGEST)

    invite(world, "m3")

    assert [one.outcome for one in world.demand.steering.settled] == [SuggestionOutcome.OTHERS]


def test_a_no_to_this_order_holds_for_good_and_silence_does_not() -> None:
    world = a_searched_world(Mode.MANUAL)
    invite(world, "m1")
    world.decline(1, "m1")
    invite(world, "m2")
    world.pass_time(hours=3)
    world.tell(redispatched(2))

    assert refused(lambda: invite(world, "m1")) == "does-not-fit"
    invite(world, "m2")

    assert asked_now(world) == ["m2"]


def test_nobody_is_asked_twice_at_once_nor_who_comes_already() -> None:
    world = a_searched_world(Mode.MANUAL, seats=2)
    invite(world, "m1")

    assert refused(lambda: invite(world, "m1")) == "asked-already"
    world.say_yes("m1")
    assert refused(lambda: invite(world, "m1")) == "comes-already"


@pytest.mark.parametrize("change", [{"on_duty": False}, {"skills": ()}, {"holding": ("x",)}], ids=str)
def test_who_does_not_fit_is_not_asked(change) -> None:
    world = a_searched_world(Mode.MANUAL)
    world.add(a_member("m9", **change))

    assert refused(lambda: invite(world, "m9")) == "does-not-fit"
    assert asked_now(world) == []


def test_after_a_no_an_order_by_hand_waits_for_staff_again() -> None:
    world = a_searched_world(Mode.MANUAL)
    invite(world, "m1")
    assert world.demand.steering.waits is None

    world.decline(1, "m1")

    assert len([one for one in world.journal.envelopes if one.type == DemandWaiting.TYPE]) == 2
    assert world.demand.steering.waits is not None


def test_what_nobody_took_is_taken_up_again_by_asking_and_alarms_again() -> None:
    world = a_searched_world(policy=Policy.CLAIM)
    world.pass_time(hours=4)

    invite(world, "m1")
    assert world.demand.status is DemandStatus.OPEN
    world.decline(1, "m1")

    assert world.demand.status is DemandStatus.CLAIM


def test_whoever_is_asked_while_it_may_be_claimed_may_say_yes_even_after_the_alarm() -> None:
    world = a_searched_world(policy=Policy.CLAIM)
    world.pass_time(hours=3)
    invite(world, "m1")
    world.pass_time(hours=1.5)
    assert world.demand.status is DemandStatus.UNSERVED

    world.say_yes("m1")

    assert world.demand.status is DemandStatus.FILLED


# Pinning.


def test_whoever_is_pinned_is_asked_alone_until_they_answered() -> None:
    world = a_searched_world(Mode.MANUAL, seats=2)
    pin(world, "m2")
    assert asked_now(world) == ["m2"]
    assert world.demand.snapshot().steering.pinned

    world.decline(1, "m2")

    assert not world.demand.snapshot().steering.pinned


def test_when_the_time_of_the_pinned_is_over_the_search_goes_on() -> None:
    world = a_searched_world(Mode.SUGGEST, seats=2)
    pin(world, "m2", minutes=30)
    assert asked_now(world) == ["m2"]

    world.pass_time(minutes=30)

    assert asked_now(world) == []
    assert world.demand.steering.suggestion is not None


def test_nobody_is_pinned_while_others_are_asked_nor_for_ever_nor_in_an_emergency() -> None:
    assert refused(lambda: pin(a_searched_world(), "m3")) == "others-are-asked"
    assert refused(lambda: pin(a_searched_world(policy=Policy.CLAIM), "m3")) == "open-to-claims"
    assert refused(lambda: pin(a_searched_world(Mode.MANUAL), "m3", minutes=5000)) == "too-long"
    assert refused(lambda: pin(a_searched_world(Mode.MANUAL), "m3", minutes=0)) == "too-long"
    assert refused(lambda: pin(a_searched_world(urgency=Urgency.EMERGENCY), "m3")) == "an-emergency"
