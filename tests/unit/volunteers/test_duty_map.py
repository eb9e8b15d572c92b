"""How many are on duty in each grid: by the gates, and never so few that the number says who."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from contracts.actor import Grant, Role
from contracts.availability import DaysOff, WeekTime
from contracts.catalogue import Weekday
from contracts.commands import Call
from contracts.commands.members import CountOnDuty
from contracts.errors import NotFound
from services.volunteers.application.duty_map import DutyMap
from services.volunteers.application.rosters import Place
from services.volunteers.domain.duty_map import _GATES, _OF_DUTY, on_duty_in, shown
from services.volunteers.domain.member import Member
from tests.builders import COMMUNITY, NOON, a_meta, an_actor
from tests.fakes.clock import FixedClock
from tests.unit.volunteers.builders import a_member

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = NOON.astimezone(ZONE)
PATHS = {"street": ("street",), "g1": ("street", "g1"), "g2": ("street", "g2"), "house": ("street", "g1", "house")}


class Town:
    """A ``Places`` and a ``Grids``: two grids in one street."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members

    def place(self, community_id: str, area_id: str) -> Place | None:
        known = community_id == COMMUNITY and area_id in PATHS
        return Place(PATHS[area_id], ZONE.key, "17:00") if known else None

    def within(self, community_id: str, area_id: str) -> Sequence[str]:
        return [grid for grid in ("g1", "g2") if area_id in PATHS[grid]]

    def members_of(self, community_id: str, grids: Sequence[str]) -> Sequence[Member]:
        return [one for one in self._members if one.home_area in grids]


def some(count: int, grid: str, **changes) -> list[Member]:
    return [a_member(f"{grid}-{number}", home_area=grid, **changes) for number in range(count)]


def read(members: Sequence[Member], area: str = "street", *grants: Grant) -> dict:
    town, actor = Town(members), an_actor(Role.DUTY, grants=grants or (Grant(Role.DUTY, "street"),))
    return dict(DutyMap(town, town, FixedClock(NOON)).count(Call(CountOnDuty(area_id=area), a_meta(actor))).result)


def counted(**changes) -> int:
    return on_duty_in([a_member(home_area="g1", **changes)], COMMUNITY, ZONE, NOON).get("g1", 0)


def test_each_grid_has_its_count_and_none_has_a_sum() -> None:
    told = read([*some(3, "g1"), *some(4, "g2"), *some(5, "street")])
    assert set(told) == {"area_id", "at", "grids"}
    assert told["grids"] == [{"area_id": "g1", "on_duty": 3}, {"area_id": "g2", "on_duty": 4}]


@pytest.mark.parametrize("few", [0, 1, 2])
def test_fewer_than_three_look_like_nobody(few: int) -> None:
    """A 0 would tell the moment at which the one who lives there goes off duty."""
    assert shown(few) is None
    assert read([*some(few, "g1"), *some(3, "g2")])["grids"][0] == {"area_id": "g1", "on_duty": None}


def test_a_grid_says_the_same_whichever_area_is_asked_about() -> None:
    members = [*some(2, "g1"), *some(3, "g2")]
    assert read(members, "g1")["grids"] == read(members)["grids"][:1]
    assert read(members, "g2")["grids"] == read(members)["grids"][1:]
    assert read(members, "house")["grids"] == []


def test_on_duty_is_what_the_gates_say_of_a_member_alone() -> None:
    assert {gate.name for gate in _GATES} == _OF_DUTY
    assert counted() == 1
    assert counted(holding=("a1",), capacity=1) == 1, "busy is on duty"
    assert counted(not_before=NOON) == 1
    for off in ({"on_duty": False}, {"serving": False}, {"not_before": NOON + timedelta(minutes=1)}, {"adult": False}):
        assert counted(**off) == 0, off


def test_by_the_clock_of_the_community_only_who_has_time_at_this_moment() -> None:
    today = tuple(Weekday)[TODAY.weekday()]
    now, later = f"{TODAY:%H:%M}", f"{TODAY + timedelta(minutes=5):%H:%M}"
    assert counted(weekly=(WeekTime(today, now, "24:00"),)) == 1
    assert counted(weekly=(WeekTime(today, later, "24:00"),)) == 0
    assert counted(days_off=(DaysOff(f"{TODAY:%Y-%m-%d}", f"{TODAY:%Y-%m-%d}"),)) == 0


@pytest.mark.parametrize("grant", [Grant(Role.DUTY, "g2"), Grant(Role.MEMBER), Grant(Role.BLOCK_CHIEF)])
def test_nobody_but_staff_of_the_whole_of_it_learns_that_there_is_such_an_area(grant: Grant) -> None:
    with pytest.raises(NotFound):
        read(some(3, "g1"), "g1", grant)
    with pytest.raises(NotFound):
        read(some(3, "g1"), "street", grant)


def test_staff_of_the_whole_community_find_no_area_of_another() -> None:
    with pytest.raises(NotFound):
        read(some(3, "g1"), "nowhere", Grant(Role.ADMIN))
