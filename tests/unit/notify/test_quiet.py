"""Quiet hours end when the clocks of the community say so, on working days, days off and when clocks are changed."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from services.notify.domain.own_calendar import OwnCalendar
from services.notify.domain.quiet import QuietHours, over_at

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(21), time(8), time(9))
# 2026-10-01 is a holiday (a Thursday), 2026-10-10 a Saturday on which people work for it.
CALENDAR = OwnCalendar(zone=SHANGHAI, days_off=frozenset({"2026-10-01"}), days_on=frozenset({"2026-10-10"}))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def over(now: str, quiet: QuietHours | None = NIGHT, zone: ZoneInfo = SHANGHAI) -> str | None:
    found = over_at(at(now, zone), quiet, zone, CALENDAR.works)
    if found is None:
        return None
    assert found.tzinfo is UTC
    return found.astimezone(zone).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-23T20:59:59", None),
        ("2026-11-23T21:00:00", "11-24 08:00"),
        ("2026-11-24T00:00:00", "11-24 08:00"),
        ("2026-11-24T07:59:59", "11-24 08:00"),
        ("2026-11-24T08:00:00", None),
        ("2026-11-24T12:00:00", None),
    ],
)
def test_a_night_has_a_beginning_and_an_end(now: str, ends: str | None) -> None:
    assert over(now) == ends


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-27T22:00:00", "11-28 09:00"),  # into a Saturday
        ("2026-11-29T22:00:00", "11-30 08:00"),  # into a Monday
        ("2026-09-30T22:00:00", "10-01 09:00"),  # into a holiday
        ("2026-10-01T08:30:00", "10-01 09:00"),
        ("2026-10-09T22:00:00", "10-10 08:00"),  # into a Saturday on which people work
        ("2026-10-10T08:30:00", None),
    ],
)
def test_on_a_day_off_people_sleep_longer_and_a_make_up_day_is_none(now: str, ends: str) -> None:
    assert over(now) == ends


def test_hours_within_a_day_and_hours_that_nobody_wants() -> None:
    nap = QuietHours(time(13), time(14, 30))
    assert over("2026-11-24T13:10:00", nap) == "11-24 14:30"
    assert over("2026-11-24T14:30:00", nap) is None
    assert over("2026-11-24T23:00:00", nap) is None
    assert over("2026-11-24T23:00:00", None) is None


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        ("2026-03-28T21:00:00", 10 * 3600),  # the night in which clocks go forward is an hour shorter
        ("2026-10-24T21:00:00", 12 * 3600),  # and the other one longer
        ("2026-06-01T21:00:00", 11 * 3600),
    ],
)
def test_a_night_in_which_clocks_are_changed(now: str, seconds: int) -> None:
    night = QuietHours(time(21), time(8))
    start = at(now, BERLIN)
    ends = over_at(start, night, BERLIN, CALENDAR.works)
    assert ends is not None
    assert (ends - start.astimezone(UTC)).total_seconds() == seconds


def test_an_end_that_clocks_show_twice_is_the_second_and_one_they_leave_out_passes_all_the_same() -> None:
    early = QuietHours(time(21), time(2, 30))
    twice = over_at(at("2026-10-25T01:00:00", BERLIN), early, BERLIN, CALENDAR.works)
    assert twice == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    never = over_at(at("2026-03-29T01:00:00", BERLIN), early, BERLIN, CALENDAR.works)
    assert never == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_the_end_is_later_and_outside_whatever_the_moment() -> None:
    for zone in (SHANGHAI, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")):
        for hour in range(24 * 40):
            now = datetime.fromtimestamp(1_792_000_000 + hour * 3600 + 59, UTC)
            ends = over_at(now, NIGHT, zone, CALENDAR.works)
            if ends is not None:
                assert ends > now
                assert over_at(ends, NIGHT, zone, CALENDAR.works) is None


def test_working_days_are_the_communitys_own() -> None:
    days = [date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 11), date(2026, 10, 12)]
    assert [CALENDAR.works(day) for day in days] == [False, True, False, True]
