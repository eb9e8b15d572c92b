"""What is known of one message of a dead queue, whoever put it there: our retry ladder, or the broker itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chassis.bus import DELIVERY_LIMIT
from chassis.retry import (
    ATTEMPTS,
    ERROR,
    EVENT_ID,
    FIRST_FAILED,
    HANDLER,
    LAST_FAILED,
    REASON,
    REPLAYS,
    SUBJECT,
    body_bytes,
    headers_of,
    message_key,
    whole_number,
)

BROKERS_OWN = "delivery-limit"


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """One message of a dead queue. ``id`` is the event's id, or names a body that has none; times are ISO 8601 in UTC.

    ``reason``: handler-failed, undecodable, unknown-type, no-row, schema; or delivery-limit, when the broker moved it
    because whoever handled it died, again and again: then no handler could be noted, and ``attempts`` is that limit.
    ``first_failed`` is that of the event, also after replays; ``attempts`` are those since the last of ``replays``.
    """

    service: str
    id: str
    type: str
    subject: str
    reason: str
    handler: str
    error: str
    attempts: int
    replays: int
    first_failed: str
    last_failed: str
    body: bytes

    def age(self, now: datetime) -> float | None:
        """Seconds since it failed last; None where nobody knows."""
        if not self.last_failed:
            return None
        return max(0.0, (now - datetime.fromisoformat(self.last_failed)).total_seconds())


def read_letter(service: str, message: Any) -> DeadLetter:
    """Read what *message* says of itself; never raises, whatever it holds."""
    headers: Mapping[str, Any] = message.properties.get("application_headers") or {}
    body = body_bytes(message)
    told = _told(body)
    death = _brokers_death(headers)
    died = "" if REASON in headers else _moment(death.get("time"))
    reason = str(headers.get(REASON) or death.get("reason") or "unknown").replace("_", "-")
    return DeadLetter(
        service=service,
        id=message_key(message),
        type=str(message.properties.get("type") or told.get("type") or ""),
        subject=str(headers.get(SUBJECT) or told.get("subject") or ""),
        reason=reason,
        handler=str(headers.get(HANDLER, "")),
        error=str(headers.get(ERROR, "")),
        attempts=DELIVERY_LIMIT if reason == BROKERS_OWN else whole_number(headers.get(ATTEMPTS)),
        replays=whole_number(headers.get(REPLAYS)),
        first_failed=str(headers.get(FIRST_FAILED) or died),
        last_failed=str(died or headers.get(LAST_FAILED) or ""),
        body=body,
    )


def kept_over_a_replay(letter: DeadLetter) -> dict[str, Any]:
    """The headers with which it goes back to the inbox: its tries count anew, its history stays."""
    kept = {SUBJECT: letter.subject, FIRST_FAILED: letter.first_failed}
    return {**{name: value for name, value in kept.items() if value}, REPLAYS: letter.replays + 1}


def kept_over_a_change(letter: DeadLetter, message: Any) -> dict[str, Any]:
    """The headers with which it stays dead: what the broker noted in its own words is said in ours."""
    known = {
        EVENT_ID: letter.id,
        REASON: letter.reason,
        ATTEMPTS: letter.attempts,
        FIRST_FAILED: letter.first_failed,
        LAST_FAILED: letter.last_failed,
    }
    return {**headers_of(message), **{name: value for name, value in known.items() if value}}


def _told(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, Mapping) else {}


def _brokers_death(headers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The newest entry of the broker's own account; the waits of the retry ladder are no deaths."""
    deaths = headers.get("x-death")
    told = [death for death in deaths if isinstance(death, Mapping)] if isinstance(deaths, list) else []
    return next((death for death in told if death.get("reason") != "expired"), {})


def _moment(time: object) -> str:
    if not isinstance(time, datetime):
        return ""
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
