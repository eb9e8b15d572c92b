"""Time that counts towards a deadline only while the community works (design, section 5).

Periods in days follow the Civil Code (民法典 articles 201 and 203): the day on which a period begins does not count,
and it ends when business ends on its last day.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_WEEKEND = 5
_MIDNIGHT = "24:00"
_FARTHEST = 3660
"""Days after which looking for working time is given up: no calendar has so many days off in a row."""


class NoWorkingTime(ValueError):
    """A calendar in which nobody works for ten years."""


@dataclass(frozen=True)
class Shift:
    """A stretch of every working day, local time; ``end`` is later than ``start``, 24:00 is ``time.max``."""

    start: time
    end: time


@dataclass(frozen=True)
class WorkingHours:
    """Only the *shifts* of working days count, in the time of *zone*. The shifts are in order and do not overlap.

    *works* says whether a local date is a working day; what it raises for a date it cannot know goes to the caller.
    """

    zone: ZoneInfo
    shifts: tuple[Shift, ...]
    works: Callable[[date], bool]

    def after(self, start: datetime, minutes: float) -> datetime:
        """The moment at which so much working time has passed; *start* itself, or the next opening, for 0 minutes."""
        left = timedelta(minutes=minutes)
        for opens, closes in self._stretches(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise NoWorkingTime

    def between(self, start: datetime, end: datetime) -> float:
        """The working time from one to the other."""
        counted = timedelta()
        for opens, closes in self._stretches(start):
            if opens >= end:
                break
            counted += min(closes, end) - opens
        return counted / timedelta(minutes=1)

    def end_of_day(self, start: datetime, days: int) -> datetime:
        """When business ends on the working day number *days* (at least 1) after the day of *start*."""
        day = start.astimezone(self.zone).date()
        for _ in range(_FARTHEST):
            day += _DAY
            days -= self.works(day)
            if days == 0:
                return self._at(day, self.shifts[-1].end)
        raise NoWorkingTime

    def _stretches(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """(opens, closes) in UTC from *start* on, the first of them cut at *start*."""
        day = start.astimezone(self.zone).date()
        for _ in range(_FARTHEST):
            for shift in self.shifts if self.works(day) else ():
                opens, closes = self._at(day, shift.start), self._at(day, shift.end)
                if closes > start:
                    yield max(opens, start.astimezone(UTC)), closes
            day += _DAY

    def _at(self, day: date, moment: time) -> datetime:
        if moment == time.max:
            day, moment = day + _DAY, time.min
        return datetime.combine(day, moment, self.zone).astimezone(UTC)


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < _WEEKEND


def shift(text: str) -> Shift:
    """The shift written as "09:00-12:30"; raises ValueError where it is none. 24:00 may be its end."""
    start, _, end = text.partition("-")
    found = Shift(time.fromisoformat(start), time.max if end == _MIDNIGHT else time.fromisoformat(end))
    if found.start >= found.end:
        raise ValueError(text)
    return found
