"""Changing passwords, and which are too easy."""

import json
from typing import Any

import pytest

from contracts.errors import Invalid
from gateway.identity.identity import Identity
from gateway.identity.passwords import Passwords
from gateway.identity.strength import require_strength
from tests.services.gateway.api import Api
from tests.services.gateway.identity.conftest import ADMIN, OTHER, PASSWORD, Door


def test_changing_a_password_signs_out_the_others_and_goes_on_here(door: Door, lin: str) -> None:
    here, there = door.sign_in(), door.sign_in()
    body = {"old_password": PASSWORD, "password": OTHER}
    session = door.post("/me/password", body, token=here["access_token"])
    door.get("/me", session["access_token"])
    for old in (here, there):
        door.get("/me", old["access_token"], 401)
        door.post("/sessions/refresh", {"refresh_token": old["refresh_token"]}, 401)
    door.sign_in(status=401)
    door.sign_in(password=OTHER)


def test_the_old_password_is_asked_for_and_guessing_it_is_slowed_down(door: Door, lin: str) -> None:
    token = door.sign_in()["access_token"]
    body = {"old_password": "a wrong guess", "password": OTHER}
    statuses = []
    for _ in range(6):
        answer = door.client.post("/api/v1/me/password", json=body, headers={"Authorization": f"Bearer {token}"})
        statuses.append(answer.status_code)
    assert statuses == [401] * 5 + [429]
    door.sign_in()


@pytest.mark.parametrize(
    "password",
    ["12345678", "password", "qwertyuiop", "a" * 30, "abcd1234", "19480101", "13800001234", "shiliu", "linlinlin"],
)
def test_easy_passwords_are_refused_wherever_one_is_set(door: Door, api: Api, lin: str, password: str) -> None:
    body = {"login": "easy", "password": password, "roles": [{"role": "resident"}]}
    response = api.client.post("/api/v1/accounts", json=body, headers=api.headers(ADMIN))
    assert response.status_code == 422
    assert f'"{password}"' not in response.text.replace('"field": "password"', ""), "a refusal does not repeat it"
    token = door.sign_in()["access_token"]
    door.post("/me/password", {"old_password": PASSWORD, "password": password}, 422, token)


@pytest.mark.parametrize("password", [PASSWORD, "石榴红了窗花剪了茶热了", "xK9#mQ2$vL5", "ئالما ئانار ئۈزۈم"])
def test_good_passwords_in_any_letters_are_taken(password: str) -> None:
    require_strength(password, ["lin", None], run=lambda work, *args: work(*args))


def test_who_knows_the_login_does_not_know_the_password() -> None:
    with pytest.raises(Invalid) as refused:
        require_strength("zhangweiguo1", ["zhangweiguo"], run=lambda work, *args: work(*args))
    assert refused.value.code == "password-too-easy"


def test_a_password_of_other_parameters_is_hashed_anew_when_it_is_used_and_nobody_is_signed_out(
    door: Door, lin: str, identity: Identity, db: Any
) -> None:
    token = door.sign_in()["access_token"]
    older = Passwords(2, 16, run=lambda work, *args: work(*args)).hash(PASSWORD)
    db["accounts"].update_one({"_id": lin}, {"$set": {"own.password": older}})
    door.sign_in("lin", "a wrong guess", 401)
    assert _stored(identity, lin) == older, "a wrong guess changes nothing"
    door.sign_in()
    newer = _stored(identity, lin)
    assert newer != older
    assert not identity.passwords.is_outdated(newer)
    door.sign_in()
    assert _stored(identity, lin) == newer, "once is enough"
    door.get("/me", token)


def test_hashing_anew_does_not_undo_a_change_that_came_in_between(
    identity: Identity, lin: str, monkeypatch: pytest.MonkeyPatch, db: Any
) -> None:
    older = Passwords(2, 16, run=lambda work, *args: work(*args)).hash(PASSWORD)
    db["accounts"].update_one({"_id": lin}, {"$set": {"own.password": older}})
    changed = identity.passwords.hash(OTHER)
    rehash = identity.credentials.rehash

    def late(*args: str) -> None:
        identity.change_password(lin, changed)
        rehash(*args)

    monkeypatch.setattr(identity.credentials, "rehash", late)
    assert identity.sign_in.enter("lin", PASSWORD, "here") is not None
    assert _stored(identity, lin) == changed


def _stored(identity: Identity, account_id: str) -> str:
    account = identity.accounts.by_id(account_id)
    assert account is not None
    assert account.password is not None
    return account.password


def test_no_password_is_in_any_answer(api: Api, lin: str) -> None:
    body = {"login": "other", "password": PASSWORD, "roles": [{"role": "resident"}]}
    opened: Any = api.post(ADMIN, "/accounts", body, 201)
    assert PASSWORD not in json.dumps(opened)
    assert "argon2" not in json.dumps(opened)
