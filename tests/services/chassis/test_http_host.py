"""The HTTP host: it stops gently, shares its port with nobody, and gives no client more than its due."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import eventlet
import pytest
import structlog
from eventlet.event import Event
from structlog.testing import capture_logs

from chassis.errors import StartError
from chassis.health import Health
from chassis.http_host import STREAM, HttpHost, leave_work
from chassis.http_server import HttpServer, listen
from chassis.settings import Settings
from tests.services.chassis.http_client import Client, client
from tests.waiting import wait_until

SECRET = "internal detail"
LIMIT = 10_000


class App:
    """A WSGI application with one behaviour per path."""

    def __init__(self) -> None:
        self.gate = Event()
        self.begun = 0
        self.ended_streams = 0
        self.seen: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        route: Callable[..., Any] = getattr(self, environ["PATH_INFO"][1:])
        return route(environ, start_response)

    def plain(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.seen = {**structlog.contextvars.get_contextvars(), "told": environ["shiliu.correlation_id"]}
        environ |= {"shiliu.route": "/plain/<id>", "shiliu.account": "a-1"}
        start_response("200 OK", [])
        return [b"fine"]

    def echo(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]

    def slow(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.begun += 1
        self.gate.wait()
        start_response("200 OK", [])
        return [b"done"]

    def poll(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        leave_work(environ)
        return self.slow(environ, start_response)

    def broken(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise ValueError(SECRET)

    def too_big(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("413 Content Too Large", [])
        return [b"no"]

    def stream(self, environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        environ[STREAM] = 1
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return self._frames()

    def _frames(self) -> Iterator[bytes]:
        try:
            yield b"data: 1\n\n"
            self.begun += 1
            self.gate.wait()
            yield b"data: 2\n\n"
        finally:
            self.ended_streams += 1


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def make_host(app: App, health: Health) -> Iterator[Callable[..., HttpHost]]:
    hosts: list[HttpHost] = []

    def make(**settings: Any) -> HttpHost:
        values = {"http_body_limit": LIMIT, "http_stop_grace": 10.0, **settings}
        host = HttpHost(replace(Settings(), **values), app, health, port=0)
        host.start()
        hosts.append(host)
        return host

    yield make
    if not app.gate.ready():
        app.gate.send()
    for host in hosts:
        host.stop()


def test_requests_follow_each_other_on_one_connection(make_host: Callable[..., HttpHost]) -> None:
    with client(make_host().port) as browser:
        assert browser.get("/plain").body == b"fine"
        assert browser.get("/plain").status == 200


def test_each_request_has_one_correlation_id_in_logs_environ_and_answer(
    make_host: Callable[..., HttpHost], app: App
) -> None:
    with client(make_host().port) as browser:
        first = browser.get("/plain").headers["x-correlation-id"]
        second = browser.get("/plain").headers["x-correlation-id"]
    assert first != second
    assert app.seen == {"correlation_id": second, "told": second}


def test_every_answer_has_one_line_that_names_no_address_and_nothing_that_was_sent(
    make_host: Callable[..., HttpHost], app: App
) -> None:
    port = make_host().port
    with capture_logs() as lines:
        with client(port) as browser:
            correlation_id = browser.get("/plain?who=SECRET").headers["x-correlation-id"]
            browser.get("/broken")
        with client(port) as browser:
            browser.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
            wait_until(lambda: app.begun)
            app.gate.send()
        wait_until(lambda: sum(line["event"] == "http.answered" for line in lines) == 3)
    told = [line for line in lines if line["event"] == "http.answered"]
    assert [line["status"] for line in told] == [200, 500, 200]
    first = {name: value for name, value in told[0].items() if name != "ms"}
    assert first == {
        "event": "http.answered",
        "log_level": "info",
        "method": "GET",
        "route": "/plain/<id>",
        "status": 200,
        "account": "a-1",
        "correlation_id": correlation_id,
    }
    assert "SECRET" not in str(told)
    assert "127.0.0.1" not in str(told)


def test_where_something_else_keeps_one_no_log_of_access_is_written(make_host: Callable[..., HttpHost]) -> None:
    with capture_logs() as lines, client(make_host(access_log=False).port) as browser:
        browser.get("/plain")
        browser.get("/plain")
    assert [line for line in lines if line["event"] == "http.answered"] == []


def test_a_stop_waits_for_the_request_in_flight_and_refuses_new_ones(
    make_host: Callable[..., HttpHost], app: App, health: Health
) -> None:
    host = make_host()
    assert health.ready() == []
    with client(host.port) as busy, client(host.port) as late:
        busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: app.begun)
        stopping = eventlet.spawn(host.stop)
        wait_until(lambda: host.draining)
        assert health.ready()
        refused = late.get("/plain")
        assert (refused.status, refused.headers["retry-after"]) == (503, "3")
        assert refused.headers["connection"] == "close"
        assert json.loads(refused.body)["code"] == "restarting"
        with client(host.port) as new:
            assert new.get("/plain").status == 503, "a new connection is answered too while the stop waits"
        app.gate.send()
        assert busy.answer().body == b"done"
        stopping.wait()
        assert busy.closed(10)


def test_a_stop_waits_no_longer_than_its_grace(make_host: Callable[..., HttpHost], app: App) -> None:
    host = make_host(http_stop_grace=0.3)
    with client(host.port) as busy:
        busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: app.begun)
        began = time.monotonic()
        assert not host.drain()
        assert time.monotonic() - began < 8


def test_a_stop_ends_streams_with_a_last_comment(make_host: Callable[..., HttpHost], app: App) -> None:
    host = make_host()
    with client(host.port) as listener:
        listener.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        listener.until(b"\r\n\r\n")
        chunks = listener.chunks()
        assert next(chunks) == b"data: 1\n\n"
        wait_until(lambda: app.begun)
        assert host.drain()
        assert list(chunks) == [b": closing\n\n"]
        assert listener.closed(10)
    assert app.ended_streams == 1, "the stream's own clean-up did not run"


def test_a_stop_answers_those_who_only_wait(make_host: Callable[..., HttpHost], app: App) -> None:
    host = make_host()
    with client(host.port) as waiter:
        waiter.send("GET /poll HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: app.begun)
        assert host.in_work == 0
        assert host.drain()
        assert waiter.answer().status == 503


def test_a_frame_reaches_the_client_at_once(make_host: Callable[..., HttpHost], app: App) -> None:
    """Stock eventlet collects 4096 bytes first."""
    host = make_host()
    with client(host.port) as listener:
        listener.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        listener.until(b"\r\n\r\n")
        assert next(listener.chunks()) == b"data: 1\n\n"
        assert host.in_work == 0, "a stream holds a place among the requests in work"
        assert len(host.waiting) == 1


def test_a_client_that_leaves_a_stream_is_noticed_at_the_next_frame(
    make_host: Callable[..., HttpHost], app: App
) -> None:
    host = make_host()
    with client(host.port) as listener:
        listener.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: app.begun)
    app.gate.send()
    wait_until(lambda: app.ended_streams == 1 and not host.waiting)


def test_one_request_more_than_there_are_places_is_answered_503(make_host: Callable[..., HttpHost], app: App) -> None:
    host = make_host(http_concurrency=2)
    with client(host.port) as one, client(host.port) as two, client(host.port) as three:
        for browser in (one, two):
            browser.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: app.begun == 2)
        refused = three.get("/plain")
        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        app.gate.send()
        assert [one.answer().status, two.answer().status] == [200, 200]
        assert three.get("/plain").status == 200, "the connection is kept, and there is room again"


def test_while_the_database_is_away_the_api_says_so_at_once_and_the_rest_goes_on(
    make_host: Callable[..., HttpHost], app: App
) -> None:
    host = make_host()
    with client(host.port) as browser:
        host.pause()
        refused = browser.get("/api/v1/tickets")
        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        assert json.loads(refused.body)["code"] == "database-away"
        assert browser.get("/plain").status == 200
        host.resume()
        assert browser.get("/api/v1/tickets").status != 503, "the application is asked again"


def test_a_second_host_on_a_taken_port_fails_with_a_sentence(make_host: Callable[..., HttpHost], app: App) -> None:
    """eventlet.listen shares a port by default: the second process would start, and half the requests hang."""
    host = make_host()
    second = HttpHost(Settings(), app, Health(), port=host.port)
    with pytest.raises(StartError, match="已被占用"):
        second.start()


def test_an_unexpected_error_tells_an_id_and_nothing_else(make_host: Callable[..., HttpHost]) -> None:
    with client(make_host().port) as browser:
        answer = browser.get("/broken")
        assert answer.status == 500
        assert len(json.loads(answer.body)["fault"]) == 26
        assert SECRET.encode() not in answer.body
        assert browser.get("/plain").status == 200


def test_a_body_arrives_whole_with_length_or_in_chunks(make_host: Callable[..., HttpHost]) -> None:
    with client(make_host().port) as browser:
        browser.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
        assert browser.answer().body == b"hello"
        browser.send(
            "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
        )
        assert browser.answer().body == b"hello"
        assert browser.get("/plain").body == b"fine"


def test_a_body_over_the_limit_is_refused_before_it_is_read_and_the_socket_closed(
    make_host: Callable[..., HttpHost],
) -> None:
    """Stock eventlet answers 413 and then reads the 300 megabytes to their end to keep the connection."""
    with client(make_host().port) as browser:
        browser.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 300000000\r\n\r\n")
        answer = browser.answer()
        assert (answer.status, answer.headers["connection"]) == (413, "close")
        assert sent_until_refused(browser, b"x" * 65_536, 300_000_000) < 20_000_000


def test_chunks_over_the_limit_are_counted_and_the_socket_closed(make_host: Callable[..., HttpHost]) -> None:
    with client(make_host().port) as browser:
        browser.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
        for _ in range(LIMIT // 4096 + 2):
            browser.send(chunk)
        assert browser.answer().status == 413
        assert sent_until_refused(browser, chunk * 16, 300_000_000) < 20_000_000


def test_a_413_of_the_application_s_own_closes_too(make_host: Callable[..., HttpHost]) -> None:
    with client(make_host().port) as browser:
        answer = browser.get("/too_big")
        assert (answer.status, answer.headers["connection"]) == (413, "close")
        assert browser.closed(10)


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: -5",
        "Content-Length: five",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip",
        "X: " + "x" * 9_000,
        "\r\n".join(f"X-{n}: {'x' * 4_000}" for n in range(20)),
    ],
)
def test_malformed_heads_are_refused_and_closed(make_host: Callable[..., HttpHost], head: str) -> None:
    host = make_host()
    with client(host.port) as browser:
        browser.send(f"POST /echo HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n")
        assert int(browser.until(b"\r\n").split()[1]) == (431 if "X" in head else 400)
        assert browser.closed(10)
    with client(host.port) as browser:
        assert browser.get("/plain").status == 200


def test_broken_chunks_are_refused(make_host: Callable[..., HttpHost]) -> None:
    with client(make_host().port) as browser:
        browser.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        assert browser.answer().status == 400


def test_a_head_that_trickles_in_is_given_up(app: App) -> None:
    """A byte now and then would keep a plain socket time-out from ever firing."""
    server = HttpServer(listen("127.0.0.1", 0), app, socket_seconds=0.5)
    server.start()
    with client(server.port) as slow:
        assert closes_under_trickle(slow, "GET /plain HTTP/1.1\r\nX-A: ")
    server.stop(1.0)


def test_an_idle_connection_is_closed(app: App) -> None:
    server = HttpServer(listen("127.0.0.1", 0), app, socket_seconds=0.3)
    server.start()
    with client(server.port) as idle:
        assert idle.closed(10)
    server.stop(1.0)


def sent_until_refused(browser: Client, part: bytes, at_most: int) -> int:
    """Go on sending; how many bytes the other side took before it would take no more."""
    browser.sock.settimeout(3)
    sent = 0
    try:
        while sent < at_most:
            browser.sock.sendall(part)
            sent += len(part)
    except OSError:
        return sent
    return sent


def closes_under_trickle(browser: Client, head: str) -> bool:
    """Send a byte every now and then; is the connection given up?"""
    browser.send(head)
    for _ in range(50):
        browser.sock.settimeout(0.1)
        try:
            if not browser.sock.recv(1):
                return True
        except TimeoutError:
            pass
        except OSError:
            return True
        try:
            browser.sock.send(b"x")
        except (TimeoutError, BrokenPipeError, ConnectionResetError):
            return True
    return False
