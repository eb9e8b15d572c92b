"""The address that stands in a mail and stops others of its kind: sealed here, read here, for one message.

It names the message, sealed, so that whoever sees the address (a scanner of mail, a proxy's log) reads nothing in it:
neither whose message it was nor about what. Both are looked up when it is used. Sources: RFC 8058 (one click), RFC 5297
(AES-SIV: no nonce, and what was changed does not open).
"""

import base64
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from pymongo.database import Database

from chassis.mongo import Document
from services.notify.adapters.keyed import Keyed
from services.notify.application.sending_ports import Letter
from services.notify.application.stopping import Addressed
from services.notify.domain.category import NEVER_MUTED, Category

KIND = "mail/stop"
PATH = "/api/v1/mail/stop"
_ADDRESSED = {"community_id": 1, "recipient": 1, "category": 1}


class StopTokens:
    """Tokens of messages."""

    def __init__(self, keyed: Keyed) -> None:
        self._cipher = AESSIV(b"".join(bytes.fromhex(keyed(KIND, half)) for half in ("mac", "text")))

    def of(self, message_id: str) -> str:
        """The token of a message; the same each time."""
        return base64.urlsafe_b64encode(self._cipher.encrypt(message_id.encode(), None)).decode().rstrip("=")

    def read(self, token: str) -> str | None:
        """The message's id; None where the token is none of ours."""
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            return self._cipher.decrypt(sealed, None).decode()
        except (ValueError, InvalidTag):
            return None


def stop_page(public_url: str, tokens: StopTokens) -> Callable[[Letter], str | None]:
    """Where a letter's kind can be stopped; None for what nobody can mute, and where no public address is set."""

    def page(letter: Letter) -> str | None:
        if not public_url or letter.category in NEVER_MUTED:
            return None
        return f"{public_url.rstrip('/')}{PATH}/{tokens.of(letter.message_id)}"

    return page


class MailLinks:
    """``Links`` over the stored messages."""

    def __init__(self, db: Database[Document], tokens: StopTokens) -> None:
        self._messages = db["messages"]
        self._tokens = tokens

    def addressed(self, token: str) -> Addressed | None:
        """See ``Links``."""
        message_id = self._tokens.read(token)
        row = None if message_id is None else self._messages.find_one({"_id": message_id}, _ADDRESSED)
        if row is None:
            return None
        return Addressed(
            community_id=row["community_id"],
            recipient=row["recipient"],
            category=Category(row.get("category", Category.ORDER.value)),
        )
