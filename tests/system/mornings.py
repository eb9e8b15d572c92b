"""When a platform of the tests begins its day: of a working day, so that nothing waits for the end of quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deploy.demo.play import ZONE

OPENS = time(8, 30)
_SATURDAY = 5


def next_morning(now: datetime | None = None) -> str:
    """Half past eight there, of the next day from Monday to Friday: a stack's clock begins no earlier than now."""
    local = (now or datetime.now(UTC)).astimezone(ZoneInfo(ZONE))
    day = local.date()
    while datetime.combine(day, OPENS, local.tzinfo) < local or day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, OPENS, local.tzinfo).isoformat()
