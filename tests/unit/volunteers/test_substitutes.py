"""Whoever has a seat and cannot come keeps it until somebody else has it; where nobody does in time it is free."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.catalogue import Wanted
from contracts.commands import Call, Outcome
from contracts.commands.visits import AskForSubstitute, OnMyWay
from contracts.dispatch import Asking
from contracts.errors import NotFound
from contracts.words import DemandStatus, Employment, Mode, OfferStatus, ReleaseReason, Urgency
from services.volunteers.domain.watching import watched
from tests.builders import NOON, TICKET_ID
from tests.unit.volunteers.builders import a_member, accepted
from tests.unit.volunteers.by_hand import freeze, refused
from tests.unit.volunteers.world import World

SEAT = f"{TICKET_ID}.s1.1"


def a_taken_order(seats: int = 1, people: int = 4, **terms: Any) -> World:
    """m1 has the first seat; all are of one team, and nobody else was asked."""
    mates = [a_member(f"m{n}", team_ids=("ours",), on_duty=n == 1) for n in range(1, people + 1)]
    world = World(*mates)
    world.tell(accepted(seats=seats, **terms))
    world.accept(1, "m1")
    for n in range(2, people + 1):
        world.set_duty(f"m{n}", True)
    return world


def ask(world: World, whom: str | None = None, who: str = "m1", seat: str = SEAT) -> Outcome:
    command = AskForSubstitute(assignment_id=seat, member_id=whom)
    return world.substituting.ask(Call(command, world.meta(who)))


def asked(world: World) -> list[str]:
    return [offer.member_id for offer in world.demand.open_offers if offer.stands_in]


def holders(world: World) -> list[str]:
    return [take.member_id for take in world.demand.holders]


def test_whom_they_name_is_asked_and_they_keep_the_seat_until_that_one_has_it() -> None:
    world = a_taken_order()

    result = ask(world, "m3").result

    [offer] = world.demand.open_offers
    assert (offer.member_id, offer.stands_in, offer.asking, offer.wave) == ("m3", SEAT, Asking.INVITED, 0)
    assert (holders(world), world.demand.status) == (["m1"], DemandStatus.FILLED)
    assert result["until"] is not None
    assert world.member("m1").holding == (SEAT,)

    world.accept(2, "m3")

    assert (holders(world), world.demand.status) == (["m3"], DemandStatus.FILLED)
    assert world.demand.take(SEAT).released is ReleaseReason.SUBSTITUTED
    assert world.member("m1").holding == ()
    assert world.member("m3").holding == (world.demand.holders[0].id,)
    assert world.demand.unsettled == ()
    told = [(one.type, one.data.get("reason"), one.data["requester_id"]) for one in world.journal.envelopes[-2:]]
    assert told == [
        ("shiliu.assignment.released.v1", "substituted", "a-resident"),
        ("shiliu.assignment.made.v1", None, "a-resident"),
    ]


def test_nobody_learns_from_the_news_whom_they_named() -> None:
    world = a_taken_order()
    ask(world, "m3")
    [told] = [one for one in world.journal.envelopes if one.type.endswith("substitute_wanted.v1")]
    assert "m3" not in str(told.data)
    assert (told.data["member_id"], told.data["by_name"]) == ("m1", True)


def test_in_one_touch_the_community_looks_and_asks_one_after_the_other() -> None:
    world = a_taken_order()

    ask(world)
    [first] = asked(world)
    world.decline(2, first)
    [second] = asked(world)

    assert second not in (first, "m1")
    assert holders(world) == ["m1"]
    world.accept(3, second)
    assert holders(world) == [second]


def test_where_whom_they_named_says_no_the_community_looks_on() -> None:
    world = a_taken_order()
    ask(world, "m3")
    world.decline(2, "m3")
    assert asked(world) not in ([], ["m3"])
    assert refused(lambda: ask(world, "m3")) == "asked-already"


def test_when_nobody_takes_it_in_time_the_seat_is_free_and_searched_as_usual() -> None:
    world = a_taken_order(people=2, expiry_minutes=60)
    ask(world, "m2")
    world.decline(2, "m2")
    assert (asked(world), holders(world)) == ([], ["m1"])
    world.add(a_member("m9"))

    now = world.clock.advance(minutes=61)
    for due in watched(world.demand):
        if due.at <= now:
            world.deadlines.fire(TICKET_ID, due)

    assert holders(world) == []
    assert world.demand.take(SEAT).released is ReleaseReason.GAVE_BACK
    assert world.member("m1").holding == ()
    assert [offer.member_id for offer in world.demand.open_offers] == ["m9"]


def test_the_time_ends_when_the_visit_was_wanted() -> None:
    wanted = Wanted(start=NOON + timedelta(minutes=30))
    world = a_taken_order(expiry_minutes=120, ticket={"wanted": wanted})
    ask(world, "m3")
    assert world.demand.take(SEAT).substitute_by == NOON + timedelta(minutes=30)
    assert world.demand.open_offers[0].expires_at == NOON + timedelta(minutes=30)


def test_who_comes_after_all_keeps_it_and_whoever_was_asked_is_thanked() -> None:
    for comes in ("arrives", "says so"):
        world = a_taken_order()
        ask(world, "m3")
        if comes == "arrives":
            world.arrive(SEAT, "m1")
        else:
            world.visits.on_my_way(Call(OnMyWay(assignment_id=SEAT), world.meta("m1")))
        assert world.demand.take(SEAT).substitute_by is None
        assert refused(lambda world=world: world.accept(2, "m3")) == "seat-taken"
        assert holders(world) == ["m1"]


def test_the_others_of_the_crew_are_looked_for_as_before() -> None:
    world = World(*(a_member(f"m{n}", team_ids=("ours",)) for n in range(1, 6)))
    world.tell(accepted(seats=2))
    first, other = world.demand.open_offers
    world.accept(1, first.member_id)

    ask(world, who=first.member_id, seat=world.demand.holders[0].id)

    assert [offer.id for offer in world.demand.open_offers if offer.stands_in is None] == [other.id]
    [substitute] = asked(world)
    world.accept(2, other.member_id)
    assert asked(world) == [substitute], "whoever is asked to stand in is wanted still, though no seat is free"
    world.accept(3, substitute)
    assert sorted(holders(world)) == sorted([other.member_id, substitute])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"capacity": 1, "holding": ("elsewhere.s1.1",)}, "does-not-suit"),
        ({"on_duty": False}, "does-not-suit"),
        ({"skills": ()}, "does-not-suit"),
        ({"employment": Employment.DUTY}, "staff-assign"),
    ],
)
def test_gates_hold_and_duty_staff_are_the_communitys_to_assign(changes: dict[str, Any], code: str) -> None:
    world = a_taken_order()
    world.add(a_member("m8", team_ids=("ours",), **changes))
    assert refused(lambda: ask(world, "m8")) == code
    assert world.demand.take(SEAT).substitute_by is None


def test_of_whoever_is_in_no_team_of_theirs_they_learn_nothing() -> None:
    world = a_taken_order()
    world.add(a_member("m9", team_ids=("others",)))
    for whom in ("m9", "nobody"):
        with pytest.raises(NotFound):
            ask(world, whom)
    with pytest.raises(NotFound):
        ask(world, "m3", who="m2")


def test_who_said_no_is_not_asked_again_and_one_is_asked_at_a_time() -> None:
    world = a_taken_order(people=2)
    ask(world, "m2")
    assert refused(lambda: ask(world)) == "asked-already"
    world.decline(2, "m2")
    assert refused(lambda: ask(world, "m2")) == "does-not-suit", "as for any other reason: nobody learns of a no"


def test_what_cannot_wait_is_given_back_instead() -> None:
    emergency = a_taken_order(urgency=Urgency.EMERGENCY)
    assert refused(lambda: ask(emergency, "m3")) == "give-it-back"
    frozen = a_taken_order()
    freeze(frozen)
    assert refused(lambda: ask(frozen)) == "give-it-back", "nobody is asked by itself now"
    ask(frozen, "m3")
    assert asked(frozen) == ["m3"]


def test_a_seat_that_is_free_or_begun_is_nobodys_to_pass_on() -> None:
    world = a_taken_order()
    world.arrive(SEAT, "m1")
    assert refused(lambda: ask(world, "m3")) == "there-already"
    other = a_taken_order()
    other.release(SEAT, "m1")
    assert refused(lambda: ask(other, "m3")) == "seat-released"


def test_given_back_meanwhile_the_offer_is_one_for_the_free_seat() -> None:
    world = a_taken_order()
    ask(world, "m3")
    world.release(SEAT, "m1")
    world.accept(2, "m3")
    assert holders(world) == ["m3"]
    assert world.demand.open_offers == ()
    assert [o.status for o in world.demand.offers].count(OfferStatus.ACCEPTED) == 2


def test_silence_frees_the_seat_with_the_offer() -> None:
    world = a_taken_order(people=2, expiry_minutes=60, mode=Mode.AUTOMATIC)
    ask(world, "m2")
    world.pass_time(minutes=61)
    assert (holders(world), asked(world)) == ([], [])
    assert world.demand.unsettled == ()
