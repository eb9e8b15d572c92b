"""Nobody gets through somebody else's account what their own roles do not give."""

import json
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.errors import Refused
from contracts.events.masters import AreaPublished, MemberPublished
from contracts.events.tickets import TicketAccepted
from contracts.words import Text
from gateway.api.desk import Desk
from tests.builders import (
    COMMUNITY,
    MEMBER_ID,
    TICKET_ID,
    a_member_snapshot,
    a_ticket_snapshot,
    an_actor,
    an_area_snapshot,
    an_envelope,
    received,
    some_terms,
)
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

ORDER = {"item_id": "tap", "area_id": "sll-g1", "description": "水龙头滴水"}
LOGIN = {"login": "borrowed", "password": "correct horse", "roles": [], "member_id": MEMBER_ID}


@pytest.mark.parametrize(
    ("giver", "member_has", "status"),
    [
        (Grant(Role.DISPATCHER), ("member",), 403),
        (Grant(Role.DISPATCHER), ("member", "secretary"), 403),
        (Grant(Role.SECRETARY), ("member", "lead", "dispatcher"), 201),
        (Grant(Role.SECRETARY), ("member", "secretary"), 403),
        (Grant(Role.SECRETARY, "sll-g1"), ("member",), 403),
        (Grant(Role.ADMIN), ("member", "secretary", "admin"), 201),
        (Grant(Role.ADMIN), ("member", "chief of something"), 201),
    ],
)
def test_who_sets_a_members_password_may_give_all_that_it_opens(
    api: Api, desk: Desk, seen: Any, giver: Grant, member_has: tuple[str, ...], status: int
) -> None:
    published = received(MemberPublished(), a_member_snapshot(home_area="sll-g1", roles=member_has))
    seen(published.envelope, an_envelope(AreaPublished(), an_area_snapshot(id="sll-g1", path=("slc", "sll", "sll-g1"))))
    desk.accounts.keep([published])
    api.post(an_actor(giver.role, grants=(giver,)), "/accounts", LOGIN, status)
    session = api.client.post("/api/v1/sessions", json={"login": "borrowed", "password": "correct horse"})
    assert session.status_code == (201 if status == 201 else 401), json.loads(session.data)


@pytest.mark.parametrize(("requester", "status"), [("a-daughter", 201), ("nobody", 422), ("a-abroad", 422)])
def test_staff_order_for_accounts_of_their_community_only(
    api: Api, rpc: FakeRpc, db: Any, requester: str, status: int
) -> None:
    for account, community in (("a-daughter", COMMUNITY), ("a-abroad", "elsewhere")):
        db["accounts"].insert_one({"_id": account, "community_id": community, "own": {"login": account}})
    accepted = an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot(requester_id=requester))
    rpc.will("tickets.place_ticket", {"ticket_id": TICKET_ID}, [accepted])
    answer = api.post(an_actor(Role.DUTY), "/tickets", ORDER | {"requester_id": requester}, status)
    if status == 422:
        assert (answer["code"], answer["errors"][0]["field"], rpc.asked) == ("no-such-account", "requester_id", [])


def test_a_resident_does_not_learn_which_accounts_there_are(api: Api, rpc: FakeRpc) -> None:
    rpc.on("tickets.place_ticket", Refused("staff-only", Text("不行", "no"), "requester_id"))
    answer = api.post(an_actor(Role.RESIDENT), "/tickets", ORDER | {"requester_id": "nobody"}, 403)
    assert answer["code"] == "staff-only"


@pytest.mark.parametrize(("charge", "sees"), [("sll-g1", 404), (None, 200)])
def test_a_role_of_staff_that_came_by_a_list_holds_in_the_area_in_charge(
    api: Api, desk: Desk, seen: Any, charge: str | None, sees: int
) -> None:
    desk.accounts.keep([received(MemberPublished(), a_member_snapshot(roles=("member", "duty"), charge_area=charge))])
    elsewhere = a_ticket_snapshot(area_path=("slc", "sll", "sll-g2"))
    seen(an_envelope(TicketAccepted(terms=some_terms()), elsewhere))
    account = desk.accounts.by_id(f"m-{MEMBER_ID}")
    assert account is not None
    assert set(account.grants) == {Grant(Role.MEMBER), Grant(Role.DUTY, charge)}
    api.get(account.actor, f"/tickets/{TICKET_ID}", sees)
