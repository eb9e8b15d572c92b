"""Mail against a real SMTP server on this machine, and against servers that behave badly."""

import gc
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused, SMTPServerDisconnected
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chassis.settings import SettingsError
from deploy.providers.moods import Mood
from deploy.stack.ports import free_ports
from services.notify.adapters.mail_answers import refused, replied
from services.notify.adapters.mail_post import MailPost, direction, read_server
from services.notify.application.sending_ports import Address, Sent
from services.notify.domain.message import DeliveryStatus
from tests.builders_of_letters import a_letter
from tests.fakes.providers import the_providers

LATER, NEVER = DeliveryStatus.FAILED_TEMPORARY, DeliveryStatus.FAILED_PERMANENT
TO = Address(way="email", value="anna@example.org")
FROM = "石榴里社区 <shiliu@community.example>"
STOP = "https://shiliu.example/api/v1/mail/stop/t"


def a_post(url: str, password: str = "", stop: str | None = STOP, timeout: float = 5.0, **more: Any) -> MailPost:
    return MailPost(read_server(url, password, FROM), timeout, lambda _: stop, lambda: datetime.now(UTC), **more)


def plain(port: int) -> str:
    return f"smtp+plain://127.0.0.1:{port}"


def test_a_mail_arrives_in_words_and_as_a_page_with_a_way_to_stop_it() -> None:
    with the_providers() as played:
        sent = a_post(plain(played.mail_port)).send(a_letter(body="今晚7点\n<b>1栋</b>"), TO)
        (mail,) = played.held.mail
        headers = mail["headers"]
        assert sent == Sent(status=DeliveryStatus.SENT, reference=headers["message-id"])
        assert mail["to"] == ["anna@example.org"]
        assert (mail["subject"], headers["from"]) == ("请您帮忙", FROM)
        assert headers["list-unsubscribe"] == f"<{STOP}>"
        assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert headers["auto-submitted"] == "auto-generated"
        assert mail["text"].splitlines() == ["今晚7点", "<b>1栋</b>"]
        assert "<p>&lt;b&gt;1栋&lt;/b&gt;</p>" in mail["page"], "what is in the words is no mark-up"
        assert '<html lang="zh-CN" dir="ltr">' in mail["page"]


def test_the_same_message_has_the_same_id_and_nobody_can_read_from_it_whose() -> None:
    with the_providers() as played:
        post = a_post(plain(played.mail_port))
        ids = [post.send(a_letter(message_id=one), TO).reference or "" for one in ("e:r:account:anna:x", "e:r:b:x")]
        again = post.send(a_letter(message_id="e:r:account:anna:x"), TO).reference
        assert (again, len(set(ids))) == (ids[0], 2)
        assert ids[0].endswith("@community.example>")
        assert "anna" not in ids[0]


def test_what_cannot_be_muted_has_no_way_to_stop_it_and_a_language_runs_as_it_is_written() -> None:
    with the_providers() as played:
        a_post(plain(played.mail_port), stop=None).send(a_letter(locale="ug", title="ياردەم", body="سالام"), TO)
        (mail,) = played.held.mail
        assert "list-unsubscribe" not in mail["headers"]
        assert 'dir="rtl"' in mail["page"]
    assert [direction(one) for one in ("ug", "ar-EG", "kk-Arab", "kk", "en", "zh-CN")] == ["rtl"] * 3 + ["ltr"] * 3


@pytest.mark.parametrize(
    ("mood", "sent"),
    [
        (Mood.THROTTLED, Sent(status=LATER, reason="mail-greylisted", retry_after=300.0)),
        (Mood.REFUSED, Sent(status=NEVER, reason="mail-no-such-address")),
        (Mood.DOWN, Sent(status=LATER, reason="mail-server-busy", retry_after=60.0)),
    ],
)
def test_a_reply_of_the_server_decides(mood: Mood, sent: Sent) -> None:
    with the_providers() as played:
        played.held.moods["mail"] = mood
        assert a_post(plain(played.mail_port)).send(a_letter(), TO) == sent
        assert played.held.mail == []


@pytest.mark.parametrize(
    "address", ["anna", "anna@", "a b@example.org", "anna@example.org\nBcc: x@y.z", "a@" + "b" * 260]
)
def test_what_is_no_address_goes_nowhere(address: str) -> None:
    sent = a_post(plain(1)).send(a_letter(), Address(way="email", value=address))
    assert sent == Sent(status=NEVER, reason="mail-address-illegal")


@contextmanager
def a_server_that_says(*lines: bytes | None) -> Iterator[int]:
    """After each line of its client it says the next; None: it hangs up."""
    server = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with closing(server.accept()[0]) as peer:
            heard = peer.makefile("rb")
            for line in lines:
                if line is None:
                    return
                peer.sendall(line)
                if line.startswith(b"354"):
                    while heard.readline().strip() not in (b".", b""):
                        pass
                elif not heard.readline():
                    return
            threading.Event().wait(1.0)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()
        thread.join(5.0)


HELLO = (b"220 here\r\n", b"250 here\r\n", b"250 ok\r\n", b"250 ok\r\n")


def test_a_server_that_is_gone_after_the_words_may_have_taken_them() -> None:
    with a_server_that_says(*HELLO, b"354 go on\r\n", None) as port:
        sent = a_post(plain(port)).send(a_letter(), TO)
    assert sent == Sent(status=LATER, reason="mail-outcome-unknown", retry_after=300.0)


