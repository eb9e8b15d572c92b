"""What a group hears is handed to its robots here: one letter for each, in a store of its own.

For the sender of messages all groups of an area are one address. What a robot may write, when, and together with what,
differs from robot to robot; so each has its own letters, and they are sent by ``group_sending``.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from contracts.groups import GroupAudience
from contracts.words import Text
from services.notify.application.robot_ports import GroupLetter, GroupLetters, Robots
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus

WAY = "group"
NO_ROBOT = "no-robot"
SAID = ("kind", "step", "day")
"""Beside item, grid, number and urgency: what else a group may hear (``Grade.GROUP``); codes and days."""


class AreaGroups:
    """A ``Groups``: the robots of an area, as one address."""

    def __init__(self, robots: Robots) -> None:
        self._robots = robots

    def of(self, community_id: str, area_path: Sequence[str], category: Category) -> Sequence[Address]:
        """See ``Groups``."""
        told = [one.id for one in self._robots.of(community_id) if one.tells(area_path, category)]
        return (Address(way=WAY, value=",".join(told)),) if told else ()


class GroupPost:
    """A ``Post``. ``now`` is real time. ``sent``: robots have it; by its reference it fails where they all do."""

    way = WAY

    def __init__(self, robots: Robots, letters: GroupLetters, now: Callable[[], datetime]) -> None:
        self._robots = robots
        self._letters = letters
        self._now = now

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``. A message that does not say who may read it is for nobody."""
        readers = {GroupAudience(one) for one in letter.params.get("groups", ())}
        robots = [one for one in self._robots.find(address.value.split(",")) if one.audience in readers]
        if not robots:
            return Sent(status=DeliveryStatus.SUPPRESSED, reason=NO_ROBOT)
        now = self._now()
        self._letters.put([_for_robot(letter, one.id, now) for one in robots])
        stored = self._letters.all_of([letter.message_id])
        if stored and all(one.failed for one in stored):  # it comes again, after they all failed
            return Sent(status=DeliveryStatus.FAILED_PERMANENT, reason=stored[-1].reason)
        return Sent(status=DeliveryStatus.SENT, reference=letter.message_id)


def _for_robot(letter: Letter, robot_id: str, now: datetime) -> GroupLetter:
    params: Mapping[str, Any] = letter.params
    item = params.get("item")
    return GroupLetter(
        # Two rules may tell the same of one event to different people; their group reads it once.
        id=f"{letter.message_id.partition(':')[0]}:{letter.template}:{robot_id}",
        robot_id=robot_id,
        community_id=letter.community_id,
        message_id=letter.message_id,
        template=letter.template,
        version=letter.version,
        category=letter.category,
        thread=letter.thread,
        number=letter.number,
        item=None if item is None else Text(zh=item["zh"], en=item["en"]),
        urgency=params.get("urgency"),
        grid=params.get("grid"),
        urgent=letter.urgent,
        said={name: params[name] for name in SAID if params.get(name) is not None},
        at=now,
        next_at=now,
    )
