"""A message is one thing to tell one recipient through one channel; it holds codes and references, never full text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from contracts.events import AnyReceived
from contracts.recusal import Recusal
from services.notify.domain.category import Category

QUIET = "quiet"
"""Why a message was kept back whose order is quiet."""
IN_APP = "in_app"
"""The inbox inside the platform: a message is delivered when it is stored, a reminder when its time has come."""
OUTWARD = "outward"
"""Out of the platform to one person, by whichever way reaches them."""
GROUP = "group"
"""To the robots of the order's area: the item, the number, nothing of anybody."""


class DeliveryStatus(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED_TEMPORARY = "failed_temporary"
    FAILED_PERMANENT = "failed_permanent"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, kw_only=True)
class Message:
    """``id`` is event + rule + recipient + channel, so that the same event never tells anybody twice.

    ``params`` are coded values of the event for the template in its ``version``; ``at`` is when it is told, in business
    time: the event's, of a reminder its own. ``not_before`` and ``until`` are business time, too: before the one it
    does not go out, after the other (None: for ever) it is of no use. ``aggregate`` and ``event_version`` say of two
    messages which is about the newer news. ``reason`` says why a suppressed one is not told. ``recused`` are who of
    those it is told to do not get to see it. ``abroad``: who reads it may be of another community.
    """

    id: str
    community_id: str
    area_path: tuple[str, ...]
    recipient: str
    channel: str
    rule: str
    template: str
    event_id: str
    event_type: str
    correlation_id: str
    thread: str
    number: str
    params: Mapping[str, Any]
    urgent: bool
    at: datetime
    status: DeliveryStatus
    category: Category
    version: int
    aggregate: str
    event_version: int
    not_before: datetime
    until: datetime | None = None
    before: int = 0
    """Of a reminder: so many minutes before the appointment."""
    offer_id: str | None = None
    rules_version: int = 1
    """Of the community's rules, by which it was planned."""
    overtakes: tuple[str, ...] = ()
    """The rules whose older messages to the same recipient about the same thing are over with this one."""
    reason: str | None = None
    recused: Recusal | None = None
    abroad: bool = False
    asked: bool = False
    """They hear because they asked to, and out of the platform only by ways that they wished for that."""


def silenced(event: AnyReceived) -> bool:
    """Is nobody on the side of the person served told anything of this order, or of this person, any more?"""
    return bool(getattr(event.snapshot, "quiet", False) or getattr(event.snapshot, "deceased", False))
