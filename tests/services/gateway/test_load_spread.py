"""The load-spread index: told beside the rates, never of a few people."""

from itertools import count
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.envelope import Envelope
from contracts.events.masters import AreaPublished, MemberPublished
from contracts.events.volunteers import AssignmentLeft
from contracts.words import Employment
from gateway.api import figure_schemas
from gateway.figures.spread import gini
from tests.builders import (
    AREA_PATH,
    ASSIGNMENT_ID,
    a_demand_snapshot,
    a_holder,
    a_member_snapshot,
    an_actor,
    an_area_snapshot,
    an_envelope,
)
from tests.services.gateway.api import Api
from tests.services.gateway.counting import PERIOD, SECRETARY, last_word


@pytest.mark.parametrize(
    ("amounts", "index"),
    [((3, 3, 3, 3), 0.0), ((0, 0, 0, 8), 0.75), ((1, 2, 3, 4), 0.25), ((4, 1, 3, 2), 0.25), ((0, 0), None), ((), None)],
)
def test_the_index_to_the_digit(amounts: tuple[int, ...], index: float | None) -> None:
    assert gini(amounts) == index


def _town(volunteers: int, *, off: int = 0, **more: Any) -> list[Envelope]:
    """*off* of them are off duty; a grid officer is no volunteer."""
    some = [
        a_member_snapshot(id=f"v{number}", on_duty=number > off, home_area=AREA_PATH[-1], **more)
        for number in range(1, volunteers + 1)
    ]
    officer = a_member_snapshot(id="g1", employment=Employment.DUTY)
    area = an_envelope(AreaPublished(), an_area_snapshot(id=AREA_PATH[-1], path=AREA_PATH))
    return [area, *(an_envelope(MemberPublished(), one) for one in (*some, officer))]


def _orders(*crews: tuple[str, ...]) -> list[Envelope]:
    told: list[Envelope] = []
    for number, crew in zip(count(1), crews):
        holders = tuple(a_holder(member_id=member, seat=seat) for seat, member in enumerate(crew, start=1))
        demand = a_demand_snapshot(id=f"o{number}", holders=holders)
        left = AssignmentLeft(assignment_id=ASSIGNMENT_ID, member_id=crew[0])
        told += [last_word(f"o{number}"), an_envelope(left, demand)]
    return told


def _spread(api: Api, who: Any = SECRETARY, more: str = "") -> Any:
    return api.get(who, f"/figures?{PERIOD}{more}", schema=figure_schemas.FIGURES)["load_spread"]


def test_it_counts_who_had_a_seat_and_who_is_there_for_one(api: Api, seen: Any) -> None:
    """Off duty without a seat is not there; a paid officer's seats are no volunteer's."""
    seen(*_town(12, off=2), *_orders(("v1", "g1"), ("v3",), ("v3", "v4")))
    assert _spread(api) == {"volunteers": 11, "idle": 8, "seats": 4, "gini": gini((1, 1, 2, *[0] * 8))}


def test_of_fewer_than_ten_people_nothing_is_told(api: Api, seen: Any) -> None:
    seen(*_town(9), *_orders(("v1",)))
    assert _spread(api) is None


def test_it_ends_where_somebodys_areas_end(api: Api, seen: Any) -> None:
    seen(*_town(12), *_orders(("v1",)))
    here = an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, AREA_PATH[-1]),))
    elsewhere = an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, "sll-g9"),))
    assert _spread(api, here)["volunteers"] == 12
    assert _spread(api, elsewhere) is None
    assert _spread(api, SECRETARY, f"&area={AREA_PATH[-1]}")["seats"] == 1
    assert _spread(api, SECRETARY, "&area=sll-g9") is None
    chief = an_actor(Role.BLOCK_CHIEF, grants=(Grant(Role.BLOCK_CHIEF, "centre"),))
    assert _spread(api, chief) is None
