"""Staff hear in their inbox that a robot broke: once for each time it did."""

from collections.abc import Callable
from datetime import datetime

from services.notify.application.ports import Messages, Templates
from services.notify.application.robot_ports import AreaNames, GroupLetter
from services.notify.domain.audience import dispatchers
from services.notify.domain.category import Category
from services.notify.domain.message import IN_APP, DeliveryStatus, Message
from services.notify.domain.robot import Robot

TEMPLATE = "robot-broken"
"""Of no event's making, so that it stands in no table of rules."""
EVENT_TYPE = "shiliu.robot.broken"


class InboxAlarm:
    """An ``Alarm``. Its message has the id of the one at which the robot broke, so that it is there once."""

    def __init__(self, messages: Messages, templates: Templates, areas: AreaNames, now: Callable[[], datetime]) -> None:
        """*now* is business time."""
        self._messages = messages
        self._templates = templates
        self._areas = areas
        self._now = now

    def __call__(self, robot: Robot, reason: str, letter: GroupLetter) -> None:
        """See ``Alarm``."""
        area = self._areas.name(robot.area_id)
        now = self._now()
        event_id = letter.message_id.partition(":")[0]
        recipient = dispatchers(robot.community_id)
        message = Message(
            id=f"{event_id}:{TEMPLATE}:{robot.id}:{recipient}:{IN_APP}",
            community_id=robot.community_id,
            area_path=self._areas.path(robot.community_id, robot.area_id) or (),
            recipient=recipient,
            channel=IN_APP,
            rule=TEMPLATE,
            template=TEMPLATE,
            event_id=event_id,
            event_type=EVENT_TYPE,
            correlation_id=robot.id,
            thread=robot.id,
            number="",
            params={
                "reason": f"robot_{reason}",
                "kind": f"robot_{robot.kind}",
                "grid": {"zh": robot.area_id, "en": robot.area_id} if area is None else {"zh": area.zh, "en": area.en},
            },
            urgent=True,
            at=now,
            status=DeliveryStatus.DELIVERED,
            category=Category.DUTY,
            version=self._templates.newest(robot.community_id, TEMPLATE),
            aggregate="robot",
            event_version=0,
            not_before=now,
        )
        self._messages.add([message])
