"""How many are on duty in each grid, through HTTP: from three on a number, never a name or a place."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.settings import Settings
from contracts.actor import Grant, Role
from contracts.events.masters import MemberPublished
from services.volunteers.adapters.codecs import MemberCodec
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import GRID, OTHER_GRID
from tests.services.permissions.town import Town, a_town
from tests.unit.tickets.builders import a_street
from tests.unit.volunteers.builders import a_member

STAFF = an_actor(Role.DISPATCHER, account_id="a-desk")
OFFICER = an_actor(Role.DUTY, account_id="a-officer", grants=(Grant(Role.DUTY, OTHER_GRID),))
HERE = ("h1", "h2", "h3", "h4")


@pytest.fixture
def town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(house_settings, tmp_path_factory.mktemp("duty-map"), "duty_map_") as town:
        yield town


def grids(town: Town, area: str) -> dict[str, int | None]:
    told = town.get(STAFF, f"/areas/{area}/on-duty")
    assert set(told) == {"area_id", "at", "grids"}
    assert all(set(one) == {"area_id", "on_duty"} for one in told["grids"])
    return {one["area_id"]: one["on_duty"] for one in told["grids"]}


def test_staff_see_numbers_from_three_on(town: Town) -> None:
    street = a_street().id
    assert grids(town, street)[OTHER_GRID] is None, "one stranger lives there"
    before = grids(town, GRID)[GRID]
    assert before is not None
    for id in HERE:
        town.publish("volunteers", MemberCodec(), a_member(id, home_area=OTHER_GRID), MemberPublished())
    assert grids(town, street) == {GRID: before, OTHER_GRID: 5}

    back = (town.clock.now() + timedelta(hours=2)).isoformat()
    for id, said in zip(HERE, ({}, {}, {"until": back}), strict=False):
        town.do(replace(a_member_actor(id), account_id=f"m-{id}"), f"/members/{id}/duty", {"on_duty": False, **said})
    assert grids(town, street) == {GRID: before, OTHER_GRID: None}
    town.elapse(minutes=121)
    assert grids(town, OTHER_GRID) == {OTHER_GRID: 3}, "whoever said until when is back"

    assert town.ask("GET", f"/api/v1/areas/{GRID}/on-duty", OFFICER).status_code == 404
    assert town.ask("GET", f"/api/v1/areas/{GRID}/on-duty", a_member_actor("h1")).status_code == 403
