"""When a community works: its shifts, the holidays of the state, and the days on which it differs from them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from contracts.words import Text
from contracts.working_time import WorkingHours, is_weekday, shift

_DAYS = 365
_ANY_ZONE = ZoneInfo("UTC")
"""Whether a date is a working day depends on no zone."""

NationalDays = Callable[[date], bool]
"""Is that a working day by the state's arrangement of holidays and make-up days? Raises UnknownYear."""


class UnknownYear(ValueError):
    """The holidays and make-up days of *year* are not known: the state announces them in the November before."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the holidays of {year} are not known")
        self.year = year

    @property
    def sentence(self) -> Text:
        """What an operator does about it."""
        return Text(
            zh=f"还不知道 {self.year} 年的放假和调休安排:请更新节假日数据,或写进社区文件的 calendar",
            en=f"holidays and make-up days of {self.year} are not known: update the holiday data, or write them into"
            " the calendar of the community's file",
        )


class Holidays(StrEnum):
    """Whose holidays a community keeps."""

    CHINA = "CN"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """``shifts`` are like "09:00-12:30", in order; dates are ISO, local.

    ``days_off`` and ``days_on`` overrule the holidays. Of the ``years`` they are all there is to know, beside weekends.
    """

    shifts: tuple[str, ...] = ("09:00-12:00", "14:00-18:00")
    holidays: Holidays = Holidays.CHINA
    days_off: tuple[str, ...] = ()
    days_on: tuple[str, ...] = ()
    years: tuple[int, ...] = ()

    def hours(self, zone: ZoneInfo, national: NationalDays) -> WorkingHours:
        """The working time that deadlines are counted in; it raises UnknownYear when it is asked of such a day."""
        off, on, years = frozenset(self.days_off), frozenset(self.days_on), frozenset(self.years)

        def works(day: date) -> bool:
            text = day.isoformat()
            if text in off or text in on:
                return text in on
            if self.holidays is Holidays.NONE or day.year in years:
                return is_weekday(day)
            return national(day)

        return WorkingHours(zone, tuple(map(shift, self.shifts)), works)


def unknown_years(calendar: WorkCalendar, years: Iterable[int], national: NationalDays) -> list[UnknownYear]:
    """Of which of *years* the calendar cannot say when people work."""
    works = calendar.hours(_ANY_ZONE, national).works
    unknown: list[UnknownYear] = []
    for year in years:
        try:
            for count in range(_DAYS):
                works(date(year, 1, 1) + timedelta(days=count))
        except UnknownYear as error:
            unknown.append(error)
    return unknown


USUAL = WorkCalendar()
"""Of a community that says nothing of its own."""


def exceptions(
    calendar: WorkCalendar, years: Iterable[int], national: NationalDays
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(days off, days on), ISO and in order: how the calendar differs from plain weeks in *years*, as far as it is
    known, and on the days it names itself."""
    off, on = set(calendar.days_off), set(calendar.days_on)
    works = calendar.hours(_ANY_ZONE, national).works
    for year in years:
        days = [date(year, 1, 1) + timedelta(days=count) for count in range(_DAYS)]
        try:
            unlike = [day for day in days if works(day) != is_weekday(day)]
        except UnknownYear:
            continue
        off |= {day.isoformat() for day in unlike if is_weekday(day)}
        on |= {day.isoformat() for day in unlike if not is_weekday(day)}
    return tuple(sorted(off)), tuple(sorted(on))
