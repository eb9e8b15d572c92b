"""Minutes that pause at night."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from contracts.words import Urgency
from services.volunteers.domain.night import after, night_of
from tests.builders import some_terms

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = night_of(some_terms())


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-21T12:00", 120, "2026-11-21T14:00"),
        ("2026-11-21T19:00", 120, "2026-11-21T21:00"),
        ("2026-11-21T20:30", 120, "2026-11-22T09:30"),
        ("2026-11-21T21:00", 15, "2026-11-22T08:15"),
        ("2026-11-21T23:59", 15, "2026-11-22T08:15"),
        ("2026-11-22T03:00", 15, "2026-11-22T08:15"),
        ("2026-11-22T08:00", 15, "2026-11-22T08:15"),
        ("2026-11-21T12:00", 26 * 60, "2026-11-23T12:00"),
        ("2026-11-21T12:00", 0.05, "2026-11-21T12:00:03"),
    ],
)
def test_minutes_count_only_in_waking_hours(start: str, minutes: float, end: str) -> None:
    assert after(at(start), minutes, NIGHT) == at(end)


def test_a_night_within_one_day() -> None:
    night = night_of(some_terms(night_from="01:00", night_to="05:00"))
    assert after(at("2026-11-21T00:50"), 30, night) == at("2026-11-21T05:20")
    assert after(at("2026-11-21T05:00"), 30, night) == at("2026-11-21T05:30")


def test_an_emergency_does_not_sleep() -> None:
    night = night_of(some_terms(urgency=Urgency.EMERGENCY))
    assert after(at("2026-11-21T23:00"), 3, night) == at("2026-11-21T23:03")


@pytest.mark.parametrize("hours", [{"night_from": None}, {"night_to": None}, {"night_from": "08:00"}])
def test_without_a_night_minutes_simply_pass(hours: dict[str, str | None]) -> None:
    assert after(at("2026-11-21T23:00"), 60, night_of(some_terms(**hours))) == at("2026-11-22T00:00")


def test_the_clock_on_the_wall_decides_where_it_is_changed() -> None:
    """Boston, 8 March 2026: 02:00 becomes 03:00. The night is an hour shorter, the morning is still eight."""
    boston = ZoneInfo("America/New_York")
    night = night_of(some_terms(time_zone="America/New_York"))
    assert after(at("2026-03-07T20:00", boston), 90, night) == at("2026-03-08T08:30", boston)
    assert after(at("2026-10-31T20:00", boston), 90, night) == at("2026-11-01T08:30", boston)


def test_a_moment_is_cut_to_what_is_stored() -> None:
    assert after(at("2026-11-21T12:00"), 1 / 7, None).microsecond % 1000 == 0
