"""Mail by SMTP: one message to one address, over TLS, as plain words and as a simple page.

The library is the standard one, whose sockets the cooperative process makes its own, so that a slow server keeps
nobody waiting but its own message. The same message always has the same Message-ID: a mailbox that got it twice can
tell.
"""

import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from functools import cached_property
from html import escape
from typing import Any
from urllib.parse import unquote, urlsplit

from eventlet import Timeout

from chassis.outgoing import closing_refused
from chassis.settings import SettingsError
from services.notify.adapters.mail_answers import OUTCOME_UNKNOWN, refused
from services.notify.adapters.verdicts import later, never
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.message import DeliveryStatus

WAY = "email"
_POLICY = SMTP.clone(cte_type="7bit")
"""Any server takes it: not each says that it takes more."""
LONGEST = 254
"""Characters of an address (RFC 5321 4.5.3.1.3)."""
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_ARABIC = "arab"


class Security(StrEnum):
    """How the words are kept from others on their way."""

    STARTTLS = "smtp"
    TLS = "smtps"
    NONE = "smtp+plain"
    """On one machine, never in production."""


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    sender: str

    @property
    def domain(self) -> str:
        """The sender's own, which stands in every Message-ID."""
        return parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"


class MailPost:
    """A ``Post``. ``timeout`` is seconds for the whole of one try, ``unsubscribe`` gives the address of the page that
    stops such mail (None: it cannot be stopped), ``now`` is real time.
    """

    def __init__(
        self,
        server: MailServer,
        timeout: float,
        unsubscribe: Callable[[Letter], str | None],
        now: Callable[[], datetime],
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._server = server
        self._timeout = timeout
        self._unsubscribe = unsubscribe
        self._now = now
        self._make_context = context

    @property
    def way(self) -> str:
        """See ``Post``."""
        return WAY

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``."""
        if len(address.value) > LONGEST or not _ADDRESS.fullmatch(address.value):
            return never("mail-address-illegal").sent()
        message = self._written(letter, address.value)
        handing = _Handing()
        bound = Timeout(self._timeout)
        try:
            self._hand_in(message, address.value, handing)
        except Timeout as raised:
            if raised is not bound:
                raise
            return (OUTCOME_UNKNOWN if handing.had_words else later("mail-timeout", 60.0)).sent()
        except (smtplib.SMTPException, OSError) as error:
            return refused(error, had_words=handing.had_words).sent()
        finally:
            bound.cancel()
        return Sent(status=DeliveryStatus.SENT, reference=str(message["Message-ID"]))

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return closing_refused(self._make_context())

    def _hand_in(self, message: EmailMessage, to: str, handing: "_Handing") -> None:
        connection = self._connected()
        try:
            if self._server.security is Security.STARTTLS:
                connection.starttls(context=self._context)
            if self._server.user:
                connection.login(self._server.user, self._server.password)
            sender = parseaddr(self._server.sender)[1]
            connection.ehlo_or_helo_if_needed()
            _must(connection.mail(sender), lambda code, text: smtplib.SMTPSenderRefused(code, text, sender))
            _must(connection.rcpt(to), lambda code, text: smtplib.SMTPRecipientsRefused({to: (code, text)}))
            handing.had_words = True
            _must(connection.data(message.as_bytes(policy=_POLICY)), smtplib.SMTPDataError)
        finally:
            # What the server says to goodbye changes nothing any more.
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.security is Security.TLS:
            return _SecureConnection(
                server.host, server.port, server.domain, timeout=self._timeout, context=self._context
            )
        return _Connection(server.host, server.port, server.domain, timeout=self._timeout)

    def _written(self, letter: Letter, to: str) -> EmailMessage:
        message = EmailMessage(policy=_POLICY)
        message["Subject"] = " ".join(letter.title.split())
        message["From"] = self._server.sender
        message["To"] = to
        message["Date"] = format_datetime(self._now())
        message["Message-ID"] = f"<{hashlib.sha256(letter.message_id.encode()).hexdigest()[:40]}@{self._server.domain}>"
        message["Content-Language"] = letter.locale
        message["Auto-Submitted"] = "auto-generated"
        stop = self._unsubscribe(letter)
        if stop is not None:
            message["List-Unsubscribe"] = f"<{stop}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(letter.body)
        message.add_alternative(_page(letter, stop), subtype="html")
        return message


class _Connection(smtplib.SMTP):
    """Closed at once where the server does not greet: whoever wanted it has none."""

    def connect(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """As usual."""
        try:
            return super().connect(*arguments, **options)
        except BaseException:
            self.close()
            raise


class _SecureConnection(_Connection, smtplib.SMTP_SSL):
    """The same by TLS from its first byte."""


class _Handing:
    """How far a try came."""

    had_words = False


def _must(reply: tuple[int, bytes], error: Callable[[int, bytes], Exception]) -> None:
    code, text = reply
    if not 200 <= code < 300:
        raise error(code, text)


def direction(locale: str) -> str:
    """``rtl`` for what is written from right to left, else ``ltr``."""
    language, *rest = locale.lower().replace("_", "-").split("-")
    return "rtl" if language in _RIGHT_TO_LEFT or _ARABIC in rest else "ltr"


def _page(letter: Letter, stop: str | None) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in letter.body.splitlines() if line.strip())
    chinese = letter.locale.startswith("zh")
    label = "不再收这类邮件" if chinese else "No more mail of this kind"
    foot = "" if stop is None else f'<p><a href="{escape(stop)}">{label}</a></p>'
    return (
        f'<!DOCTYPE html><html lang="{escape(letter.locale)}" dir="{direction(letter.locale)}"><head>'
        f'<meta charset="utf-8"><title>{escape(letter.title)}</title></head>'
        f'<body dir="{direction(letter.locale)}"><h1>{escape(letter.title)}</h1>{lines}{foot}</body></html>'
    )


def read_server(url: str, password: str, sender: str) -> MailServer:
    """The settings as a server; raises SettingsError where the sender is no address."""
    parts = urlsplit(url)
    security = Security(parts.scheme)
    if not _ADDRESS.fullmatch(parseaddr(sender)[1]):
        raise SettingsError("SHILIU_MAIL_FROM:要像 石榴里社区 <shiliu@example.org> / has to hold a mail address")
    usual = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or usual[security],
        security=security,
        user=unquote(parts.username or ""),
        password=password,
        sender=sender,
    )
