"""The address that stands in a mail and stops others of its kind: signed here, read here, for one message.

It names the message and nobody; whose message it is and of which category is looked up when it is used. Source:
RFC 8058 (one click).
"""

import base64
import binascii
import hmac
from collections.abc import Callable

from pymongo.database import Database

from chassis.mongo import Document
from services.notify.adapters.keyed import Keyed
from services.notify.application.sending_ports import Letter
from services.notify.application.stopping import Addressed
from services.notify.domain.category import NEVER_MUTED, Category

KIND = "mail/stop"
PATH = "/api/v1/mail/stop"
_ADDRESSED = {"community_id": 1, "recipient": 1, "category": 1}
_PROOF = 32
"""Characters of the hash that stand in the address."""


class StopTokens:
    """Tokens of messages."""

    def __init__(self, keyed: Keyed) -> None:
        self._keyed = keyed

    def of(self, message_id: str) -> str:
        """The token of a message."""
        name = base64.urlsafe_b64encode(message_id.encode()).decode().rstrip("=")
        return f"{self._keyed(KIND, message_id)[:_PROOF]}{name}"

    def read(self, token: str) -> str | None:
        """The message's id; None where the token is none of ours."""
        proof, name = token[:_PROOF], token[_PROOF:]
        try:
            message_id = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
        except (ValueError, binascii.Error):
            return None
        right = hmac.compare_digest(self._keyed(KIND, message_id)[:_PROOF].encode(), proof.encode())
        return message_id if right else None


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
