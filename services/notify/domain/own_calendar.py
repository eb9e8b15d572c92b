"""A community's own days and hours, as tickets publishes them: when it is which day there, and who rests when."""

from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from contracts.terms import Terms
from contracts.working_time import is_weekday
from services.notify.domain.quiet import QuietHours

USUAL_ZONE = ZoneInfo(Terms.time_zone)
"""As long as a community is not known here."""
AT_NIGHT = QuietHours(time(21), time(8), time(9))


@dataclass(frozen=True, kw_only=True)
class OwnCalendar:
    """``days_off`` and ``days_on`` (ISO) are as in ``CommunitySnapshot``: make-up days of the state are working days.

    Beyond the years whose holidays are known weekdays are taken for working days.
    """

    zone: ZoneInfo = USUAL_ZONE
    days_off: frozenset[str] = frozenset()
    days_on: frozenset[str] = frozenset()
    quiet: QuietHours = AT_NIGHT

    def works(self, day: date) -> bool:
        """Is it a working day there?"""
        text = day.isoformat()
        return text in self.days_on or (is_weekday(day) and text not in self.days_off)


UNKNOWN = OwnCalendar()
"""Of a community of which nothing was heard yet."""
