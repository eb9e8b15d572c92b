"""Clients that hold what others need: places, memory, files, waiting rooms; and who gets through beside them."""

import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from typing import Any

import eventlet
import pytest
from eventlet.event import Event

from chassis.health import Health
from chassis.http_host import STREAM, HttpHost, may_wait
from chassis.http_server import CONNECTIONS, OTHER_FILES, Crowd, most_connections
from chassis.settings import Settings
from tests.services.chassis.http_client import Client, client
from tests.waiting import wait_until

BIG = 12_000_000
"""More than the sockets between take."""
MakeHost = Callable[..., HttpHost]


class App:
    """Answers at length, waits, or streams until the gate opens."""

    def __init__(self) -> None:
        self.gate = Event()
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        if path == "/stream" and not may_wait(environ):
            start_response("429 Too Many Requests", [])
            return [b"no"]
        if path == "/stream":
            self.asked += 1
            wait_until(lambda: self.asked >= int(environ.get("QUERY_STRING") or 1))
            environ[STREAM] = 1
            start_response("200 OK", [])
            return self._frames()
        start_response("200 OK", [])
        return [b"x" * BIG] if path == "/big" else [b"fine"]

    def _frames(self) -> Iterator[bytes]:
        yield b": here\n\n"
        self.gate.wait()


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def make_host(app: App) -> Iterator[MakeHost]:
    hosts: list[HttpHost] = []

    def make(**settings: Any) -> HttpHost:
        host = HttpHost(replace(Settings(), http_stop_grace=0.1, **settings), app, Health(), port=0)
        host.start()
        hosts.append(host)
        return host

    yield make
    if not app.gate.ready():
        app.gate.send()
    for host in hosts:
        host.stop()


def test_who_does_not_read_the_answer_keeps_no_place_among_the_requests_in_work(make_host: MakeHost) -> None:
    host = make_host(http_concurrency=2, http_untaken_per_address=10 * BIG)
    with ExitStack() as held:
        for _ in range(3):
            held.enter_context(closing(_deaf(host.port)))
        wait_until(lambda: len(host.untaken) == 3)
        with client(host.port) as other:
            assert other.get("/fine").status == 200
        assert host.in_work == 0


def test_who_has_answers_to_take_asks_for_no_more_and_others_do(make_host: MakeHost) -> None:
    host = make_host(http_untaken_per_address=BIG)
    with closing(_deaf(host.port)) as deaf:
        wait_until(lambda: len(host.untaken) == 1)
        with client(host.port) as same:
            refused = same.get("/fine")
            assert (refused.status, refused.headers["retry-after"]) == (429, "1")
        other = socket.create_connection(("127.0.0.1", host.port), timeout=15, source_address=("127.0.0.2", 0))
        with closing(other):
            other.sendall(b"GET /fine HTTP/1.1\r\nHost: x\r\n\r\n")
            assert other.recv(100).startswith(b"HTTP/1.1 200")
        deaf.close()
        wait_until(lambda: not host.untaken)
        with client(host.port) as same:
            assert same.get("/fine").status == 200


def test_an_answer_has_to_be_taken_in_time_however_busily_it_is_sipped(make_host: MakeHost) -> None:
    host = make_host(http_body_seconds=0.2, http_body_rate=BIG * 10)
    with closing(_deaf(host.port)) as slow:
        wait_until(lambda: len(host.untaken) == 1)

        def ended() -> bool:
            with suppress(ConnectionError):
                slow.recv(100)
            return not host.untaken

        wait_until(ended)


def test_a_stream_holds_no_body(make_host: MakeHost) -> None:
    body = b"Content-Length: 10000\r\n\r\n" + b"x" * 10_000
    host = make_host(http_body_budget=15_000)
    with client(host.port) as listener, client(host.port) as other:
        listener.send(b"GET /stream HTTP/1.1\r\nHost: x\r\n" + body)
        assert b" 200 " in listener.until(b"\r\n\r\n")
        other.send(b"POST /fine HTTP/1.1\r\nHost: x\r\n" + body)
        assert other.answer().status == 200


def test_of_many_who_ask_at_once_only_so_many_may_wait(make_host: MakeHost, app: App) -> None:
    """All of them asked while none had begun yet."""
    host = make_host(http_streams=2)
    with ExitStack() as held:
        crowd = [held.enter_context(client(host.port)) for _ in range(6)]
        for one in crowd:
            one.send("GET /stream?2 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert sorted(map(_status, crowd)) == [200] * 2 + [429] * 4
        app.gate.send()
        wait_until(lambda: not host.waiting)
        with client(host.port) as late:
            late.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
            assert _status(late) == 200, "a place that was kept for one who is gone is free again"


def test_a_network_of_addresses_is_one_crowd() -> None:
    crowd = Crowd(2, lambda address: address == "2001:db8::9")
    assert [crowd.enter(f"2001:db8::{n}") for n in range(3)] == [True, True, False]
    assert crowd.enter("2001:db8::9"), "who is free is so alone"
    assert crowd.enter("2001:db8:0:1::1")
    crowd.leave("2001:db8::0")
    crowd.leave("2001:db8::9")
    assert crowd.enter("2001:db8::3")


@pytest.mark.parametrize(
    ("hard", "most"),
    [(4_096, 4_096 - OTHER_FILES), (1_000_000, CONNECTIONS), (resource.RLIM_INFINITY, CONNECTIONS), (100, 1)],
)
def test_connections_leave_files_for_the_database(monkeypatch: pytest.MonkeyPatch, hard: int, most: int) -> None:
    chosen: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (64, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _what, limits: chosen.append(limits))
    assert most_connections() == most
    assert chosen == [(hard, hard)]


def _deaf(port: int) -> Any:
    """Asks for much and reads nothing."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    sock.settimeout(15)
    sock.connect(("127.0.0.1", port))
    sock.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
    eventlet.sleep(0)
    return sock


def _status(browser: Client) -> int:
    return int(browser.until(b"\r\n\r\n").split()[1])
