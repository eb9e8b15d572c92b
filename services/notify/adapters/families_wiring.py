"""Puts together what tells of the card of the week."""

import re
from datetime import time

from chassis.gear import Job, Resources
from chassis.settings import SettingsError
from services.notify.adapters.calendars import MongoCalendars
from services.notify.adapters.family_weeks import MongoFamilies, MongoWeekDays, RpcCards
from services.notify.application.family_weeks import FamilyWeeks
from services.notify.application.ports import Messages, Templates

_DAYS = frozenset("1234567")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
LOOK_SECONDS = 5.0
"""Between two looks whether it is time somewhere."""


def family_weeks(resources: Resources, messages: Messages, templates: Templates, calendars: MongoCalendars) -> Job:
    """For the service."""
    weekday, at = _told_at(resources.settings.family_week)
    weeks = FamilyWeeks(
        families=MongoFamilies(resources.db),
        cards=RpcCards(resources.rpc.call),
        days=MongoWeekDays(resources.db),
        messages=messages,
        templates=templates,
        calendars=calendars,
        clock=resources.clock,
        weekday=weekday,
        at=at,
    )
    return Job("family-weeks", LOOK_SECONDS, weeks.run, leased=True)


def _told_at(setting: str) -> tuple[int, time]:
    """Raises SettingsError."""
    day, _, clock = setting.partition(" ")
    if day in _DAYS and _CLOCK.fullmatch(clock):
        return int(day), time.fromisoformat(clock)
    raise SettingsError(
        f"SHILIU_FAMILY_WEEK={setting!r}:要写星期几和时间,如 7 18:00 / day of the week and time, like 7 18:00"
    )
