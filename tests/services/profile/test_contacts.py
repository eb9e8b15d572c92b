"""Where somebody is reached: an e-mail that they confirmed, sealed where it rests, told to nobody but notify."""

from typing import Any

import pytest

from contracts.actor import Role, notify_actor, system_actor
from contracts.commands.contacts import ReadAccountContacts, ReadMemberContacts, ReadPersonContacts
from contracts.errors import NotFound
from contracts.words import CodePurpose
from services.notify.adapters.contacts import RpcContacts
from tests.builders import COMMUNITY, a_meta, an_actor
from tests.services.permissions.people import DISPATCHER, PLACE, json_of
from tests.services.permissions.rows.identity import an_account
from tests.services.permissions.town import Town

URL = "/api/v1/me/contacts"
EMAIL = "wang.example@example.org"
PHONE = "000-5555-1234"


def confirm(town: Town, who: Any, email: str = EMAIL, told_to: str = EMAIL, account: str | None = None) -> Any:
    codes = town.app.extensions["shiliu"].identity.codes
    asked = codes.ask(CodePurpose.CONFIRM_EMAIL, "here", "zh-CN")
    code = codes.make(asked, account or who.account_id, told_to)
    body = {"email": email, "code_id": asked.id, "code": code}
    return town.ask("POST", f"{URL}/email/confirm", who, body)


@pytest.fixture
def owner(town: Town) -> Any:
    return an_actor(Role.RESIDENT, account_id=an_account(town).id)


def reached(town: Town, *recipients: str) -> dict[str, list[tuple[str, str]]]:
    found = RpcContacts(town.call).of_many(COMMUNITY, recipients)
    return {who: [(one.way, one.value) for one in addresses] for who, addresses in found.items()}


def test_an_address_is_theirs_once_a_code_came_there_and_no_longer_than_they_want(town: Town, owner: Any) -> None:
    assert json_of(town.ask("GET", URL, owner)) == {"phone": None, "email": None, "wechat": False}
    asked = town.ask("POST", f"{URL}/email", owner, {"email": EMAIL})
    assert (asked.status_code, set(json_of(asked))) == (202, {"code_id", "expires_in"})
    confirmed = confirm(town, owner)
    assert (confirmed.status_code, json_of(confirmed)["email"]) == (200, EMAIL)
    assert confirmed.headers["Cache-Control"] == "no-store"
    assert json_of(town.ask("GET", URL, owner))["email"] == EMAIL
    assert reached(town, f"account:{owner.account_id}") == {f"account:{owner.account_id}": [("email", EMAIL)]}
    assert json_of(town.ask("DELETE", f"{URL}/email", owner))["email"] is None
    assert reached(town, f"account:{owner.account_id}") == {f"account:{owner.account_id}": []}


def test_a_code_proves_one_address_of_one_account(town: Town, owner: Any) -> None:
    other = an_account(town).id
    for refused in (confirm(town, owner, told_to="else@example.org"), confirm(town, owner, account=other)):
        assert (refused.status_code, json_of(refused)["code"]) == (422, "code-wrong")
        assert [error["field"] for error in json_of(refused)["errors"]] == ["code"]
    assert json_of(town.ask("GET", URL, owner))["email"] is None


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "x" * 250 + "@example.org", "a b@example.org"])
def test_what_is_no_address_is_named(town: Town, owner: Any, email: str) -> None:
    refused = town.ask("POST", f"{URL}/email", owner, {"email": email})
    assert refused.status_code == 422
    assert json_of(refused)["errors"][0]["field"] == "email"


def test_nobody_asks_for_such_a_code_from_outside(town: Town) -> None:
    refused = town.ask("POST", "/api/v1/codes", None, {"purpose": "confirm_email", "login": "somebody"})
    assert (refused.status_code, json_of(refused)["errors"][0]["field"]) == (422, "purpose")


def test_contacts_rest_sealed_and_stand_in_no_view(town: Town, owner: Any) -> None:
    confirm(town, owner)
    town.do(DISPATCHER, "/people", {"name": "陈奶奶", "area_id": PLACE, "phone": PHONE})
    for resources in town.resources.values():
        for name in resources.db.list_collection_names():
            whole = str(list(resources.db[name].find()))
            assert EMAIL not in whole, name
            assert PHONE not in whole, name


def test_a_phone_that_changed_is_the_new_one_at_the_next_try(town: Town) -> None:
    person = town.do(DISPATCHER, "/people", {"name": "陈奶奶", "area_id": PLACE, "phone": PHONE})["person_id"]
    whom = f"person:{person}"
    assert reached(town, whom) == {whom: [("sms", PHONE)]}
    town.do(DISPATCHER, f"/people/{person}/details", {"phone": "000-5555-9999"})
    assert reached(town, whom) == {whom: [("sms", "000-5555-9999")]}
    town.do(DISPATCHER, f"/people/{person}/details", {"phone": ""})
    assert reached(town, whom) == {whom: [("slip", person)]}
    town.do(DISPATCHER, f"/people/{person}/deceased")
    assert reached(town, whom) == {whom: []}


@pytest.mark.parametrize(
    "command",
    [
        ReadAccountContacts(account_ids=("a",)),
        ReadMemberContacts(member_ids=("m1",)),
        ReadPersonContacts(person_ids=()),
    ],
)
def test_notify_alone_is_answered(town: Town, command: Any) -> None:
    assert "contacts" in town.call(command, a_meta(notify_actor(COMMUNITY))).result
    for actor in (system_actor(COMMUNITY), an_actor(Role.ADMIN), an_actor(Role.RESIDENT, account_id="system:notify")):
        with pytest.raises(NotFound):
            town.call(command, a_meta(actor))
