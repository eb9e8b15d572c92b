"""Minutes that pause at night: nobody loses a chance because they slept. And when days and weeks began there."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.terms import Terms
from contracts.words import Urgency

MINORS_FROM, MINORS_UNTIL = time(8), time(20)
"""Between these, by the clock on the wall, a minor may serve (未保法; every community, no setting)."""


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
        return _next(wall, moment, self.zone)


def night_of(terms: Terms) -> Night | None:
    """The night of an order's terms; an emergency has none."""
    return None if terms.urgency is Urgency.EMERGENCY else _night(terms)


def is_night(terms: Terms, now: datetime) -> bool:
    """Do people sleep now, where the order is? Never where the community knows no night."""
    night = _night(terms)
    return night is not None and night.covers(now)


def _night(terms: Terms) -> Night | None:
    if not terms.night_from or not terms.night_to:
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


def is_for_minors(now: datetime, terms: Terms) -> bool:
    """Is it the time of day at which minors may serve, where the order is?"""
    return MINORS_FROM <= now.astimezone(ZoneInfo(terms.time_zone)).time() < MINORS_UNTIL


def may_be_for_minors(start: datetime, until: datetime | None, terms: Terms) -> bool:
    """Is it the time of day at which minors may serve at *start*, or at any moment from then until *until*?"""
    if is_for_minors(start, terms):
        return True
    return until is not None and _next(MINORS_FROM, start, ZoneInfo(terms.time_zone)) < until


def home_by(moment: datetime, terms: Terms) -> datetime:
    """When a minor who is there at *moment* has to be on the way home, UTC."""
    return _next(MINORS_UNTIL, moment, ZoneInfo(terms.time_zone))


def day_of(zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """When the local day and the local week (Monday) began that *now* is in; UTC."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    began, week = (datetime.combine(day, time.min, zone).astimezone(UTC) for day in (today, monday))
    return began, week


def _next(wall: time, moment: datetime, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    at = datetime.combine(local.date(), wall, zone)
    if at.astimezone(UTC) <= moment:
        at = datetime.combine(local.date() + timedelta(days=1), wall, zone)
    return at.astimezone(UTC)
