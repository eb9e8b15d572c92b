"""The one client for other people's servers, against such servers over real connections."""

import gc
import ssl
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import eventlet
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chassis.address_filter import Trust
from chassis.outgoing import Answer, Failure, Outgoing
from tests.fakes.far import Far, Received, Reply, a_far_server, reply, silence

HERE = "127.0.0.1"


def out(trust: Trust = Trust.DEVELOPER, **changes: Any) -> Outgoing:
    """Quick to give up."""
    return Outgoing(trust, **{"connect": 2.0, "read": 0.3, "whole": 2.0, **changes})


def names(*addresses: str) -> Callable[[str, int], Sequence[str]]:
    """A resolver that says these, whatever is asked."""
    return lambda _host, _port: addresses


def ask(far: Far, **changes: Any) -> Answer | Failure:
    return out(**changes).exchange("POST", f"{far.url}/hook?key=1", {"X-Said": "yes"}, b"words")


def test_what_is_sent_arrives_and_what_comes_back_is_read() -> None:
    with a_far_server(lambda _: reply({"ok": True}, 201, X_Other="2")) as far:
        answer = ask(far)
        (got,) = far.received
    assert isinstance(answer, Answer)
    assert (answer.status, answer.ok, answer.json(), answer.headers["x-other"]) == (201, True, {"ok": True}, "2")
    assert (got.method, got.path, got.body) == ("POST", "/hook?key=1", b"words")
    assert (got.headers["host"], got.headers["x-said"]) == (f"{HERE}:{far.port}", "yes")


def test_the_host_is_asked_for_by_its_name_at_the_address_that_was_checked() -> None:
    with a_far_server(lambda _: reply()) as far:
        answer = out(resolve=names(HERE)).exchange("GET", f"http://hooks.example.org:{far.port}/", {})
        assert isinstance(answer, Answer)
        assert far.received[0].headers["host"] == f"hooks.example.org:{far.port}"


@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1",), ("10.0.0.1",), ("169.254.169.254",), ("::ffff:127.0.0.1",), ("64:ff9b::7f00:1",), ("::1", HERE)],
)
def test_a_name_that_leads_inside_is_refused(addresses: tuple[str, ...]) -> None:
    with a_far_server(lambda _: reply()) as far:
        found = out(Trust.ANYBODY, resolve=names(*addresses)).exchange("GET", f"http://a.example.org:{far.port}/", {})
        assert (found, far.received) == (Failure.REFUSED_ADDRESS, [])


def test_a_name_that_leads_elsewhere_at_the_second_look_is_spoken_to_where_it_was_checked() -> None:
    looks: list[str] = []

    def turning(host: str, _port: int) -> Sequence[str]:
        looks.append(host)
        return (HERE,) if len(looks) == 1 else ("10.0.0.1",)

    with a_far_server(lambda _: reply()) as far:
        assert isinstance(out(resolve=turning).exchange("GET", f"http://a.example.org:{far.port}/", {}), Answer)
        assert looks == ["a.example.org"]
        assert out(resolve=turning).exchange("GET", f"http://a.example.org:{far.port}/", {}) is Failure.REFUSED_ADDRESS


def test_of_several_addresses_those_inside_are_left_out_and_one_that_is_down_is_passed_over() -> None:
    with a_far_server(lambda _: reply()) as far:
        found = out(resolve=names("10.0.0.1", "127.0.0.2", HERE)).exchange("GET", f"http://a.test:{far.port}/", {})
        assert isinstance(found, Answer)
        assert len(far.received) == 1


