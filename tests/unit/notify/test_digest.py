"""When a digest goes out and what it says."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from contracts.notices import Every
from services.notify.domain.category import Category
from services.notify.domain.digest import MOST_LINES, Line, told_at, words_of
from services.notify.domain.own_calendar import OwnCalendar

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
    title, body = words_of([line(2), line(1), line(3)], "zh-CN")
    assert title == "3 条消息"
    assert body.splitlines() == ["消息1:去看", "消息2:去看", "消息3:去看"]
    assert words_of([line(1), line(2)], "en-GB") == ("2 messages", "消息1: 去看\n消息2: 去看")
    assert words_of([line(1)], "ug")[0] == "1 条消息"


def test_a_long_digest_says_how_many_more_there_are() -> None:
    _, body = words_of([line(place) for place in range(MOST_LINES + 5)], "en")
    assert len(body.splitlines()) == MOST_LINES + 1
    assert body.endswith("5 more are in your inbox")
