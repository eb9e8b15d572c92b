"""Members who stop: offers and seats end kindly, nobody asks them again, and they can come back."""

from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.members import RecordGuardian, SetServing, WithdrawGuardian
from contracts.errors import Conflict, Invalid, NotFound
from contracts.words import Given, OfferStatus, ReleaseReason
from tests.builders import a_member_actor, a_meta, an_actor
from tests.unit.volunteers.builders import a_member, accepted
from tests.unit.volunteers.test_minors import PUBLIC, a_minor
from tests.unit.volunteers.world import World, a_world

DESK = an_actor(Role.DUTY, account_id="desk")


def serve(world: World, serving: bool, member: str = "m1", key: str = "leave") -> Any:
    return world.leaving.set_serving(Call(SetServing(serving=serving), world.meta(member, key))).result


def test_whoever_stops_leaves_no_offer_and_no_seat_behind() -> None:
    world = World(a_member("m1", capacity=2))
    world.tell(accepted())
    world.tell(accepted(ticket={"id": "other"}))
    world.accept(1, "m1")
    world.add(a_member("m2"))
    assert serve(world, False) == {"serving": False}
    first, second = world.demand, world.demand_of("other")
    assert [take.released for take in first.takes] == [ReleaseReason.GAVE_BACK]
    assert [offer.status for offer in second.offers if offer.member_id == "m1"] == [OfferStatus.DECLINED]
    assert "m2" in {offer.member_id for demand in (first, second) for offer in demand.open_offers}
    member = world.member("m1")
    assert (member.holding, member.on_duty, member.serving) == ((), False, False)


def test_whoever_stopped_is_not_asked_and_can_still_order() -> None:
    world = a_world(1)
    serve(world, False)
    world.tell(accepted())
    assert world.demand.offers == ()
    assert world.member("m1").snapshot().roles == ("resident",)
    with pytest.raises(Conflict) as refusal:
        world.set_duty("m1", True)
    assert refusal.value.code == "not-serving"


def test_coming_back_is_as_easy() -> None:
    world = a_world(1)
    serve(world, False)
    serve(world, True, key="back")
    world.set_duty("m1", True)
    world.tell(accepted())
    assert [offer.member_id for offer in world.demand.offers] == ["m1"]
    assert world.member("m1").snapshot().roles == ("member",)


def test_a_repeat_goes_on_where_the_first_was_cut_off() -> None:
    world = a_world(1)
    world.tell(accepted())
    world.members.apply("m1", world.meta("m1", "leave"), lambda m: None)
    serve(world, False)
    assert serve(world, False) == {"serving": False}
    assert [offer.status for offer in world.demand.offers] == [OfferStatus.DECLINED]


def consent(world: World, actor: Any = DESK, **changes: Any) -> Any:
    said: dict[str, Any] = {
        "member_id": "kid",
        "name": "金大江",
        "phone": "000-5",
        "agreed_on": "2026-11-20",
        "how": Given.CALL,
        "text_version": "2026-11",
        "with_adult": "m1",
        **changes,
    }
    return world.leaving.record_guardian(Call(RecordGuardian(**said), a_meta(actor, f"c-{changes}"))).result


def withdraw(world: World, actor: Any = DESK) -> Any:
    return world.leaving.withdraw_guardian(Call(WithdrawGuardian(member_id="kid"), a_meta(actor, "w"))).result


@pytest.fixture
def world() -> World:
    return World(a_member("m1"), a_minor(consents=(), with_adult=None))


def test_a_guardians_word_is_written_down_by_staff(world: World) -> None:
    assert consent(world) == {"agreed": True}
    kid = world.member("kid")
    assert (kid.may_serve, kid.with_adult, kid.consents[-1].by) == (True, "m1", "desk")
    assert "金大江" not in str(world.members.document("kid"))


def test_a_guardians_word_taken_back_frees_the_minor_at_once(world: World) -> None:
    consent(world)
    world.tell(accepted(seats=2, **PUBLIC))
    world.say_yes("m1")
    world.say_yes("kid")
    assert withdraw(world) == {"agreed": False}
    kid = world.member("kid")
    assert (kid.may_serve, kid.holding, kid.guardian) == (False, (), None)
    assert [line.given for line in kid.consents] == [True, False]
    assert [take.member_id for take in world.demand.holders] == ["m1"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "金" * 81}, "name"),
        ({"agreed_on": "2026-11-23"}, "agreed_on"),
        ({"agreed_on": "yesterday"}, "agreed_on"),
        ({"phone": "x"}, "phone"),
        ({"text_version": "他妈妈说的"}, "text_version"),
        ({"with_adult": "kid"}, "with_adult"),
        ({"with_adult": "nobody"}, "with_adult"),
        ({"member_id": "m1"}, "member_id"),
    ],
)
def test_what_cannot_be_written_down(world: World, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        consent(world, **changes)
    assert refusal.value.field == field


def test_an_adult_who_stopped_serving_goes_along_with_nobody(world: World) -> None:
    serve(world, False)
    with pytest.raises(Invalid, match="who serves"):
        consent(world)


def test_where_it_is_tomorrow_already_a_guardian_agrees_today(world: World) -> None:
    """06:00 in Shanghai, 22:00 of the day before in UTC."""
    world.clock.advance(hours=18)
    assert consent(world, agreed_on="2026-11-22") == {"agreed": True}


def test_nothing_is_written_of_who_was_erased() -> None:
    world = World(a_member("m1", erased=True, serving=False, on_duty=False, home_area=""))
    with pytest.raises(NotFound):
        world.set_duty("m1", False, a_meta(an_actor(Role.ADMIN), "off"))


def test_only_staff_of_the_area_write_it_down(world: World) -> None:
    for actor in (a_member_actor("m1"), an_actor(Role.RESIDENT), an_actor(Role.DUTY, community_id="elsewhere")):
        with pytest.raises(NotFound):
            consent(world, actor)
        with pytest.raises(NotFound):
            withdraw(world, actor)
