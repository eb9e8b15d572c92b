"""Puts together those who want to hear, whose shift it is, and print slips."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chassis.gear import Job, Resources
from services.notify.adapters.following import MongoFollows, MongoSubscriptions
from services.notify.adapters.preferences import MongoPreferences
from services.notify.adapters.replicas import MongoReplicas
from services.notify.adapters.slips import MongoSlips, OnPaper, SlipPost
from services.notify.application.crowding import Crowding
from services.notify.application.following import FollowingCases
from services.notify.application.ports import Messages, Templates
from services.notify.application.slips import SlipCases
from services.notify.application.word_ports import Rules
from services.notify.domain.slip import Slip, SlipTimes
from services.notify.domain.slip_late import SLIP_LATE, late_message

LATE_SECONDS = 2.0
"""Between two looks for slips that are not there in their time."""


@dataclass(frozen=True)
class AudienceRooms:
    """What the entrypoints call."""

    following: FollowingCases
    slips: SlipCases


@dataclass(frozen=True)
class AudienceParts:
    """What the service needs of it."""

    rooms: AudienceRooms
    crowds: Crowding
    handlers: Mapping[str, Any]
    job: Job


def audiences(resources: Resources, rules: Rules, messages: Messages, templates: Templates) -> AudienceParts:
    """For the service."""
    db, clock = resources.db, resources.clock
    follows, subscriptions, replicas = MongoFollows(db), MongoSubscriptions(db), MongoReplicas(db)

    def tell(slip: Slip, now: datetime) -> None:
        messages.add([late_message(slip, now, templates.newest(slip.community_id, SLIP_LATE))])

    slips = SlipCases(MongoSlips(db, tell), OnPaper(templates), clock)
    return AudienceParts(
        rooms=AudienceRooms(FollowingCases(follows, subscriptions, replicas, clock), slips),
        crowds=Crowding(rules, follows, subscriptions, replicas, MongoPreferences(db)),
        handlers={"keep_rosters": replicas.keep_rosters, "keep_items": replicas.keep_items},
        job=Job("late-slips", LATE_SECONDS, slips.tell_late, leased=True),
    )


def slip_post(resources: Resources) -> SlipPost:
    """The way out on paper."""
    settings = resources.settings
    urgent, ordinary = timedelta(hours=settings.slip_urgent_hours), timedelta(hours=settings.slip_hours)
    return SlipPost(resources.db, SlipTimes(urgent=urgent, ordinary=ordinary), resources.clock)
