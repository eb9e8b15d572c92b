"""One person's rights in the gateway: the account without its secrets; then a shell that nobody signs in with."""

from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.person import NAMELESS, Whom
from chassis.vault import Vault
from contracts.actor import Grant, Role
from contracts.errors import Conflict
from contracts.events.masters import MemberPublished
from contracts.events.tickets import TicketAssigned
from contracts.events.volunteers import AssignmentMade
from gateway.api.desk import Desk
from gateway.identity.accounts import Accounts, NewAccount, member_account
from gateway.person import GatewayRights
from tests.builders import (
    COMMUNITY,
    MEMBER_ID,
    TICKET_ID,
    a_demand_snapshot,
    a_holder,
    a_member_snapshot,
    a_ticket_holder,
    a_ticket_snapshot,
    an_envelope,
    received,
)
from tests.rooms import MASTER_KEY

LOGIN = "resident01"
MEMBER = Whom(accounts=(member_account(MEMBER_ID),), members=(MEMBER_ID,))


@pytest.fixture
def accounts(db: Database[Any]) -> Accounts:
    return Accounts(db["accounts"])


@pytest.fixture
def rights(db: Database[Any], mongo: MongoClient[Any], desk: Desk) -> GatewayRights:
    return GatewayRights(db, Vault(mongo, db, MASTER_KEY), desk.identity, desk.pictures)


def opened(accounts: Accounts, **changes: Any) -> str:
    values = {"community_id": COMMUNITY, "login": LOGIN, "grants": (Grant(Role.RESIDENT),), "password": "argon2-hash"}
    return accounts.open(NewAccount(**(values | changes))).id


def test_a_person_is_found_by_login_id_and_number(accounts: Accounts, rights: GatewayRights) -> None:
    account_id = opened(accounts)
    member = a_member_snapshot(external_no="V009")
    accounts.keep([received(MemberPublished(), member, 1)])
    for name in (LOGIN, LOGIN.upper(), account_id):
        assert rights.known(Whom(), [name]) == Whom(accounts=(account_id,))
    for name in ("V009", MEMBER_ID, member_account(MEMBER_ID)):
        assert rights.known(Whom(), [name]) == MEMBER
    assert rights.known(Whom(), ["nobody"]) == Whom()


def test_an_export_tells_that_there_is_a_password_and_not_its_hash(accounts: Accounts, rights: GatewayRights) -> None:
    held = rights.export(Whom(accounts=(opened(accounts),)), "keeper")
    assert held["accounts"][0]["login"] == LOGIN
    assert held["accounts"][0]["has_password"] is True
    assert "argon2-hash" not in str(held)


def test_an_erased_account_lets_nobody_in_and_is_never_opened_again(
    db: Database[Any], accounts: Accounts, rights: GatewayRights
) -> None:
    account_id = opened(accounts)
    rights.erase(Whom(accounts=(account_id,)))
    assert accounts.by_login(LOGIN) is None
    assert LOGIN not in str(list(db["accounts"].find()))
    assert "argon2-hash" not in str(list(db["accounts"].find()))
    with pytest.raises(Conflict):
        opened(accounts, id=account_id)
    assert opened(accounts) != account_id, "the login itself is free again"
    assert rights.erase(Whom(accounts=(account_id,)))["accounts"] == 0


def test_views_name_an_erased_member_no_more_and_others_still(
    db: Database[Any], rights: GatewayRights, seen: Any
) -> None:
    other = a_ticket_holder(member_id="m-other", display_name="何姐", assignment_id="x.s2.1")
    crew = (a_ticket_holder(), other)
    seen(
        an_envelope(TicketAssigned(assignment_ids=("x",), lead=MEMBER_ID), a_ticket_snapshot(holders=crew), 2),
        an_envelope(
            AssignmentMade(assignment_id="x", member_id=MEMBER_ID, offer_id=None),
            a_demand_snapshot(holders=(a_holder(), a_holder(member_id="m-other", display_name="何姐"))),
            2,
        ),
    )
    assert rights.erase(MEMBER)["names"] == 2
    row = db["tickets"].find_one({"_id": TICKET_ID}) or {}
    for part in ("ticket", "demand"):
        assert [one["display_name"] for one in row[part]["holders"]] == [NAMELESS, "何姐"]
    assert rights.erase(MEMBER)["names"] == 0
