"""The way out to endpoints: the house's client for foreign servers, and signatures by the standard's own library."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from eventlet import Timeout
from standardwebhooks import Webhook

from chassis.outgoing import Failure, Outgoing
from services.notify.domain.delivery import Told
from services.notify.domain.endpoint import SECRET_BYTES, SECRET_PREFIX

LOOK_SECONDS = 2.0
"""So long whoever enters an address waits for its name to be looked up; then it is believed for now."""
_HTTPS = "https://"
_LATER = frozenset({Failure.NO_SUCH_HOST})
"""What says nothing of the address itself: a name may be there in a moment. It is looked at again at every try."""


class WebhookPoster:
    """A ``Poster``. *https_only*: outside development."""

    def __init__(self, outgoing: Outgoing, *, https_only: bool) -> None:
        self._outgoing = outgoing
        self._https_only = https_only

    def refused(self, url: str) -> str | None:
        """Looked up now, too, so that whoever enters it hears of it at once; each try looks again."""
        if self._https_only and not url.lower().startswith(_HTTPS):
            return "not-https"
        found = None
        with Timeout(LOOK_SECONDS, False):
            found = self._outgoing.addresses(url)
        return found.value if isinstance(found, Failure) and found not in _LATER else None

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Told:
        """See ``Poster``; of the answer nothing but its status and Retry-After is looked at."""
        if self._https_only and not url.lower().startswith(_HTTPS):
            return Told(failure="not-https")
        answer = self._outgoing.exchange("POST", url, headers, body)
        if isinstance(answer, Failure):
            return Told(failure=answer.value)
        return Told(status=answer.status, asked=answer.retry_after)


class StandardSigner:
    """A ``Signer``."""

    def new_secret(self) -> str:
        """See ``Signer``."""
        return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()

    def headers(self, secrets: Sequence[str], event_id: str, at: datetime, body: str) -> Mapping[str, str]:
        """The library takes any moment for UTC, whatever its zone says: it is made one before."""
        moment = at.astimezone(UTC)
        signatures = [Webhook(secret).sign(event_id, moment, body) for secret in secrets]
        return {
            "Content-Type": "application/json; charset=utf-8",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
