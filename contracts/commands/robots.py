"""Commands to notify about robots of chat groups. Key, secret and label are sealed; a key is never shown again."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.notify import NotifyCommand
from contracts.groups import GroupAudience, RobotKind


@dataclass(frozen=True, kw_only=True)
class RegisterRobot(NotifyCommand):
    """A robot of a chat group, bound to an area in which the actor keeps robots.

    ``key``: WeCom's key, DingTalk's access token, or an address of Apprise; ``secret``: DingTalk's, where the group
    signs. ``categories``: of which kinds of news (none: of all). Result: the robot, as ``ReadRobots`` shows it.
    Raises Invalid (label, key, secret, area_id, categories, locale), Refused, KeyReused.
    """

    METHOD: ClassVar[str] = "register_robot"
    kind: RobotKind
    label: str
    area_id: str
    audience: GroupAudience
    key: str
    secret: str | None = None
    categories: tuple[str, ...] = ()
    locale: str = "zh-CN"


@dataclass(frozen=True, kw_only=True)
class ReadRobots(NotifyCommand):
    """The robots of the areas in which the actor keeps them.

    Result: ``{"items": [{"id", "kind", "label", "area_id", "audience", "categories", "locale", "state", "reason",
    "failures", "rev"}]}``.
    """

    METHOD: ClassVar[str] = "read_robots"


@dataclass(frozen=True, kw_only=True)
class ReadRobot(NotifyCommand):
    """One of them, with its newest letters: ``[{"number", "at", "status", "reason", "digest", "tries"}]``."""

    METHOD: ClassVar[str] = "read_robot"
    robot_id: str


@dataclass(frozen=True, kw_only=True)
class ChangeRobot(NotifyCommand):
    """What is given is changed, over ``revision``. ``on`` turns it on (a broken one too) or off.

    A new ``key`` comes with its ``secret``, or there is none any more. Result: the robot. Raises Invalid, NotFound,
    Conflict ``changed-meanwhile``.
    """

    METHOD: ClassVar[str] = "change_robot"
    robot_id: str
    revision: int
    label: str | None = None
    area_id: str | None = None
    audience: GroupAudience | None = None
    categories: tuple[str, ...] | None = None
    locale: str | None = None
    key: str | None = None
    secret: str | None = None
    on: bool | None = None


@dataclass(frozen=True, kw_only=True)
class RemoveRobot(NotifyCommand):
    """It is forgotten, its key destroyed. Result: ``{"removed": true}``. Raises NotFound, Conflict."""

    METHOD: ClassVar[str] = "remove_robot"
    robot_id: str


@dataclass(frozen=True, kw_only=True)
class TestRobot(NotifyCommand):
    """Have it write a test message now, within what it takes.

    Result: ``{"status", "reason"}`` as the provider answered (sent, failed_temporary, failed_permanent), or
    ``suppressed`` with ``no-room`` and ``wait`` in seconds.
    """

    METHOD: ClassVar[str] = "test_robot"
    robot_id: str
