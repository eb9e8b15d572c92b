"""The dead queue of a service, for the people who look after it: list, show, replay, discard.

Nothing leaves the queue unless it was named: what is only looked at is held unacked and goes back when the
connection closes. A replayed message is published again with a confirm before the dead one is acked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis import bus
from chassis.confirms import ConfirmedChannel
from chassis.link import Link
from chassis.retry import (
    ATTEMPTS,
    ERROR,
    FIRST_FAILED,
    HANDLER,
    LAST_FAILED,
    REASON,
    Ladder,
    NotTaken,
    body_bytes,
    fresh,
    message_key,
)
from chassis.settings import Settings
from contracts.topology import dead_queue, inbox_queue

EVERYTHING = 1_000_000

__all__ = ["DeadLetter", "NotTaken", "discard", "list_dead", "replay", "show"]


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """One message of a dead queue. ``id`` is the event's id, or names a body that has none; times are ISO 8601.

    ``reason``: handler-failed, undecodable, unknown-type, schema; or delivery-limit, when the broker moved it because
    whoever handled it died, again and again.
    """

    id: str
    type: str
    reason: str
    handler: str
    error: str
    attempts: int
    first_failed: str
    last_failed: str
    body: bytes


def list_dead(settings: Settings, service: str, limit: int = 1_000) -> list[DeadLetter]:
    """What is in the dead queue of *service*, oldest first; all of it stays there."""
    with bus.connected(settings, f"shiliu {service} dead") as connection:
        return [_letter(message) for message in _messages(connection.channel(), service, limit)]


def show(settings: Settings, service: str, id: str) -> DeadLetter | None:
    """The newest message with this id; None when there is none."""
    found = [letter for letter in list_dead(settings, service, limit=EVERYTHING) if letter.id == id]
    return found[-1] if found else None


def replay(settings: Settings, service: str, ids: Sequence[str] | None = None) -> int:
    """Give messages back to the inbox as if they were new; all of them when *ids* is None. Returns how many.

    Raises NotTaken when the broker would not take one: it stays dead, those before it are replayed.
    """
    link = Link(settings, f"shiliu {service} replay")
    try:
        ladder = Ladder(settings, service, ConfirmedChannel(link, settings.confirm_timeout))
        link.run()
        return _remove(settings, service, ids, lambda message: ladder.send([fresh(message, inbox_queue(service))]))
    finally:
        link.close()


def discard(settings: Settings, service: str, ids: Sequence[str]) -> int:
    """Throw the named messages away; returns how many."""
    return _remove(settings, service, ids, lambda _: None)


def _remove(settings: Settings, service: str, ids: Sequence[str] | None, before: Callable[[Any], None]) -> int:
    removed = 0
    with bus.connected(settings, f"shiliu {service} dead") as connection:
        channel = connection.channel()
        # All are fetched first, so that what a replayed message leaves behind is not taken for one of them.
        for message in list(_messages(channel, service, EVERYTHING)):
            if ids is None or message_key(message) in ids:
                before(message)
                channel.basic_ack(message.delivery_tag)
                removed += 1
    return removed


def _messages(channel: Any, service: str, limit: int) -> Iterator[Any]:
    channel.auto_decode = False
    for _ in range(limit):
        message = channel.basic_get(dead_queue(service))
        if message is None:
            return
        yield message


def _letter(message: Any) -> DeadLetter:
    headers: Mapping[str, Any] = message.properties.get("application_headers") or {}
    return DeadLetter(
        id=message_key(message),
        type=str(message.properties.get("type") or ""),
        reason=str(headers.get(REASON) or _brokers_reason(headers)),
        handler=str(headers.get(HANDLER, "")),
        error=str(headers.get(ERROR, "")),
        attempts=int(headers.get(ATTEMPTS, 0)),
        first_failed=str(headers.get(FIRST_FAILED, "")),
        last_failed=str(headers.get(LAST_FAILED, "")),
        body=body_bytes(message),
    )


def _brokers_reason(headers: Mapping[str, Any]) -> str:
    deaths = headers.get("x-death") or [{}]
    return str(deaths[0].get("reason") or "unknown").replace("_", "-")
