"""Digests: news that somebody wants collected, told together at an hour of theirs, in one message."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from contracts.notices import Every
from services.notify.domain.category import Category
from services.notify.domain.own_calendar import OwnCalendar
from services.notify.domain.quiet import moments

DIGEST, GROUP_DIGEST = "digest", "group-digest"
"""The templates of what stands for several: by this name a way with templates of its own knows it, too."""
MOST_LINES = 20
"""So many are told one by one; of the rest their number. All of them are in the inbox."""
MOST_CHARACTERS = 3_000
"""Of them together: less than any message may have."""
MOST_GROUP_LINES, MOST_GROUP_BYTES = 30, 1_600
"""The same for a robot; with title and end its message stays within what the smallest of them takes."""
_DAY = timedelta(days=1)
_WEEK = 7
_FARTHEST = 3_660
_AT_WORK = frozenset({Category.DUTY, Category.OFFER})
"""What is told to people for their work waits for a day on which they work."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message within a digest, in words."""

    message_id: str
    title: str
    body: str
    at: datetime


def told_at(now: datetime, every: Every, category: Category, at: time, calendar: OwnCalendar) -> datetime:
    """When the next digest with this goes out, in UTC and after *now*; *at* by the community's clocks."""
    if every is Every.TIME:
        return now
    fits = _days(every, category, calendar)
    day = now.astimezone(calendar.zone).date()
    for _ in range(_FARTHEST):
        moment = moments(day, at, calendar.zone)[0]
        if moment > now and fits(day):
            return moment
        day += _DAY
    return now.astimezone(UTC) + _WEEK * _DAY


def _days(every: Every, category: Category, calendar: OwnCalendar) -> Callable[[date], bool]:
    if every is Every.WEEK:
        return lambda day: calendar.works(day) and not any(map(calendar.works, _earlier_in_week(day)))
    return calendar.works if category in _AT_WORK else lambda _: True


def _earlier_in_week(day: date) -> Sequence[date]:
    return [day - count * _DAY for count in range(1, day.weekday() + 1)]


def lines_of(lines: Sequence[Line], locale: str) -> list[str]:
    """Each in one text, oldest first."""
    between = ":" if locale.startswith("zh") else ": "
    in_order = sorted(lines, key=lambda line: (line.at, line.message_id))
    return [f"{line.title}{between}{line.body}" for line in in_order]


def told_in_one(lines: Sequence[str], count: int, most: int, size: Callable[[str], int] = len) -> Mapping[str, Any]:
    """What the template of a digest may say of *count* messages: as many of *lines* as fit into *most*, and one at
    least; how many there are, and how many are left."""
    told: list[str] = []
    room = most
    for line in lines:
        room -= size(line) + 1
        if told and room < 0:
            break
        told.append(line)
    return {"count": count, "left": count - len(told), "lines": told}
