"""Robots of chat groups and what waits for them, as tests want them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from contracts.groups import GroupAudience, RobotKind, RobotState
from contracts.words import Text
from services.notify.application.robot_ports import Access, GroupLetter
from services.notify.application.sending_ports import Address, Letter
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.robot import Robot
from tests.builders import AREA_PATH, COMMUNITY

ROBOT = "01KAR0B0TS0000000000000001"
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def a_robot(**changes: Any) -> Robot:
    """Of staff, for all news of the community's root."""
    robot = Robot(
        id=ROBOT,
        community_id=COMMUNITY,
        kind=RobotKind.WECOM,
        area_id=AREA_PATH[0],
        audience=GroupAudience.STAFF,
        categories=(),
        locale="zh-CN",
        rev=1,
        state=RobotState.ON,
        reason=None,
        failures=0,
        made_at=NOW,
        line="line-1",
    )
    return replace(robot, **changes)


def a_group_letter(number: int = 1, **changes: Any) -> GroupLetter:
    """One that waits."""
    letter = GroupLetter(
        id=f"e-{number}:alarm:group:{ROBOT}",
        robot_id=ROBOT,
        community_id=COMMUNITY,
        message_id=f"e-{number}:alarm:group",
        template="emergency-order",
        version=1,
        category=Category.ALARM,
        thread=f"t-{number}",
        number=f"NC-261123-{number:04}",
        item=Text(zh="燃气异味", en="Smell of gas"),
        urgency="emergency",
        grid=AREA_PATH[-1],
        urgent=False,
        at=NOW.replace(minute=number % 60),
        next_at=NOW,
        status=DeliveryStatus.QUEUED,
    )
    return replace(letter, **changes)


def a_letter(**changes: Any) -> Letter:
    """In words."""
    letter = Letter(
        message_id="e-1:alarm:group",
        community_id=COMMUNITY,
        template="emergency-order",
        version=1,
        locale="zh-CN",
        title="有一件急事",
        body="「燃气异味」 第一网格 NC-261123-0001",
        params={},
        thread="t-1",
        number="NC-261123-0001",
        urgent=False,
        category=Category.ALARM,
        offer_id=None,
    )
    return replace(letter, **changes)


def to(robot: Robot) -> Address:
    """A robot's address."""
    return Address(way=robot.kind.value, value=robot.id)


class Keys:
    """Of a robot's store what a post asks."""

    def __init__(self, access: Access | None) -> None:
        self._access = access

    def access(self, id: str) -> Access | None:
        """The one there is."""
        return self._access if id == ROBOT else None
