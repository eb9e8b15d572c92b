"""Working time, held against an oracle that walks from minute to minute; and the days as the Civil Code counts them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.working_time import NoWorkingTime, Shift, WorkingHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
OFFICE = (Shift(time(9, 0), time(12, 30)), Shift(time(14, 0), time(18, 0)))


def _weekday(day: date) -> bool:
    return day.weekday() < 5


def _hours(
    works: Callable[[date], bool] = _weekday, shifts: tuple[Shift, ...] = OFFICE, zone: ZoneInfo = SHANGHAI
) -> WorkingHours:
    return WorkingHours(zone, shifts, works)


def _local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def _open(hours: WorkingHours, moment: datetime) -> bool:
    local = moment.astimezone(hours.zone)
    now = local.time()
    return hours.works(local.date()) and any(one.start <= now and (now < one.end) for one in hours.shifts)


def _walk(hours: WorkingHours, start: datetime, minutes: int) -> datetime:
    moment = start
    while not _open(hours, moment):
        moment += MINUTE
    while minutes:
        minutes -= _open(hours, moment)
        moment += MINUTE
    return moment


ZONES = st.sampled_from([SHANGHAI, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")])
STARTS = st.integers(0, 480_000).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE)
TIMES = st.lists(st.integers(0, 95).map(lambda quarter: 15 * quarter), min_size=2, max_size=6, unique=True)


def _shifts(minutes: list[int]) -> tuple[Shift, ...]:
    points = [time(*divmod(minute, 60)) for minute in sorted(minutes)]
    return tuple(Shift(start, end) for start, end in zip(points[::2], points[1::2], strict=False))


CALENDARS = st.builds(
    lambda zone, minutes, off: _hours(lambda day: day.toordinal() % 7 not in off, _shifts(minutes), zone),
    ZONES,
    TIMES,
    st.frozensets(st.integers(0, 6), max_size=3),
)


@settings(max_examples=60, deadline=None)
@given(hours=CALENDARS, start=STARTS, minutes=st.integers(0, 240))
def test_it_is_what_a_walk_from_minute_to_minute_counts(hours: WorkingHours, start: datetime, minutes: int) -> None:
    end = hours.after(start, minutes)
    assert end == _walk(hours, start, minutes)
    assert hours.between(start, end) == minutes
    assert hours.between(end, start) == 0


@settings(max_examples=60, deadline=None)
@given(hours=CALENDARS, start=STARTS, first=st.integers(0, 2000), second=st.integers(1, 2000))
def test_time_in_two_parts_is_the_same_time(hours: WorkingHours, start: datetime, first: int, second: int) -> None:
    middle = hours.after(start, first)  # no minutes at all, asked at a closing, are the next opening: so second > 0
    end = hours.after(middle, second)
    assert end == hours.after(start, first + second)
    assert hours.between(start, middle) + hours.between(middle, end) == pytest.approx(first + second)


def test_office_hours() -> None:
    hours = _hours()
    friday = _local("2026-11-20T17:00")
    assert hours.after(friday, 60) == _local("2026-11-20T18:00")
    assert hours.after(friday, 61) == _local("2026-11-23T09:01")
    assert hours.after(_local("2026-11-21T03:00"), 0) == _local("2026-11-23T09:00"), "it begins when business does"
    assert hours.between(_local("2026-11-20T12:00"), _local("2026-11-20T14:30")) == 60
    assert hours.after(friday, 60).tzinfo is UTC


def test_a_period_in_days_leaves_out_the_day_it_begins_on_and_ends_with_business() -> None:
    hours = _hours()
    assert hours.end_of_day(_local("2026-11-23T00:05"), 1) == _local("2026-11-24T18:00")
    assert hours.end_of_day(_local("2026-11-20T23:59"), 5) == _local("2026-11-27T18:00")
    assert hours.end_of_day(_local("2026-11-21T10:00"), 1) == _local("2026-11-23T18:00")


def test_a_shift_to_midnight_and_the_hour_that_comes_twice() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    hours = _hours(lambda day: True, (Shift(time(0, 0), time.max),), berlin)
    assert hours.between(_local("2026-10-25T00:00", berlin), _local("2026-10-26T00:00", berlin)) == 25 * 60
    assert hours.end_of_day(_local("2026-10-24T12:00", berlin), 1) == _local("2026-10-26T00:00", berlin)


def test_where_nobody_ever_works_it_says_so() -> None:
    hours = _hours(lambda day: False)
    with pytest.raises(NoWorkingTime):
        hours.after(_local("2026-11-20T17:00"), 1)
    with pytest.raises(NoWorkingTime):
        hours.end_of_day(_local("2026-11-20T17:00"), 1)
