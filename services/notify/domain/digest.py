"""Digests: news that somebody wants collected, told together at an hour of theirs, in one message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from contracts.notices import Every
from contracts.words import Text
from services.notify.domain.category import Category
from services.notify.domain.own_calendar import OwnCalendar
from services.notify.domain.quiet import moments

MOST_LINES = 20
"""So many are told one by one; of the rest their number. All of them are in the inbox."""
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


def words_of(lines: Sequence[Line], locale: str) -> tuple[str, str]:
    """Title and body of the one message that stands for all of them, oldest first; an unknown locale reads zh-CN."""
    english = locale.partition("-")[0] == "en"
    in_order = sorted(lines, key=lambda line: (line.at, line.message_id))
    between = ": " if english else ":"
    told = [f"{line.title}{between}{line.body}" for line in in_order[:MOST_LINES]]
    left = len(in_order) - len(told)
    if left:
        told.append(_in(_MORE, english).format(count=left))
    return _in(_TITLE, english).format(count=len(in_order)), "\n".join(told)


def _in(text: Text, english: bool) -> str:
    return text.en if english else text.zh


_TITLE = Text("{count} 条消息", "{count} messages")
_MORE = Text("还有 {count} 条,请到消息里看", "{count} more are in your inbox")
