"""How endpoints, deliveries and replays are shown to their owner; never a secret, never a body."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.moments import time_text
from services.notify.domain.delivery import Delivery
from services.notify.domain.endpoint import Endpoint
from services.notify.domain.webhook_replay import EndpointReplay


def endpoint_row(
    endpoint: Endpoint, url: str | None, description: str | None, replay: EndpointReplay | None, now: datetime
) -> dict[str, Any]:
    """As of ReadEndpoint."""
    return {
        "id": endpoint.id,
        "url": url,
        "description": description,
        "event_types": list(endpoint.event_types),
        "areas": list(endpoint.areas),
        "state": endpoint.state.value,
        "stopped_for": endpoint.stopped_for and endpoint.stopped_for.value,
        "failing_since": _text(endpoint.failing_since),
        "resting_until": _text(endpoint.resting_until),
        "revision": str(endpoint.revision),
        "created_at": time_text(endpoint.created_at),
        "secrets": [
            {"made_at": time_text(one.made_at), "ends_at": _text(one.ends_at)} for one in endpoint.signing(now)
        ],
        "replay": None if replay is None else replay_row(replay),
    }


def replay_row(replay: EndpointReplay) -> dict[str, Any]:
    """How far a replay is."""
    return {
        "id": replay.id,
        "since": time_text(replay.since),
        "until": time_text(replay.until),
        "state": replay.state.value,
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
