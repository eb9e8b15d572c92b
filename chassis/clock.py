"""Business time: one clock for the whole stack, which may start at a chosen moment and run faster than real time.

Deadlines, events and days use it. Tokens, leases, RPC and retries use real time (design, section 4 point 6).
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

from chassis.settings import Settings, SettingsError
from contracts.schemas.fields import to_milliseconds

_STEADY: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """What tells business time."""

    def now(self) -> datetime:
        """The moment now: UTC, cut to the millisecond."""


def wall_seconds() -> float:
    """Real seconds since the epoch."""
    return time.time()


def elapsed_seconds() -> float:
    """Real seconds that pass evenly, also while the machine sleeps; nobody can set this clock."""
    return time.clock_gettime(_STEADY)


class BusinessClock:
    """``origin + speed x (real time since started)``, never backwards.

    The wall clock is read once, to agree with the other processes of the stack; from there the steady clock counts,
    so that a wall clock that jumps moves no deadline.
    """

    def __init__(
        self,
        origin: datetime,
        started: datetime,
        speed: float,
        *,
        wall: Callable[[], float] = wall_seconds,
        elapsed: Callable[[], float] = elapsed_seconds,
    ) -> None:
        self._origin = origin.astimezone(UTC)
        self._speed = speed
        self._elapsed = elapsed
        self._zero = elapsed() - (wall() - started.timestamp())
        self._latest = datetime.min.replace(tzinfo=UTC)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The clock of the stack that *settings* describe; raises SettingsError naming what is wrong."""
        if settings.clock_speed <= 0:
            raise SettingsError(f"SHILIU_CLOCK_SPEED is {settings.clock_speed}: a number above 0 is needed")
        started = _moment("SHILIU_CLOCK_STARTED", settings.clock_started) or datetime.fromtimestamp(wall_seconds(), UTC)
        origin = _moment("SHILIU_CLOCK_ORIGIN", settings.clock_origin) or started
        return cls(origin, started, settings.clock_speed)

    def now(self) -> datetime:
        """Business time, UTC, cut to the millisecond."""
        passed = timedelta(seconds=self._speed * (self._elapsed() - self._zero))
        self._latest = max(self._latest, to_milliseconds(self._origin + passed))
        return self._latest


def _moment(variable: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise SettingsError(f"{variable} is {text!r}: a moment with its zone is needed, like 2026-11-21T08:00:00+08:00")
    return moment
