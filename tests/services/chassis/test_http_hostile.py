"""The host against clients that mean harm: ambiguous heads, slow bodies, crowds from one address."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from eventlet.event import Event

from chassis.health import Health
from chassis.http_host import STREAM, HttpHost, may_wait
from chassis.settings import Settings
from tests.services.chassis.http_client import Client, client
from tests.waiting import wait_until

LIMIT = 10_000
UPLOAD = 200_000
MakeHost = Callable[..., HttpHost]


class App:
    """Echoes a body, or streams until the gate opens."""

    def __init__(self) -> None:
        self.gate = Event()
        self.streams = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/stream":
            start_response("200 OK", [("X-Address", environ["shiliu.address"]), ("Cache-Control", "max-age=60")])
            return [str(len(environ["wsgi.input"].read())).encode()]
        if not may_wait(environ):
            start_response("429 Too Many Requests", [])
            return [b"no"]
        environ[STREAM] = 1
        start_response("200 OK", [])
        return self._frames()

    def _frames(self) -> Iterator[bytes]:
        self.streams += 1
        yield b": here\n\n"
        self.gate.wait()


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def make_host(app: App) -> Iterator[MakeHost]:
    hosts: list[HttpHost] = []

    def make(**settings: Any) -> HttpHost:
        values = {"http_body_limit": LIMIT, "http_upload_limit": UPLOAD, **settings}
        host = HttpHost(
            replace(Settings(), **values), app, Health(), port=0, uploads=lambda how, path: path == "/pictures/石"
        )
        host.start()
        hosts.append(host)
        return host

    yield make
    if not app.gate.ready():
        app.gate.send()
    for host in hosts:
        host.stop()


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: +5",
        "Content-Length: 5_0",
        "Content-Length: ٥",
        "Content-Length : 5",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "X-Folded: one\r\n two",
        " X-First: folded",
        "no header at all",
        "Na(me: x",
        "Host: y",
        "Authorization: Bearer a\r\nAuthorization: Bearer b",
        "Idempotency-Key: a\r\nIdempotency-Key: b",
        "X-Nul: a\x00b",
        "X-Return: a\rContent-Length: 5",
    ],
)
def test_a_head_that_two_servers_might_read_in_two_ways_is_refused(make_host: MakeHost, head: str) -> None:
    with client(make_host().port) as browser:
        browser.send(f"POST /echo HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\nhello".encode())
        assert b" 400 " in browser.until(b"\r\n")
        assert browser.closed(10)


@pytest.mark.parametrize(
    "line", ["GET /a b HTTP/1.1", "GET", "GET / HTTP/9.9", "G<script>T / HTTP/1.1\r\nHost: x", "GET / HTTP/1.1"]
)
def test_a_request_line_that_is_none_is_refused_without_an_echo_of_it(make_host: MakeHost, line: str) -> None:
    with client(make_host().port) as browser:
        browser.send(f"{line}\r\n\r\n")
        browser.sock.settimeout(15)
        answer = b""
        while part := browser.sock.recv(65_536):
            answer += part
            if b"200 OK" in answer:
                break
        assert b"<" not in answer
        assert b"script" not in answer


def test_an_address_that_is_too_long_is_a_problem_like_any_other(make_host: MakeHost) -> None:
    with client(make_host().port) as browser:
        browser.send(f"GET /{'x' * 9_000} HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = browser.answer()
    assert (answer.status, answer.headers["content-type"]) == (414, "application/problem+json")
    assert json.loads(answer.body)["code"] == "address-too-long"


def test_a_head_may_speak_of_parts(make_host: MakeHost) -> None:
    """The parser of e-mail behind http.server finds a defect in each: their body is not there yet."""
    body = b"--b\r\n\r\nx\r\n--b--\r\n"
    with client(make_host().port) as browser:
        browser.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n")
        browser.send(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        assert browser.answer().status == 200


def test_every_answer_tells_browsers_to_guess_and_embed_nothing(make_host: MakeHost) -> None:
    with client(make_host().port) as browser:
        fine = browser.get("/echo").headers
        browser.send(f"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {LIMIT + 1}\r\n\r\n")
        refused = browser.answer().headers
    for headers in (fine, refused):
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
    assert fine["cache-control"] == "max-age=60", "what the application says stands"
    assert refused["cache-control"] == "no-store"


def test_only_where_files_are_sent_a_body_may_be_large(make_host: MakeHost) -> None:
    host = make_host()
    for path, size, status in (
        ("/echo", LIMIT, 200),
        ("/echo", LIMIT + 1, 413),
        ("/pictures/%E7%9F%B3", UPLOAD, 200),
        ("/pictures/%E7%9F%B3", UPLOAD + 1, 413),
    ):
        with client(host.port) as browser:
            browser.send(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode())
            if status == 200:
                browser.send(b"x" * size)
            assert browser.answer().status == status, (path, size)


def test_what_is_sent_at_once_by_many_has_a_bound_and_is_given_back(make_host: MakeHost) -> None:
    host = make_host(http_body_budget=15_000)
    with client(host.port) as slow, client(host.port) as late:
        slow.send(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n" + b"x" * 9_999)
        refused = _until(lambda: _post(late, 10_000), lambda answer: answer.status == 503)
        assert refused.headers["retry-after"] == "1"
        assert json.loads(refused.body)["code"] == "too-busy"
        with client(host.port) as small:
            assert _post(small, 100).status == 200, "what is small finds room"
        slow.send(b"x")
        assert slow.answer().body == b"10000"
    for _ in range(3):
        with client(host.port) as after:
            assert _post(after, 10_000).status == 200


def test_a_body_that_trickles_in_is_given_up_however_busily(make_host: MakeHost) -> None:
    host = make_host(http_body_seconds=0.3, http_body_rate=10_000)
    with client(host.port) as slow:
        slow.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        assert _trickle(slow).status == 408


def test_one_address_has_only_so_many_connections_and_others_come_through(make_host: MakeHost) -> None:
    host = make_host(http_connections_per_address=3)
    with ExitStack() as held:
        crowd = [held.enter_context(client(host.port)) for _ in range(3)]
        assert [one.get("/echo").status for one in crowd] == [200] * 3
        with client(host.port) as fourth:
            assert fourth.closed(10)
        other = socket.create_connection(("127.0.0.1", host.port), timeout=15, source_address=("127.0.0.2", 0))
        with other:
            other.sendall(b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
            assert other.recv(100).startswith(b"HTTP/1.1 200")
        crowd[0].sock.close()
        wait_until(lambda: _answers(host))


def test_a_proxy_and_an_unlimited_network_bring_as_many_as_they_like(make_host: MakeHost) -> None:
    for setting in ("trusted_proxies", "unlimited_addresses"):
        host = make_host(http_connections_per_address=1, **{setting: ("127.0.0.0/8",)})
        with client(host.port) as one, client(host.port) as two:
            assert [one.get("/echo").status, two.get("/echo").status] == [200, 200]


def test_one_address_has_only_so_many_streams(make_host: MakeHost, app: App) -> None:
    host = make_host(http_streams_per_address=2, trusted_proxies=("127.0.0.1",))

    def listen(held: ExitStack, address: str) -> int:
        browser = held.enter_context(client(host.port))
        browser.send(f"GET /stream HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {address}\r\n\r\n")
        return int(browser.until(b"\r\n\r\n").split()[1])

    with ExitStack() as held:
        assert [listen(held, "203.0.113.7") for _ in range(3)] == [200, 200, 429]
        assert listen(held, "203.0.113.8") == 200
        assert [listen(held, f"2001:db8::{n}") for n in range(3)] == [200, 200, 429], "a network is one client"
        app.gate.send()
        wait_until(lambda: not host.waiting)
        assert listen(held, "203.0.113.7") == 200


def test_streams_altogether_have_a_bound(make_host: MakeHost, app: App) -> None:
    host = make_host(http_streams=2)
    with ExitStack() as held:
        statuses = []
        for _ in range(3):
            browser = held.enter_context(client(host.port))
            browser.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
            statuses.append(int(browser.until(b"\r\n\r\n").split()[1]))
        assert statuses == [200, 200, 429]


def _post(browser: Client, size: int) -> Any:
    browser.send(f"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * size)
    return browser.answer()


def _until(act: Callable[[], Any], holds: Callable[[Any], bool]) -> Any:
    end = time.monotonic() + 20
    while not holds(found := act()):
        assert time.monotonic() < end, found
    return found


def _trickle(browser: Client) -> Any:
    browser.sock.settimeout(0.05)
    for _ in range(100):
        try:
            browser.send("x")
            browser._left += browser.sock.recv(65_536)
            break
        except TimeoutError:
            continue
    browser.sock.settimeout(15)
    return browser.answer()


def _answers(host: HttpHost) -> bool:
    try:
        with client(host.port) as browser:
            return browser.get("/echo").status == 200
    except (AssertionError, OSError):
        return False
