"""Where one request ends and the next begins: nobody behind a proxy gets a second reading of the same bytes."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chassis.health import Health, OpsServer
from chassis.http_chunks import LONGEST_LINE, MOST_TRAILERS
from chassis.http_host import HttpHost
from chassis.settings import Settings
from tests.services.chassis.http_client import client

CHUNKED = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
NEXT = b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n"


def _echo(environ: dict[str, Any], start_response: Any) -> Any:
    start_response("200 OK", [])
    return [environ["PATH_INFO"].encode() + b" " + environ["wsgi.input"].read()]


@pytest.fixture
def host() -> Iterator[HttpHost]:
    found = HttpHost(replace(Settings(), http_body_limit=10_000, http_body_seconds=5.0), _echo, Health(), port=0)
    found.start()
    yield found
    found.stop()


@pytest.mark.parametrize(
    "body",
    [
        b"+5\r\nhello\r\n0\r\n\r\n",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b" 5\r\nhello\r\n0\r\n\r\n",
        b"5 \r\nhello\r\n0\r\n\r\n",
        b"0_5\r\nhello\r\n0\r\n\r\n",
        b"-1\r\n5\r\nhello\r\n0\r\n\r\n",
        b"\r\nhello\r\n0\r\n\r\n",
        b"5\nhello\n0\n\n",
        b"5;a\nb\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhello, there\r\n0\r\n\r\n",
        b"5\r\nhello0\r\n\r\n",
        b"5\r\nhello\r\n0\r\nno trailer\r\n\r\n",
        b"5\r\nhello\r\n0\r\n" + b"X-Trailer: a\r\n" * (MOST_TRAILERS + 1) + b"\r\n",
        b"5;" + b"x" * LONGEST_LINE + b"\r\nhello\r\n0\r\n\r\n",
        b"f" * 17 + b"\r\nhello",
    ],
)
def test_chunks_that_two_servers_might_cut_in_two_ways_are_refused(host: HttpHost, body: bytes) -> None:
    with client(host.port) as browser:
        browser.send(CHUNKED + body)
        assert browser.answer().status == 400
        assert browser.closed(10)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b"0\r\n\r\n", b""),
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"1\r\nh\r\n0004 ; name=value\r\nello\r\n00\r\nX-Trailer: a\r\n\r\n", b"hello"),
    ],
)
def test_what_follows_the_last_chunk_is_the_next_request(host: HttpHost, body: bytes, read: bytes) -> None:
    with client(host.port) as browser:
        browser.send(CHUNKED + body + NEXT)
        assert browser.answer().body == b"/echo " + read
        assert browser.answer().body == b"/next "


def test_the_line_of_a_chunk_ends_or_is_refused_long_before_it_fills_the_memory(host: HttpHost) -> None:
    with client(host.port) as browser:
        began, sent = time.monotonic(), 0
        browser.send(CHUNKED + b"5;")
        try:
            while sent < 40_000_000 and time.monotonic() - began < 10:
                sent += browser.sock.send(b"x" * 60_000)
        except OSError:
            pass
    assert sent < 20_000_000


def test_a_client_that_asks_whether_to_go_on_is_told_so_before_its_chunks(host: HttpHost) -> None:
    with client(host.port) as browser:
        browser.send(CHUNKED.replace(b"Host", b"Expect: 100-continue\r\nHost"))
        assert browser.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        browser.send(b"5\r\nhello\r\n0\r\n\r\n" + NEXT)
        assert [browser.answer().body, browser.answer().body] == [b"/echo hello", b"/next "]


@pytest.mark.parametrize(
    "head",
    [
        "POST /echo HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \x0bchunked",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5",
        f"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: {'9' * 5_000}",
        "POST /echo HTTP/1.1\r\nHost: a b",
        "POST /echo HTTP/1.1\r\nHost: x@y",
        "POST /echo HTTP/1.1\r\nHost: a,b",
        "POST /echo HTTP/1.1\r\nHost: [::1",
        "POST /echo HTTP/1.1\r\nHost: a/b",
    ],
)
def test_a_head_without_one_meaning_is_refused_as_a_problem_like_any_other(host: HttpHost, head: str) -> None:
    with client(host.port) as browser:
        browser.send(f"{head}\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        answer = browser.answer()
        assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
        assert browser.closed(10)


@pytest.mark.parametrize("name", ["", "x", "x:8700", "127.0.0.1:80", "[::1]:8700", "shi-liu.example.org"])
def test_a_host_may_be_named_as_the_rules_allow(host: HttpHost, name: str) -> None:
    with client(host.port) as browser:
        browser.send(f"GET /echo HTTP/1.1\r\nHost: {name}\r\n\r\n")
        assert browser.answer().status == 200


def test_a_question_for_the_head_alone_is_answered_without_a_body(host: HttpHost) -> None:
    """A body would be read as the beginning of the next answer."""
    head = b"HEAD /api/x HTTP/1.1\r\nHost: x\r\n\r\n"
    with client(host.port) as browser:
        browser.send(head + NEXT)
        assert browser.until(b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        assert browser.answer().body == b"/next "
        host.pause()
        browser.send(head + NEXT)
        assert browser.until(b"\r\n\r\n").startswith(b"HTTP/1.1 503 ")
        assert browser.answer().body == b"/next "


def test_the_port_for_operators_keeps_to_that_too() -> None:
    ops = OpsServer(Settings(), Health())
    ops.start(0)
    try:
        with client(ops.port) as browser:
            browser.send(b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert browser.until(b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
            assert browser.answer().body == b'{"alive": true}'
    finally:
        ops.stop()
