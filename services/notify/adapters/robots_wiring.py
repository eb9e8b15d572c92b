"""Puts together what robots of chat groups need: their store, the ways to them, what sends, what staff do with them."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import eventlet

from chassis.address_filter import Trust
from chassis.outgoing import Failure, Outgoing
from chassis.resources import Resources
from chassis.settings import PRODUCTION
from contracts.events import AnyReceived
from services.notify.adapters.apprise_post import ApprisePost
from services.notify.adapters.area_names import MongoAreaNames
from services.notify.adapters.budgets import MongoBudgets
from services.notify.adapters.dingtalk import DingtalkPost
from services.notify.adapters.group_letters import MongoGroupLetters
from services.notify.adapters.receipts import MongoReceipts
from services.notify.adapters.robot_alarm import InboxAlarm
from services.notify.adapters.robot_store import MongoRobots
from services.notify.adapters.serving_loop import ServingLoop
from services.notify.adapters.trial_robots import TrialRobotPost
from services.notify.adapters.turns import LeasedTurns
from services.notify.adapters.wecom import WecomPost
from services.notify.application.group_post import AreaGroups, GroupPost
from services.notify.application.group_sending import GroupSending
from services.notify.application.group_words import GroupWords
from services.notify.application.ports import Messages, Templates
from services.notify.application.robots import RobotDesk
from services.notify.application.sending_ports import Limit, Post

Handler = Callable[[Sequence[AnyReceived]], None]
WINDOW = 60
TURN_SECONDS = 60.0
"""So long a robot is one instance's, between two of its messages."""


@dataclass(frozen=True)
class RobotsRoom:
    """The parts of sending that are about groups, what staff do, what follows events, what sends."""

    groups: AreaGroups
    post: GroupPost
    budgets: MongoBudgets
    desk: RobotDesk
    handlers: Mapping[str, Handler]
    loop: ServingLoop


def robots_room(resources: Resources, messages: Messages, templates: Templates) -> RobotsRoom:
    """On one database."""
    db, settings = resources.db, resources.settings
    robots, letters = MongoRobots(db, resources.vault), MongoGroupLetters(db)
    areas, budgets = MongoAreaNames(db), MongoBudgets(db)
    words = GroupWords(areas, templates)
    limit = Limit(most=settings.robot_per_minute, seconds=WINDOW, each_address=True)

    def real() -> datetime:
        return datetime.fromtimestamp(resources.real.now(), UTC)

    named = Outgoing(Trust.DEVELOPER if settings.outgoing_loopback else Trust.ANYBODY)
    ours = Outgoing(Trust.OPERATOR)
    apprise = ApprisePost(robots, named, plain=settings.outgoing_loopback)
    ways: tuple[Post, ...] = (
        WecomPost(settings.wecom_url, robots, ours, settings.wecom_pause),
        DingtalkPost(settings.dingtalk_url, robots, ours, real, settings.dingtalk_pause),
        apprise,
    )
    posts: dict[str, Post] = {one.way: one for one in ways}
    if settings.test_recipients or settings.environment != PRODUCTION:
        posts |= {one.way: TrialRobotPost(one, robots, MongoReceipts(db), eventlet.sleep) for one in ways[:2]}
    sending = GroupSending(
        robots=robots,
        letters=letters,
        words=words,
        posts=posts,
        budgets=budgets,
        limit=limit,
        receipts=MongoReceipts(db),
        turns=LeasedTurns(resources.leases, "robot", TURN_SECONDS),
        alarm=InboxAlarm(messages, templates, areas, resources.clock.now),
        now=real,
        chance=random.random,
        most_failures=settings.robot_failures,
    )
    desk = RobotDesk(
        robots=robots,
        letters=letters,
        areas=areas,
        words=words,
        posts=posts,
        budgets=budgets,
        limit=limit,
        doubt=lambda key: _doubt(apprise, key),
        now=real,
    )
    return RobotsRoom(
        groups=AreaGroups(robots),
        post=GroupPost(robots, letters, real),
        budgets=budgets,
        desk=desk,
        handlers={"keep_area": areas.keep},
        loop=ServingLoop("robots", sending.ready, sending.serve, settings.robot_interval),
    )


def _doubt(apprise: ApprisePost, key: str) -> str | None:
    """Told at registration, where somebody can put it right at once."""
    found = apprise.read(key)
    return found.value if found in (Failure.BAD_URL, Failure.REFUSED_ADDRESS, Failure.NO_SUCH_HOST) else None