@pytest.mark.parametrize("where", ["http://127.0.0.1:{port}/inside", "http://169.254.169.254/", "//127.0.0.1:{port}/"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere(status: int, where: str) -> None:
    with a_far_server(lambda _: reply(b"", status, Location=where)) as far:
        answer = ask(far)
        assert isinstance(answer, Answer)
        assert (answer.status, answer.ok, len(far.received)) == (status, False, 1)


def test_the_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with a_far_server(lambda _: reply()) as far:
        assert isinstance(ask(far), Answer)


def drip(_: Received) -> Iterator[bytes]:
    """Always one more byte, in time for each."""
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        eventlet.sleep(0.01)
        yield b"x"


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (silence, Failure.TIMEOUT),
        (drip, Failure.TIMEOUT),
        (lambda _: None, Failure.RESET),
        (lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour", Failure.RESET),
        (lambda _: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Failure.RESET),
        (lambda _: b"220 mail.example.org ESMTP\r\n", Failure.NOT_HTTP),
        (lambda _: b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", Failure.NOT_HTTP),
        (lambda _: b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\n\r\n", Failure.NOT_HTTP),
        (lambda _: reply(b"x" * 1_025), Failure.TOO_BIG),
        (lambda _: b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000, Failure.TOO_BIG),
    ],
)
def test_what_is_no_answer_is_named(answer: Callable[[Received], Reply], failure: Failure) -> None:
    with a_far_server(answer) as far:
        assert ask(far, largest=1_024, whole=0.6) is failure


def test_a_small_answer_that_would_swell_is_left_as_it_is() -> None:
    squeezed = b"\x1f\x8b\x08" + b"\x00" * 20
    with a_far_server(lambda _: reply(squeezed, Content_Encoding="gzip")) as far:
        answer = ask(far)
        assert isinstance(answer, Answer)
        assert (answer.body, answer.json()) == (squeezed, None)


def test_nobody_there_is_unreachable_and_no_name_is_no_host() -> None:
    with closing(eventlet.listen((HERE, 0))) as taken:
        port = taken.getsockname()[1]
    assert out().exchange("GET", f"http://{HERE}:{port}/", {}) is Failure.UNREACHABLE
    assert out(resolve=names()).exchange("GET", "http://a.example.org/", {}) is Failure.NO_SUCH_HOST


def test_a_resolver_that_hangs_or_fails_is_bounded() -> None:
    def hang(_host: str, _port: int) -> Sequence[str]:
        eventlet.sleep(30)
        return ()

    def fail(_host: str, _port: int) -> Sequence[str]:
        raise OSError

    assert out(resolve=hang, whole=0.1).exchange("GET", "http://a.example.org/", {}) is Failure.TIMEOUT
    assert out(resolve=fail).exchange("GET", "http://a.example.org/", {}) is Failure.NO_SUCH_HOST


def test_a_bound_around_it_is_somebody_elses() -> None:
    with a_far_server(silence) as far, pytest.raises(eventlet.Timeout), eventlet.Timeout(0.1):
        ask(far, read=5.0, whole=10.0)


def test_others_go_on_while_one_waits() -> None:
    with a_far_server(silence) as far:
        waiting = eventlet.spawn(ask, far)
        turns = 0
        while not waiting.dead:
            eventlet.sleep(0.01)
            turns += 1
        assert waiting.wait() is Failure.TIMEOUT
    assert turns > 3


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "120"}, 120.0),
        ({"Retry_After": "Mon, 23 Nov 2026 02:00:30 GMT", "Date": "Mon, 23 Nov 2026 02:00:00 GMT"}, 30.0),
        ({"Retry_After": "Mon, 23 Nov 2026 01:00:00 GMT", "Date": "Mon, 23 Nov 2026 02:00:00 GMT"}, 0.0),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "99999999999999999999"}, None),
        ({"Retry_After": "Mon, 23 Nov 2026 02:00:30 GMT"}, None),
        ({}, None),
    ],
)
def test_when_to_come_again_is_read_as_it_is_meant(headers: dict[str, str], seconds: float | None) -> None:
    with a_far_server(lambda _: reply(b"", 429, **headers)) as far:
        answer = ask(far)
        assert isinstance(answer, Answer)
        assert answer.retry_after == seconds


Certificates = Callable[..., ssl.SSLContext]


@pytest.fixture(scope="module")
def authority() -> tuple[x509.Certificate, Any]:
    """An authority of our own."""
    key = ec.generate_private_key(ec.SECP256R1())
    return _certificate("the authority", key, None, key, issuer="the authority"), key


