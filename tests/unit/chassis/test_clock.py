"""Business time: origin and speed, one for the stack, never backwards."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.clock import BusinessClock
from chassis.settings import Settings, SettingsError
from tests.fakes.clock import MORNING, FixedClock

STARTED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class RealTime:
    """A wall clock that can be set, and a steady one that cannot."""

    def __init__(self) -> None:
        self.wall = STARTED.timestamp()
        self.steady = 1_000.0

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds

    def clock(self, speed: float = 360.0) -> BusinessClock:
        """As a process that starts now would make it."""
        return BusinessClock(MORNING, STARTED, speed, wall=lambda: self.wall, elapsed=lambda: self.steady)


def test_it_starts_at_its_origin_and_runs_at_its_speed() -> None:
    real = RealTime()
    clock = real.clock()
    assert clock.now() == MORNING
    real.pass_by(10)
    assert clock.now() == MORNING + timedelta(hours=1)


def test_processes_that_start_later_agree() -> None:
    real = RealTime()
    first = real.clock()
    real.pass_by(42)
    assert real.clock().now() == first.now()


def test_a_wall_clock_that_jumps_moves_nothing() -> None:
    real = RealTime()
    clock = real.clock()
    real.wall += 3_600
    real.pass_by(1)
    assert clock.now() == MORNING + timedelta(minutes=6)


def test_it_never_goes_backwards() -> None:
    real = RealTime()
    clock = real.clock()
    real.pass_by(10)
    latest = clock.now()
    real.steady -= 5
    assert clock.now() == latest


def test_it_is_utc_to_the_millisecond() -> None:
    real = RealTime()
    clock = real.clock(speed=1)
    real.pass_by(0.0019)
    assert clock.now() == MORNING + timedelta(milliseconds=1)
    assert clock.now().tzinfo is UTC


def test_without_an_origin_it_is_real_time() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    now = BusinessClock.from_settings(Settings()).now()
    assert before <= now <= datetime.now(UTC)


def test_the_stacks_settings_make_it() -> None:
    started = (datetime.now(UTC) - timedelta(seconds=10)).isoformat()
    settings = Settings(clock_origin="2026-11-21T08:00:00+08:00", clock_started=started, clock_speed=360)
    now = BusinessClock.from_settings(settings).now()
    assert MORNING + timedelta(hours=1) <= now < MORNING + timedelta(hours=2)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (Settings(clock_origin="tomorrow"), "SHILIU_CLOCK_ORIGIN"),
        (Settings(clock_origin="2026-11-21T08:00:00"), "SHILIU_CLOCK_ORIGIN"),
        (Settings(clock_started="2026"), "SHILIU_CLOCK_STARTED"),
        (Settings(clock_speed=0), "SHILIU_CLOCK_SPEED"),
    ],
)
def test_what_is_wrong_is_named(settings: Settings, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        BusinessClock.from_settings(settings)


def test_the_fake_obeys_the_same_rules() -> None:
    clock = FixedClock(datetime(2026, 11, 21, 8, 0, 0, 1_999, tzinfo=UTC))
    assert clock.now().microsecond == 1_000
    assert clock.advance(minutes=1, microseconds=900) == datetime(2026, 11, 21, 8, 1, 0, 1_000, tzinfo=UTC)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(seconds=-1)
