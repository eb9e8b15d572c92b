"""Whoever asks what their neighbours have ordered cannot go from house to house."""

from typing import Any

import pytest
from pymongo.database import Database

from contracts.actor import Actor, Grant, Role
from gateway.limits.limiter import Limiter
from gateway.limits.limits import Limits
from gateway.limits.policy import Quota, RouteClass
from tests.builders import an_actor
from tests.fakes.desk import NOW, a_desk, an_app
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

RESIDENT = an_actor(Role.RESIDENT, account_id="a-resident")
DISPATCHER = an_actor(Role.DISPATCHER, account_id="a-dispatcher")
ELSEWHERE = an_actor(Role.DUTY, account_id="a-officer", grants=(Grant(Role.DUTY, "sll-g9"),))
A_DAY = Quota(4, 86_400)


@pytest.fixture
def api(db: Database[dict[str, Any]], rpc: FakeRpc) -> Api:
    rpc.will("tickets.find_similar", {"items": []})
    limits = Limits(Limiter(db["rates"], "a secret", now=lambda: NOW), {RouteClass.PLACES: A_DAY}, {})
    desk = a_desk(db, rpc, limits=limits)
    return Api(an_app(desk).test_client(), desk)


def asks(api: Api, who: Actor, house: int, status: int = 200) -> Any:
    """About a lamp in one house."""
    body = {"item_id": "lamp", "area_id": f"heping-{house}", "description": "灯"}
    return api.post(who, "/tickets/similar", body, status)


@pytest.mark.parametrize("who", [RESIDENT, ELSEWHERE])
def test_an_account_asks_about_a_few_places_and_about_each_as_often_as_it_types(
    api: Api, rpc: FakeRpc, who: Actor
) -> None:
    for house in (1, 2, 3, 4):
        asks(api, who, house)
    for _ in range(3):
        assert asks(api, who, 5, 429)["code"] == "rate-limited"
        asks(api, who, 1)
    assert len(rpc.asked) == 7, "what is refused is not looked up"
    asks(api, an_actor(Role.RESIDENT, account_id="a-other"), 5)


def test_staff_who_can_list_the_orders_there_ask_about_any_place(api: Api) -> None:
    for house in range(6):
        asks(api, DISPATCHER, house)
