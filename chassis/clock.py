"""The clocks of a process: the steady one, the real time of the stack, and business time.

Business time may start at a chosen moment and run faster than real time; deadlines, events and days use it. Tokens
use real time, leases the database's own, RPC and retries the steady clock (design, section 4 point 6). What this
machine's wall clock says decides nothing.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

from chassis.logging import get_logger
from chassis.settings import Settings, SettingsError
from contracts.schemas.fields import to_milliseconds

TOLERATED_SECONDS = 0.1
"""Clocks of two good machines part by so much in half an hour or more; less is not followed."""
WRONG_SECONDS = 2.0
"""A wall clock further from the database's than this is worth a word to whoever keeps the machine."""

log = get_logger(__name__)

_STEADY: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """What tells business time."""

    def now(self) -> datetime:
        """The moment now: UTC, cut to the millisecond."""


def wall_seconds() -> float:
    """Seconds since the epoch by this machine's own wall clock, which may be wrong, and may jump."""
    return time.time()


def elapsed_seconds() -> float:
    """Real seconds that pass evenly, also while the machine sleeps; nobody can set this clock."""
    return time.clock_gettime(_STEADY)


class RealTime:
    """The real time on which all processes of a stack agree: their database's, whatever their own wall clocks say.

    It is asked when it is needed first; from there the steady clock counts. Tokens and places in the stream use it.
    """

    def __init__(
        self,
        ask: Callable[[], datetime],
        *,
        elapsed: Callable[[], float] = elapsed_seconds,
        wall: Callable[[], float] = wall_seconds,
    ) -> None:
        """*ask* gives the database's time now."""
        self._ask = ask
        self._elapsed = elapsed
        self._wall = wall
        self._zero: float | None = None

    def now(self) -> float:
        """Seconds since the epoch. Raises what asking raises, the first time."""
        zero = self.agree() if self._zero is None else self._zero
        return zero + self._elapsed()

    def agree(self) -> float:
        """Ask again, and follow where the answer differs by more than the way there and back may explain.

        Gives the real time at which the steady clock was zero. Raises what asking raises.
        """
        sent = self._elapsed()
        told = self._ask().timestamp()
        received = self._elapsed()
        zero, doubt = told - (sent + received) / 2, (received - sent) / 2
        if self._zero is not None and abs(zero - self._zero) <= doubt + TOLERATED_SECONDS:
            return self._zero
        if self._zero is not None:
            log.warning("clock.set_to_the_databases", seconds=round(zero - self._zero, 3))
        self._zero = zero
        self._compare(zero + received)
        return zero

    def _compare(self, now: float) -> None:
        off = self._wall() - now
        if abs(off) > WRONG_SECONDS:
            log.warning("clock.this_machine_is_wrong", seconds=round(off, 3))


class BusinessClock:
    """``origin + speed x (real time since started)``, never backwards.

    Real time is what the stack agrees on, so that a wall clock that is wrong or jumps moves no deadline.
    """

    def __init__(
        self, origin: datetime | None, started: datetime | None, speed: float, real: Callable[[], float]
    ) -> None:
        """Without *origin* business time was real time at *started*; without *started* it starts at its first use.

        *real*: seconds since the epoch.
        """
        self._origin = origin
        self._started = None if started is None else started.timestamp()
        self._speed = speed
        self._real = real
        self._latest = datetime.min.replace(tzinfo=UTC)

    @classmethod
    def from_settings(cls, settings: Settings, real: Callable[[], float]) -> Self:
        """The clock of the stack that *settings* describe; raises SettingsError naming what is wrong."""
        if settings.clock_speed <= 0:
            raise SettingsError(f"SHILIU_CLOCK_SPEED={settings.clock_speed}:要大于 0 的数 / a number above 0 is needed")
        origin = _moment("SHILIU_CLOCK_ORIGIN", settings.clock_origin)
        return cls(origin, _moment("SHILIU_CLOCK_STARTED", settings.clock_started), settings.clock_speed, real)

    def now(self) -> datetime:
        """Business time, UTC, cut to the millisecond. Raises what asking the database raises, the first time."""
        real = self._real()
        if self._started is None:
            self._started = real
        origin = self._origin or datetime.fromtimestamp(self._started, UTC)
        passed = timedelta(seconds=self._speed * (real - self._started))
        self._latest = max(self._latest, to_milliseconds(origin.astimezone(UTC) + passed))
        return self._latest


def _moment(variable: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise SettingsError(
            f"{variable}={text!r}:要写带时区的时间 / a moment with its zone is needed: 2026-11-21T08:00:00+08:00"
        )
    return moment
