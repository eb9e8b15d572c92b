"""When nothing goes out, and when what was collected does: hours of the day as the clocks of a community show them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(now: datetime, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet hours that *now* lies in; None outside of them. They may run over midnight."""
    if quiet is None:
        return None
    begins, ends = quiet
    local = now.astimezone(zone)
    at = local.time().replace(tzinfo=None)
    within = begins <= at < ends if begins <= ends else at >= begins or at < ends
    return _next(local, ends, zone) if within else None


def next_digest(now: datetime, digest_at: time, zone: ZoneInfo) -> datetime:
    """The next moment at which the clocks there show *digest_at*; never *now* itself."""
    return _next(now.astimezone(zone), digest_at, zone)


def _next(local: datetime, at: time, zone: ZoneInfo) -> datetime:
    """By the wall: where a night is an hour longer or shorter the hour on the clock counts."""
    today = datetime.combine(local.date(), at, zone)
    day = (
        today
        if today.astimezone(UTC) > local.astimezone(UTC)
        else datetime.combine(local.date() + timedelta(days=1), at, zone)
    )
    return day.astimezone(UTC)
