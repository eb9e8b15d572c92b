"""When a digest goes out and what it says."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from contracts.notices import Every
from services.notify.domain.category import Category
from services.notify.domain.digest import Line, lines_of, told_at, told_in_one
from services.notify.domain.own_calendar import OwnCalendar
from services.notify.domain.sizes import robot_bytes

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = OwnCalendar(
    zone=SHANGHAI,
    days_off=frozenset({"2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"}),
    days_on=frozenset({"2026-10-10"}),
)


@pytest.mark.parametrize(
    ("now", "every", "category", "when"),
    [
        ("2026-11-24T09:00", Every.DAY, Category.COMMUNITY, "11-24 18:00"),
        ("2026-11-24T18:00", Every.DAY, Category.COMMUNITY, "11-25 18:00"),
        ("2026-11-27T19:00", Every.DAY, Category.COMMUNITY, "11-28 18:00"),  # a Saturday
        ("2026-11-27T19:00", Every.DAY, Category.DUTY, "11-30 18:00"),  # for work on the next working day
        ("2026-10-09T19:00", Every.DAY, Category.DUTY, "10-10 18:00"),  # a make-up day is one
        ("2026-09-30T19:00", Every.DAY, Category.DUTY, "10-08 18:00"),  # after the holidays
        ("2026-11-24T09:00", Every.WEEK, Category.COMMUNITY, "11-30 18:00"),
        ("2026-11-30T09:00", Every.WEEK, Category.COMMUNITY, "11-30 18:00"),
        ("2026-10-04T09:00", Every.WEEK, Category.COMMUNITY, "10-08 18:00"),  # the first working day of that week
    ],
)
def test_a_digest_waits_for_its_hour(now: str, every: Every, category: Category, when: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    found = told_at(moment, every, category, time(18), CALENDAR)
    assert found.tzinfo is UTC
    assert found.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == when


def test_what_is_not_gathered_is_told_now() -> None:
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert told_at(now, Every.TIME, Category.ORDER, time(18), CALENDAR) == now


def line(place: int) -> Line:
    return Line(
        message_id=f"m{place}", title=f"消息{place}", body="去看", at=datetime(2026, 11, 24, 1, place, tzinfo=UTC)
    )


def test_many_are_told_in_one_oldest_first() -> None:
    lines = [line(2), line(1), line(3)]
    assert lines_of(lines, "zh-CN") == ["消息1:去看", "消息2:去看", "消息3:去看"]
    assert lines_of(lines, "ug")[0] == "消息1: 去看"


@pytest.mark.parametrize(
    ("lengths", "most", "told", "left"),
    [([3, 3, 3], 100, 3, 0), ([3, 3, 3], 8, 2, 1), ([3, 3, 3], 7, 1, 2), ([500], 8, 1, 0), ([500, 1], 8, 1, 1)],
)
def test_as_many_are_told_as_fit_and_the_others_are_counted(
    lengths: list[int], most: int, told: int, left: int
) -> None:
    lines = ["x" * length for length in lengths]
    said = told_in_one(lines, len(lines), most)
    assert (said["count"], len(said["lines"]), said["left"]) == (len(lines), told, left)


def test_bytes_are_counted_where_bytes_are_what_fits() -> None:
    assert told_in_one(["长" * 10, "长" * 10], 5, 40, robot_bytes)["left"] == 4
