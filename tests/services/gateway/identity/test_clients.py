"""API clients: scopes and areas instead of people, secrets shown once and rotated with overlap."""

from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.events.masters import AreaPublished
from gateway.api import client_schemas, schemas
from gateway.identity.attempts import FREE
from tests.builders import an_actor, an_area_snapshot, an_envelope
from tests.services.gateway.api import Api
from tests.services.gateway.identity.conftest import ADMIN, Door, Phone, Wall

NEW = {"name": "mini-program", "scopes": ["read_masters", "place_tickets"]}
HOUR = 3600.0


@pytest.fixture
def opened(api: Api) -> Any:
    return api.post(ADMIN, "/clients", NEW, 201, client_schemas.API_CLIENT)


def enter(door: Door, client: Any, secret: str, status: int = 201) -> Any:
    return door.post("/sessions/client", {"client_id": client["id"], "client_secret": secret}, status)


def test_a_client_signs_in_and_does_what_its_scopes_say(door: Door, opened: Any) -> None:
    session = enter(door, opened, opened["secret"])
    assert schemas.CLIENT_SESSION.validate(session) == {}
    assert session["scope"] == "read_masters place_tickets"
    door.get("/areas", session["access_token"])
    assert door.get("/tickets", session["access_token"], 403)["code"] == "out-of-scope"
    door.get("/sessions", session["access_token"], 403)


def test_the_secret_is_shown_once_and_kept_as_a_hash(api: Api, opened: Any, stored: Any) -> None:
    assert "secret" not in api.get(ADMIN, f"/clients/{opened['id']}", 200, client_schemas.API_CLIENT)
    assert "secret" not in api.get(ADMIN, "/clients")["items"][0]
    assert opened["secret"] not in stored()


def test_a_repeated_request_opens_one_client_and_shows_no_secret_again(api: Api, db: Any) -> None:
    headers = api.headers(ADMIN)
    statuses = [api.client.post("/api/v1/clients", json=NEW, headers=headers).status_code for _ in range(2)]
    assert statuses == [201, 409]
    assert db["accounts"].count_documents({}) == 1


def test_a_rotated_secret_overlaps_with_the_one_before(door: Door, api: Api, opened: Any, wall: Wall) -> None:
    rotated = api.post(ADMIN, f"/clients/{opened['id']}/secrets", {"overlap_hours": 2}, 201)
    assert len(rotated["secrets"]) == 2
    for secret in (opened["secret"], rotated["secret"]):
        enter(door, opened, secret)
    wall.at += 2 * HOUR
    enter(door, opened, opened["secret"], 401)
    enter(door, opened, rotated["secret"])


def test_rotating_again_never_lengthens_what_ends_sooner(door: Door, api: Api, opened: Any, wall: Wall) -> None:
    path = f"/clients/{opened['id']}/secrets"
    api.post(ADMIN, path, {"overlap_hours": 1}, 201)
    api.post(ADMIN, path, {"overlap_hours": 100}, 201)
    wall.at += HOUR
    enter(door, opened, opened["secret"], 401)
    assert len(api.post(ADMIN, path, {}, 201)["secrets"]) == 3, "what has ended is dropped"


def test_there_are_not_secrets_without_end(api: Api, opened: Any) -> None:
    path = f"/clients/{opened['id']}/secrets"
    statuses = [api.client.post(f"/api/v1{path}", json={}, headers=api.headers(ADMIN)).status_code for _ in range(5)]
    assert statuses == [201] * 4 + [409]


def test_a_dropped_secret_ends_its_tokens_too(door: Door, api: Api, opened: Any) -> None:
    token = enter(door, opened, opened["secret"])["access_token"]
    path = f"/api/v1/clients/{opened['id']}/secrets/{opened['secrets'][0]['id']}"
    assert api.client.delete(path, headers=api.headers(ADMIN)).status_code == 200
    door.get("/areas", token, 401)
    enter(door, opened, opened["secret"], 401)


def test_wrong_secrets_are_slowed_down_and_keep_no_right_one_out(door: Door, opened: Any) -> None:
    for _ in range(FREE):
        enter(door, opened, "wrong", 401)
    enter(door, opened, "wrong", 429)
    enter(door, opened, opened["secret"])


def test_a_client_has_no_phone_and_gets_in_by_no_code(door: Door, api: Api, opened: Any, phone: Phone) -> None:
    refused = api.post(ADMIN, f"/accounts/{opened['id']}/phone", {"phone": "000-4444"}, 409)
    assert refused["code"] == "phone-of-a-client"
    door.ask(phone="000-4444")
    assert phone.told == []


def test_a_closed_client_is_gone(door: Door, api: Api, opened: Any) -> None:
    token = enter(door, opened, opened["secret"])["access_token"]
    assert api.client.delete(f"/api/v1/clients/{opened['id']}", headers=api.headers(ADMIN)).status_code == 200
    door.get("/areas", token, 401)
    enter(door, opened, opened["secret"], 401)
    api.get(ADMIN, f"/clients/{opened['id']}", 404)


def test_whatever_is_wrong_the_answer_is_the_same(door: Door, opened: Any) -> None:
    answers = [enter(door, {"id": id}, "wrong", 401) for id in (opened["id"], "c-nobody")]
    assert len({str(answer | {"instance": ""}) for answer in answers}) == 1


@pytest.mark.parametrize("scope", ["open", "keep_sessions", "keep_clients", "review_tickets"])
def test_a_client_never_gets_what_clients_may_not(api: Api, scope: str) -> None:
    refused = api.post(ADMIN, "/clients", {**NEW, "scopes": [scope]}, 422)
    assert refused["code"] == "scope-not-for-clients"


@pytest.mark.parametrize(
    "change", [{"name": "张三的手机"}, {"scopes": []}, {"scopes": ["king"]}, {"areas": ["nowhere"]}]
)
def test_what_cannot_be_a_client(api: Api, change: dict[str, Any]) -> None:
    api.post(ADMIN, "/clients", NEW | change, 422)


def test_clients_are_kept_within_ones_areas(api: Api, seen: Any, door: Door) -> None:
    for grid in ("sll-g1", "sll-g2"):
        seen(an_envelope(AreaPublished(), an_area_snapshot(id=grid, path=("slc", "sll", grid))))
    mine = an_actor(Role.ADMIN, grants=(Grant(Role.ADMIN, "sll-g1"),))
    api.post(mine, "/clients", NEW, 403)
    api.post(mine, "/clients", {**NEW, "areas": ["sll-g2"]}, 403)
    client = api.post(mine, "/clients", {**NEW, "areas": ["sll-g1"]}, 201)
    other = an_actor(Role.ADMIN, grants=(Grant(Role.ADMIN, "sll-g2"),))
    api.get(other, f"/clients/{client['id']}", 404)
    assert api.get(other, "/clients")["items"] == []
    assert [row["id"] for row in api.get(mine, "/clients")["items"]] == [client["id"]]
    for who in (Role.SECRETARY, Role.DUTY, Role.CLIENT):
        api.get(an_actor(who), "/clients", 403)
    token = enter(door, client, client["secret"])["access_token"]
    assert door.desk.tokens.read(token).actor.grants == (Grant(Role.CLIENT, "sll-g1"),)
