"""Quiet hours: when nobody is disturbed, by the clocks on the wall where they live."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class QuietHours:
    """From ``start`` until ``end``, past midnight where that is the earlier one; on the morning of a day off until
    ``end_off`` (None: as on any day). ``start`` and the ends differ.
    """

    start: time
    end: time
    end_off: time | None = None

    def ends_on(self, day: date, works: Callable[[date], bool]) -> time:
        """Until when it is quiet on *day*; *works* says whether it is a working day there."""
        return self.end if self.end_off is None or works(day) else self.end_off


def over_at(now: datetime, quiet: QuietHours | None, zone: ZoneInfo, works: Callable[[date], bool]) -> datetime | None:
    """The end, in UTC, of the quiet hours that *now* lies in; None where somebody may be disturbed now.

    Where clocks are changed meanwhile it is quiet from the first time that they show the start until the last time
    that they show the end; an end that they leave out is when they would have shown it.
    """
    if quiet is None:
        return None
    ends = [closes for opens, closes in _stretches(now, quiet, zone, works) if opens <= now < closes]
    return max(ends, default=None)


def _stretches(
    now: datetime, quiet: QuietHours, zone: ZoneInfo, works: Callable[[date], bool]
) -> Iterator[tuple[datetime, datetime]]:
    today = now.astimezone(zone).date()
    for begins in (today - _DAY, today):
        until = quiet.ends_on(begins, works)
        ends = begins
        if until <= quiet.start:
            ends = begins + _DAY
            until = quiet.ends_on(ends, works)
        yield min(moments(begins, quiet.start, zone)), max(moments(ends, until, zone))


def moments(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When clocks in *zone* show it on *day*, in UTC: twice the same but in the night in which they are changed."""
    first, second = (datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    return first, second
