"""What holds for every route: who gets in, what is refused and how it is said. No database, no broker."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chassis.rpc_client import ServiceFault
from contracts.actor import Actor, Role
from contracts.errors import Busy, Conflict, Invalid, KeyReused, NotFound, Refused, TooLate
from contracts.words import Text
from tests.builders import TICKET_ID, an_actor
from tests.fakes.desk import Well, a_desk, an_app
from tests.fakes.rpc import FakeRpc

ACCEPT = f"/api/v1/tickets/{TICKET_ID}/accept"
PLACE = "/api/v1/tickets"
ORDER = {"item_id": "tap", "area_id": "sll-g1", "description": "水龙头滴水"}
SORRY = Text("不行", "no")


@pytest.fixture
def rpc() -> FakeRpc:
    return FakeRpc()


@pytest.fixture
def client(rpc: FakeRpc) -> FlaskClient:
    return an_app(a_desk(rpc=rpc)).test_client()


def headers(role: Role = Role.DISPATCHER, key: str | None = "key-1", actor: Actor | None = None) -> dict[str, str]:
    token, _ = a_desk().tokens.issue(actor or an_actor(role))
    return {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})


def problem(response: TestResponse, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = json.loads(response.data)
    assert body["status"] == status
    assert {"type", "title", "title_en", "detail", "detail_en", "code", "instance"} <= body.keys()
    return body


@pytest.mark.parametrize("token", [None, "Bearer", "Bearer nonsense", "Basic abc", "Bearer a.b.c"])
def test_without_a_valid_token_nothing_is_read(client: FlaskClient, rpc: FakeRpc, token: str | None) -> None:
    response = client.post(PLACE, data=b"{", headers={"Authorization": token} if token else {})
    assert problem(response, 401)["code"] == "not-signed-in"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert rpc.asked == []


def test_a_role_without_the_permission_gets_403(client: FlaskClient, rpc: FakeRpc) -> None:
    response = client.post(ACCEPT, json={}, headers=headers(Role.RESIDENT))
    assert problem(response, 403)["code"] == "not-permitted"
    assert rpc.asked == []


@pytest.mark.parametrize("key", [None, " ", "ключ".encode().decode("latin-1"), "x" * 201])
def test_a_command_needs_an_idempotency_key(client: FlaskClient, rpc: FakeRpc, key: str | None) -> None:
    body = problem(client.post(ACCEPT, json={}, headers=headers(key=key)), 400)
    assert body["code"] == "idempotency-key-needed"
    assert body["errors"][0]["field"] == "Idempotency-Key"
    assert rpc.asked == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad-json"),
        (b"\xff\xfe", 400, "bad-json"),
        (b"[" * 100_000, 413, "too-large"),
        (b"[" * 9_000, 400, "bad-json"),
        (b"[]", 422, "invalid-request"),
        (b'"text"', 422, "invalid-request"),
        (b"{}", 422, "invalid-request"),
    ],
)
def test_bodies_that_are_no_command(client: FlaskClient, body: bytes, status: int, code: str) -> None:
    response = client.post(PLACE, data=body, headers=headers(), content_type="application/json")
    assert problem(response, status)["code"] == code


def test_anything_but_json_is_refused(client: FlaskClient) -> None:
    response = client.post(PLACE, data="a=b", headers=headers(), content_type="text/plain")
    assert problem(response, 415)["code"] == "json-needed"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"description": None}, "description"),
        ({"description": "a\x00b"}, "description"),
        ({"description": "\ud800"}, "description"),
        ({"description": 7}, "description"),
        ({"seats": 2**70}, "seats"),
        ({"seats": True}, "seats"),
        ({"origin": "carrier pigeon"}, "origin"),
        ({"requestor_id": "x"}, "requestor_id"),
        ({"\ud800": "x"}, "\ud800"),
        ({"beneficiary": {"name": "陈", "phone": 1}}, "beneficiary.phone"),
    ],
)
def test_what_is_wrong_is_named_in_both_languages(
    client: FlaskClient, rpc: FakeRpc, change: dict[str, Any], field: str
) -> None:
    body = problem(client.post(PLACE, data=json.dumps(ORDER | change), headers=json_headers()), 422)
    assert [error["field"] for error in body["errors"]] == [field]
    assert body["errors"][0]["in"] == "body"
    assert body["errors"][0]["detail"]
    assert body["errors"][0]["detail_en"]
    assert rpc.asked == []


def json_headers() -> dict[str, str]:
    return headers() | {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/tickets?limit=0", "limit"),
        ("/api/v1/tickets?limit=1000", "limit"),
        ("/api/v1/tickets?limit=many", "limit"),
        ("/api/v1/tickets?status=lost", "status.0"),
        ("/api/v1/tickets?colour=red", "colour"),
        ("/api/v1/tickets?cursor=%00", "cursor"),
        ("/api/v1/tickets?limit=5&limit=6", "limit"),
        ("/api/v1/tickets?cursor=!", "cursor"),
        (f"/api/v1/tickets/{TICKET_ID}?colour=red", "colour"),
        ("/api/v1/events?wait=3600", "wait"),
    ],
)
def test_questions_that_nobody_knows_are_refused(client: FlaskClient, path: str, field: str) -> None:
    body = problem(client.get(path, headers=headers()), 422)
    assert [error["field"] for error in body["errors"]] == [field]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("bad", SORRY, "item_id"), 422),
        (NotFound("gone", SORRY), 404),
        (Refused("not-you", SORRY), 403),
        (Conflict("seat-taken", SORRY), 409),
        (KeyReused("key-reused", SORRY), 422),
        (Busy("busy", SORRY), 503),
        (TooLate("outcome-unknown", SORRY), 504),
    ],
)
def test_a_refusal_of_a_service_is_answered_as_it_was_said(
    client: FlaskClient, rpc: FakeRpc, error: Exception, status: int
) -> None:
    rpc.on("tickets.accept_ticket", error)
    response = client.post(ACCEPT, json={}, headers=headers())
    body = problem(response, status)
    assert body["code"] == error.code  # type: ignore[attr-defined]
    assert (body["detail"], body["detail_en"]) == ("不行", "no")
    assert ("Retry-After" in response.headers) is (status == 503)


def test_an_unexpected_error_tells_an_id_and_nothing_else(client: FlaskClient, rpc: FakeRpc) -> None:
    rpc.on("tickets.accept_ticket", RuntimeError("陈奶奶 000-0003-0001"))
    body = problem(client.post(ACCEPT, json={}, headers=headers()), 500)
    assert "陈奶奶" not in json.dumps(body, ensure_ascii=False)
    assert body["code"] == "internal"


def test_a_fault_of_a_service_is_told_by_its_id(client: FlaskClient, rpc: FakeRpc) -> None:
    rpc.on("tickets.accept_ticket", ServiceFault("FAULT-7"))
    assert "FAULT-7" in problem(client.post(ACCEPT, json={}, headers=headers()), 500)["detail"]


def test_a_database_that_is_away_is_a_503(client: FlaskClient) -> None:
    response = client.get("/api/v1/tickets", headers=headers())
    assert problem(response, 503)["code"] == "database-away"
    assert response.headers["Retry-After"]


def test_a_stream_that_cannot_be_resumed_now_is_a_503_and_nobody_is_listened_for(client: FlaskClient) -> None:
    response = client.get("/api/v1/stream", headers=headers() | {"Last-Event-ID": "01M80VXFTV8C0RB01MMSC0GRY7"})
    assert problem(response, 503)["code"] == "database-away"
    assert response.headers["Retry-After"]
    assert len(client.application.extensions["shiliu"].fanout) == 0


def test_unknown_addresses_and_methods(client: FlaskClient) -> None:
    assert problem(client.get("/api/v1/nothing"), 404)["code"] == "not-found"
    response = client.delete("/api/v1/tickets")
    assert problem(response, 405)["code"] == "method-not-allowed"
    assert "GET" in response.headers["Allow"]


def test_the_command_carries_who_asks_and_an_id_that_only_depends_on_the_request(rpc: FakeRpc) -> None:
    rpc.on("tickets.place_ticket", Conflict("stop", SORRY))
    client = an_app(a_desk(rpc=rpc)).test_client()
    for key, path, who in (
        ("a", PLACE, Role.RESIDENT),
        ("a", PLACE, Role.RESIDENT),
        ("b", PLACE, Role.RESIDENT),
        ("a", PLACE, Role.CLIENT),
    ):
        client.post(path, json=ORDER, headers=headers(who, key))
    ids = [asked.meta.command_id for asked in rpc.asked]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert rpc.asked[0].meta.created_id == rpc.asked[1].meta.created_id != rpc.asked[2].meta.created_id
    assert rpc.asked[0].meta.actor == an_actor(Role.RESIDENT)
    assert rpc.asked[0].meta.correlation_id != rpc.asked[1].meta.correlation_id


def test_traceparent_is_passed_on_only_where_it_is_one(client: FlaskClient, rpc: FakeRpc) -> None:
    good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    for sent, passed in ((good, good), ("nonsense", None)):
        client.post(ACCEPT, json={}, headers=headers() | {"traceparent": sent})
        assert rpc.last.meta.traceparent == passed


def test_readiness_says_why_not() -> None:
    well = Well()
    client = an_app(a_desk(health=well)).test_client()
    assert client.get("/readyz").status_code == 200
    well.reasons.append("database: away")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json == {"ready": False, "reasons": ["database: away"], "degraded": []}
    assert client.get("/healthz").status_code == 200


def test_without_the_broker_a_gateway_still_says_that_people_may_be_sent_to_it() -> None:
    well = Well()
    well.degraded.append("relay: not connected")
    response = an_app(a_desk(health=well)).test_client().get("/readyz")
    assert response.status_code == 200
    assert response.json == {"ready": True, "reasons": [], "degraded": ["relay: not connected"]}


def test_the_description_is_openapi_3_1_and_names_every_route(client: FlaskClient) -> None:
    spec = json.loads(client.get("/openapi.json").data)
    assert spec["openapi"].startswith("3.1")
    routes = {str(rule).replace("<", "{").replace(">", "}") for rule in client.application.url_map.iter_rules()}
    assert {route for route in routes if route.startswith("/api/")} == set(spec["paths"])
    place = spec["paths"]["/api/v1/tickets"]["post"]
    assert "Idempotency-Key" in {parameter["name"] for parameter in place["parameters"]}
    assert place["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("PlaceTicketBody")
    assert place["x-permission"] == "place_tickets"
    assert spec["components"]["schemas"]["PlaceTicketBody"]["required"] == ["description", "item_id"]
    assert place["requestBody"]["required"] is True
    assert spec["paths"]["/api/v1/tickets/{ticket_id}/accept"]["post"]["requestBody"]["required"] is False
    references = {part.split('"')[0] for part in json.dumps(spec).split('"$ref": "#/components/schemas/')[1:]}
    assert references <= set(spec["components"]["schemas"])
    assert not [name for name in spec["components"]["schemas"] if name.endswith(("Schema", "1", "Tolerant", "Strict"))]


@pytest.mark.parametrize(
    "path", ["/api/v1/callbacks/sms/{key}/replies", "/api/v1/mail/stop/{token}", "/api/v1/me/contacts/email"]
)
def test_a_provider_a_mailbox_and_what_the_gateway_does_itself_need_no_key(client: FlaskClient, path: str) -> None:
    spec = json.loads(client.get("/openapi.json").data)
    named = {one["name"] for one in spec["paths"][path]["post"].get("parameters", [])}
    assert "Idempotency-Key" not in named
    answered = client.post(path.format(key="k" * 43, token="t"), json={}, headers={"Authorization": "Bearer none"})
    assert "Idempotency-Key" not in answered.get_data(as_text=True)


def test_the_page_to_read_it_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/docs").text
    assert "http" not in page.replace("<!doctype html>", "")
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"):
        assert f"/docs/assets/{name}" in page
        with client.get(f"/docs/assets/{name}") as part:
            assert part.status_code == 200
    assert client.get("/docs/start.js").status_code == 200
    assert client.get("/docs/assets/../../service.py").status_code == 404
