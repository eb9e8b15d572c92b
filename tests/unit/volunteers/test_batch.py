"""Many orders at once: as many seats as can be, nobody beyond their room, the urgent first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from contracts.actor import MEMBER_ACCOUNT
from contracts.dispatch import Continuity
from contracts.events.masters import AreaPublished, Point
from contracts.terms import ServedBefore, SkillNeed
from contracts.words import Policy, Urgency
from services.volunteers.adapters.graph import SparseSolver
from services.volunteers.application.batch import BatchMatcher
from services.volunteers.domain.costs import Weights
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import HeldSkill, Member
from tests.builders import NOON, an_area_snapshot, received, some_terms
from tests.unit.volunteers.builders import HERE, a_demand, a_member, a_take
from tests.unit.volunteers.world import World


def near(metres: float) -> Point:
    return Point(HERE.lon, HERE.lat + metres / 111_195)


def a_town(*members: Member) -> BatchMatcher:
    """These members, and every order in the grid around ``HERE``."""
    world = World(*members)
    world.reactions.keep_area([received(AreaPublished(), an_area_snapshot(centroid=HERE))])
    return BatchMatcher(world.candidates, world.areas, SparseSolver(), Weights(), world.matcher)


def an_order(id: str, **changes: Any) -> Demand:
    terms = {name: changes.pop(name) for name in list(changes) if name in {"skills", "continuity", "served_before"}}
    demand = a_demand(**changes)
    urgency = demand.urgency
    return replace(
        demand,
        id=id,
        area_path=("sll", an_area_snapshot().id),
        since=changes.get("since", NOON),
        terms=some_terms(seats=demand.seats, urgency=urgency, **terms),
    )


def ids(found: Mapping[str, Sequence[Any]]) -> dict[str, list[str]]:
    return {order: [choice.member_id for choice in choices] for order, choices in found.items()}


def test_more_are_served_than_one_by_one() -> None:
    """The nearest to both can do either; the other can do one: taken in turn, one order would go without."""
    both = a_member("m1", start=near(10), skills=a_member().skills)
    other = a_member("m2", start=near(900))
    found = ids(a_town(both, other).match([an_order("a"), an_order("b")], NOON))
    assert sorted(found["a"] + found["b"]) == ["m1", "m2"]


def test_where_there_are_too_few_the_urgent_are_served() -> None:
    orders = [
        an_order("wish", urgency=Urgency.WISH),
        an_order("new"),
        an_order("old", since=NOON - timedelta(hours=5)),
        an_order("urgent", urgency=Urgency.URGENT),
        an_order("waited", urgency=Urgency.WISH, since=NOON - timedelta(hours=30)),
    ]
    served = [
        {order for order, members in ids(a_town(*crowd).match(orders, NOON)).items() if members}
        for crowd in ([a_member(f"m{number}") for number in range(count)] for count in range(1, 6))
    ]
    order = ["urgent", "waited", "old", "new", "wish"]
    assert served == [set(order[:count]) for count in range(1, 6)]


def test_nobody_gets_more_than_they_have_room_for_nor_the_same_order_twice() -> None:
    town = a_town(a_member("m1", capacity=3, holding=("x.s1.1",)), a_member("m2", capacity=3))
    found = ids(town.match([an_order(f"o{number}", seats=2) for number in range(5)], NOON))
    assert Counter(member for members in found.values() for member in members) == {"m1": 2, "m2": 3}
    assert all(len(set(members)) == len(members) for members in found.values())


def test_an_emergency_asks_several_for_each_seat() -> None:
    town = a_town(*(a_member(f"m{number}") for number in range(7)))
    found = ids(town.match([an_order("fall", urgency=Urgency.EMERGENCY), an_order("lamp")], NOON))
    assert (len(found["fall"]), len(found["lamp"])) == (3, 1)


def test_gates_of_the_one_order_hold_in_the_batch() -> None:
    """Whoever was asked already, whoever holds a seat, and whoever ordered it."""
    town = a_town(*(a_member(f"m{number}") for number in range(1, 4)))
    order = an_order("a", seats=2, takes=(replace(a_take(), id="a.s1.1"),), requester_id=f"{MEMBER_ACCOUNT}m2")
    assert ids(town.match([order], NOON)) == {"a": ["m3"]}


def test_nobody_starves_behind_the_twenty_nearest() -> None:
    """Thirty orders at one place, twenty members there and ten far out: each order gets one, none two."""
    members = [a_member(f"m{n:02}", start=near(10 if n < 20 else 5_000)) for n in range(30)]
    found = ids(a_town(*members).match([an_order(f"o{n:02}") for n in range(30)], NOON))
    assert Counter(len(members) for members in found.values()) == {1: 30}


def test_the_urgent_are_not_dropped_for_whoever_lives_beyond_the_nearest() -> None:
    """The one member who can goes to the urgent order, though thirty who cannot live nearer, and the other order, for
    which only that member has the skill, sees nobody else.
    """
    rare = (HeldSkill("rare", 1),)
    members = [a_member(f"m{n:02}", start=near(10), coverage=("elsewhere",)) for n in range(30)]
    town = a_town(*members, a_member("m99", start=near(5_000), skills=rare))
    orders = [an_order("urgent", urgency=Urgency.URGENT, skills=()), an_order("lamp", skills=(SkillNeed("rare", 1),))]
    assert ids(town.match(orders, NOON)) == {"urgent": ["m99"], "lamp": []}


def test_whoever_gave_no_place_gets_their_chance() -> None:
    """As if they lived a quarter of an hour away: before those further out."""
    members = [*(a_member(f"far{n}", start=near(3_000)) for n in range(25)), a_member("somewhere", start=None)]
    assert ids(a_town(*members).match([an_order("a")], NOON)) == {"a": ["somewhere"]}


def test_fairness_spreads_what_is_equal() -> None:
    often = a_member("often", served=tuple(NOON - timedelta(days=day) for day in range(1, 9)))
    assert ids(a_town(often, a_member("rested", start=near(300))).match([an_order("a")], NOON)) == {"a": ["rested"]}


def test_the_same_face_or_everybody_in_turn() -> None:
    crowd = [*(a_member(f"m{n:02}", start=near(10)) for n in range(40)), a_member("known", start=near(400))]
    before = {"served_before": (ServedBefore("known", 2),)}
    town = a_town(*crowd)
    assert ids(town.match([an_order("a", continuity=Continuity.SAME, **before)], NOON)) == {"a": ["known"]}
    two = a_town(a_member("known", start=near(10)), a_member("other", start=near(400)))
    assert ids(two.match([an_order("a", continuity=Continuity.ROTATE, **before)], NOON)) == {"a": ["other"]}


def test_scarce_skills_are_kept() -> None:
    """Of two who are equally near, the one who alone can do wiring is left for an order that needs it."""
    wiring = replace(a_member().skills[0], code="wiring")
    many = [a_member(f"m{n:02}", start=near(900)) for n in range(20)]
    rare = a_member("rare", start=near(10), skills=(*a_member().skills, wiring))
    town = a_town(rare, a_member("plain", start=near(60)), *many)
    assert ids(town.match([an_order("a")], NOON)) == {"a": ["plain"]}
    assert ids(town.match([an_order("a", skills=(SkillNeed("wiring"),))], NOON)) == {"a": ["rare"]}


def test_each_choice_says_why_and_an_order_without_anybody_is_there() -> None:
    town = a_town(a_member("m1"))
    found = town.match([an_order("a"), an_order("b", skills=(SkillNeed("nobody_can"),))], NOON)
    assert found["a"][0].why[0].en == "within 10 minutes' walk"
    assert list(found["b"]) == []


def test_what_is_for_teams_is_left_to_those_who_ask_teams() -> None:
    order = an_order("a")
    assert order.terms is not None
    of_teams = replace(order, terms=replace(order.terms, policy=Policy.TEAM))
    assert ids(a_town(a_member("m1")).match([of_teams], NOON)) == {"a": []}


def test_who_is_named_is_meant_alone_as_long_as_they_can() -> None:
    crowd = [a_member(f"m{n}", start=near(10)) for n in range(3)] + [a_member("named", start=near(2_000))]
    order = an_order("a", ask_member="named")
    assert ids(a_town(*crowd).match([order], NOON)) == {"a": ["named"]}
    assert len(ids(a_town(*crowd[:3]).match([order], NOON))["a"]) == 1
