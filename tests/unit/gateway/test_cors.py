"""Pages of other origins use the API only when they are listed."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from gateway.api.app import make_app
from tests.fakes.desk import SETTINGS, a_desk

LISTED = "https://pages.example.org"
OTHER = "https://evil.example.org"
ASKS = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


def a_client(*origins: str) -> FlaskClient:
    return make_app(a_desk(settings=replace(SETTINGS, cors_origins=origins))).test_client()


@pytest.mark.parametrize("origin", [OTHER, LISTED + ".evil.example", LISTED.upper(), "null", LISTED + "/", ""])
def test_nobody_else_is_let_read_or_send(origin: str) -> None:
    for client in (a_client(), a_client(LISTED)):
        answer = client.get("/openapi.json", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers
        asked = client.options("/api/v1/tickets", headers={"Origin": origin, **ASKS})
        assert asked.status_code == 403
        assert not [name for name, _ in asked.headers if name.startswith("Access-Control")]


def test_a_listed_page_may_ask_send_and_read() -> None:
    client = a_client(LISTED)
    asked = client.options("/api/v1/tickets", headers={"Origin": LISTED, **ASKS})
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == LISTED
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in asked.headers["Access-Control-Allow-Headers"]
    refused = client.post("/api/v1/tickets", json={}, headers={"Origin": LISTED})
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (401, LISTED)
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]


def test_what_a_browser_adds_by_itself_is_never_shared_and_caches_keep_answers_apart() -> None:
    answer = a_client(LISTED).get("/openapi.json", headers={"Origin": LISTED})
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Vary"] == "Origin"
    assert "Origin" in a_client(LISTED).get("/openapi.json").headers["Vary"]
    assert "Vary" not in a_client().get("/openapi.json").headers
