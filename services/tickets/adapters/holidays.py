"""The holidays and make-up days of mainland China, as the State Council arranges them year by year."""

from datetime import date

import chinese_calendar

from services.tickets.domain.work_calendar import UnknownYear


def works_in_china(day: date) -> bool:
    """Is *day* a working day there? Raises UnknownYear outside the years the library knows."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except RuntimeError as error:  # the library has no exception of its own for a year it does not know
        raise UnknownYear(day.year) from error
