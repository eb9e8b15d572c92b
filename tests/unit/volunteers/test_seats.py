"""Everything that happens on a seat."""

from collections.abc import Callable

import pytest

from contracts.actor import Grant, Role
from contracts.commands import Outcome
from contracts.errors import Conflict, DomainError, NotFound
from contracts.events.masters import AreaPublished
from contracts.lifecycle import IllegalTransition
from contracts.visits import Evidence
from contracts.words import DemandStatus, OfferStatus, Policy, SeatStatus, Urgency, WhoMay
from tests.builders import TICKET_ID, a_meta, an_actor, an_area_snapshot, received
from tests.unit.volunteers.builders import a_member, accepted
from tests.unit.volunteers.world import World, a_world

FIRST = f"{TICKET_ID}.s1.1"


def refused(act: Callable[[], Outcome]) -> str:
    """The code of the refusal."""
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def a_taken_order() -> World:
    """m1 alone was asked, and said yes."""
    world = a_world(1)
    world.tell(accepted())
    world.accept(1, "m1")
    return world


def a_claimable_wish(seats: int, members: int, **member: object) -> World:
    world = a_world(members, **member)
    world.tell(accepted(seats=seats, policy=Policy.CLAIM, who_may=WhoMay.ANYONE, skills=()))
    return world


def test_a_yes_takes_a_seat_and_capacity_in_one_transaction() -> None:
    world = a_world(1)
    world.tell(accepted())
    outcome = world.accept(1, "m1")

    assert outcome.result == {"assignment_id": FIRST, "ticket_id": TICKET_ID}
    assert world.demand.status is DemandStatus.FILLED
    assert world.demand.offers[0].status is OfferStatus.ACCEPTED
    assert world.member("m1").holding == (FIRST,)
    assert world.demand.deadlines() == ()
    [event] = outcome.envelopes
    assert event.type == "shiliu.assignment.made.v1"
    assert [holder["display_name"] for holder in event.data["snapshot"]["holders"]] == ["m1师傅"]


def test_a_repeated_yes_gets_the_same_answer() -> None:
    world = a_world(1)
    world.tell(accepted())
    first = world.accept(1, "m1", key="k")
    again = world.accept(1, "m1", key="k")
    assert (again.result, again.envelopes) == (first.result, ())
    assert world.happened.count("assignment.made") == 1


def test_the_others_who_were_asked_are_told_with_the_last_seat() -> None:
    world = a_world(3)
    world.tell(accepted(urgency=Urgency.EMERGENCY))
    first, second, third = (offer.member_id for offer in world.demand.offers)
    world.accept(2, second)

    told = world.journal.envelopes[-1].data["offers"]
    assert [(offer["member_id"], offer["status"]) for offer in told] == [
        (second, "accepted"),
        (first, "withdrawn"),
        (third, "withdrawn"),
    ]
    assert refused(lambda: world.accept(1, first)) == "seat-taken"
    assert world.member(first).holding == ()


def test_a_seat_that_stays_open_is_looked_after_in_the_same_write() -> None:
    world = a_world(1)
    world.tell(accepted(seats=2))
    world.accept(1, "m1")
    assert world.demand.status is DemandStatus.CLAIM
    assert world.happened == ["offer.made", "assignment.made", "claim.opened"]


def test_whose_offer_it_is_not_learns_nothing() -> None:
    world = a_world(2)
    world.tell(accepted())
    other = ({"m1", "m2"} - {world.demand.offers[0].member_id}).pop()
    assert refused(lambda: world.accept(1, other)) == "not-found"
    assert refused(lambda: world.accept(9, other)) == "not-found"
    assert refused(lambda: world.accept(1, other, demand="no-such-order")) == "not-found"


def test_another_communitys_order_is_not_there() -> None:
    world = a_claimable_wish(1, 1)
    world.add(a_member("stranger", community_id="zaoyuanli"))
    stranger = an_actor(Role.MEMBER, community_id="zaoyuanli", member_id="stranger")
    call_meta = a_meta(stranger, "c-stranger")
    world.meta = lambda *_: call_meta  # type: ignore[method-assign]
    assert refused(lambda: world.claim("stranger")) == "not-found"


def test_full_hands_cannot_take_more() -> None:
    world = a_world(1, capacity=1)
    world.tell(accepted(), accepted(ticket={"id": "other"}, policy=Policy.CLAIM))
    world.accept(1, "m1")
    assert refused(lambda: world.claim("m1", "other")) == "capacity-full"


def test_an_answered_offer_is_closed() -> None:
    world = a_world(2)
    world.tell(accepted())
    first = world.demand.offers[0].member_id
    world.decline(1, first)
    assert refused(lambda: world.accept(1, first)) == "offer-not-open"


def test_accept_against_expiry_whoever_writes_first() -> None:
    accepted_first, expired_first = a_world(1), a_world(1)
    for world in (accepted_first, expired_first):
        world.tell(accepted())
        world.clock.advance(minutes=120)
    accepted_first.accept(1, "m1")
    accepted_first.pass_time(minutes=0)
    assert accepted_first.demand.status is DemandStatus.FILLED

    expired_first.pass_time(minutes=0)
    assert refused(lambda: expired_first.accept(1, "m1")) == "offer-not-open"
    assert expired_first.member("m1").holding == ()


def test_expiry_inside_an_acceptance_is_seen() -> None:
    """The deadline fires between the reading and the writing of the acceptance."""
    world = a_world(1)
    world.tell(accepted())
    world.clock.advance(minutes=120)
    world.seats.meanwhile = lambda: world.pass_time(minutes=0)
    assert refused(lambda: world.accept(1, "m1")) == "offer-not-open"
    assert world.member("m1").holding == ()


