"""Accounts and signing in: roles within the giver's own, and one answer for all that is wrong."""

import json
import time
from io import StringIO
from typing import Any

import pytest

from chassis.clock import wall_seconds
from chassis.settings import Settings
from contracts.actor import Grant, Role
from contracts.events.masters import AreaPublished, MemberPublished
from gateway.api import schemas
from gateway.api.desk import Desk
from gateway.identity.passwords import Passwords
from gateway.identity.sign_in import SignIn
from gateway.identity.tokens import Tokens
from gateway.operations import keep_staff_account, print_tokens
from tests.builders import (
    COMMUNITY,
    MEMBER_ID,
    a_member_snapshot,
    an_actor,
    an_area_snapshot,
    an_envelope,
    received,
)
from tests.services.gateway.api import Api

ADMIN = an_actor(Role.ADMIN)
DAUGHTER = {"login": "LinXiaoMei", "password": "correct horse", "roles": [{"role": "resident"}]}


def sign_in(api: Api, login: str, password: str) -> tuple[int, dict[str, Any]]:
    response = api.client.post("/api/v1/sessions", json={"login": login, "password": password})
    return response.status_code, json.loads(response.data)


def test_whoever_has_an_account_signs_in_and_is_who_they_are(api: Api) -> None:
    account = api.post(ADMIN, "/accounts", DAUGHTER, 201, schemas.ACCOUNT)
    assert account["login"] == "linxiaomei"
    status, session = sign_in(api, " linxiaoMEI", "correct horse")
    assert status == 201
    assert schemas.SESSION.validate(session) == {}
    me = api.client.get("/api/v1/me", headers={"Authorization": f"Bearer {session['access_token']}"})
    assert json.loads(me.data) == account == session["account"]


