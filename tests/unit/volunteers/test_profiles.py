"""What is held of a member is theirs to see whole, and theirs to change where it is theirs to say."""

from typing import Any

import pytest

from contracts.actor import Role
from contracts.availability import DaysOff, ExtraTime, WeekTime
from contracts.catalogue import Weekday
from contracts.commands import Call
from contracts.commands.members import ChangeProfile, ReadBadge, ReadProfile
from contracts.errors import Conflict, Invalid, NotFound
from contracts.events.masters import AreaPublished, Point
from contracts.words import Ability
from services.volunteers.domain.member import Sealed
from tests.builders import a_member_actor, a_meta, an_actor, received
from tests.fakes.members_vault import TurningVault
from tests.unit.volunteers.builders import a_line_of_areas, a_member
from tests.unit.volunteers.world import World

NAME, PHONE = "马建新", "000-0001"


@pytest.fixture
def world() -> World:
    vault = TurningVault()
    sealed = Sealed(vault.seal("m1", "name", NAME), vault.seal("m1", "phone", PHONE), vault.phone_index(PHONE))
    return World(a_member("m1", sealed=sealed), a_member("m2"))


def profile(world: World, member: str = "m1") -> dict[str, Any]:
    return dict(world.profiles.read(Call(ReadProfile(), a_meta(a_member_actor(member)))).result)


def change(world: World, revision: str | None = None, **said: Any) -> dict[str, Any]:
    command = ChangeProfile(revision=revision or profile(world)["revision"], **said)
    world.profiles.change(Call(command, world.meta("m1")))
    return profile(world)


def badge(world: World, actor: Any) -> Any:
    return world.profiles.badge(Call(ReadBadge(member_id="m1"), a_meta(actor))).result["badge"]


def test_everything_that_is_held_is_shown(world: World) -> None:
    shown = profile(world)
    assert (shown["name"], shown["phone"], shown["external_no"]) == (NAME, PHONE, "M1")
    assert shown["party"] == {"declared": None, "shown": False}


def test_of_somebody_who_is_no_member_there_is_nothing(world: World) -> None:
    with pytest.raises(NotFound):
        world.profiles.read(Call(ReadProfile(), a_meta(an_actor())))
    with pytest.raises(NotFound):
        world.profiles.read(Call(ReadProfile(), a_meta(a_member_actor("m9"))))


def test_a_member_changes_what_is_theirs_to_say(world: World) -> None:
    shown = change(
        world, display_name="马师傅", phone="000-777", languages=("zh", "ug"), abilities=(Ability.NIGHT,), capacity=3
    )
    assert (shown["display_name"], shown["phone"], shown["capacity"]) == ("马师傅", "000-777", 3)
    assert (shown["languages"], shown["abilities"]) == (["zh", "ug"], ["night"])
    member = world.member("m1")
    assert member.sealed is not None
    assert member.sealed.phone_index == "index-777000"
    assert set(member.own) == {"display_name", "phone", "languages", "abilities", "capacity"}


def test_what_a_member_without_a_sealed_name_says_is_kept(world: World) -> None:
    shown = profile(world, "m2")
    command = ChangeProfile(revision=shown["revision"], phone="000-888", party=True)
    world.profiles.change(Call(command, world.meta("m2")))
    shown = profile(world, "m2")
    assert (shown["name"], shown["phone"], shown["party"]["declared"]) == (None, "000-888", True)
    sealed = world.member("m2").sealed
    assert sealed is not None
    assert sealed.phone_index == "index-888000"


def test_a_member_says_when_and_where_they_serve(world: World) -> None:
    world.reactions.keep_area([received(AreaPublished(), one) for one in a_line_of_areas("city", "grid", "unit")])
    weekly, off = (WeekTime(Weekday.TUE, "18:00", "21:00"),), (DaysOff("2026-12-24", "2026-12-31"),)
    extra = (ExtraTime("2026-12-25", "09:00", "11:00"),)
    shown = change(world, weekly=weekly, days_off=off, extra_times=extra, week_capacity=3, radius=800,
                   coverage=("grid", "unit", "city"), start=Point(82.2, 38.6))  # fmt: skip
    assert shown["weekly"] == [{"day": "tue", "start": "18:00", "end": "21:00"}]
    assert (shown["week_capacity"], shown["radius"], shown["coverage"]) == (3, 800, ["grid", "city"])
    assert {"weekly", "days_off", "extra_times", "week_capacity", "radius", "coverage"} <= set(world.member("m1").own)
    shown = change(world, weekly=(), forget=("start", "week_capacity"))
    assert (shown["weekly"], shown["radius"], shown["week_capacity"]) == ([], None, None)


