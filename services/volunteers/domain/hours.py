"""Minutes that pause at night: nobody loses a chance because they slept."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.terms import Terms
from contracts.words import Urgency


@dataclass(frozen=True)
class Night:
    """The hours in which minutes do not count, by the clock on the wall of ``zone``."""

    begins: time
    ends: time
    zone: ZoneInfo

    def covers(self, moment: datetime) -> bool:
        """Is *moment* at night?"""
        at = moment.astimezone(self.zone).time()
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

    def next(self, wall: time, moment: datetime) -> datetime:
        """The next time after *moment* that clocks on the wall show *wall*, in UTC."""
        local = moment.astimezone(self.zone)
        at = datetime.combine(local.date(), wall, self.zone)
        if at.astimezone(UTC) <= moment:
            at = datetime.combine(local.date() + timedelta(days=1), wall, self.zone)
        return at.astimezone(UTC)


def night_of(terms: Terms) -> Night | None:
    """The night of an order's terms; an emergency has none."""
    if terms.urgency is Urgency.EMERGENCY or not terms.night_from or not terms.night_to:
        return None
    begins, ends = time.fromisoformat(terms.night_from), time.fromisoformat(terms.night_to)
    return None if begins == ends else Night(begins, ends, ZoneInfo(terms.time_zone))


def after(start: datetime, minutes: float, night: Night | None) -> datetime:
    """The moment *minutes* of waking time after *start* (UTC), to the millisecond, which is what is kept of it."""
    left = timedelta(milliseconds=round(minutes * 60_000))
    if night is None:
        return start + left
    moment = start
    while True:
        if night.covers(moment):
            moment = night.next(night.ends, moment)
        evening = night.next(night.begins, moment)
        if moment + left <= evening:
            return moment + left
        left -= evening - moment
        moment = evening
