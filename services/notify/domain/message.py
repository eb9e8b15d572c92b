"""A message is one thing to tell one recipient through one channel; it holds codes and references, never full text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from contracts.events import AnyReceived
from contracts.words import OfferStatus
from services.notify.domain.audience import RECIPIENTS, member
from services.notify.domain.rule import Rule

IN_APP = "in_app"
"""The inbox inside the platform: a message is delivered when it is stored."""


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

    ``params`` are coded values of the event for the template; ``at`` is the event's business time.
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


def messages_for(rules: Iterable[Rule], event: AnyReceived) -> list[Message]:
    """All messages that *event* causes under *rules*."""
    return [
        _message(rule, event, recipient, channel)
        for rule in rules
        if rule.holds_for(event)
        for recipient in dict.fromkeys(RECIPIENTS[rule.audience](event))
        for channel in rule.channels
    ]


def _message(rule: Rule, event: AnyReceived, recipient: str, channel: str) -> Message:
    return Message(
        id=f"{event.envelope.id}:{rule.id}:{recipient}:{channel}",
        community_id=event.envelope.communityid,
        area_path=event.snapshot.area_path,
        recipient=recipient,
        channel=channel,
        rule=rule.id,
        template=rule.template,
        event_id=event.envelope.id,
        event_type=event.envelope.type,
        correlation_id=event.envelope.correlationid,
        thread=event.envelope.subject,
        number=event.snapshot.number,
        params=_params(event, recipient),
        urgent=rule.urgent,
        at=event.time,
        status=DeliveryStatus.DELIVERED if channel == IN_APP else DeliveryStatus.QUEUED,
    )


def _params(event: AnyReceived, recipient: str) -> dict[str, Any]:
    """What the templates may say: the order's number and item, who comes by their chosen name, coded reasons."""
    snapshot, body = event.snapshot, event.body
    params: dict[str, Any] = {
        "number": snapshot.number,
        "item": {"zh": snapshot.item_name.zh, "en": snapshot.item_name.en},
        "urgency": snapshot.urgency.value,
        "names": [holder.display_name for holder in snapshot.holders],
    }
    for field in ("reason_code", "go_to", "result", "reason"):
        value = getattr(body, field, None)
        if value is not None:
            params[field] = getattr(value, "value", value)
    why = _why(getattr(body, "offers", ()), recipient)
    if why:
        params["why"] = why
    return params


def _why(offers: Sequence[Any], recipient: str) -> list[dict[str, str]]:
    return [
        {"zh": reason.zh, "en": reason.en}
        for offer in offers
        if offer.status is OfferStatus.OPEN and member(offer.member_id) == recipient
        for reason in offer.why
    ]
