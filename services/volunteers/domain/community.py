"""A community's own time, as tickets publishes it: which day it is there, and when people work."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.terms import Terms
from contracts.words import Text
from contracts.working_time import WorkingHours, is_weekday, shift

USUAL_ZONE = ZoneInfo(Terms.time_zone)
"""As long as a community is not known here."""


@dataclass(frozen=True, kw_only=True)
class CommunityTime:
    """``shifts``, ``days_off`` and ``days_on`` as in ``CommunitySnapshot``. Beyond the years whose holidays are known
    weekdays are taken for working days.
    """

    id: str
    name: Text
    prefix: str
    time_zone: str
    shifts: tuple[str, ...]
    days_off: frozenset[str] = frozenset()
    days_on: frozenset[str] = frozenset()
    roster_check: str = "17:00"

    @property
    def zone(self) -> ZoneInfo:
        """By which clocks on the wall go there."""
        return ZoneInfo(self.time_zone)

    def local_day(self, now: datetime) -> date:
        """Which day it is there."""
        return now.astimezone(self.zone).date()

    def works(self, day: date) -> bool:
        """Is it a working day there?"""
        text = day.isoformat()
        return text in self.days_on or (is_weekday(day) and text not in self.days_off)

    def hours(self) -> WorkingHours:
        """The working time that deadlines are counted in."""
        return WorkingHours(self.zone, tuple(map(shift, self.shifts)), self.works)
