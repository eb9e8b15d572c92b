"""Why a member sees no offers: what is their own, and what orders there are as counts, never which."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from contracts.actor import Role
from contracts.availability import WeekTime
from contracts.catalogue import Weekday
from contracts.commands import Call
from contracts.commands.explaining import ReadWhyNone
from contracts.errors import NotFound
from contracts.recusal import Recusal
from contracts.words import Policy, WhoMay
from services.volunteers.application.why_none import WhyNone
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import GATES
from services.volunteers.domain.why_none import _OWN, _SENTENCES, FEWEST, told
from tests.builders import NOON, a_member_actor, a_meta, an_actor
from tests.unit.volunteers.builders import a_member, accepted
from tests.unit.volunteers.world import World


class OfWorld:
    """An ``OpenOrders``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def wanting(self, community_id: str, most: int) -> Sequence[Demand]:
        found = [self._world.demand_of(id) for id in self._world.demands.ids()]
        return [one for one in found if one.community_id == community_id and one.open_seats][:most]


def read(world: World, member_id: str = "m1") -> dict:
    why = WhyNone(world.members, OfWorld(world), world.candidates, world.areas, world.communities, world.clock)
    return dict(why.read(Call(ReadWhyNone(), a_meta(a_member_actor(member_id)))).result)


def gates(answer: dict) -> dict:
    return {one["gate"]: one["count"] for one in answer["gates"]}


def orders(world: World, count: int, ticket: dict | None = None, **terms) -> None:
    """So many orders more."""
    start = len(list(world.demands.ids()))
    for number in range(start, start + count):
        world.tell(accepted(ticket={"id": f"d{number}", **(ticket or {})}, **terms))


@pytest.mark.parametrize(
    ("changes", "gate", "zh"),
    [
        ({"on_duty": False}, "off_duty", "您现在没有在岗"),
        ({"not_before": NOON + timedelta(hours=20)}, "not_before", "您说过11月22日08:00以后再请您"),
        ({"serving": False}, "not_serving", "您已经退出服务,请先恢复"),
        ({"holding": ("x",)}, "full", "您手上有1单,还有0份邀约没答复,最多同时1单"),
        ({"week_capacity": 1, "served": (NOON,)}, "week_full", "本周您已经接了1单"),
        ({"weekly": (WeekTime(day=Weekday.WED, start="09:00", end="10:00"),)}, "no_time", "接下来24小时您没有空"),
    ],
)
def test_what_is_their_own_is_said_first(changes, gate, zh) -> None:
    world = World(a_member("m1", **changes))
    orders(world, 3, skills=())
    answer = read(world)
    assert [(one["gate"], one["sentence"]["zh"]) for one in answer["reasons"]] == [(gate, zh)]
    assert answer["sentence"]["zh"] == zh


def test_whoever_was_asked_often_enough_today_is_told_how_often() -> None:
    world = World(a_member("m1", capacity=9))
    for number in range(3):
        world.tell(accepted(ticket={"id": f"d{number}"}))
        world.decline(1, "m1", f"d{number}")
    answer = read(world)
    assert answer["reasons"][0]["gate"] == "budget"
    assert answer["sentence"]["en"].startswith("3 offers today already")


def test_with_no_order_there_is_none() -> None:
    assert read(World(a_member("m1")))["sentence"]["en"] == "no order wants anybody at present"


def test_orders_are_counts_by_what_keeps_the_member_from_them() -> None:
    world = World(a_member("m1", skills=(), coverage=("sll-g9",)))
    orders(world, 4)
    orders(world, 3, skills=())
    answer = read(world)
    assert answer["orders"] == 7
    assert gates(answer) == {"skill": 4, "far": 3}
    assert answer["sentence"]["en"] == "there is no order within where you go at present"


def test_where_nothing_fits_their_skills_they_are_told_so() -> None:
    world = World(a_member("m1", skills=()))
    orders(world, 3)
    assert read(world)["sentence"]["en"] == "nothing open fits your skills at present"


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (2, None), (3, 3)])
def test_a_few_are_not_counted(count, shown) -> None:
    assert told(count) == shown
    world = World(a_member("m1", skills=()))
    orders(world, count)
    answer = read(world)
    assert answer["orders"] == shown
    assert gates(answer) == ({"skill": shown} if count else {})
    assert str(FEWEST - 1) not in str(answer["gates"])


def test_an_order_that_they_are_kept_from_does_not_exist_for_them() -> None:
    world = World(a_member("m1"), a_member("m2"))
    orders(world, 4, ticket={"recused": Recusal(members=("m1",))})
    answer = read(world)
    assert (answer["orders"], answer["gates"]) == (0, [])
    assert answer["sentence"]["en"] == "no order wants anybody at present"


def test_orders_that_would_suit_say_that_others_are_asked_or_that_they_are_open() -> None:
    world = World(a_member("m1"), a_member("m2"))
    orders(world, 1)
    other = "m2" if world.demand_of("d0").offers[0].member_id == "m1" else "m1"
    answer = read(world, other)
    assert (gates(answer), answer["waiting"]) == ({"suit": None}, 0)
    assert "others are asked first" in answer["sentence"]["en"]

    orders(world, 1, policy=Policy.CLAIM)
    assert "open to claims" in read(world, other)["sentence"]["en"]


def test_what_is_for_teams_or_for_professionals_is_counted_apart() -> None:
    world = World(a_member("m1"))
    orders(world, 3, policy=Policy.TEAM)
    orders(world, 3, who_may=WhoMay.PROFESSIONAL)
    assert gates(read(world)) == {"teams": 3, "who_may": 3}


def test_an_offer_that_waits_is_counted() -> None:
    world = World(a_member("m1", capacity=2))
    orders(world, 1)
    answer = read(world)
    assert (answer["waiting"], gates(answer)) == (1, {"asked": None})


def test_nothing_of_an_order_is_told_but_counts() -> None:
    world = World(a_member("m1", skills=()))
    orders(world, 3)
    said = str(read(world))
    assert not any(word in said for word in ("d0", "NC-", "sll-", "water", "水电"))


def test_every_gate_has_its_words() -> None:
    assert {gate.name for gate in GATES} - _OWN - {"conflict"} <= set(_SENTENCES)


def test_who_is_no_member_has_no_such_page() -> None:
    world = World(a_member("m1"))
    with pytest.raises(NotFound):
        WhyNone(world.members, OfWorld(world), world.candidates, world.areas, world.communities, world.clock).read(
            Call(ReadWhyNone(), a_meta(an_actor(Role.RESIDENT)))
        )
