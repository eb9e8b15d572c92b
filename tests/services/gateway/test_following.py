"""Following and subscribing over HTTP: as what somebody sees an order is decided here."""

from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.events.masters import AreaPublished
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketAccepted
from contracts.events.volunteers import AssignmentMade
from contracts.following import Sight, Subscription
from contracts.words import Permit
from gateway.api.following import FOLLOWING, SUBSCRIPTIONS
from tests.builders import (
    AREA_PATH,
    TICKET_ID,
    a_demand_snapshot,
    a_holder,
    a_member_actor,
    a_ticket_snapshot,
    an_actor,
    an_area_snapshot,
    an_envelope,
    some_terms,
)
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

RESIDENT = an_actor(Role.RESIDENT, account_id="a-resident")
DAUGHTER = an_actor(Role.RESIDENT, account_id="a-daughter")
OFFICER = an_actor(Role.DUTY, account_id="a-duty", grants=(Grant(Role.DUTY, "sll-g1"),))
FOLLOW = f"/api/v1/tickets/{TICKET_ID}/follow"


@pytest.fixture(autouse=True)
def order(seen: Any) -> None:
    delegates = (TicketDelegate("a-daughter", (Permit.SEE,)), TicketDelegate("a-son", (Permit.ORDER,)))
    seen(an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot(delegates=delegates)))


def put(api: Api, who: Actor, path: str, body: Any = None, status: int = 200) -> Any:
    answer = api.client.put(path, json=body or {}, headers=api.headers(who))
    assert answer.status_code == status, answer.text
    return answer.json


@pytest.mark.parametrize(
    ("who", "sight"),
    [(RESIDENT, Sight.REQUESTER), (DAUGHTER, Sight.DELEGATE), (OFFICER, Sight.STAFF)],
    ids=["requester", "delegate", "staff"],
)
def test_who_sees_an_order_may_follow_it(api: Api, rpc: FakeRpc, who: Actor, sight: Sight) -> None:
    rpc.will("notify.follow_ticket", {"ticket_id": TICKET_ID, "following": True})
    assert FOLLOWING.validate(put(api, who, FOLLOW)) == {}
    assert (rpc.last.command.by, rpc.last.command.ticket_id) == (sight, TICKET_ID)


def test_the_crew_follows_as_the_crew(api: Api, rpc: FakeRpc, seen: Any) -> None:
    holder = a_holder()
    seen(an_envelope(_made(holder), a_demand_snapshot(holders=(holder,))))
    put(api, a_member_actor(holder.member_id), FOLLOW)
    assert rpc.last.command.by is Sight.CREW


def _made(holder: Any) -> AssignmentMade:
    from_samples = {"assignment_id": holder.assignment_id, "member_id": holder.member_id, "offer_id": None}
    return AssignmentMade(**from_samples)


def test_who_does_not_see_it_finds_nothing(api: Api, rpc: FakeRpc) -> None:
    strangers = (
        an_actor(Role.RESIDENT, account_id="a-stranger"),
        an_actor(Role.RESIDENT, account_id="a-son"),
        an_actor(Role.DUTY, account_id="a-far", grants=(Grant(Role.DUTY, "elsewhere"),)),
    )
    for who in strangers:
        assert put(api, who, FOLLOW, status=404)["code"] == "not-found"
    assert rpc.asked == []


def test_whoever_lost_sight_of_it_may_still_let_go(api: Api, rpc: FakeRpc) -> None:
    rpc.will("notify.unfollow_ticket", {"ticket_id": TICKET_ID, "following": False})
    headers = api.headers(an_actor(Role.RESIDENT, account_id="a-stranger"))
    assert api.client.delete(FOLLOW, headers=headers).json == {"ticket_id": TICKET_ID, "following": False}


@pytest.mark.parametrize(
    ("area", "code"),
    [("nowhere", "no-such-area"), ("house", "area-matches-nothing"), ("block", "area-matches-nothing")],
)
def test_an_area_in_which_no_order_can_be_is_refused_by_name(
    api: Api, rpc: FakeRpc, seen: Any, area: str, code: str
) -> None:
    grid = an_area_snapshot(id="sll-g1", kind="grid", path=AREA_PATH)
    house = an_area_snapshot(id="house", kind="building", path=(*AREA_PATH, "house"))
    block = an_area_snapshot(id="block", kind="block", path=("block",))
    seen(*(an_envelope(AreaPublished(), one) for one in (grid, house, block)))
    rpc.will("notify.set_subscriptions", {"subscriptions": []})
    wanted = [{"area_id": "sll-g1"}, {"area_id": area, "category": "care"}]
    refused = put(api, RESIDENT, "/api/v1/me/subscriptions", {"subscriptions": wanted}, 422)
    assert (refused["code"], refused["errors"][0]["field"]) == (code, "subscriptions.1.area_id")
    assert rpc.asked == []
    said = put(api, RESIDENT, "/api/v1/me/subscriptions", {"subscriptions": wanted[:1]})
    assert SUBSCRIPTIONS.validate(said) == {}
    assert rpc.last.command.subscriptions == (Subscription("sll-g1", None),)
