"""Puts together what sends: the store, the ways out, and what is known of people and communities."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog
from eventlet import GreenPool

from chassis.clock import elapsed_seconds
from chassis.jobs import Job
from chassis.resources import Resources
from chassis.settings import Settings
from services.notify.adapters.account_budget import DAY, MINUTE, of_the_account, of_the_mini_program
from services.notify.adapters.audiences_wiring import slip_post
from services.notify.adapters.budgets import BlindBudgets
from services.notify.adapters.console import ConsolePost
from services.notify.adapters.lanes import GreenLanes
from services.notify.adapters.onlookers import RpcOnlookers
from services.notify.adapters.outbox import MongoOutbox
from services.notify.adapters.outbox_before import LOOK_SECONDS, taking_over
from services.notify.adapters.punctuality import MongoPunctuality
from services.notify.adapters.robots_wiring import RobotsRoom
from services.notify.adapters.turns import LeasedTurns
from services.notify.adapters.wishes_wiring import WishesRoom
from services.notify.application.parcels import LEASE_SECONDS
from services.notify.application.ports import Messages, Resting, Templates
from services.notify.application.reasons import Reasons
from services.notify.application.sending import CHUNK, Sending
from services.notify.application.sending_ports import Limit, Outside, Post

DELIVERY_SECONDS = 0.5
"""How often it is looked for what is due."""
T = TypeVar("T")


@dataclass(frozen=True)
class SendingParts:
    """What the service needs of it."""

    jobs: Sequence[Job]
    reasons: Reasons
    lanes: GreenLanes


def outside(resources: Resources, people: WishesRoom, ways: Mapping[str, Post], robots: RobotsRoom) -> Outside:
    """Everything outside: a way out is one line here."""
    console = structlog.get_logger("notify.console")
    posts: Sequence[Post] = (
        ConsolePost(lambda line: console.info("console.message", line=line)),
        *ways.values(),
        slip_post(resources),
        robots.post,
    )
    return Outside(
        posts={post.way: post for post in posts},
        contacts=people.contacts,
        groups=robots.groups,
        wishes=people.wishes,
        calendars=people.calendars,
        onlookers=RpcOnlookers(resources.rpc.call),
        budgets=BlindBudgets(robots.budgets, resources.vault),
        limits={
            "sms": (*of_the_account(resources.settings), _of_a_phone(resources.settings)),
            "wechat": of_the_mini_program(resources.settings),
            "email": (Limit(most=resources.settings.mail_per_minute, seconds=MINUTE),),
        },
    )


def _of_a_phone(settings: Settings) -> Limit:
    return Limit(most=settings.sms_per_person_a_day, seconds=DAY, each_address=True)


def sending(
    resources: Resources,
    messages: Messages,
    templates: Templates,
    resting: Resting,
    people: WishesRoom,
    ways: Mapping[str, Post],
    robots: RobotsRoom,
) -> SendingParts:
    """For the service."""
    around, outbox = outside(resources, people, ways, robots), MongoOutbox(resources.db)
    lanes = GreenLanes(elapsed_seconds)
    sends = Sending(
        outbox=outbox,
        turns=LeasedTurns(resources.leases, "digests", LEASE_SECONDS),
        templates=templates,
        resting=resting,
        outside=around,
        clock=resources.clock,
        pace=resources.settings.clock_speed,
        chance=random.random,
        at_once=at_once,
        lanes=lanes,
        elapsed=elapsed_seconds,
    )
    punctual = MongoPunctuality(resources.db)
    reasons = Reasons(messages, templates, around.calendars, punctual, outbox.stopped, around.wishes)
    jobs = (
        Job("deliver", DELIVERY_SECONDS, sends.run),
        Job("remind", DELIVERY_SECONDS, sends.run_inside),
        Job("deliver_of_before", LOOK_SECONDS, taking_over(resources.db), leased=True),
    )
    return SendingParts(jobs, reasons, lanes)


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """All of them at the same time, each in a greenlet of its own; answers in their order."""
    return list(GreenPool(CHUNK).imap(lambda call: call(), calls))
