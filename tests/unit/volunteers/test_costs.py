"""Whom to ask first, and why."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.events.masters import Point
from contracts.terms import SkillNeed
from contracts.words import Employment, Text
from services.volunteers.domain.costs import Scales, chosen, ranked
from services.volunteers.domain.need import Candidate, Need, need_of
from services.volunteers.domain.walking import metres, walking_minutes
from tests.builders import NOON, some_terms
from tests.unit.volunteers.builders import HERE, a_demand, a_member


def near(north_metres: float) -> Point:
    return Point(HERE.lon, HERE.lat + north_metres / 111_195)


def a_need(place: Point | None = HERE, order_id: str = "order-1", **terms: Any) -> Need:
    demand = a_demand(id=order_id)
    return replace(need_of(demand, some_terms(**terms), NOON), place=place)


def order(*candidates: Candidate, need: Need | None = None) -> list[str]:
    return [one.member.id for one in ranked(need or a_need(), candidates, Scales())]


def test_known_distances() -> None:
    assert metres(Point(0, 0), Point(0, 1)) == pytest.approx(111_195, rel=1e-4)
    assert metres(Point(116.40, 39.90), Point(121.47, 31.23)) == pytest.approx(1_067_000, rel=5e-3)
    assert metres(HERE, HERE) == 0


def test_a_walk_is_longer_than_the_line() -> None:
    assert walking_minutes(near(300), HERE) == pytest.approx(300 * 1.3 / 75, rel=1e-3)
    assert walking_minutes(None, HERE) is None
    assert walking_minutes(HERE, None) is None


def test_the_nearest_is_first_and_load_counts_as_a_walk() -> None:
    close, far = a_member("close", start=near(100), capacity=3), a_member("far", start=near(400), capacity=3)
    assert order(Candidate(far), Candidate(close)) == ["close", "far"]
    assert order(Candidate(far), Candidate(close, open_offers=1)) == ["far", "close"]


def test_equals_are_drawn_by_lot_but_always_the_same() -> None:
    everybody = [Candidate(a_member(f"m{n}")) for n in range(20)]
    first = [order(*everybody, need=a_need(order_id=f"order-{n}"))[0] for n in range(40)]
    assert len(set(first)) > 5
    assert first[0] == order(*reversed(everybody), need=a_need(order_id="order-0"))[0]


def why(candidate: Candidate, place: Point | None = HERE, **terms: Any) -> tuple[Text, ...]:
    return chosen(a_need(place, **terms), candidate, some_terms(**terms)).why


def test_the_why_in_words() -> None:
    needs = (SkillNeed("water_electric", 1, Text("水电小修", "small repairs")),)
    assert why(Candidate(a_member(start=near(340))), skills=needs) == (
        Text("走路10分钟以内", "within 10 minutes' walk"),
        Text("会水电小修", "can do: small repairs"),
        Text("手上没有别的单", "no other order in hand"),
    )
    assert why(Candidate(a_member(start=near(1)), open_offers=1), skills=()) == (
        Text("走路10分钟以内", "within 10 minutes' walk"),
    )


@pytest.mark.parametrize(
    ("metres", "band"),
    [(570, "within 10"), (585, "10 to 20"), (1150, "10 to 20"), (1165, "20 to 30"), (1740, "more than 30")],
)
def test_how_near_somebody_lives_is_told_in_bands(metres: int, band: str) -> None:
    """577 metres are ten minutes: whoever reads it learns no more than the band."""
    said = why(Candidate(a_member(start=near(metres))), skills=())[0].en
    assert said == f"{band} minutes' walk"


def test_there_is_always_a_why() -> None:
    assert why(Candidate(a_member(), open_offers=1), None, skills=()) == (
        Text("符合这一单的要求", "fits what this order asks for"),
    )
    assert Text("现在在岗", "on duty now") in why(Candidate(a_member(employment=Employment.DUTY)), None)
