"""Which days count: the holidays of the state, and what a community knows better."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.tickets.adapters.holidays import works_in_china
from services.tickets.domain.work_calendar import Holidays, UnknownYear, WorkCalendar, exceptions, unknown_years

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _works(calendar: WorkCalendar, day: str) -> bool:
    return calendar.hours(SHANGHAI, works_in_china).works(date.fromisoformat(day))


def test_holidays_and_make_up_days_are_the_state_s() -> None:
    days = {
        "2026-10-01": False,  # National Day, a Thursday
        "2026-10-10": True,  # a Saturday that makes up for the holidays
        "2026-02-16": False,  # the eve of the Spring Festival, a Monday
        "2026-11-23": True,
        "2026-11-22": False,
    }
    assert {day: _works(WorkCalendar(), day) for day in days} == days


def test_of_a_year_that_is_not_announced_it_says_so_with_what_to_do() -> None:
    with pytest.raises(UnknownYear) as caught:
        _works(WorkCalendar(), "2099-01-04")
    assert caught.value.year == 2099
    assert "2099" in caught.value.sentence.zh
    assert "calendar" in caught.value.sentence.en


def test_an_import_asks_for_the_years_it_will_need() -> None:
    first_days = tuple(f"2099-01-0{day}" for day in range(1, 10))
    unknown = unknown_years(WorkCalendar(days_off=first_days), (2026, 2098, 2099), works_in_china)
    assert [one.year for one in unknown] == [2098, 2099]
    assert unknown_years(WorkCalendar(years=(2099,)), (2099,), works_in_china) == []


def test_how_a_calendar_differs_from_plain_weeks_can_be_told() -> None:
    off, on = exceptions(WorkCalendar(days_off=("2026-11-23", "2099-01-01")), (2026, 2099), works_in_china)
    assert {"2026-10-01", "2026-11-23", "2099-01-01"} <= set(off)
    assert "2026-10-10" in on
    assert not {"2026-10-03", "2026-11-22"} & {*off, *on}  # weekends as they always are


def test_a_community_s_own_days_go_first() -> None:
    own = WorkCalendar(days_off=("2026-11-23",), days_on=("2026-11-22",))
    assert (_works(own, "2026-11-23"), _works(own, "2026-11-22"), _works(own, "2026-11-24")) == (False, True, True)


def test_a_year_that_the_community_wrote_down_is_known() -> None:
    written = WorkCalendar(years=(2099,), days_off=("2099-01-01",), days_on=("2099-01-03",))
    days = {"2099-01-01": False, "2099-01-02": True, "2099-01-03": True, "2099-01-04": False}
    assert {day: _works(written, day) for day in days} == days


def test_elsewhere_the_holidays_of_china_are_none() -> None:
    assert _works(WorkCalendar(holidays=Holidays.NONE), "2026-10-01")
    assert not _works(WorkCalendar(holidays=Holidays.NONE), "2026-10-10")


def test_over_the_national_day_the_saturday_that_makes_up_counts() -> None:
    hours = WorkCalendar().hours(SHANGHAI, works_in_china)
    assert hours.end_of_day(datetime(2026, 9, 30, 3, tzinfo=UTC), 3) == datetime(2026, 10, 10, 18, tzinfo=SHANGHAI)
