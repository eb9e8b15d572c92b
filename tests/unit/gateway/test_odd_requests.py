"""What nobody sends by accident: it is refused as a problem document, never answered with a 500."""

import base64
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contracts.actor import Role
from gateway.api.problems import MOST_ERRORS
from services.notify.application.notify import PAGE_LIMIT
from tests.builders import an_actor
from tests.fakes.desk import a_desk, an_app
from tests.fakes.rpc import FakeRpc

ORDER = b'{"item_id": "tap", "area_id": "sll-g1", "description": "x", "seats": '


@pytest.fixture
def client() -> FlaskClient:
    return an_app(a_desk(rpc=FakeRpc())).test_client()


def headers() -> dict[str, str]:
    token, _ = a_desk().tokens.issue(an_actor(Role.DISPATCHER))
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": "key-1"}


def refused(response: TestResponse, status: int) -> dict[str, Any]:
    assert (response.status_code, response.content_type) == (status, "application/problem+json"), response.text
    body: dict[str, Any] = json.loads(response.data)
    return body


@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/tickets", "/api/v1/accounts"])
def test_a_number_longer_than_any_number_is_no_json_of_ours(client: FlaskClient, path: str) -> None:
    body = ORDER + b"9" * 5_000 + b"}"
    response = client.post(path, data=body, headers=headers(), content_type="application/json")
    assert refused(response, 400)["code"] == "bad-json"


@pytest.mark.parametrize("charset", ["nonsense", "utf-16", "rot13"])
def test_json_is_utf_8_whatever_the_header_says(client: FlaskClient, charset: str) -> None:
    kind = f"application/json; charset={charset}"
    response = client.post("/api/v1/sessions", data=b"[" + "石".encode() + b"]", content_type=kind)
    assert refused(response, 400)["code"] == "bad-json"


@pytest.mark.parametrize("parts", [["2026", "\ud800"], ["\ud800", "x"], ["\udfff\x00", "x"]])
@pytest.mark.parametrize("path", ["/tickets", "/members", "/catalogue-items", "/demands"])
def test_a_cursor_of_characters_that_are_none_is_not_ours(client: FlaskClient, path: str, parts: list[str]) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    assert refused(client.get(f"/api/v1{path}?cursor={cursor}", headers=headers()), 422)["code"] == "bad-cursor"


def test_an_address_with_a_slash_too_many_is_not_found(client: FlaskClient) -> None:
    for path in ("/api//v1/tickets", "/api/v1//tickets"):
        assert refused(client.get(path, headers=headers()), 404)["code"] == "not-found"


def test_a_page_of_messages_has_the_bound_that_notify_keeps(client: FlaskClient) -> None:
    def bound(path: str) -> Any:
        spec = json.loads(client.get("/openapi.json").data)
        return next(p for p in spec["paths"][path]["get"]["parameters"] if p["name"] == "limit")["schema"]["maximum"]

    assert bound("/api/v1/inbox") == PAGE_LIMIT
    problem = refused(client.get(f"/api/v1/inbox?limit={PAGE_LIMIT + 1}", headers=headers()), 422)
    assert [(error["field"], error["in"]) for error in problem["errors"]] == [("limit", "query")]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, identity", "br"])
def test_a_packed_body_is_refused_and_not_read_as_what_it_is_not(client: FlaskClient, coding: str) -> None:
    """Another reader on the way would unpack it, and see something else than we do."""
    body = b'{"login": "x", "password": "y"}'
    kind = "application/json"
    response = client.post("/api/v1/sessions", data=body, content_type=kind, headers={"Content-Encoding": coding})
    assert refused(response, 415)["code"] == "not-compressed"
    assert response.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("origin", ["http://[", "null", "http://[::1]x", "//", "http://localhost:99999999"])
def test_an_origin_that_is_none_is_not_ours(client: FlaskClient, origin: str) -> None:
    client.set_cookie("shiliu_refresh", "abc", path="/api/v1/sessions")
    response = client.post("/api/v1/sessions/refresh", json={}, headers={"Origin": origin})
    assert refused(response, 403)["code"] == "csrf"


def test_an_answer_does_not_grow_with_what_is_wrong(client: FlaskClient) -> None:
    wrong = {f"a{number}": 1 for number in range(1_500)}
    in_body = client.post("/api/v1/sessions", json=wrong)
    in_query = client.get("/openapi.json?" + "&".join(wrong))
    for response in (in_body, in_query):
        assert len(refused(response, 422)["errors"]) == MOST_ERRORS
        assert len(response.data) < 10_000
