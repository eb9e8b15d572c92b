"""People hear in their inboxes that an endpoint was disabled: whoever owns it, and those who dispatch."""

from chassis.ids import floor_id
from services.notify.application.ports import Clock, Messages, Templates
from services.notify.domain.audience import account, dispatchers
from services.notify.domain.category import Category
from services.notify.domain.endpoint import Endpoint
from services.notify.domain.message import IN_APP, DeliveryStatus, Message

RULE = "webhook-disabled"
"""Of no event's making, so that it stands in no table of rules."""
AGGREGATE = "webhook"
EVENT_TYPE = "shiliu.webhook.disabled"


class InboxTell:
    """A ``Tell``."""

    def __init__(self, messages: Messages, templates: Templates, clock: Clock) -> None:
        self._messages = messages
        self._templates = templates
        self._clock = clock

    def stopped(self, endpoint: Endpoint) -> None:
        """See ``Tell``; a message's id is of the moment of the stop, so that told twice it is one."""
        to = (account(endpoint.owner.account_id), dispatchers(endpoint.community_id))
        self._messages.add([self._message(endpoint, recipient) for recipient in to])

    def _message(self, endpoint: Endpoint, recipient: str) -> Message:
        began, now = floor_id(endpoint.stopped_at or endpoint.created_at), self._clock.now()
        return Message(
            id=f"{began}:{RULE}:{endpoint.id}:{recipient}:{IN_APP}",
            community_id=endpoint.community_id,
            area_path=tuple(endpoint.areas[:1]),
            recipient=recipient,
            channel=IN_APP,
            rule=RULE,
            template=RULE,
            event_id=began,
            event_type=EVENT_TYPE,
            correlation_id=endpoint.id,
            thread=endpoint.id,
            number="",
            params={"reason": f"webhook_{endpoint.stopped_for}"},
            urgent=False,
            at=now,
            status=DeliveryStatus.DELIVERED,
            category=Category.DUTY,
            version=self._templates.newest(endpoint.community_id, RULE),
            aggregate=AGGREGATE,
            event_version=0,
            not_before=now,
        )
