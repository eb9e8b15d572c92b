"""Sessions: short access tokens, refresh tokens that are good once, and ends that take hold."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from contracts.actor import Grant, Role
from gateway.api import schemas
from gateway.identity.identity import Identity
from gateway.identity.revocations import Revocations
from gateway.identity.sessions import Ended, How, Why
from gateway.identity.tokens import Bearer, Refresh
from tests.builders import an_actor
from tests.fakes.desk import SETTINGS
from tests.services.gateway.api import Api
from tests.services.gateway.identity.conftest import ADMIN, OTHER, PASSWORD, Door, Wall

MINUTE, DAY = 60.0, 86_400.0


def refresh(door: Door, token: str, status: int = 201) -> Any:
    return door.post("/sessions/refresh", {"refresh_token": token}, status)


def test_an_access_token_lasts_a_quarter_of_an_hour_and_is_refreshed(door: Door, lin: str, wall: Wall) -> None:
    session = door.sign_in()
    assert schemas.SESSION.validate(session) == {}
    assert session["expires_in"] == 15 * 60
    wall.at += 15 * MINUTE
    door.get("/me", session["access_token"], 401)
    later = refresh(door, session["refresh_token"])
    assert door.get("/me", later["access_token"])["id"] == lin
    assert later["session_id"] == session["session_id"]
    assert later["refresh_token"] != session["refresh_token"]


def test_a_used_refresh_token_ends_the_session_for_owner_and_thief(door: Door, lin: str, wall: Wall) -> None:
    stolen = door.sign_in()["refresh_token"]
    owner = refresh(door, stolen)
    wall.at += MINUTE
    assert refresh(door, stolen, 401)["code"] == "session-over"
    refresh(door, owner["refresh_token"], 401)
    door.get("/me", owner["access_token"], 401)
    again = door.sign_in()
    (_, ended) = door.get("/sessions", again["access_token"])["items"]
    assert ended["ended"] == "reused", "the owner can read what happened"


def test_an_answer_that_was_lost_can_be_asked_for_again_for_a_moment(door: Door, lin: str, wall: Wall) -> None:
    first = door.sign_in()["refresh_token"]
    lost = refresh(door, first)
    wall.at += 5.0
    again = refresh(door, first)
    assert again["refresh_token"] == lost["refresh_token"], "the same successor, not a second family"
    third = refresh(door, again["refresh_token"])
    refresh(door, first, 401)
    refresh(door, third["refresh_token"], 401)


def test_refreshing_at_once_from_many_places_leaves_one_way_on(identity: Identity, lin: str) -> None:
    account = identity.accounts.by_id(lin)
    assert account is not None
    issued = identity.begin(account, How.PASSWORD, "here")
    with ThreadPoolExecutor(8) as pool:
        successors = {found.refresh for found in pool.map(lambda _: identity.refresh(issued.refresh), range(16))}
    assert len(successors) == 1


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 1500])
def test_nonsense_refreshes_nothing(door: Door, token: str) -> None:
    assert refresh(door, token, 401 if token else 422)


def test_an_access_token_is_no_refresh_token_nor_the_other_way_about(door: Door, lin: str) -> None:
    session = door.sign_in()
    refresh(door, session["access_token"], 401)
    door.get("/me", session["refresh_token"], 401)


def test_a_session_ends_when_nobody_uses_it_and_after_its_longest_time(door: Door, lin: str, wall: Wall) -> None:
    idle = door.sign_in()["refresh_token"]
    wall.at += SETTINGS.refresh_days * DAY + 1
    refresh(door, idle, 401)
    token, began = door.sign_in()["refresh_token"], wall.at
    while wall.at + 20 * DAY < began + SETTINGS.session_days * DAY:
        wall.at += 20 * DAY
        token = refresh(door, token)["refresh_token"]
    wall.at = began + SETTINGS.session_days * DAY + 1
    refresh(door, token, 401)


def test_a_token_of_a_number_that_never_was_is_refused(identity: Identity, lin: str) -> None:
    account = identity.accounts.by_id(lin)
    assert account is not None
    issued = identity.begin(account, How.PASSWORD, "here")
    ahead = identity.tokens.issue_refresh(Refresh(lin, issued.session.id, 7), issued.session.ends_at.timestamp())
    with pytest.raises(Ended):
        identity.refresh(ahead)
    assert identity.refresh(issued.refresh).session.number == 2, "and ends nothing"


def test_signing_out_here_leaves_the_other_device_alone(door: Door, lin: str) -> None:
    here, there = door.sign_in(), door.sign_in()
    door.delete("/sessions/current", here["access_token"])
    door.get("/me", here["access_token"], 401)
    refresh(door, here["refresh_token"], 401)
    door.get("/me", there["access_token"])
    refresh(door, there["refresh_token"])


def test_signing_out_everywhere_ends_every_token_also_operators_and_lets_in_again(
    door: Door, lin: str, identity: Identity
) -> None:
    account = identity.accounts.by_id(lin)
    assert account is not None
    minted, _ = identity.tokens.issue(account.actor, 30 * 1440, epoch=account.epoch)
    one, two = door.sign_in(), door.sign_in()
    door.delete("/sessions", one["access_token"])
    for token in (one["access_token"], two["access_token"], minted):
        door.get("/me", token, 401)
    refresh(door, two["refresh_token"], 401)
    assert door.get("/me", door.sign_in()["access_token"])["id"] == lin


def test_another_gateway_learns_of_it_when_it_looks_and_one_that_starts_knows(
    door: Door, lin: str, identity: Identity, db: Any, wall: Wall
) -> None:
    def another() -> Revocations:
        return Revocations(db["revocations"], wall, SETTINGS.token_minutes)

    elsewhere = another()
    elsewhere.look()
    one, two = (door.sign_in() for _ in range(2))
    bearers = [identity.tokens.read(session["access_token"]) for session in (one, two)]
    door.delete("/sessions/current", one["access_token"])
    assert not elsewhere.holds(bearers[0]), "it has not looked yet"
    elsewhere.look()
    assert [elsewhere.holds(bearer) for bearer in bearers] == [True, False]
    door.delete("/sessions", two["access_token"])
    elsewhere.look()
    fresh = another()
    assert fresh.why_not_ready() is not None
    fresh.look()
    assert fresh.why_not_ready() is None
    assert [room.holds(bearer) for room in (elsewhere, fresh) for bearer in bearers] == [True] * 4
    assert not fresh.holds(Bearer(bearers[0].actor, bearers[0].expires, session="s", epoch=1)), "what came after"


def test_a_sign_out_that_broke_off_is_whole_when_it_is_asked_again(
    door: Door, lin: str, identity: Identity, db: Any, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise AutoReconnect("the database went away in between")

    token = door.sign_in()["access_token"]
    with monkeypatch.context() as broken:
        broken.setattr(Revocations, "end_session", away)
        door.delete("/sessions/current", token, 503)
    door.delete("/sessions/current", token)
    elsewhere = Revocations(db["revocations"], wall, SETTINGS.token_minutes)
    elsewhere.look()
    assert elsewhere.holds(identity.tokens.read(token))


def test_a_change_of_password_that_broke_off_ends_old_tokens_at_the_next_sign_in(
    door: Door, lin: str, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise AutoReconnect("the database went away in between")

    account = identity.accounts.by_id(lin)
    assert account is not None
    minted, _ = identity.tokens.issue(account.actor, 30 * 1440, epoch=account.epoch)
    body = {"old_password": PASSWORD, "password": OTHER}
    with monkeypatch.context() as broken:
        broken.setattr(Revocations, "end_before", away)
        door.post("/me/password", body, 503, door.sign_in()["access_token"])
    door.sign_in(password=OTHER)
    door.get("/me", minted, 401)


def test_what_has_run_out_by_itself_is_forgotten(identity: Identity, door: Door, lin: str, wall: Wall) -> None:
    session = door.sign_in()
    door.delete("/sessions/current", session["access_token"])
    wall.at += 20 * MINUTE
    identity.revocations.look()
    assert identity.revocations._sessions == {}


def test_one_ends_only_ones_own_sessions(door: Door, api: Api, lin: str) -> None:
    body = {"login": "wang", "password": PASSWORD, "roles": [{"role": "resident"}]}
    api.post(ADMIN, "/accounts", body, 201)
    mine, theirs = door.sign_in(), door.sign_in("wang")
    door.delete(f"/sessions/{theirs['session_id']}", mine["access_token"], 404)
    door.get("/me", theirs["access_token"])
    assert [row["id"] for row in door.get("/sessions", mine["access_token"])["items"]] == [mine["session_id"]]


def test_a_session_that_began_while_all_ended_is_not_left_over(identity: Identity, lin: str) -> None:
    """The password was checked, then everything ended, then the session was opened."""
    before = identity.accounts.by_id(lin)
    assert before is not None
    identity.change_password(lin, identity.passwords.hash(OTHER))
    with pytest.raises(Ended):
        identity.begin(before, How.PASSWORD, "here")
    assert [session.ended for session in identity.sessions.of(lin)] == [Why.PASSWORD_CHANGED]


def test_staff_sign_out_those_whose_roles_they_may_give(api: Api, door: Door, lin: str) -> None:
    session = door.sign_in()
    for who, status in ((Role.DUTY, 403), (Role.DISPATCHER, 200)):
        response = api.client.delete(f"/api/v1/accounts/{lin}/sessions", headers=api.headers(an_actor(who)))
        assert response.status_code == status, response.text
    door.get("/me", session["access_token"], 401)
    chief = api.post(ADMIN, "/accounts", {"login": "chief", "roles": [{"role": "admin"}]}, 201)["id"]
    for stranger in (an_actor(Role.DISPATCHER), an_actor(Role.ADMIN, community_id="elsewhere")):
        response = api.client.delete(f"/api/v1/accounts/{chief}/sessions", headers=api.headers(stranger))
        assert response.status_code == 404


def test_roles_are_read_anew_at_every_refresh(door: Door, lin: str, db: Any) -> None:
    session = door.sign_in()
    db["accounts"].update_one({"_id": lin}, {"$set": {"own.grants": [{"role": "duty", "area_id": None}]}})
    roles = refresh(door, session["refresh_token"])["account"]["roles"]
    assert roles == [{"role": "duty", "area_id": None}]


def test_a_closed_account_is_closed_for_good(identity: Identity, door: Door, api: Api, lin: str, stored: Any) -> None:
    session = door.sign_in()
    identity.close(lin)
    identity.close(lin)
    door.get("/me", session["access_token"], 401)
    refresh(door, session["refresh_token"], 401)
    door.sign_in(status=401)
    account = identity.accounts.by_id(lin)
    assert account is not None
    assert (account.closed, account.login, account.password, account.phone, account.grants) == (
        True,
        None,
        None,
        None,
        (),
    )
    assert "5678" not in stored()
    body = {"login": "lin", "password": PASSWORD, "roles": [{"role": "resident"}]}
    assert api.post(ADMIN, "/accounts", body, 201)["id"] != lin, "the login is free, the account is not"


def test_a_closed_members_account_has_no_roles_whatever_is_published(
    identity: Identity, desk: Any, member: str
) -> None:
    identity.close(member)
    account = desk.accounts.by_id(member)
    assert (account.closed, account.grants, account.display_name) == (True, (), None)
    assert Grant(Role.MEMBER) not in account.actor.grants
