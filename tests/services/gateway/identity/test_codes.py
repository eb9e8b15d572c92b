"""One-time codes: told to the account's phone alone, good once, for one thing, and silent about who exists."""

import json
from typing import Any

import pytest

from chassis.metrics import CODES_TOLD
from contracts.actor import Role
from contracts.commands.volunteers import FindByPhone, ReadContact
from contracts.events.masters import MemberPublished
from gateway.api.desk import Desk
from gateway.identity.codes import TRIES
from tests.builders import COMMUNITY, a_member_snapshot, an_envelope
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api
from tests.services.gateway.identity.conftest import ADMIN, OTHER, PASSWORD, PHONE, Door, Phone, Wall

ACTIVATION = {"login": "new-member", "password": PASSWORD}


def proof(asked: Any, phone: Phone) -> dict[str, str]:
    return {"code_id": asked["code_id"], "code": phone.code}


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_signs_in_once(door: Door, lin: str, phone: Phone) -> None:
    asked = door.ask(login="lin")
    assert (phone.told[0].phone, phone.told[0].minutes) == (PHONE, 5)
    session = door.post("/sessions/code", proof(asked, phone))
    assert session["account"]["id"] == lin
    assert door.post("/sessions/code", proof(asked, phone), 401)["code"] == "code-wrong"


@pytest.mark.parametrize("written", ["00012345678", PHONE, "+000 1234-5678"])
def test_a_code_is_asked_for_by_phone_too(door: Door, lin: str, phone: Phone, written: str) -> None:
    asked = door.ask(phone=written)
    assert door.post("/sessions/code", proof(asked, phone))["account"]["id"] == lin


def test_neither_the_code_nor_the_phone_lies_in_the_database(door: Door, lin: str, phone: Phone, db: Any) -> None:
    door.ask(login="lin")
    assert phone.code not in "".join(repr(doc) for doc in db["codes"].find())
    assert "5678" not in "".join(repr(doc) for doc in db["codes"].find())


def test_the_answer_tells_nobody_who_has_an_account(door: Door, lin: str, phone: Phone) -> None:
    answers = [
        door.ask(login="lin"),
        door.ask(login="nobody"),
        door.ask(phone="0009999"),
        door.ask("activate", login="lin"),
    ]
    shapes = {json.dumps({**answer, "code_id": len(answer["code_id"])}) for answer in answers}
    assert len(shapes) == 1
    assert len(phone.told) == 1
    body = {"code_id": answers[1]["code_id"], "code": "000000"}
    assert door.post("/sessions/code", body, 401)["code"] == "code-wrong"


@pytest.mark.parametrize(
    ("field", "spellings"),
    [
        ("login", ["lin", "LIN", "Lin", "lIn", "liN", "LIn"]),
        ("phone", [PHONE, "00012345678", "000-12345678", "0001234-5678", "+00012345678", "00 0 12345678"]),
    ],
)
def test_spelling_it_otherwise_does_not_make_it_somebody_else(
    door: Door, lin: str, field: str, spellings: list[str]
) -> None:
    for written in spellings[:-1]:
        door.ask(**{field: written})
    door.ask(status=429, **{field: spellings[-1]})


@pytest.mark.parametrize("change", ["password", "everywhere", "phone", "phone by staff", "by staff"])
def test_a_code_that_lies_on_a_lost_phone_ends_with_what_else_was_told(
    door: Door, api: Api, lin: str, phone: Phone, change: str
) -> None:
    token = door.sign_in()["access_token"]
    asked = door.ask(login="lin")
    if change == "password":
        door.post("/me/password", {"old_password": PASSWORD, "password": OTHER}, token=token)
    elif change == "everywhere":
        door.delete("/sessions", token)
    elif change == "phone":
        door.post("/me/phone", {"phone": "000 9999 0000", "password": PASSWORD}, 200, token)
    elif change == "phone by staff":
        api.post(ADMIN, f"/accounts/{lin}/phone", {"phone": "000 9999 0000"}, 200)
    else:
        api.client.delete(f"/api/v1/accounts/{lin}/sessions", headers=api.headers(ADMIN))
    door.post("/sessions/code", proof(asked, phone), 401)


def test_a_new_password_is_not_the_login_that_everybody_knows(door: Door, api: Api, phone: Phone) -> None:
    body = {"login": "zhenfangxiulanqk", "password": PASSWORD, "roles": [{"role": "resident"}], "phone": "000-5555"}
    api.post(ADMIN, "/accounts", body, 201)
    asked = door.ask("reset", login=body["login"])
    reset = proof(asked, phone) | {"password": body["login"]}
    assert door.post("/password-resets", reset, 422)["code"] == "password-too-easy"


def test_five_wrong_tries_and_the_code_is_dead(door: Door, lin: str, phone: Phone) -> None:
    asked = door.ask(login="lin")
    for _ in range(TRIES):
        door.post("/sessions/code", {"code_id": asked["code_id"], "code": wrong(phone.code)}, 401)
    door.post("/sessions/code", proof(asked, phone), 401)


