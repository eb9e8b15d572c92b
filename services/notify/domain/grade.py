"""How much the words of one event may say, by who reads them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from services.notify.domain.audience import TELL_NOBODY, Audience


class Grade(StrEnum):
    """From all to next to nothing."""

    FULL = "full"
    """Whoever ordered or is served, and whoever was asked or comes."""
    FAMILY = "family"
    """Who acts for somebody."""
    STAFF = "staff"
    """The community's people, departments and chiefs."""
    GROUP = "group"
    """A robot in a group chat: nobody is named, nothing is told but what, where to the grid, and its number."""
    THIN = "thin"
    """A machine: it fetches what it may see."""


GRADE_OF: Mapping[Audience, Grade] = {
    Audience.REQUESTER: Grade.FULL,
    Audience.ORDERER: Grade.FULL,
    Audience.PERSON: Grade.FULL,
    Audience.HOLDERS: Grade.FULL,
    Audience.RELEASED: Grade.FULL,
    Audience.MEMBER: Grade.FULL,
    Audience.OFFERED: Grade.FULL,
    Audience.ORDERED: Grade.FULL,
    Audience.OFFERED_TEAMS: Grade.FULL,
    Audience.ORDERED_TEAMS: Grade.FULL,
    Audience.NAMED: Grade.FULL,
    Audience.NAMER: Grade.FULL,
    Audience.WITHDRAWN: Grade.FULL,
    Audience.BENEFICIARY: Grade.FULL,
    Audience.CREW: Grade.FULL,
    Audience.CREW_LEAD: Grade.FULL,
    Audience.DELEGATES: Grade.FAMILY,
    Audience.DELEGATE: Grade.FAMILY,
    Audience.DISPATCHERS: Grade.STAFF,
    Audience.APPROVERS: Grade.STAFF,
    Audience.ASKER: Grade.STAFF,
    Audience.DUTY: Grade.STAFF,
    Audience.CHIEFS: Grade.STAFF,
    Audience.CALLED: Grade.STAFF,
    Audience.WHISTLERS: Grade.STAFF,
    Audience.ON_ROSTER: Grade.STAFF,
    Audience.ON_SHIFT: Grade.STAFF,
    Audience.STAFF: Grade.STAFF,
    Audience.PROTECTORS: Grade.STAFF,
    Audience.DISTRICT: Grade.STAFF,
    Audience.OWNER: Grade.STAFF,
    Audience.DUTY_OFFICER: Grade.STAFF,
    Audience.FOLLOWERS: Grade.STAFF,
    Audience.STAFF_SUBSCRIBERS: Grade.STAFF,
    Audience.MEMBER_SUBSCRIBERS: Grade.GROUP,
    Audience.PUBLIC_SUBSCRIBERS: Grade.GROUP,
}
"""What each audience may be told; a test holds that none is missing."""

_LEAST_FIRST = (Grade.THIN, Grade.GROUP, Grade.STAFF, Grade.FAMILY, Grade.FULL)


def grade_of(audience: Audience) -> Grade:
    """How much an audience may be told; one that tells nobody needs nothing."""
    return Grade.THIN if audience in TELL_NOBODY else GRADE_OF[audience]


def least(grades: Iterable[Grade]) -> Grade:
    """The one that says least: words that several audiences read say no more than each of them may know."""
    return min(grades, key=_LEAST_FIRST.index)


def may_read(reader: Grade, words: Grade) -> bool:
    """May who is told so much read words of that grade?"""
    return _LEAST_FIRST.index(words) <= _LEAST_FIRST.index(reader)


def masked(params: Mapping[str, Any], allowed: Iterable[str]) -> dict[str, Any]:
    """What of *params* may be told where no more than *allowed* is."""
    names = frozenset(allowed)
    return {name: value for name, value in params.items() if name in names}
