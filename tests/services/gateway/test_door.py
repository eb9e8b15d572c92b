"""A large body is read only of somebody who may send it: on a real socket, before the first byte of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chassis.health import Health
from chassis.http_host import UNASKED, HttpHost
from contracts.actor import Actor, Role
from gateway.api.app import make_app, uploads
from gateway.api.door import door
from gateway.limits.limiter import Limiter
from gateway.limits.limits import Limits
from gateway.limits.policy import parse
from tests.builders import TICKET_ID, an_actor
from tests.fakes.desk import NOW, SETTINGS, NoDatabase, a_desk
from tests.services.chassis.http_client import Answer, client

PATH = f"/api/v1/tickets/{TICKET_ID}/pictures?kind=thing"
LARGE = UNASKED + 1
SETTINGS_HERE = replace(SETTINGS, http_body_limit=200_000, http_upload_limit=400_000)
RATES: Any = NoDatabase()


@pytest.fixture
def host() -> Iterator[HttpHost]:
    limiter = Limiter(RATES["rates"], SETTINGS.token_key, now=lambda: NOW)
    limits = Limits(limiter, account=parse("A", "upload=2/60"), address=parse("B", "upload=100/60"))
    app = make_app(a_desk(settings=SETTINGS_HERE, limits=limits))
    found = HttpHost(SETTINGS_HERE, app, Health(), port=0, uploads=uploads(app), door=door(app))
    found.start()
    yield found
    found.stop()


def _token(who: Actor) -> str:
    return "Authorization: Bearer " + a_desk().tokens.issue(who)[0]


def _head(path: str, size: int | None, *headers: str, kind: str = "image/jpeg") -> bytes:
    length = "Transfer-Encoding: chunked" if size is None else f"Content-Length: {size}"
    lines = [f"POST {path} HTTP/1.1", "Host: x", length, f"Content-Type: {kind}", "Idempotency-Key: k", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _asked(host: HttpHost, head: bytes) -> Answer:
    with client(host.port) as browser:
        browser.send(head)
        answer = browser.answer()
        assert browser.closed(3), "what was not read would be taken for the next request"
        return answer


@pytest.mark.parametrize("size", [LARGE, 300_000, None])
@pytest.mark.parametrize("token", [[], ["Authorization: Bearer forged"]])
def test_who_is_not_signed_in_hears_so_before_sending(host: HttpHost, size: int | None, token: list[str]) -> None:
    answer = _asked(host, _head(PATH, size, *token))
    assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json")


def test_nor_is_a_client_that_asks_told_to_go_on(host: HttpHost) -> None:
    assert _asked(host, _head(PATH, LARGE, "Expect: 100-continue")).status == 401


def test_neither_is_read_what_a_role_may_not_send_nor_what_no_address_takes(host: HttpHost) -> None:
    client_role = _token(an_actor(Role.CLIENT))
    assert _asked(host, _head("/api/v1/nothing", LARGE, client_role)).status == 404
    assert _asked(host, _head("/api/v1/accounts", LARGE, client_role, kind="application/json")).status == 403
    assert _asked(host, _head("/api/v1/sessions", LARGE)).status == 415
    packed = _head("/api/v1/sessions", LARGE, "Content-Encoding: gzip", kind="application/json")
    assert _asked(host, packed).status == 415


def test_what_may_come_is_read_within_its_bound(host: HttpHost) -> None:
    token = _token(an_actor(Role.RESIDENT))
    assert _asked(host, _head(PATH, 400_001, token)).status == 413
    with client(host.port) as browser:
        browser.send(_head(PATH, 300_000, token) + b"x" * 300_000)
        answer = browser.answer()
    assert answer.status == 503, "it came as far as the database that is away"
    assert answer.headers["ratelimit"] == '"upload-account";r=0;t=60', "counted once each, and said"


def test_one_too_many_is_refused_unread(host: HttpHost) -> None:
    token = _token(an_actor(Role.RESIDENT))
    for _ in range(2):
        assert _asked(host, _head(PATH, 400_001, token)).status == 413
    answer = _asked(host, _head(PATH, 300_000, token))
    assert (answer.status, answer.headers["retry-after"]) == (429, "90")


def test_a_small_body_costs_no_closed_connection(host: HttpHost) -> None:
    with client(host.port) as browser:
        for _ in range(2):
            browser.send(_head(PATH, 5) + b"hello")
            assert browser.answer().status == 401
