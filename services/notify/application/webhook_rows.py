"""How endpoints, deliveries and replays are shown; never a secret, never a body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from contracts.moments import time_text
from services.notify.domain.delivery import Delivery
from services.notify.domain.endpoint import Endpoint
from services.notify.domain.webhook_replay import EndpointReplay


@dataclass(frozen=True, kw_only=True)
class Words:
    """What of an endpoint was typed, opened; None where its owner was erased, or there is none."""

    url: str | None
    description: str | None
    reason: str | None
    """Why it was halted."""


def endpoint_row(endpoint: Endpoint, words: Words, replay: EndpointReplay | None, now: datetime) -> dict[str, Any]:
    """As of ReadEndpoint."""
    return {
        **_fares(endpoint, words.reason),
        "url": words.url,
        "description": words.description,
        "revision": str(endpoint.revision),
        "secrets": [
            {"made_at": time_text(one.made_at), "ends_at": _text(one.ends_at)} for one in endpoint.signing(now)
        ],
        "replay": None if replay is None else replay_row(replay),
    }


def overseen_row(endpoint: Endpoint, words: Words) -> dict[str, Any]:
    """As of ListAllEndpoints: of the address its host alone."""
    return {**_fares(endpoint, words.reason), "account_id": endpoint.owner.account_id, "host": host_of(words.url)}


def host_of(url: str | None) -> str | None:
    """The host of an address, in small letters; None where there is none to be read."""
    return None if url is None else urlsplit(url).hostname


def _fares(endpoint: Endpoint, reason: str | None) -> dict[str, Any]:
    halt = endpoint.halt
    return {
        "id": endpoint.id,
        "event_types": list(endpoint.event_types),
        "areas": list(endpoint.areas),
        "state": endpoint.state.value,
        "stopped_for": endpoint.stopped_for and endpoint.stopped_for.value,
        "halt": halt and {"by": halt.by, "role": halt.role.value, "at": time_text(halt.at), "reason": reason},
        "last_success_at": _text(endpoint.succeeded_at),
        "failures": endpoint.failures,
        "failing_since": _text(endpoint.failing_since),
        "resting_until": _text(endpoint.resting_until),
        "created_at": time_text(endpoint.created_at),
    }


def replay_row(replay: EndpointReplay) -> dict[str, Any]:
    """How far a replay is."""
    return {
        "id": replay.id,
        "since": time_text(replay.since),
        "until": time_text(replay.until),
        "state": replay.state.value,
        "progress": replay.progress,
        "found": replay.found,
    }


def delivery_row(delivery: Delivery) -> Mapping[str, Any]:
    """What was sent, and how it went."""
    return {
        "event_id": delivery.event_id,
        "type": delivery.message["type"],
        "time": delivery.message["timestamp"],
        "state": delivery.state.value,
        "reason": delivery.reason and delivery.reason.value,
        "tries": delivery.tries,
        "next_at": _text(delivery.next_at),
        "attempts": [
            {"at": time_text(one.at), "status": one.status, "milliseconds": one.milliseconds, "reason": one.reason}
            for one in delivery.attempts
        ],
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else time_text(moment)