def test_one_member_of_capacity_one_accepts_two_orders_at_once() -> None:
    world = a_world(1)
    world.tell(accepted(), accepted(ticket={"id": "other"}, policy=Policy.CLAIM))
    world.seats.meanwhile = lambda: world.claim("m1", "other")
    assert refused(lambda: world.accept(1, "m1")) == "capacity-full"
    assert world.member("m1").holding == ("other.s1.1",)


def test_twenty_claim_the_last_seat_at_once() -> None:
    """Each claim is interrupted by the next, down to the twentieth."""
    world = a_claimable_wish(1, 20)
    codes: list[str] = []

    def try_to_claim(number: int) -> None:
        world.seats.meanwhile = (lambda: try_to_claim(number + 1)) if number < 20 else None
        try:
            world.claim(f"m{number}")
            codes.append("yes")
        except Conflict as refusal:
            codes.append(refusal.code)

    try_to_claim(1)
    assert sorted(codes) == ["seat-taken"] * 19 + ["yes"]
    assert sum(len(world.member(f"m{n}").holding) for n in range(1, 21)) == 1


def test_claims_go_through_the_gates() -> None:
    world = World(
        a_member("idle", on_duty=False),
        a_member("untaught", skills=()),
        a_member("busy", holding=("elsewhere",)),
        a_member("fit"),
    )
    world.tell(accepted(policy=Policy.CLAIM))
    assert refused(lambda: world.claim("idle")) == "not-on-duty"
    assert refused(lambda: world.claim("untaught")) == "not-qualified"
    assert refused(lambda: world.claim("busy")) == "capacity-full"
    world.claim("fit")
    assert refused(lambda: world.claim("untaught")) == "seat-taken"


def test_a_no_may_become_a_claim() -> None:
    world = a_world(1)
    world.tell(accepted(waves=1))
    world.decline(1, "m1")
    world.claim("m1")
    assert world.demand.status is DemandStatus.FILLED


def test_nobody_has_two_seats_of_one_order() -> None:
    world = a_claimable_wish(3, 1, capacity=3)
    world.claim("m1")
    assert refused(lambda: world.claim("m1")) == "already-yours"


def test_only_what_is_open_to_claims_can_be_claimed() -> None:
    world = a_world(2)
    world.tell(accepted(waves=1))
    asked = world.demand.offers[0].member_id
    other = ({"m1", "m2"} - {asked}).pop()
    assert refused(lambda: world.claim(other)) == "claim-not-open"
    world.pass_time(minutes=120)
    world.pass_time(minutes=240)
    assert world.demand.status is DemandStatus.UNSERVED
    assert refused(lambda: world.claim(other)) == "claim-not-open"


def test_arriving_leaving_and_what_is_left_of_it() -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    [take] = world.demand.holders
    assert (take.status, take.arrived_at, take.evidence) == (SeatStatus.ARRIVED, world.clock.now(), Evidence.WORD)
    with pytest.raises(IllegalTransition):
        world.arrive(FIRST, "m1")

    world.leave(FIRST, "m1")
    [take] = world.demand.holders
    assert (take.status, take.left_at) == (SeatStatus.LEFT, world.clock.now())
    assert world.member("m1").holding == ()
    assert world.demand.status is DemandStatus.FILLED
    assert world.happened == ["offer.made", "assignment.made", "assignment.arrived", "assignment.left"]


def test_giving_back_frees_both_and_somebody_else_is_asked() -> None:
    world = a_world(2)
    world.tell(accepted())
    first = world.demand.offers[0].member_id
    world.accept(1, first)
    outcome = world.release(FIRST, first)

    assert world.member(first).holding == ()
    assert [envelope.type for envelope in outcome.envelopes] == [
        "shiliu.assignment.released.v1",
        "shiliu.offer.made.v1",
    ]
    assert world.demand.status is DemandStatus.OPEN
    assert world.demand.offers[-1].member_id != first
    assert refused(lambda: world.release(FIRST, first)) == "seat-released"
    assert refused(lambda: world.arrive(FIRST, first)) == "seat-released"


def test_a_seat_taken_again_has_another_id() -> None:
    world = a_world(2)
    world.tell(accepted())
    first, second = world.demand.offers[0].member_id, None
    world.accept(1, first)
    world.release(FIRST, first)
    second = world.demand.offers[1].member_id
    assert world.accept(2, second).result["assignment_id"] == f"{TICKET_ID}.s1.2"


def test_a_seat_is_the_holders_alone() -> None:
    world = a_taken_order()
    world.add(a_member("m2"))
    for act in (world.arrive, world.leave, world.release):
        with pytest.raises(NotFound):
            act(FIRST, "m2")


def test_an_account_without_a_member_holds_nothing() -> None:
    world = a_taken_order()
    resident = a_meta(an_actor(Role.RESIDENT), "c-1")
    world.meta = lambda *_: resident  # type: ignore[method-assign]
    assert refused(lambda: world.arrive(FIRST, "m1")) == "not-found"
    assert refused(lambda: world.claim("m1")) == "not-found"


def test_duty_is_the_members_switch_and_staffs() -> None:
    world = a_world(1)
    world.reactions.keep_area([received(AreaPublished(), an_area_snapshot())])
    assert world.set_duty("m1", False).result == {"on_duty": False}
    assert world.journal.envelopes[-1].data["snapshot"]["on_duty"] is False
    assert world.set_duty("m1", False).envelopes == ()

    there = an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll"),))
    elsewhere = an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "zyl"),))
    world.set_duty("m1", True, a_meta(there, "c-1"))
    assert world.member("m1").on_duty
    with pytest.raises(NotFound):
        world.set_duty("m1", False, a_meta(elsewhere, "c-2"))
    with pytest.raises(NotFound):
        world.set_duty("nobody", False, a_meta(there, "c-3"))
