"""Puts together those who want to hear, and whose shift it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.gear import Resources
from services.notify.adapters.following import MongoFollows, MongoSubscriptions
from services.notify.adapters.replicas import MongoReplicas
from services.notify.application.crowding import Crowding
from services.notify.application.following import FollowingCases
from services.notify.domain.rule import Rule


@dataclass(frozen=True)
class AudienceRooms:
    """What the entrypoints call."""

    following: FollowingCases


@dataclass(frozen=True)
class AudienceParts:
    """What the service needs of it."""

    rooms: AudienceRooms
    crowds: Crowding
    handlers: Mapping[str, Any]


def audiences(resources: Resources, rules: Sequence[Rule]) -> AudienceParts:
    """For the service."""
    db = resources.db
    follows, subscriptions, replicas = MongoFollows(db), MongoSubscriptions(db), MongoReplicas(db)
    return AudienceParts(
        rooms=AudienceRooms(FollowingCases(follows, subscriptions, replicas, resources.clock)),
        crowds=Crowding(rules, follows, subscriptions, replicas),
        handlers={"keep_rosters": replicas.keep_rosters, "keep_items": replicas.keep_items},
    )
