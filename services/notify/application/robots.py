"""Keeping robots of chat groups: who may, for which areas, and what is shown of them. A key goes in and never out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from contracts.actor import Actor, Role
from contracts.commands import Call, Meta, Outcome
from contracts.commands.robots import ChangeRobot, ReadRobot, ReadRobots, RegisterRobot, RemoveRobot, TestRobot
from contracts.errors import Conflict, Invalid, NotFound, Refused
from contracts.groups import RobotKind, RobotState
from contracts.moments import time_text
from contracts.words import Text
from services.notify.application.group_words import GroupWords
from services.notify.application.robot_ports import (
    Access,
    AreaNames,
    GroupLetter,
    GroupLetters,
    Robots,
    Typed,
)
from services.notify.application.sending_ports import Address, Budgets, Limit, Post
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.robot import Robot

KEEPERS = frozenset({Role.SECRETARY, Role.ADMIN})
LOCALES = ("zh-CN", "en")
LONGEST_LABEL = 60
LONGEST_KEY = 500
MOST = 100
"""Robots of one community: each message to groups looks at all of them."""
NEWEST = 50
"""Letters that are shown of a robot."""


class Doubtful(Protocol):
    """Looks at an address before it is kept."""

    def __call__(self, key: str) -> str | None:
        """A code for why nothing may be sent there; None where it may."""


class RobotDesk:
    """What staff do with robots. ``now`` is real time; ``doubt`` looks at addresses of Apprise."""

    def __init__(
        self,
        *,
        robots: Robots,
        letters: GroupLetters,
        areas: AreaNames,
        words: GroupWords,
        posts: Mapping[str, Post],
        budgets: Budgets,
        limit: Limit,
        doubt: Doubtful,
        now: Callable[[], datetime],
    ) -> None:
        self._robots = robots
        self._letters = letters
        self._areas = areas
        self._words = words
        self._posts = posts
        self._budgets = budgets
        self._limit = limit
        self._doubt = doubt
        self._now = now

    def register(self, call: Call[RegisterRobot]) -> Outcome:
        """See ``RegisterRobot``."""
        command, meta = call.command, call.meta
        self._check_area(meta.actor, command.area_id)
        self._check_room(meta)
        access = self._access(command.kind, command.key, command.secret)
        robot = Robot(
            id=meta.created_id,
            community_id=meta.actor.community_id,
            kind=command.kind,
            area_id=command.area_id,
            audience=command.audience,
            categories=_categories(command.categories),
            locale=_locale(command.locale),
            rev=1,
            state=RobotState.ON,
            reason=None,
            failures=0,
            made_at=self._now(),
            line=self._robots.line(access),
        )
        typed = Typed(label=_label(command.label), access=access)
        return Outcome(self._shown(self._robots.add(robot, typed, (meta.command_id, meta.body_hash))))

    def read_all(self, call: Call[ReadRobots]) -> Outcome:
        """See ``ReadRobots``."""
        actor = call.meta.actor
        found = [one for one in self._robots.of(actor.community_id) if self._keeps(actor, one)]
        return Outcome({"items": [self._shown(one) for one in found]})

    def read_one(self, call: Call[ReadRobot]) -> Outcome:
        """See ``ReadRobot``."""
        robot = self._theirs(call.meta.actor, call.command.robot_id)
        letters = [_letter(one) for one in self._letters.newest(robot.id, NEWEST)]
        return Outcome({**self._shown(robot), "letters": letters})

    def change(self, call: Call[ChangeRobot]) -> Outcome:
        """See ``ChangeRobot``."""
        command, actor = call.command, call.meta.actor
        robot = self._theirs(actor, command.robot_id)
        if robot.rev != command.revision:
            raise _changed_meanwhile()
        if command.area_id is not None:
            self._check_area(actor, command.area_id)
        access = None if command.key is None else self._access(robot.kind, command.key, command.secret)
        if access is None and command.secret is not None:
            raise Invalid("key-needed", Text("改密钥要连同 key 一起填", "a new secret comes with its key"), "key")
        after = replace(
            _turned(robot, command.on),
            area_id=command.area_id or robot.area_id,
            audience=command.audience or robot.audience,
            categories=robot.categories if command.categories is None else _categories(command.categories),
            locale=robot.locale if command.locale is None else _locale(command.locale),
            line=robot.line if access is None else self._robots.line(access),
        )
        label = None if command.label is None else _label(command.label)
        if not self._robots.change(after, Typed(label=label, access=access)):
            raise _changed_meanwhile()
        return Outcome(self._shown(replace(after, rev=after.rev + 1)))

    def remove(self, call: Call[RemoveRobot]) -> Outcome:
        """See ``RemoveRobot``. What waits for it is given up by the next look at it."""
        if not self._robots.remove(self._theirs(call.meta.actor, call.command.robot_id)):
            raise _changed_meanwhile()
        return Outcome({"removed": True})

    def test(self, call: Call[TestRobot]) -> Outcome:
        """See ``TestRobot``."""
        robot = self._theirs(call.meta.actor, call.command.robot_id)
        wait = self._budgets.take(robot.budget, self._limit.most, self._limit.seconds)
        if wait > 0:
            return Outcome({"status": DeliveryStatus.SUPPRESSED.value, "reason": "no-room", "wait": round(wait, 1)})
        sent = self._posts[robot.kind.value].send(
            self._words.test(robot), Address(way=robot.kind.value, value=robot.id)
        )
        return Outcome({"status": sent.status.value, "reason": sent.reason, "wait": sent.retry_after})

    def _theirs(self, actor: Actor, id: str) -> Robot:
        robot = self._robots.get(actor.community_id, id)
        if robot is None or not self._keeps(actor, robot):
            raise NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))
        return robot

    def _keeps(self, actor: Actor, robot: Robot) -> bool:
        return actor.has(KEEPERS, self._areas.path(robot.community_id, robot.area_id) or ())

    def _check_area(self, actor: Actor, area_id: str) -> None:
        path = self._areas.path(actor.community_id, area_id)
        if path is None:
            raise Invalid("no-such-area", Text("没有这个区域", "there is no such area"), "area_id")
        if not actor.has(KEEPERS, path):
            raise Refused("not-your-area", Text("这个区域不归您管", "this area is not in your care"), "area_id")

    def _check_room(self, meta: Meta) -> None:
        """Raises Conflict where there are enough; who asks for the same again is told what they were told."""
        known = self._robots.of(meta.actor.community_id)
        if len(known) >= MOST and meta.created_id not in {one.id for one in known}:
            said = Text(f"一个社区至多 {MOST} 个机器人", f"a community has at most {MOST} robots")
            raise Conflict("too-many-robots", said)

    def _access(self, kind: RobotKind, key: str, secret: str | None) -> Access:
        key = key.strip()
        if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
            said = Text("这里填机器人的 key(不是整个网址)", "the robot's key belongs here, and not too much of it")
            raise Invalid("invalid-key", said, "key")
        if secret is not None and kind is not RobotKind.DINGTALK:
            said = Text("只有钉钉机器人有加签密钥", "only DingTalk's robots have a secret")
            raise Invalid("no-secret-here", said, "secret")
        if secret is not None and not 0 < len(secret) <= LONGEST_KEY:
            raise Invalid("invalid-secret", Text("加签密钥不对", "this is no secret"), "secret")
        if kind is RobotKind.APPRISE:
            doubt = self._doubt(key)
            if doubt is not None:
                said = Text(f"不能发到这个地址:{doubt}", f"nothing may be sent to this address: {doubt}")
                raise Invalid(doubt, said, "key")
        elif "/" in key:
            said = Text("这里只填 key,不是整个网址", "the key alone belongs here, not the whole address")
            raise Invalid("invalid-key", said, "key")
        return Access(key=key, secret=secret)

    def _shown(self, robot: Robot) -> dict[str, Any]:
        return {
            "id": robot.id,
            "kind": robot.kind.value,
            "label": self._robots.label(robot),
            "area_id": robot.area_id,
            "audience": robot.audience.value,
            "categories": [one.value for one in robot.categories],
            "locale": robot.locale,
            "state": robot.state.value,
            "reason": robot.reason,
            "failures": robot.failures,
            "rev": robot.rev,
        }


def _turned(robot: Robot, on: bool | None) -> Robot:
    if on is None:
        return robot
    state = RobotState.ON if on else RobotState.OFF
    return replace(robot, state=state, reason=None, failures=0)


def _categories(named: tuple[str, ...]) -> tuple[Category, ...]:
    known = {one.value for one in Category}
    unknown = next((one for one in named if one not in known), None)
    if unknown is not None:
        shown = unknown[:LONGEST_LABEL]
        said = Text(f"没有这类消息:{shown}", f"there is no such kind of news: {shown}")
        raise Invalid("no-such-category", said, "categories")
    return tuple(dict.fromkeys(map(Category, named)))


def _locale(locale: str) -> str:
    if locale not in LOCALES:
        raise Invalid("no-such-locale", Text("语言只有 zh-CN 和 en", "locale is zh-CN or en"), "locale")
    return locale


def _label(label: str) -> str:
    label = label.strip()
    if not 0 < len(label) <= LONGEST_LABEL:
        said = Text(f"名称要 1 到 {LONGEST_LABEL} 个字", f"a label has 1 to {LONGEST_LABEL} characters")
        raise Invalid("invalid-label", said, "label")
    return label


def _changed_meanwhile() -> Conflict:
    return Conflict(
        "changed-meanwhile", Text("别人刚改过,请重新看一看再改", "somebody changed it meanwhile: look again")
    )


def _letter(letter: GroupLetter) -> dict[str, Any]:
    return {
        "number": letter.number,
        "at": time_text(letter.at),
        "status": letter.status.value,
        "reason": letter.reason,
        "digest": letter.digest,
        "tries": len(letter.attempts),
    }