class Counting:
    """Runs the work in this thread and counts it."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, work: Any, *args: Any) -> Any:
        self.runs += 1
        return work(*args)


def test_whatever_was_wrong_the_answer_and_the_work_are_the_same(api: Api, desk: Desk) -> None:
    api.post(ADMIN, "/accounts", DAUGHTER, 201)
    api.post(ADMIN, "/accounts", {"login": "nopassword", "roles": [{"role": "resident"}]}, 201)
    counting = Counting()
    identity = desk.identity
    door = SignIn(
        identity.accounts, identity.credentials, Passwords(1, 8, run=counting), identity.attempts, identity.rests
    )
    for login in ("linxiaomei", "nopassword", "nobody"):
        before = counting.runs
        assert door.enter(login, "wrong") is None
        assert counting.runs == before + 1
    refusals = [sign_in(api, login, "wrong") for login in ("linxiaomei", "nopassword", "nobody")]
    assert {status for status, _ in refusals} == {401}
    assert len({json.dumps(body | {"instance": ""}) for _, body in refusals}) == 1


def test_no_password_is_never_the_password_of_nobody(api: Api) -> None:
    api.post(ADMIN, "/accounts", {"login": "nopassword", "roles": []}, 201)
    for login in ("nopassword", "nobody"):
        assert sign_in(api, login, "the password of nobody")[0] == 401


def test_an_old_hash_is_made_anew_when_its_owner_signs_in(api: Api, desk: Desk, db: Any) -> None:
    api.post(ADMIN, "/accounts", DAUGHTER, 201)
    old = db["accounts"].find_one()["own"]["password"]
    passwords = Passwords(2, 16, run=lambda work, *args: work(*args))
    identity = desk.identity
    door = SignIn(desk.accounts, identity.credentials, passwords, identity.attempts, identity.rests)
    assert door.enter("linxiaomei", "correct horse") is not None
    new = db["accounts"].find_one()["own"]["password"]
    assert new != old
    assert new.startswith("$argon2id$")
    assert "t=2" in new


def test_a_login_is_one_accounts_alone(api: Api) -> None:
    api.post(ADMIN, "/accounts", DAUGHTER, 201)
    assert api.post(ADMIN, "/accounts", DAUGHTER, 409)["code"] == "login-taken"


def test_a_repeated_request_opens_one_account(api: Api, db: Any) -> None:
    headers = api.headers(ADMIN)
    first, second = (api.client.post("/api/v1/accounts", json=DAUGHTER, headers=headers) for _ in range(2))
    assert first.data == second.data
    assert db["accounts"].count_documents({}) == 1
    other = api.client.post("/api/v1/accounts", json={**DAUGHTER, "login": "other"}, headers=headers)
    assert json.loads(other.data)["code"] == "key-reused"


@pytest.mark.parametrize(
    ("giver", "role", "area", "status"),
    [
        (Grant(Role.ADMIN), "admin", None, 201),
        (Grant(Role.ADMIN), "system", None, 403),
        (Grant(Role.SECRETARY), "dispatcher", None, 201),
        (Grant(Role.SECRETARY), "admin", None, 403),
        (Grant(Role.DISPATCHER), "resident", None, 201),
        (Grant(Role.DISPATCHER), "duty", None, 403),
        (Grant(Role.SECRETARY, "sll"), "duty", "sll-g1", 201),
        (Grant(Role.SECRETARY, "sll"), "duty", None, 403),
        (Grant(Role.SECRETARY, "sll-g2"), "duty", "sll-g1", 403),
        (Grant(Role.ADMIN), "duty", "nowhere", 422),
        (Grant(Role.DUTY), "resident", None, 403),
    ],
)
def test_roles_are_given_within_ones_own(
    api: Api, seen: Any, giver: Grant, role: str, area: str | None, status: int
) -> None:
    seen(an_envelope(AreaPublished(), an_area_snapshot(id="sll-g1", path=("slc", "sll", "sll-g1"))))
    who = an_actor(giver.role, grants=(giver,))
    api.post(who, "/accounts", {"login": "new", "roles": [{"role": role, "area_id": area}]}, status)


def test_a_members_account_has_the_members_roles_and_the_newest_win(api: Api, desk: Desk, seen: Any) -> None:
    old = received(MemberPublished(), a_member_snapshot(roles=("member",)), version=1)
    new = received(MemberPublished(), a_member_snapshot(roles=("member", "duty", "chief", "system")), version=2)
    for batch in ([new], [old], [new, old]):
        desk.accounts.keep(batch)
    account = desk.accounts.by_id(f"m-{MEMBER_ID}")
    assert account is not None
    assert account.grants == (Grant(Role.MEMBER), Grant(Role.DUTY))
    assert (account.member_id, account.password) == (MEMBER_ID, None)
    seen(new.envelope)
    body = {"login": "horse", "password": "correct horse", "roles": [{"role": "resident"}], "member_id": MEMBER_ID}
    opened = api.post(ADMIN, "/accounts", body, 201)
    assert opened["id"] == f"m-{MEMBER_ID}"
    assert [grant["role"] for grant in opened["roles"]] == ["member", "duty", "resident"]
    desk.accounts.keep([received(MemberPublished(), a_member_snapshot(roles=("member",)), version=3)])
    assert sign_in(api, "horse", "correct horse")[1]["account"]["roles"][0]["role"] == "member"
    assert api.post(ADMIN, "/accounts", {**body, "login": "again"}, 409)["code"] == "login-taken"
    assert api.post(ADMIN, "/accounts", {**body, "member_id": "nobody"}, 422)["code"] == "no-such-member"


@pytest.mark.parametrize(
    "change", [{"password": "short"}, {"password": "x" * 201}, {"login": "x"}, {"roles": [{"role": "king"}]}]
)
def test_what_cannot_be_an_account(api: Api, change: dict[str, Any]) -> None:
    assert api.post(ADMIN, "/accounts", DAUGHTER | change, 422)["errors"]


def test_an_operator_opens_the_first_account_and_mints_tokens(
    settings: Settings, db: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--login", "root", "--role", "admin", "--password-stdin"]
    monkeypatch.setattr("sys.stdin", StringIO("correct horse\n"))
    assert keep_staff_account(settings, arguments) == 1
    assert "--community" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", StringIO("correct horse\n"))
    assert keep_staff_account(settings, [*arguments, "--community", COMMUNITY]) == 0
    monkeypatch.setattr("sys.stdin", StringIO("another one\n"))
    assert keep_staff_account(settings, [*arguments, "--community", COMMUNITY]) == 0
    assert desk.identity.sign_in.enter("root", "another one") is not None
    desk.accounts.keep([received(MemberPublished())])
    capsys.readouterr()
    assert print_tokens(settings, ["--all-members", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    member = a_member_snapshot()
    badge = printed[member.external_no]
    assert (badge["member_id"], badge["account_id"]) == (member.id, f"m-{member.id}")
    tokens = Tokens(settings.token_key, settings.token_minutes, now=wall_seconds)
    assert tokens.read(badge["token"]).actor.member_id == member.id
    assert print_tokens(settings, ["root", member.external_no]) == 0
    lines = capsys.readouterr().out.split()
    assert [tokens.read(line).actor.member_id for line in lines] == [None, member.id]
    assert print_tokens(settings, ["nobody"]) == 1
    with pytest.raises(SystemExit, match="2"):  # nobody asked for is no list of tokens that happens to be empty
        print_tokens(settings, [])


@pytest.mark.parametrize("off", [3_600.0, -3_600.0])
def test_a_token_minted_on_a_machine_whose_clock_is_wrong_is_valid_now_and_for_as_long_as_it_says(
    settings: Settings,
    db: Any,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    off: float,
) -> None:
    desk.accounts.keep([received(MemberPublished())])
    right = time.time
    with monkeypatch.context() as wrong:
        wrong.setattr(time, "time", lambda: right() + off)
        assert print_tokens(settings, [a_member_snapshot().external_no, "--days", "1"]) == 0
    token = capsys.readouterr().out.split()[-1]
    bearer = Tokens(settings.token_key, settings.token_minutes, now=wall_seconds).read(token)
    assert abs(bearer.expires - (right() + 86_400)) < 10
