"""When somebody has time, as they said it by the clock on the wall: read in the zone of their community."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.availability import DaysOff, ExtraTime, WeekTime
from contracts.catalogue import Weekday
from contracts.words import Text

MOST_STRETCHES = 60
"""Stretches of one kind; more than anybody says, and few enough to read with every candidate."""
LONGEST_LOOK = 31
"""Days that are looked through at most, whatever span somebody asked for."""
_DAYS = tuple(Weekday)
_END_OF_DAY = "24:00"

_CLOCK = Text("时间要写成 09:00,结束晚于开始", "times like 09:00, and the end after the start")
_DAY = Text("日期要写成 2026-12-24,结束不早于开始", "days like 2026-12-24, and the last not before the first")
_MANY = Text(f"最多 {MOST_STRETCHES} 段", f"at most {MOST_STRETCHES} of them")


@dataclass(frozen=True)
class Availability:
    """What somebody said of their time. Without ``weekly`` they have time on all days but those off."""

    weekly: tuple[WeekTime, ...] = ()
    days_off: tuple[DaysOff, ...] = ()
    extra_times: tuple[ExtraTime, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Any time is as good as another?"""
        return not self.weekly and not self.days_off

    def has_time(self, start: datetime, until: datetime | None, zone: ZoneInfo) -> bool:
        """Is there time at *start*, or at any moment from then until *until*?

        Raises nothing: a stretch in an hour that the clocks skip is as long as what is left of it, one in the hour
        that comes twice is both of them.
        """
        if self.says_nothing:
            return True
        day, last = _local(start, zone), _local(until or start, zone)
        last = min(last, day + timedelta(days=LONGEST_LOOK))
        while day <= last:
            for begins, ends in self._stretches(day, zone):
                if begins < until and start < ends if until is not None else begins <= start < ends:
                    return True
            day += timedelta(days=1)
        return False

    def _stretches(self, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        written = day.isoformat()
        for extra in self.extra_times:
            if extra.day == written:
                yield _moment(day, extra.start, zone), _moment(day, extra.end, zone, fold=1)
        if any(off.first <= written <= off.last for off in self.days_off):
            return
        if not self.weekly:
            yield _moment(day, "00:00", zone), _moment(day, _END_OF_DAY, zone)
        for usual in self.weekly:
            if _DAYS[day.weekday()] is usual.day:
                yield _moment(day, usual.start, zone), _moment(day, usual.end, zone, fold=1)


def wrong_weekly(weekly: Sequence[WeekTime]) -> Text | None:
    """Why these cannot be the weekly times."""
    return _many(weekly) or (None if all(_is_stretch(one.start, one.end) for one in weekly) else _CLOCK)


def wrong_days_off(days: Sequence[DaysOff]) -> Text | None:
    """Why these cannot be days off."""
    fits = all(_is_day(one.first) and _is_day(one.last) and one.first <= one.last for one in days)
    return _many(days) or (None if fits else _DAY)


def wrong_extra_times(times: Sequence[ExtraTime]) -> Text | None:
    """Why these cannot be times beside the usual."""
    if not all(_is_day(one.day) for one in times):
        return _DAY
    return _many(times) or (None if all(_is_stretch(one.start, one.end) for one in times) else _CLOCK)


def _many(stretches: Sequence[object]) -> Text | None:
    return _MANY if len(stretches) > MOST_STRETCHES else None


def _is_stretch(start: str, end: str) -> bool:
    return _is_clock(start) and (end == _END_OF_DAY or _is_clock(end)) and start < end


def _is_clock(text: str) -> bool:
    try:
        return f"{time.fromisoformat(text):%H:%M}" == text
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _local(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _moment(day: date, clock: str, zone: ZoneInfo, fold: int = 0) -> datetime:
    if clock == _END_OF_DAY:
        return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return datetime.combine(day, time.fromisoformat(clock), zone).replace(fold=fold).astimezone(UTC)
