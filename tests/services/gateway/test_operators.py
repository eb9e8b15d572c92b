"""Database operators in every place of every route: none is ever more than a text, and none widens what is seen."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from flask.testing import FlaskClient

from contracts.actor import Actor, Role
from contracts.commands import Outcome
from contracts.errors import NotFound
from contracts.words import Text
from gateway.api.app import make_app
from tests.builders import an_actor
from tests.fakes.desk import a_desk

pytestmark = pytest.mark.slow

STRANGER = an_actor(Role.RESIDENT, account_id="a-stranger")
STAFF = an_actor(Role.ADMIN, account_id="a-secretary")
OPERATORS: tuple[Any, ...] = ({"$gt": ""}, {"$ne": None}, {"$regex": ".*"}, {"$where": "1"})
SPELLED = ('{"$gt": ""}', "[$ne]=", "$ticket.v", "$$ROOT", "a.b", "__proto__", "' || '1'=='1")
SPEC: dict[str, Any] = json.loads(make_app(a_desk()).test_client().get("/openapi.json").data)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in SPEC["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict):
                yield path, method, operation


def fields_of(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    schema: dict[str, Any] = SPEC["components"]["schemas"].get(reference.rpartition("/")[2], {})
    return dict(schema.get("properties", {}))


BODIES = [(path, method, name) for path, method, one in operations() for name in fields_of(one)]
FILTERS = [
    (path, parameter["name"])
    for path, method, one in operations()
    if method == "get"
    for parameter in one.get("parameters", ())
    if parameter["in"] == "query"
]
PATHS = sorted({(path, method) for path, method, _ in operations() if "{" in path})


def address(path: str, value: str = "x") -> str:
    for name in [part.split("}")[0] for part in path.split("{")[1:]]:
        path = path.replace("{" + name + "}", value)
    return path


class NothingThere:
    """Services that have nothing of what they are asked for."""

    def call(self, command: Any, meta: Any, service: str | None = None) -> Outcome:
        raise NotFound("not-found", Text("没有找到", "not found"))


@pytest.fixture
def client(db: Any) -> FlaskClient:
    return make_app(a_desk(db, cast("Any", NothingThere()))).test_client()


def headers(who: Actor) -> dict[str, str]:
    token, _ = a_desk().tokens.issue(who)
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": "key-1"}


def test_there_is_something_to_try() -> None:
    assert len(BODIES) > 40
    assert len(FILTERS) > 20
    assert len(PATHS) > 20


def test_no_field_of_a_body_takes_an_operator(client: FlaskClient) -> None:
    taken = []
    for path, method, name in BODIES:
        for operator in OPERATORS:
            answer = client.open(address(path), method=method.upper(), json={name: operator}, headers=headers(STAFF))
            named = {error["field"].split(".")[0] for error in (answer.json or {}).get("errors", ())}
            if not 400 <= answer.status_code < 500 or (answer.status_code == 422 and name not in named):
                taken.append((method, path, name, operator, answer.text))
    assert taken == []


def test_no_filter_takes_an_operator(client: FlaskClient) -> None:
    taken = []
    for path, name in FILTERS:
        for spelled in (f"{name}[$gt]", f"{name}.$ne", f"${name}"):
            answer = client.get(address(path), query_string={spelled: ""}, headers=headers(STRANGER))
            if answer.status_code not in (403, 404, 422):
                taken.append((path, spelled, answer.text))
        for text in SPELLED:
            answer = client.get(address(path), query_string={name: text}, headers=headers(STRANGER))
            if answer.status_code not in (200, 403, 404, 422) or (answer.json or {}).get("items"):
                taken.append((path, f"{name}={text}", answer.text))
    assert taken == []


def test_no_path_takes_an_operator(client: FlaskClient) -> None:
    taken = []
    for path, method in PATHS:
        for text in (*SPELLED, "x\u200b", "x\u202e", "x" * 5_000, "\x00"):
            url = address(path, text.replace("/", "%2F"))
            answer = client.open(url, method=method.upper(), headers=headers(STRANGER))
            if not 400 <= answer.status_code < 500:
                taken.append((method, url, answer.text))
    assert taken == []


@pytest.mark.parametrize("text", SPELLED)
def test_no_header_takes_an_operator(client: FlaskClient, text: str) -> None:
    for name in ("Last-Event-ID", "Accept-Language", "traceparent", "If-Match", "X-CSRF-Token", "Origin"):
        answer = client.get("/api/v1/areas", headers=headers(STRANGER) | {name: text})
        assert answer.status_code == 200
    refused = client.get("/api/v1/areas", headers={"Authorization": f"Bearer {text}"})
    assert refused.status_code == 401
    poll = client.get("/api/v1/events", query_string={"after": text, "wait": 0}, headers=headers(STRANGER))
    assert (poll.status_code, poll.json["frames"]) == (200, [])


@pytest.mark.parametrize(
    "body",
    [
        b'{"login": "a", "password": NaN}',
        b'{"login": "a", "password": Infinity}',
        b'{"login": "a", "login": "b", "password": "c"}',
        b'{"login": "a", "password": "b", "x": {"y": 1, "y": 2}}',
        b"\xef\xbb\xbf{}",
        b'{"a":' * 3_000,
        b"\x00",
        b'{"login": "\xed\xa0\x80", "password": "x"}',
    ],
)
def test_json_that_two_readers_might_read_in_two_ways_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/api/v1/sessions", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "bad-json")
