"""Whoever leaves the community's staff comes in no more; an account that exists takes no roles in passing."""

from io import StringIO

import pytest

from chassis.settings import Settings
from contracts.actor import Actor, Role
from gateway.operations import keep_staff_account
from tests.builders import COMMUNITY, an_actor
from tests.services.gateway.api import Api
from tests.services.gateway.identity.conftest import ADMIN, PASSWORD, Door


@pytest.fixture
def officer(api: Api) -> str:
    body = {"login": "officer", "password": PASSWORD, "roles": [{"role": "duty"}]}
    return str(api.post(ADMIN, "/accounts", body, 201)["id"])


def _close(api: Api, who: Actor, account: str) -> int:
    return int(api.client.delete(f"/api/v1/accounts/{account}", headers=api.headers(who)).status_code)


def test_the_secretary_closes_the_account_of_an_officer_who_left(api: Api, door: Door, officer: str) -> None:
    session = door.sign_in("officer")
    assert [_close(api, an_actor(role), officer) for role in (Role.DUTY, Role.DISPATCHER)] == [403, 403]
    assert _close(api, an_actor(Role.SECRETARY, community_id="elsewhere"), officer) == 404
    assert _close(api, an_actor(Role.SECRETARY, account_id=officer), officer) == 403, "nobody closes their own"
    assert _close(api, an_actor(Role.SECRETARY), officer) == 200
    door.get("/me", session["access_token"], 401)
    door.sign_in("officer", status=401)
    assert _close(api, an_actor(Role.SECRETARY), officer) == 404


def test_nobody_closes_the_account_of_who_has_more_to_say(api: Api) -> None:
    chief = api.post(ADMIN, "/accounts", {"login": "chief", "roles": [{"role": "admin"}]}, 201)["id"]
    assert _close(api, an_actor(Role.SECRETARY), chief) == 404


def test_a_member_s_account_goes_with_the_member(api: Api, member: str) -> None:
    response = api.client.delete(f"/api/v1/accounts/{member}", headers=api.headers(ADMIN))
    assert (response.status_code, response.json["code"]) == (409, "account-of-a-member")


def test_an_api_client_is_not_opened_with_a_password_and_without_scopes(api: Api) -> None:
    problem = api.post(ADMIN, "/accounts", {"login": "robot", "roles": [{"role": "client"}]}, 422)
    assert problem["errors"][0]["field"] == "roles"


def test_an_operator_gives_no_other_role_to_a_login_that_exists(
    settings: Settings, officer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--login", "officer", "--community", COMMUNITY, "--password-stdin", "--role"]
    for role, code in (("admin", 1), ("duty", 0)):
        monkeypatch.setattr("sys.stdin", StringIO("another staple entirely\n"))
        assert keep_staff_account(settings, [*arguments, role]) == code
    assert "duty" in capsys.readouterr().err
