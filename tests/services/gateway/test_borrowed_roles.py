"""Nobody gets through somebody else's account what their own roles do not give."""

import json
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.events.masters import AreaPublished, MemberPublished
from gateway.api.desk import Desk
from tests.builders import MEMBER_ID, a_member_snapshot, an_actor, an_area_snapshot, an_envelope, received
from tests.services.gateway.api import Api

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
