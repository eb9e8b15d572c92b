"""A member who died is asked for nothing and holds nothing; a mistake brings them back as they were."""

import itertools
from typing import Any

import pytest

from contracts.commands import Call
from contracts.commands.members import SetServing
from contracts.decisions import Decided
from contracts.errors import Conflict, NotFound
from contracts.events.people import PersonDeceased, PersonRegistered, PersonRestored
from contracts.words import OfferStatus, ReleaseReason
from services.volunteers.domain.offer import counted
from services.volunteers.domain.rest import Rest
from tests.builders import received
from tests.builders_of_people import a_person_snapshot
from tests.unit.volunteers.builders import a_member, accepted
from tests.unit.volunteers.test_minors import PUBLIC, a_minor
from tests.unit.volunteers.world import World, a_world

OWN = "m-m1"


def news(body: Any, version: int, dead: bool, account: str | None = OWN, **changes: Any) -> Any:
    return received(body, a_person_snapshot(account_id=account, deceased=dead, **changes), version)


REGISTERED = news(PersonRegistered(), 1, dead=False)
DIED = news(PersonDeceased(), 2, dead=True)
RESTORED = news(PersonRestored(), 3, dead=False)


def test_their_offers_are_withdrawn_their_seats_free_and_nobody_asks_them() -> None:
    world = World(a_member("m1", capacity=3))
    world.tell(accepted())
    world.tell(accepted(ticket={"id": "other"}))
    world.accept(1, "m1")
    world.add(a_member("m2"))
    world.resting.follow_person([DIED])
    first, second = world.demand, world.demand_of("other")
    assert [take.released for take in first.takes] == [ReleaseReason.GAVE_BACK]
    assert [offer.status for offer in second.offers if offer.member_id == "m1"] == [OfferStatus.WITHDRAWN]
    assert counted(first.offers).declined == counted(second.offers).declined == 0, "nobody says that they said no"
    assert {offer.member_id for demand in (first, second) for offer in demand.open_offers} == {"m2"}
    member = world.member("m1")
    assert (member.holding, member.on_duty, member.serving) == ((), False, True)
    world.tell(accepted(ticket={"id": "third"}))
    assert "m1" not in {offer.member_id for offer in world.demand_of("third").offers}


def test_who_has_died_takes_nothing_by_an_old_token_and_is_not_put_on_duty() -> None:
    world = a_world(1)
    world.tell(accepted())
    died = lambda member: Decided(member.told(Rest("p1", 2, dead=True)))  # noqa: E731
    world.members.apply("m1", world.meta("m1", "died"), died)
    with pytest.raises(Conflict) as refusal:
        world.set_duty("m1", True)
    assert refusal.value.code == "not-serving"
    with pytest.raises(NotFound):
        world.say_yes("m1")


def test_a_mistake_brings_them_back_on_duty_as_they_were() -> None:
    world = World(a_member("m1"), a_member("m2", on_duty=False))
    for member in ("m-m1", "m-m2"):
        dead = news(PersonDeceased(), 2, dead=True, account=member, id=f"p-{member}")
        world.resting.follow_person([dead])
        world.resting.follow_person([news(PersonRestored(), 3, dead=False, account=member, id=f"p-{member}")])
    assert (world.member("m1").on_duty, world.member("m2").on_duty) == (True, False)
    world.tell(accepted())
    assert [offer.member_id for offer in world.demand.offers] == ["m1"]


def test_who_had_stopped_serving_does_not_come_back_by_it() -> None:
    world = a_world(1)
    world.resting.follow_person([DIED])
    world.leaving.set_serving(Call(SetServing(serving=False), world.meta("m1", "stop")))
    world.resting.follow_person([RESTORED])
    assert world.member("m1").on_duty is False


def test_a_minor_does_not_go_where_the_adult_who_died_was_to_come() -> None:
    world = World(a_member("m1"), a_minor())
    world.tell(accepted(seats=2, **PUBLIC))
    world.say_yes("m1")
    world.say_yes("kid")
    world.resting.follow_person([DIED])
    assert world.demand.holders == ()
    assert [take.released for take in world.demand.takes] == [ReleaseReason.GAVE_BACK, ReleaseReason.ALONE]
    assert world.member("kid").holding == ()


HISTORIES = list(itertools.permutations((REGISTERED, DIED, RESTORED)))


@pytest.mark.parametrize("history", HISTORIES, ids=[str([event.version for event in one]) for one in HISTORIES])
@pytest.mark.parametrize("together", [True, False])
def test_in_any_order_and_twice_the_end_is_the_same(history: Any, together: bool) -> None:
    world = a_world(1)
    for batch in [[*history, *history]] if together else [[event] for event in (*history, *history)]:
        world.resting.follow_person(batch)
    assert (world.member("m1").on_duty, world.member("m1").resting) == (True, False)


@pytest.mark.parametrize("history", [(REGISTERED, DIED), (DIED, REGISTERED)])
def test_a_death_stands_whatever_came_before_it_late(history: Any) -> None:
    world = a_world(1)
    for event in (*history, *history):
        world.resting.follow_person([event])
    assert (world.member("m1").on_duty, world.member("m1").resting) == (False, True)


def test_a_death_that_comes_after_its_correction_ends_nothing() -> None:
    world = a_world(1)
    world.tell(accepted())
    world.resting.follow_person([RESTORED])
    world.resting.follow_person([DIED])
    assert [offer.status for offer in world.demand.offers] == [OfferStatus.OPEN]


def test_of_two_who_were_said_to_have_the_account_one_dead_is_enough() -> None:
    world = a_world(1)
    world.resting.follow_person([news(PersonDeceased(), 5, dead=True, id="p-other")])
    world.resting.follow_person([REGISTERED])
    assert world.member("m1").resting
    world.resting.follow_person([news(PersonRestored(), 6, dead=False, id="p-other")])
    assert world.member("m1").on_duty


@pytest.mark.parametrize("account", [None, "a-daughter", "m-nobody"])
def test_who_is_no_member_of_ours_concerns_nobody(account: str | None) -> None:
    world = a_world(1)
    world.resting.follow_person([news(PersonDeceased(), 2, dead=True, account=account)])
    assert world.member("m1").on_duty