def test_a_server_that_is_gone_before_the_words_has_not() -> None:
    with a_server_that_says(HELLO[0], HELLO[1], None) as port:
        assert a_post(plain(port)).send(a_letter(), TO).reason == "mail-server-gone"


def test_garbage_and_silence_are_for_now() -> None:
    with a_server_that_says(b"<html>\r\n", None) as port:
        assert a_post(plain(port)).send(a_letter(), TO).status is LATER
    with a_server_that_says() as port:
        assert a_post(plain(port), timeout=0.3).send(a_letter(), TO) == Sent(
            status=LATER, reason="mail-timeout", retry_after=60.0
        )
    assert a_post(plain(port)).send(a_letter(), TO).reason == "mail-unreachable"


@pytest.mark.parametrize("greeting", [(b"554 go away\r\n", None), (b"<html>\r\n", None), (None,), ()])
def test_a_server_that_does_not_greet_leaves_no_socket_open(greeting: tuple[bytes | None, ...]) -> None:
    with warnings.catch_warnings(record=True) as warned, a_server_that_says(*greeting) as port:
        warnings.simplefilter("always")
        assert a_post(plain(port), timeout=0.3).send(a_letter(), TO).status is not DeliveryStatus.SENT
        gc.collect()
    assert [
        str(one.message) for one in warned if one.category is ResourceWarning and f", {port})" in str(one.message)
    ] == []


def test_without_tls_nothing_is_said_to_a_server_that_should_have_it() -> None:
    with the_providers() as played:
        sent = a_post(f"smtp://127.0.0.1:{played.mail_port}").send(a_letter(), TO)
        assert (sent.status, sent.reason) == (LATER, "mail-server-unfit")
        assert played.held.mail == []


class _Keeper:
    def __init__(self) -> None:
        self.kept: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  the library's name
        self.kept.append(
            (session.ssl is not None, session.auth_data, message_from_bytes(envelope.content, policy=default))
        )
        return "250 OK"


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data.password == b"right", handled=False, auth_data=data.login.decode())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    day = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day - timedelta(days=1))
        .not_valid_after(day + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def test_words_go_over_tls_to_the_server_whose_certificate_holds(certificate: Path) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate)
    keeper = _Keeper()
    served = Controller(
        keeper,
        hostname="127.0.0.1",
        port=free_ports(1)[0],
        tls_context=own,
        require_starttls=True,
        authenticator=_authenticate,
        auth_required=True,
    )
    served.start()
    try:
        url = f"smtp://shiliu%40community@localhost:{served.port}"
        trusting = a_post(url, "right", context=lambda: ssl.create_default_context(cafile=certificate))
        assert trusting.send(a_letter(), TO).status is DeliveryStatus.SENT
        ((encrypted, who, message),) = keeper.kept
        assert (encrypted, who, message["Subject"]) == (True, "shiliu@community", "请您帮忙")

        wrong = a_post(url, "wrong", context=lambda: ssl.create_default_context(cafile=certificate))
        assert wrong.send(a_letter(), TO).reason == "mail-key-refused"
        stranger = a_post(url, "right").send(a_letter(), TO)
        assert (stranger.status, stranger.reason) == (LATER, "mail-bad-tls")
        assert len(keeper.kept) == 1
    finally:
        served.stop()


@pytest.mark.parametrize(
    ("code", "text", "status", "reason"),
    [
        (450, b"try again", LATER, "mail-greylisted"),
        (451, b"4.7.1 greylisted", LATER, "mail-greylisted"),
        (452, b"4.2.2 over quota", LATER, "mail-box-full"),
        (552, b"5.2.2 mailbox full", LATER, "mail-box-full"),
        (550, b"5.1.1 no such user", NEVER, "mail-no-such-address"),
        (550, b"5.7.1 blocked", NEVER, "mail-refused"),
        (554, b"no", NEVER, "mail-refused"),
        (599, b"?", NEVER, "mail-599"),
        (499, b"?", LATER, "mail-499"),
        (-1, b"<html>", LATER, "mail-garbage"),
    ],
)
def test_the_table_of_replies(code: int, text: bytes, status: DeliveryStatus, reason: str) -> None:
    verdict = replied(code, text)
    assert (verdict.status, verdict.reason) == (status, reason)


def test_what_went_wrong_where_decides() -> None:
    assert refused(SMTPRecipientsRefused({"a@b": (550, b"5.1.1 no")}), had_words=False).reason == "mail-no-such-address"
    assert refused(SMTPSenderRefused(550, b"no", "s@t"), had_words=False).status is LATER, "the operator's to set right"
    assert refused(SMTPDataError(554, b"5.7.1 spam"), had_words=True).reason == "mail-refused"
    assert refused(SMTPServerDisconnected("x"), had_words=True).reason == "mail-outcome-unknown"
    assert refused(ConnectionResetError(), had_words=True).reason == "mail-outcome-unknown"
    assert refused(ConnectionRefusedError(), had_words=False).reason == "mail-unreachable"


def test_a_sender_that_is_no_address_is_named_at_the_start() -> None:
    with pytest.raises(SettingsError, match="SHILIU_MAIL_FROM"):
        read_server("smtp://mail.example.org", "", "nobody")
