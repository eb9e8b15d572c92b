"""Seats that staff take back, and searches that they freeze."""

from dataclasses import replace

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.hands_on import AssignMember, ReadHands
from contracts.errors import Conflict, Invalid, NotFound
from contracts.events.hands_on import DemandSteered, DemandWaiting
from contracts.hands_on import SteeringReason, SteeringStep
from contracts.words import DemandStatus, Employment, Mode, Policy, Urgency
from tests.builders import TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.volunteers.builders import a_member, completed, redispatched
from tests.unit.volunteers.by_hand import (
    DISPATCHER,
    WHY,
    a_searched_world,
    asked_now,
    assign,
    freeze,
    invite,
    refused,
    steps,
    take_back,
    unfreeze,
)

# Taking back.


def test_a_seat_is_taken_back_and_the_next_is_asked() -> None:
    world = a_searched_world()
    holder = asked_now(world)[0]
    seat = world.say_yes(holder)

    take_back(world, seat)

    assert world.demand.holders == ()
    assert world.member(holder).holding == ()
    assert len(asked_now(world)) == 1
    assert asked_now(world) != [holder]
    released = next(one for one in world.journal.envelopes if one.type == "shiliu.assignment.released.v1")
    assert released.data["reason"] == "taken_back"
    assert world.demand.steering.interventions[0].assignment_id == seat


def test_or_the_search_stops_there() -> None:
    world = a_searched_world()
    seat = world.say_yes(asked_now(world)[0])

    take_back(world, seat, search=False)

    assert world.demand.steering.frozen
    assert asked_now(world) == []


def test_a_seat_is_taken_back_once_and_not_after_the_work() -> None:
    world = a_searched_world()
    seat = world.say_yes(asked_now(world)[0])
    take_back(world, seat)
    assert refused(lambda: take_back(world, seat)) == "seat-released"

    other = world.say_yes(asked_now(world)[0])
    world.tell(completed(2))
    assert refused(lambda: take_back(world, other)) == "illegal-transition"


# Freezing.


@pytest.mark.parametrize("withdraw", [True, False])
def test_frozen_nobody_else_is_asked_and_open_offers_stay_or_not(withdraw: bool) -> None:
    world = a_searched_world()
    (asked,) = asked_now(world)

    freeze(world, withdraw)

    assert asked_now(world) == ([] if withdraw else [asked])
    told = [one for one in world.journal.envelopes if one.type == DemandSteered.TYPE]
    assert [one["member_id"] for one in told[0].data["offers"]] == ([asked] if withdraw else [])
    assert "shiliu.demand.ended.v1" not in [one.type for one in world.journal.envelopes]
    if not withdraw:
        world.decline(1, asked)
        assert asked_now(world) == []


def test_a_search_that_stays_frozen_is_not_forgotten() -> None:
    world = a_searched_world()
    freeze(world, withdraw=True)

    world.pass_time(minutes=30)

    assert [one.data["again"] for one in world.journal.envelopes if one.type == DemandWaiting.TYPE] == [True]


def test_left_frozen_after_four_reminders_nobody_took_it_and_unfrozen_the_search_goes_on() -> None:
    world = a_searched_world()
    freeze(world, withdraw=True)
    for _ in range(5):
        world.pass_time(days=1)
    assert world.happened.count("demand.unserved") == 1
    assert world.happened.count("demand.waiting") == 4
    assert world.demand.status is DemandStatus.UNSERVED

    unfreeze(world)

    assert world.demand.status is DemandStatus.OPEN
    assert len(asked_now(world)) == 1


@pytest.mark.parametrize("mode", list(Mode))
def test_unfrozen_it_goes_on_as_its_mode_says(mode: Mode) -> None:
    world = a_searched_world(mode)
    freeze(world, withdraw=True)
    assert world.demand.steering.suggestion is None

    unfreeze(world)

    assert not world.demand.steering.frozen
    assert len(asked_now(world)) == (1 if mode is Mode.AUTOMATIC else 0)
    assert (world.demand.steering.suggestion is not None) is (mode is Mode.SUGGEST)
    assert steps(world) == [SteeringStep.FREEZE, SteeringStep.UNFREEZE]


def test_a_redispatch_thaws() -> None:
    world = a_searched_world()
    freeze(world)

    world.tell(redispatched(2))

    assert not world.demand.steering.frozen
    assert len(asked_now(world)) == 1


def test_where_freezing_makes_no_sense_it_is_refused_in_words() -> None:
    world = a_searched_world()
    freeze(world)
    assert refused(lambda: freeze(world)) == "frozen-already"
    unfreeze(world)
    assert refused(lambda: unfreeze(world)) == "not-frozen"
    assert refused(lambda: freeze(a_searched_world(policy=Policy.CLAIM))) == "nobody-is-asked"
    assert refused(lambda: freeze(a_searched_world(urgency=Urgency.EMERGENCY))) == "an-emergency"


def test_the_reason_for_full_hands_fits_nothing_else() -> None:
    with pytest.raises(Invalid):
        invite(a_searched_world(Mode.MANUAL), "m1", SteeringReason.BEYOND_CAPACITY)


def test_a_touch_that_is_repeated_is_one() -> None:
    world = a_searched_world()
    call = Call(AssignMember(demand_id=TICKET_ID, member_id="z1", reason=WHY), a_meta(DISPATCHER, "again"))

    assert world.hands.assign(call).result == world.hands.assign(call).result
    assert len(world.demand.takes) == 1


def test_two_officers_for_one_seat_only_one_has_it() -> None:
    world = a_searched_world(Mode.MANUAL)
    world.add(a_member("z2", employment=Employment.DUTY))
    world.seats.meanwhile = lambda: assign(world, "z2")

    with pytest.raises(Conflict):
        assign(world, "z1")

    assert [take.member_id for take in world.demand.holders] == ["z2"]


def test_which_account_it_was_is_read_by_who_audits_and_is_in_no_event() -> None:
    world = a_searched_world()
    freeze(world)
    unfreeze(world)

    def read(actor: Actor) -> list[tuple[str, str]]:
        outcome = world.hands.read_hands(Call(ReadHands(demand_id=TICKET_ID), a_meta(actor, "look")))
        return [(one["step"], one["account_id"]) for one in outcome.result["hands"]]

    for role in (Role.SECRETARY, Role.ADMIN):
        assert read(an_actor(role)) == [("freeze", DISPATCHER.account_id), ("unfreeze", DISPATCHER.account_id)]
    elsewhere = an_actor(Role.SECRETARY, grants=(Grant(Role.SECRETARY, "elsewhere"),))
    for actor in (DISPATCHER, an_actor(Role.DUTY), a_member_actor("m1"), elsewhere):
        with pytest.raises(NotFound):
            read(actor)
    assert DISPATCHER.account_id not in str([one.data for one in world.journal.envelopes])
    known = world.demand.steering
    old = replace(world.demand, steering=replace(known, hands=()))
    assert old.steering.snapshot(False) == known.snapshot(False), "a snapshot never knew it"
