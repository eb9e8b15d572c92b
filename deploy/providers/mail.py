"""A mail server, played: it takes everything and delivers nothing."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.providers.held import Held
from deploy.providers.moods import HANG_SECONDS, Mood

_REPLIES = {
    Mood.THROTTLED: "451 4.7.1 Greylisted, please try again in 5 minutes",
    Mood.REFUSED: "550 5.1.1 No such user here",
    Mood.DOWN: "421 4.3.2 Service shutting down",
    Mood.GARBAGE: "200 <html>",
}


class Mailbox:
    """What the server does with what it is given."""

    def __init__(self, held: Held) -> None:
        self._held = held

    async def handle_RCPT(  # noqa: N802  the library's own name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whom it is for."""
        del server, session, options
        reply = _REPLIES.get(self._held.moods["mail"])
        if reply is not None:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  the same
        """The words."""
        del server, session
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=default)
        self._held.mail.append({"to": envelope.rcpt_tos, **_read(message)})
        if self._held.moods["mail"] is Mood.HANG:
            await asyncio.sleep(HANG_SECONDS)
        return "250 OK"


def _read(message: EmailMessage) -> dict[str, object]:
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    return {
        "subject": str(message["Subject"]),
        "headers": {name.lower(): str(value) for name, value in message.items()},
        "text": plain.get_content() if plain is not None else "",
        "page": page.get_content() if page is not None else "",
    }