def test_nobody_uses_up_somebody_elses_code(door: Door, lin: str, phone: Phone) -> None:
    mine = door.ask(login="lin")
    code = phone.code
    attacker = door.ask(login="lin")
    for _ in range(TRIES + 1):
        door.post("/sessions/code", {"code_id": attacker["code_id"], "code": wrong(phone.code)}, 401)
    door.post("/sessions/code", {"code_id": mine["code_id"], "code": code})


def test_a_code_is_over_after_five_minutes(door: Door, lin: str, phone: Phone, wall: Wall) -> None:
    asked = door.ask(login="lin")
    wall.at += 5 * 60
    door.post("/sessions/code", proof(asked, phone), 401)


@pytest.mark.parametrize(
    ("path", "more"), [("/password-resets", {"password": OTHER}), ("/activations", {}), ("/sessions/code", {})]
)
def test_a_code_is_good_for_what_it_was_asked_for_alone(
    door: Door, lin: str, phone: Phone, path: str, more: dict[str, str]
) -> None:
    for purpose in ("sign_in", "reset"):
        asked = door.ask(purpose, login="lin")
        fits = (purpose, path) in {("sign_in", "/sessions/code"), ("reset", "/password-resets")}
        door.post(path, proof(asked, phone) | more, 201 if fits else 401)


def test_a_forgotten_password_is_set_anew_and_signs_everybody_out(door: Door, lin: str, phone: Phone) -> None:
    thief = door.sign_in()
    asked = door.ask("reset", login="lin")
    session = door.post("/password-resets", proof(asked, phone) | {"password": OTHER})
    door.get("/me", thief["access_token"], 401)
    door.post("/sessions/refresh", {"refresh_token": thief["refresh_token"]}, 401)
    door.get("/me", session["access_token"])
    door.sign_in(status=401)
    door.sign_in(password=OTHER)


def test_an_imported_member_activates_the_account(door: Door, member: str, phone: Phone, rpc: FakeRpc) -> None:
    number = a_member_snapshot().external_no
    asked = door.ask("activate", member_no=number, community_id=COMMUNITY)
    assert phone.told[-1].phone == "000 7777 8888"
    read = next(call for call in rpc.asked if isinstance(call.command, ReadContact))
    assert read.meta.actor.has(frozenset({Role.SYSTEM}))
    session = door.post("/activations", proof(asked, phone) | ACTIVATION)
    assert (session["account"]["id"], session["account"]["pending"]) == (member, False)
    assert session["account"]["roles"] == [{"role": "member", "area_id": None}]
    assert door.sign_in("new-member")["account"]["id"] == member
    told = len(phone.told)
    door.ask("activate", member_no=number, community_id=COMMUNITY)
    assert len(phone.told) == told, "it is not pending any more"


def test_a_member_is_found_by_phone_and_a_code_alone_activates(
    door: Door, member: str, phone: Phone, rpc: FakeRpc
) -> None:
    rpc.will("volunteers.find_by_phone", {"member_ids": [member.removeprefix("m-")]})
    asked = door.ask(phone="000 7777 8888")
    assert any(isinstance(call.command, FindByPhone) for call in rpc.asked)
    session = door.post("/sessions/code", proof(asked, phone))
    assert session["account"]["pending"] is False
    assert door.get("/me", session["access_token"])["id"] == member


def test_a_taken_login_does_not_use_up_the_account(door: Door, lin: str, member: str, phone: Phone) -> None:
    number = a_member_snapshot().external_no
    asked = door.ask("activate", member_no=number, community_id=COMMUNITY)
    refused = door.post("/activations", proof(asked, phone) | {"login": "lin", "password": PASSWORD}, 409)
    assert refused["code"] == "login-taken"
    asked = door.ask("activate", member_no=number, community_id=COMMUNITY)
    door.post("/activations", proof(asked, phone) | ACTIVATION)


def test_of_several_who_share_a_phone_none_is_guessed(
    door: Door, lin: str, member: str, phone: Phone, rpc: FakeRpc
) -> None:
    rpc.will("volunteers.find_by_phone", {"member_ids": [member.removeprefix("m-")]})
    door.ask(phone=PHONE)
    assert phone.told == []
    door.ask(login="lin")
    assert len(phone.told) == 1


def test_what_staff_opened_meanwhile_is_not_activated_again(door: Door, member: str, phone: Phone) -> None:
    number = a_member_snapshot().external_no
    asked = door.ask("activate", member_no=number, community_id=COMMUNITY)
    door.desk.identity.credentials.activate(member, "opened", "hash")
    assert door.post("/activations", proof(asked, phone) | ACTIVATION, 409)["code"] == "already-active"


