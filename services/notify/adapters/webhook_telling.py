"""People hear in their inboxes that an endpoint was disabled: whoever owns it, and those who dispatch."""

from collections.abc import Mapping
from datetime import datetime

from chassis.ids import floor_id
from contracts.actor import Role
from services.notify.application.ports import Clock, Messages, Templates
from services.notify.application.robot_ports import AreaNames
from services.notify.domain.audience import account, dispatchers
from services.notify.domain.category import Category
from services.notify.domain.endpoint import Endpoint
from services.notify.domain.message import IN_APP, DeliveryStatus, Message

DISABLED, HALTED, RELEASED = "webhook-disabled", "webhook-halted", "webhook-released"
"""Of no event's making, so that they stand in no table of rules."""
AGGREGATE = "webhook"
EVENT_TYPE = "shiliu.webhook.disabled"


class InboxTell:
    """A ``Tell``. A message's id is of the moment of what it tells, so that told twice it is one."""

    def __init__(self, messages: Messages, templates: Templates, areas: AreaNames, clock: Clock) -> None:
        self._messages = messages
        self._templates = templates
        self._areas = areas
        self._clock = clock

    def stopped(self, endpoint: Endpoint) -> None:
        """See ``Tell``."""
        at, owner = endpoint.stopped_at or endpoint.created_at, account(endpoint.owner.account_id)
        if endpoint.halt is not None:
            params = {"role": f"by_{endpoint.halt.role}"}
            self._messages.add([self._message(endpoint, HALTED, owner, at, params)])
            return
        params = {"reason": f"webhook_{endpoint.stopped_for}"}
        to = (owner, dispatchers(endpoint.community_id))
        self._messages.add([self._message(endpoint, DISABLED, recipient, at, params) for recipient in to])

    def released(self, endpoint: Endpoint, by: Role) -> None:
        """See ``Tell``."""
        stands = "webhook_hears" if endpoint.active else "webhook_still_disabled"
        params = {"role": f"by_{by}", "status": stands}
        owner = account(endpoint.owner.account_id)
        moment = endpoint.stopped_at or endpoint.hears_from
        self._messages.add([self._message(endpoint, RELEASED, owner, moment, params)])

    def _message(
        self, endpoint: Endpoint, rule: str, recipient: str, moment: datetime, params: Mapping[str, str]
    ) -> Message:
        began, now = floor_id(moment), self._clock.now()
        return Message(
            id=f"{began}:{rule}:{endpoint.id}:{recipient}:{IN_APP}",
            community_id=endpoint.community_id,
            area_path=self._around(endpoint),
            recipient=recipient,
            channel=IN_APP,
            rule=rule,
            template=rule,
            event_id=began,
            event_type=EVENT_TYPE,
            correlation_id=endpoint.id,
            thread=endpoint.id,
            number="",
            params=params,
            urgent=False,
            at=now,
            status=DeliveryStatus.DELIVERED,
            category=Category.DUTY,
            version=self._templates.newest(endpoint.community_id, rule),
            aggregate=AGGREGATE,
            event_version=0,
            not_before=now,
        )

    def _around(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Every area that one of the endpoint's lies in: whoever dispatches in one of them is told."""
        paths = (self._areas.path(endpoint.community_id, one) or (one,) for one in endpoint.areas)
        return tuple(dict.fromkeys(area for path in paths for area in path))
