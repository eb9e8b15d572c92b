"""Chiefs follow orders of their block and want news of it: through HTTP and all services."""

from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from tests.builders import an_actor
from tests.services.people.conftest import WORKING, Family
from tests.services.people.test_told_on_paper import FOLLOWED, NEARBY, about, send
from tests.services.permissions.people import BLOCK, DISPATCHER, GRID, OTHER_BLOCK

ELSEWHERE = an_actor(Role.BLOCK_CHIEF, account_id="a-harbour", grants=(Grant(Role.BLOCK_CHIEF, OTHER_BLOCK),))


def a_chief(family: Family, role: Role = Role.BLOCK_CHIEF, block: str | None = BLOCK) -> Actor:
    number = family.town.number()
    return family.town.account(an_actor(role, account_id=f"a-chief-{number}", grants=(Grant(role, block),)))


def wants(family: Family, who: Actor, *areas: str, status: int = 200) -> Any:
    body = {"subscriptions": [{"area_id": area} for area in areas]}
    return send(family, who, "PUT", "/me/subscriptions", body, status)


@pytest.mark.parametrize("role", [Role.BLOCK_CHIEF, Role.DEPUTY_BLOCK_CHIEF, Role.CHIEF_OF_BLOCKS])
def test_a_chief_follows_an_order_of_their_block_as_long_as_it_is_theirs(family: Family, role: Role) -> None:
    chief = a_chief(family, role)
    order = family.order(DISPATCHER, origin="phone")
    assert send(family, chief, "PUT", f"/tickets/{order['id']}/follow")["following"]
    family.take(order["id"])
    assert about(family, chief, order["number"], FOLLOWED) == 1
    assert about(family, an_actor(Role.RESIDENT, account_id=chief.account_id), order["number"], FOLLOWED) == 0
    assert about(family, _moved(chief), order["number"], FOLLOWED) == 0
    send(family, chief, "DELETE", f"/tickets/{order['id']}/follow")
    family.town.do(WORKING, f"/tickets/{order['id']}/complete", {"result": "solved"})
    assert about(family, chief, order["number"], FOLLOWED) == 1


def test_a_chief_of_another_block_finds_nothing_to_follow(family: Family) -> None:
    order = family.order(DISPATCHER, origin="phone")
    send(family, ELSEWHERE, "PUT", f"/tickets/{order['id']}/follow", status=404)


def test_a_chief_wants_news_of_their_block_or_of_a_grid_in_it(family: Family) -> None:
    of_block, of_grid = a_chief(family), a_chief(family)
    assert wants(family, of_block, BLOCK)["subscriptions"] == [{"area_id": BLOCK, "category": None}]
    wants(family, of_grid, GRID)
    order = family.order(DISPATCHER, origin="phone")
    assert [about(family, who, order["number"], NEARBY) for who in (of_block, of_grid)] == [1, 1]
    assert about(family, _moved(of_block), order["number"], NEARBY) == 0
    assert about(family, DISPATCHER, order["number"], NEARBY) == 0


def test_a_block_that_is_not_theirs_is_no_area_for_news(family: Family) -> None:
    refused = wants(family, ELSEWHERE, BLOCK, status=422)
    assert refused["errors"][0]["field"] == "subscriptions.0.area_id"
    assert wants(family, DISPATCHER, BLOCK, status=422)["code"] == "area-matches-nothing"
    wants(family, ELSEWHERE, GRID)
    order = family.order(DISPATCHER, origin="phone")
    assert about(family, ELSEWHERE, order["number"], NEARBY) == 0, "the grid lies in no block of theirs"


def test_who_is_chief_of_all_blocks_of_a_community_wants_news_of_one(family: Family) -> None:
    top = a_chief(family, Role.CHIEF_OF_BLOCKS, None)
    wants(family, top, BLOCK)
    order = family.order(DISPATCHER, origin="phone")
    assert about(family, top, order["number"], NEARBY) == 1


def _moved(chief: Actor) -> Actor:
    """The same account, chief of another block now."""
    (grant,) = chief.grants
    return an_actor(grant.role, account_id=chief.account_id, grants=(Grant(grant.role, OTHER_BLOCK),))
