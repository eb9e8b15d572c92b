"""The days of a record sheet: whatever is typed is a stretch of days that have a moment everywhere, or is refused."""

from zoneinfo import ZoneInfo

import pytest

from contracts.errors import Invalid
from services.volunteers.domain.hours_sheet import days_of, moments


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("0001-01-01", "0001-01-02"),
        ("9999-12-01", "9999-12-31"),
        ("2026-11-22", "2026-11-21"),
        ("2000-01-01", "2026-11-22"),
        ("22.11.2026", "2026-11-22"),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(start: str, end: str) -> None:
    with pytest.raises(Invalid, match="bad-days"):
        days_of(start, end)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize("day", ["2000-01-01", "2200-12-31"])
def test_every_day_that_is_taken_has_its_moments(day: str, zone: str) -> None:
    begins, ends = moments(*days_of(day, day), ZoneInfo(zone))

    assert (ends - begins).total_seconds() == 24 * 3600
