"""Business time that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

from contracts.schemas.fields import to_milliseconds

MORNING = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
"""08:00 in Nanchang on a Saturday."""


class FixedClock:
    """Obeys the same port as chassis.clock.BusinessClock: UTC, milliseconds, never backwards."""

    def __init__(self, moment: datetime = MORNING) -> None:
        self._now = to_milliseconds(moment.astimezone(UTC))

    def now(self) -> datetime:
        """The moment at which the clock stands."""
        return self._now

    def advance(self, **by: float) -> datetime:
        """Move on by ``timedelta(**by)``; returns the new moment."""
        step = timedelta(**by)
        if step < timedelta(0):
            raise ValueError("time does not go backwards")
        self._now = to_milliseconds(self._now + step)
        return self._now
