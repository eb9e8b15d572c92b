"""Webhooks: endpoints of other systems that hear of changes, by Standard Webhooks 1.0.0; the words and the filters.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

from contracts.envelope import Envelope
from contracts.events import EVENTS
from contracts.hearing import TOLD_TO_NOBODY

TEST_TYPE = "shiliu.webhook.test.v1"
"""What a test delivery says it is: no event of the house."""
EVERYTHING = "*"
_REST = ".*"
_PAGES = {
    "ticket": "/api/v1/tickets/",
    "demand": "/api/v1/tickets/",
    "member": "/api/v1/members/",
    "team": "/api/v1/teams/",
    "area": "/api/v1/areas/",
    "catalogue_item": "/api/v1/catalogue-items/",
}
"""Where more is to be had of what an event is about, for whoever may see it; an order and its search are one page."""


class EndpointState(StrEnum):
    """Does an endpoint hear anything?"""

    ACTIVE = "active"
    DISABLED = "disabled"


class Stop(StrEnum):
    """Why an endpoint was disabled."""

    OWNER = "owner"
    """Whoever owns it said so."""
    GONE = "gone"
    """It answered 410."""
    FAILING = "failing"
    """Five days of failures without one success."""
    STANDING = "standing"
    """The account that it hears for may keep no webhooks any more."""
    ADMIN = "admin"
    """Whoever administers the community stopped it; only they start it again."""


class DeliveryState(StrEnum):
    """Where one delivery stands."""

    WAITING = "waiting"
    """It is sent, and sent again, by itself; while its endpoint is disabled it waits for that to end."""
    DELIVERED = "delivered"
    """The endpoint answered 2xx."""
    GIVEN_UP = "given_up"
    """It is not sent any more; the reason says why. A replay sends it again."""


class GivenUp(StrEnum):
    """Why a delivery is not sent any more."""

    TRIES = "tries"
    """Every try failed."""
    GONE = "gone"
    """The endpoint said that it is no more."""
    DELETED = "deleted"
    """The endpoint was deleted."""
    NOT_HEARD = "not_heard"
    """The account that it hears for may not hear of this any more."""


@lru_cache(maxsize=1)
def subscribable() -> frozenset[str]:
    """Every type of event that somebody can hear of."""
    return frozenset(EVENTS) - TOLD_TO_NOBODY


def selects(pattern: str, type_: str) -> bool:
    """Does a pattern (a type, a beginning of types followed by ``.*``, or ``*``) name this type?"""
    if pattern == EVERYTHING:
        return True
    if pattern.endswith(_REST):
        return type_.startswith(pattern[: -len(EVERYTHING)])
    return pattern == type_


def wants(event_types: Sequence[str], areas: Sequence[str], type_: str, area_path: Sequence[str]) -> bool:
    """Do the filters let an event through? No *areas*: from everywhere, else what lies in one of their subtrees."""
    if type_ in TOLD_TO_NOBODY or not any(selects(pattern, type_) for pattern in event_types):
        return False
    return not areas or any(area in area_path for area in areas)


def payload(envelope: Envelope) -> Mapping[str, Any]:
    """What an endpoint is told of an event: where to look, and nothing that is private; the place ends at the grid."""
    snapshot = envelope.data["snapshot"]
    page = _PAGES.get(envelope.aggregatetype)
    return {
        "type": envelope.type,
        "timestamp": envelope.time,
        "data": {
            "id": envelope.id,
            "type": envelope.type,
            "subject": envelope.subject,
            "time": envelope.time,
            "version": envelope.aggregateversion,
            "number": snapshot.get("number"),
            "area_path": list(snapshot.get("area_path", ())),
            "link": None if page is None else page + envelope.subject,
        },
    }