@pytest.fixture
def certified(authority: tuple[x509.Certificate, Any], tmp_path: Path) -> Certificates:
    """A server's side of TLS, for a name."""

    def for_name(name: str, *, late: bool = False) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(name, key, name, authority[1], issuer="the authority", late=late)
        path = tmp_path / f"{name}.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    return for_name


def _certificate(
    subject: str, key: Any, name: str | None, signer: Any, *, issuer: str, late: bool = False
) -> x509.Certificate:
    ends = datetime.now(UTC) - timedelta(days=1) if late else datetime.now(UTC) + timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=2))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=name is None, path_length=None), critical=True)
    )
    if name is not None:
        kind = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
        builder = builder.add_extension(x509.SubjectAlternativeName([kind]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def trusting(authority: tuple[x509.Certificate, Any]) -> Callable[[], ssl.SSLContext]:
    pem = authority[0].public_bytes(serialization.Encoding.PEM).decode()
    return lambda: ssl.create_default_context(cadata=pem)


def test_tls_is_with_the_name_not_with_the_address(
    certified: Certificates, authority: tuple[x509.Certificate, Any]
) -> None:
    context, asked = certified("hooks.example.org"), []
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with a_far_server(lambda _: reply(b"well"), context=context) as far:
        client = out(resolve=names(HERE), context=trusting(authority))
        answer = client.exchange("POST", f"https://hooks.example.org:{far.port}/", {}, b"words")
        assert isinstance(answer, Answer)
        assert (answer.body, asked) == (b"well", ["hooks.example.org"])
        assert far.received[0].headers["host"] == f"hooks.example.org:{far.port}"
        assert client.exchange("GET", f"https://other.example.org:{far.port}/", {}) is Failure.BAD_TLS
        assert client.exchange("GET", f"https://{HERE}:{far.port}/", {}) is Failure.BAD_TLS
        assert len(far.received) == 1


def test_a_certificate_has_to_be_good(certified: Certificates, authority: tuple[x509.Certificate, Any]) -> None:
    url = "https://hooks.example.org:{}/"
    with a_far_server(lambda _: reply(), context=certified("hooks.example.org")) as far:
        assert out(resolve=names(HERE)).exchange("GET", url.format(far.port), {}) is Failure.BAD_TLS
    with a_far_server(lambda _: reply(), context=certified("hooks.example.org", late=True)) as far:
        client = out(resolve=names(HERE), context=trusting(authority))
        assert client.exchange("GET", url.format(far.port), {}) is Failure.BAD_TLS


def test_a_server_without_tls_is_no_server_with_it() -> None:
    with closing(eventlet.listen((HERE, 0))) as listening:

        def say() -> None:
            connection, _ = listening.accept()
            with closing(connection):
                connection.sendall(b"HTTP/1.1 400 Speak plainly\r\n\r\n")

        speaking = eventlet.spawn(say)
        assert out().exchange("GET", f"https://{HERE}:{listening.getsockname()[1]}/", {}) is Failure.BAD_TLS
        speaking.wait()


def test_a_server_that_is_not_who_it_says_leaves_no_socket_open() -> None:
    gc.collect()  # what other tests left is theirs
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        test_a_server_without_tls_is_no_server_with_it()
        gc.collect()
    assert [str(one.message) for one in warned if one.category is ResourceWarning] == []


def test_an_address_may_have_a_certificate_of_its_own(
    certified: Certificates, authority: tuple[x509.Certificate, Any]
) -> None:
    with a_far_server(lambda _: reply(), context=certified(HERE)) as far:
        assert isinstance(out(context=trusting(authority)).exchange("GET", f"{far.url}/", {}), Answer)


def test_nothing_of_a_url_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with a_far_server(lambda _: b"HTTP/1.1 200 OK\r\nodd header\r\n\r\n") as far:
        ask(far)
    assert "key=1" not in caplog.text
    assert "hook" not in caplog.text