def test_a_flood_of_codes_to_one_account_is_stopped_except_from_where_its_owner_is_known(
    door: Door, lin: str, phone: Phone, desk: Desk, wall: Wall
) -> None:
    door.sign_in()  # the owner, from 127.0.0.1
    for number in range(30):
        door.send(
            "POST", "/codes", 202, "", json={"purpose": "sign_in", "login": "lin"},
            environ_overrides={"REMOTE_ADDR": f"198.51.100.{number}"},
        )  # fmt: skip
    assert len(phone.told) == desk.settings.codes_per_day
    asked = door.ask(login="lin")
    assert len(phone.told) == desk.settings.codes_per_day + 1, "the owner's own place is not shut"
    door.post("/sessions/code", proof(asked, phone))


def test_asking_again_and_again_from_one_place_has_to_wait(door: Door, lin: str, wall: Wall) -> None:
    for _ in range(5):
        door.ask(login="lin")
    refused = door.ask(login="lin", status=429)
    assert refused["code"] == "too-many-tries"
    wall.at += int(door.last.headers["Retry-After"])
    door.ask(login="lin")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"login": "a", "phone": "00012345"},
        {"member_no": "V1"},
        {"community_id": "sll", "login": "a"},
        {"phone": "not a phone"},
        {"login": "a", "purpose": "own"},
        {"login": {"$gt": ""}},
    ],
)
def test_what_is_no_question_for_a_code(door: Door, body: dict[str, Any]) -> None:
    door.post("/codes", {"purpose": "sign_in", **body}, 422)


def test_a_provider_that_is_away_is_counted_and_nobody_is_told(door: Door, lin: str, rpc: FakeRpc) -> None:
    rpc.on("notify.send_code", ConnectionError("away"))
    before = CODES_TOLD.labels("failed")._value.get()
    door.ask(login="lin")
    assert CODES_TOLD.labels("failed")._value.get() == before + 1


def test_opening_an_account_with_a_phone_hides_it(api: Api, db: Any, lin: str) -> None:
    own = db["accounts"].find_one({"_id": lin})["own"]
    assert isinstance(own["phone"], bytes)
    assert "phone" not in api.get(ADMIN, "/me", 404)


def test_who_only_used_codes_chooses_a_login_with_the_first_password(door: Door, member: str, phone: Phone) -> None:
    whom = {"member_no": a_member_snapshot().external_no, "community_id": COMMUNITY}
    door.post("/sessions/code", proof(door.ask(**whom), phone))
    first = {"login": "chosen", "password": PASSWORD}
    door.post("/password-resets", proof(door.ask("reset", **whom), phone) | first)
    assert door.sign_in("chosen")["account"]["id"] == member
    again = proof(door.ask("reset", **whom), phone) | {"login": "another", "password": OTHER}
    assert door.post("/password-resets", again, 409)["code"] == "login-chosen"
    door.sign_in("chosen")


def test_staff_do_not_open_what_its_owner_uses(door: Door, api: Api, member: str, phone: Phone, seen: Any) -> None:
    """Whoever sets a login and a password for an account in use would be let in to somebody else's."""
    seen(an_envelope(MemberPublished(), a_member_snapshot()))
    whom = {"member_no": a_member_snapshot().external_no, "community_id": COMMUNITY}
    door.post("/sessions/code", proof(door.ask(**whom), phone))
    body = {"login": "taken-over", "password": OTHER, "roles": [], "member_id": member.removeprefix("m-")}
    api.post(ADMIN, "/accounts", body, 409)
    door.sign_in("taken-over", OTHER, 401)


def test_a_members_phone_is_not_entered_here(api: Api, member: str, seen: Any, door: Door) -> None:
    seen(an_envelope(MemberPublished(), a_member_snapshot()))
    body = {"login": "m", "roles": [], "member_id": member.removeprefix("m-"), "phone": PHONE}
    assert api.post(ADMIN, "/accounts", {**body, "login": "mm"}, 422)["code"] == "phone-of-a-member"
    assert api.post(ADMIN, f"/accounts/{member}/phone", {"phone": PHONE}, 409)["code"] == "phone-of-a-member"


def test_codes_go_to_the_new_phone_and_the_old_one_finds_nobody(door: Door, api: Api, lin: str, phone: Phone) -> None:
    token = door.sign_in()["access_token"]
    door.post("/me/phone", {"phone": "000 2222 3333", "password": "a wrong guess"}, 401, token)
    door.post("/me/phone", {"phone": "000 2222 3333", "password": PASSWORD}, 200, token)
    door.ask(login="lin")
    assert phone.told[-1].phone == "000 2222 3333"
    told = len(phone.told)
    door.ask(phone=PHONE)
    assert len(phone.told) == told, "whoever was given the old number is told nothing"
    api.post(ADMIN, f"/accounts/{lin}/phone", {"phone": None}, 200)
    door.ask(login="lin")
    assert len(phone.told) == told
