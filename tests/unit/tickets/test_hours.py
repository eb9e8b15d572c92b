"""When an item may be ordered and when it is done: weeks, seasons, the time that somebody asks for."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from contracts.catalogue import Hours, Wanted, Weekday
from contracts.errors import Invalid
from services.tickets.domain import hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)
OFFICE = (Hours(days=WEEKDAYS, start="09:00", end="12:00"), Hours(days=WEEKDAYS, start="14:00", end="18:00"))
SPRING = (Hours(first="12-20", last="02-05"),)


def local(text: str) -> datetime:
    """A moment of 2026 in the community."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("11-20T09:00", True),
        ("11-20T08:59", False),
        ("11-20T12:00", False),
        ("11-20T17:59", True),
        ("11-21T10:00", False),
    ],
)
def test_a_week_is_open_at_its_hours(moment: str, opened: bool) -> None:
    assert hours.is_open(OFFICE, local(moment)) is opened


@pytest.mark.parametrize(
    ("moment", "opened"), [("12-19T23:59", False), ("12-20T00:00", True), ("02-05T23:59", True), ("02-06T00:00", False)]
)
def test_a_season_may_go_over_the_new_year(moment: str, opened: bool) -> None:
    assert hours.is_open(SPRING, local(moment)) is opened


def test_without_hours_it_is_always_open() -> None:
    assert hours.is_open((), local("11-21T03:00"))


@pytest.mark.parametrize(
    ("start", "until", "met"),
    [
        ("11-20T10:00", None, True),
        ("11-20T13:00", None, False),
        ("11-20T12:30", "11-20T13:30", False),
        ("11-20T12:30", "11-20T14:01", True),
        ("11-20T17:00", "11-20T22:00", True),
        ("11-21T08:00", "11-22T20:00", False),
        ("11-21T08:00", "11-23T09:30", True),
        ("11-20T18:00", "11-20T22:00", False),
    ],
)
def test_somebody_comes_where_the_wanted_time_meets_the_hours(start: str, until: str | None, met: bool) -> None:
    assert hours.meets(OFFICE, local(start), None if until is None else local(until)) is met


@pytest.mark.parametrize(
    ("start", "until", "code", "field"),
    [
        ("11-20T09:54", None, "time-past", "wanted.start"),
        ("11-20T15:00", "11-20T15:00", "ends-before", "wanted.until"),
        ("11-20T20:00", "11-20T21:00", "outside-hours", "wanted.start"),
    ],
)
def test_an_impossible_time_names_its_field(start: str, until: str | None, code: str, field: str) -> None:
    wanted = Wanted(start=local(start), until=None if until is None else local(until))
    with pytest.raises(Invalid) as refused:
        hours.must_be_possible(wanted, OFFICE, local("11-20T10:00"))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_nobody_orders_for_more_than_a_year_ahead() -> None:
    late = Wanted(start=local("11-20T15:00"), until=local("11-20T15:00").replace(year=2028))
    with pytest.raises(Invalid, match="too-far") as refused:
        hours.must_be_possible(late, (), local("11-20T10:00"))
    assert refused.value.field == "wanted.until"


def test_a_clock_that_is_a_little_behind_orders_for_now() -> None:
    hours.must_be_possible(Wanted(start=local("11-20T09:56")), OFFICE, local("11-20T10:00"))


def test_the_zone_of_the_one_who_asks_does_not_matter() -> None:
    in_utc = Wanted(start=local("11-20T15:00").astimezone(ZoneInfo("UTC")))
    hours.must_be_possible(in_utc, OFFICE, local("11-20T10:00"))


def test_a_refusal_says_when_it_is() -> None:
    with pytest.raises(Invalid) as refused:
        hours.must_be_orderable_at((*OFFICE[:1], *SPRING), local("11-21T10:00"))
    assert refused.value.field == "item_id"
    assert "每周一二三四五 09:00-12:00、12-20至02-05 每天 00:00-24:00" in refused.value.sentence.zh
    assert "Mon/Tue/Wed/Thu/Fri 09:00-12:00, 12-20 to 02-05 daily 00:00-24:00" in refused.value.sentence.en


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Hours(start="9:00"), "start"),
        (Hours(end="25:00"), "end"),
        (Hours(start="T0900"), "start"),
        (Hours(end="0900Z"), "end"),
        (Hours(first="W47-6", last="W48-6"), "first"),
        (Hours(start="12:00", end="09:00"), "end"),
        (Hours(first="01-15"), "first"),
        (Hours(first="02-30", last="03-01"), "first"),
    ],
)
def test_hours_that_are_wrong_are_not_imported(wrong: Hours, field: str) -> None:
    assert field in {name for _, name, _ in hours.wrong_hours((wrong,))}


def test_the_whole_day_is_right() -> None:
    assert list(hours.wrong_hours((Hours(), *OFFICE, *SPRING))) == []
