"""Failure has an address: three retry queues, one after the other, then the dead queue with the reason.

The delay is the message's own ``expiration``, so the queues' arguments never change. A message that comes back is
known by the ``type`` in its body and by these headers. It is published with a confirm before the old one is acked.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chassis import metrics
from chassis.confirms import Outgoing, outgoing
from chassis.link import LinkLost
from chassis.reactions import Failure, Undecodable
from chassis.settings import Settings
from contracts.topology import RETRIES, dead_queue, retry_queue

ATTEMPTS = "shiliu-attempts"
REASON = "shiliu-reason"
HANDLER = "shiliu-handler"
ERROR = "shiliu-error"
FIRST_FAILED = "shiliu-first-failed"
LAST_FAILED = "shiliu-last-failed"
EVENT_ID = "shiliu-event-id"
SUBJECT = "shiliu-subject"
REPLAYS = "shiliu-replays"
"""How often people gave it back to the inbox."""

ERROR_LENGTH = 500


class NotTaken(LinkLost):
    """The broker would not take a message that failed: nothing may be acked, we have to wait."""


class Ladder:
    """Addresses the messages of one service to their next try, or to the dead queue."""

    def __init__(self, settings: Settings, service: str) -> None:
        self._delays = settings.retry_delays
        self._service = service

    def failed(self, message: Any, failure: Failure) -> Outgoing:
        """The message on its next step: a retry queue, or dead after the last."""
        headers = headers_of(message)
        attempts = whole_number(headers.get(ATTEMPTS)) + 1
        now = _now()
        headers |= {
            ATTEMPTS: attempts,
            HANDLER: failure.handler,
            ERROR: _error_text(failure.error),
            FIRST_FAILED: headers.get(FIRST_FAILED, now),
            LAST_FAILED: now,
        }
        if attempts > min(len(RETRIES), len(self._delays)):
            return self._dead(message, headers, failure.reason)
        metrics.INBOX_RETRIED.labels(str(attempts)).inc()
        milliseconds = max(1, round(self._delays[attempts - 1] * 1000))
        return again(message, retry_queue(self._service, attempts), headers, expiration=str(milliseconds))

    def undecodable(self, message: Any, error: Undecodable) -> Outgoing:
        """A body nobody can read: straight to dead."""
        now = _now()
        headers = headers_of(message)
        headers |= {ERROR: _error_text(error), FIRST_FAILED: headers.get(FIRST_FAILED, now), LAST_FAILED: now}
        return self._dead(message, headers, error.reason)

    def _dead(self, message: Any, headers: Mapping[str, Any], reason: str) -> Outgoing:
        metrics.INBOX_DEAD.labels(reason).inc()
        named = {**headers, REASON: reason, EVENT_ID: message_key(message)}
        return again(message, dead_queue(self._service), named)


def message_key(message: Any) -> str:
    """The id by which people name a message: the event's, or one made from a body that has none."""
    stated = message.properties.get("message_id")
    return str(stated) if stated else f"body-{hashlib.sha256(body_bytes(message)).hexdigest()[:20]}"


def body_bytes(message: Any) -> bytes:
    """The body as it travelled; the library decodes it when the message states an encoding."""
    body: bytes | str = message.body
    return body.encode(errors="surrogatepass") if isinstance(body, str) else bytes(body)


def again(message: Any, queue: str, headers: Mapping[str, Any], **properties: Any) -> Outgoing:
    """The same message for *queue*, with these headers and no others."""
    kept = {name: message.properties[name] for name in ("content_type", "type") if message.properties.get(name)}
    key = message_key(message)
    return outgoing(key, "", queue, body_bytes(message), application_headers=dict(headers), **kept, **properties)


def whole_number(stated: object) -> int:
    """A count that a header states; 0 where somebody else wrote something that is none."""
    return stated if isinstance(stated, int) else 0


def headers_of(message: Any) -> dict[str, Any]:
    """The headers that the house wrote, without the broker's."""
    headers = message.properties.get("application_headers") or {}
    return {name: value for name, value in headers.items() if name.startswith("shiliu-")}


def _error_text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:ERROR_LENGTH]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