def test_others_hear_of_what_they_may_see_and_of_nothing_else(world: World) -> None:
    def told() -> int:
        return len([one for one in world.journal.envelopes if one.aggregatetype == "member"])

    change(world, phone="000-777", party=True, show_party=True, abilities=(Ability.LIFT,))
    assert told() == 0
    change(world, display_name="马师傅")
    assert told() == 1
    assert "000-777" not in str(world.journal.envelopes)


def test_what_is_remembered_of_a_change_holds_nothing_private(world: World) -> None:
    change(world, phone="000-777", display_name="马师傅")
    memory = str(world.members.document("m1")["commands"])
    assert "000-777" not in memory
    assert NAME not in memory


def test_a_member_chooses_where_they_set_out_from_and_it_is_kept_coarsely(world: World) -> None:
    shown = change(world, start=Point(87.6170321, 43.7928888))
    assert shown["start"] == {"lon": 87.617, "lat": 43.793}
    assert "start" in world.member("m1").own
    assert world.journal.envelopes == []


def test_what_was_forgotten_is_gone(world: World) -> None:
    change(world, party=True)
    shown = change(world, forget=("phone", "party", "start"))
    assert (shown["phone"], shown["start"], shown["party"]["declared"]) == (None, None, None)
    member = world.member("m1")
    assert member.sealed is not None
    assert (member.sealed.phone, member.sealed.phone_index, member.sealed.party) == (None, None, None)
    assert {"phone", "start"} <= set(member.own)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"display_name": NAME}, "display_name"),
        ({"display_name": f"热心的{NAME}"}, "display_name"),
        ({"display_name": "13800138000"}, "display_name"),
        ({"phone": "call me"}, "phone"),
        ({"languages": ("中文",)}, "languages"),
        ({"capacity": 10}, "capacity"),
        ({"capacity": -1}, "capacity"),
        ({"start": Point(181.0, 0.0)}, "start"),
        ({"start": Point(0.0, float("nan"))}, "start"),
        ({"forget": ("name",)}, "forget"),
        ({"weekly": (WeekTime(Weekday.TUE, "21:00", "18:00"),)}, "weekly"),
        ({"weekly": (WeekTime(Weekday.TUE, "18:00", "21:00"),) * 61}, "weekly"),
        ({"days_off": (DaysOff("2026-12-24", "tomorrow"),)}, "days_off"),
        ({"extra_times": (ExtraTime("2026-12-24", "9", "11"),)}, "extra_times"),
        ({"week_capacity": 51}, "week_capacity"),
        ({"radius": 50}, "radius"),
        ({"radius": 800, "forget": ("start",)}, "radius"),
        ({"coverage": ("atlantis",)}, "coverage"),
    ],
)
def test_what_cannot_be_said_is_refused_by_field(world: World, said: dict[str, Any], field: str) -> None:
    before = world.member("m1")
    with pytest.raises(Invalid) as refusal:
        change(world, **said)
    assert refusal.value.field == field
    assert world.member("m1") == before


def test_two_changes_of_one_revision_are_not_both_made(world: World) -> None:
    revision = profile(world)["revision"]
    change(world, revision, capacity=2)
    with pytest.raises(Conflict) as refusal:
        change(world, revision, capacity=3)
    assert refusal.value.code == "changed-meanwhile"
    assert world.member("m1").capacity == 2


STAFF = an_actor(Role.DUTY)


def test_a_badge_is_seen_only_if_the_member_wishes(world: World) -> None:
    world.areas.rows.clear()
    assert badge(world, STAFF) is None
    change(world, party=True)
    assert badge(world, STAFF) is None
    change(world, show_party=True)
    assert badge(world, STAFF) == "party"
    assert badge(world, a_member_actor("m1")) == "party"
    change(world, party=False)
    assert badge(world, STAFF) is None
    with pytest.raises(NotFound):
        badge(world, a_member_actor("m2"))


def test_stars_are_seen_only_if_the_member_wishes(world: World) -> None:
    world.areas.rows.clear()
    world.stars["m1"] = 2

    def stars() -> object:
        return world.profiles.badge(Call(ReadBadge(member_id="m1"), a_meta(STAFF))).result["stars"]

    assert stars() is None
    assert change(world, show_stars=True)["show_stars"] is True
    assert stars() == 2
    world.stars["m1"] = 0
    assert stars() is None
    change(world, show_stars=False)
    world.stars["m1"] = 5
    assert stars() is None


def test_showing_says_nothing_before_it_was_said_what(world: World) -> None:
    assert change(world, show_party=True)["party"] == {"declared": None, "shown": False}


def test_what_is_sealed_of_the_party_is_of_one_length(world: World) -> None:
    """Neither its size nor that there is something tells who is in the Party: who said no has the same."""
    lengths = set()
    for party, shown in ((True, True), (True, False), (False, False)):
        change(world, party=party, show_party=shown)
        sealed = world.member("m1").sealed
        assert sealed is not None
        assert sealed.party is not None
        lengths.add(len(sealed.party))
    assert len(lengths) == 1
