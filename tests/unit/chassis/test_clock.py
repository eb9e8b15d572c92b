"""Business time: origin and speed, one for the stack, never backwards."""

from datetime import UTC, datetime, timedelta

import pytest
from pymongo.errors import AutoReconnect
from structlog.testing import capture_logs

from chassis.clock import BusinessClock, RealTime
from chassis.settings import Settings, SettingsError
from tests.fakes.clock import MORNING, FixedClock

STARTED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = 3_600.0


class World:
    """A database's clock, a steady one that nobody can set, and a wall clock of this machine that may say anything."""

    def __init__(self, wrong_by: float = 0.0) -> None:
        self.database = STARTED.timestamp()
        self.steady = 1_000.0
        self.wrong_by = wrong_by
        self.there, self.back = 0.0, 0.0
        self.asked = 0
        self.real = RealTime(self.ask, elapsed=lambda: self.steady, wall=lambda: self.database + self.wrong_by)

    def pass_by(self, seconds: float) -> None:
        self.database += seconds
        self.steady += seconds

    def ask(self) -> datetime:
        self.asked += 1
        self.pass_by(self.there)
        told = datetime.fromtimestamp(self.database, UTC)
        self.pass_by(self.back)
        return told

    def clock(self, speed: float = 360.0) -> BusinessClock:
        """As a process that starts now would make it."""
        return BusinessClock(MORNING, STARTED, speed, self.real.now)


def test_it_starts_at_its_origin_and_runs_at_its_speed() -> None:
    world = World()
    clock = world.clock()
    assert clock.now() == MORNING
    world.pass_by(10)
    assert clock.now() == MORNING + timedelta(hours=1)
    assert world.asked == 1


@pytest.mark.parametrize("wrong_by", [HOUR, -HOUR])
def test_a_machine_whose_wall_clock_is_wrong_tells_the_time_of_all(wrong_by: float) -> None:
    world = World(wrong_by)
    world.pass_by(10)
    with capture_logs() as logs:
        assert world.clock(speed=3_000).now() == MORNING + timedelta(seconds=30_000)
    assert [(line["event"], line["seconds"]) for line in logs] == [("clock.this_machine_is_wrong", wrong_by)]


def test_a_wall_clock_that_jumps_moves_nothing() -> None:
    world = World()
    clock = world.clock()
    clock.now()
    world.wrong_by = HOUR
    world.pass_by(1)
    assert clock.now() == MORNING + timedelta(minutes=6)
    world.real.agree()
    assert clock.now() == MORNING + timedelta(minutes=6)


def test_it_follows_the_databases_clock_where_that_is_set_and_nothing_less() -> None:
    world = World()
    world.real.now()
    world.database += 0.09
    world.real.agree()
    assert world.real.now() == pytest.approx(world.database - 0.09, abs=1e-6)
    world.database += 0.9
    world.real.agree()
    assert world.real.now() == pytest.approx(world.database, abs=1e-6)


def test_what_the_way_to_the_database_may_explain_is_no_difference() -> None:
    """The answer hung for eight seconds on its way back: the time in it is old, the clocks are right."""
    world = World()
    world.real.now()
    world.back = 8.0
    world.real.agree()
    assert world.real.now() == pytest.approx(world.database, abs=1e-6)


def test_a_first_answer_that_was_long_on_its_way_is_corrected_by_the_next() -> None:
    world = World()
    world.back = 1.8
    world.real.now()
    assert world.real.now() == pytest.approx(world.database - 0.9, abs=1e-6)
    world.back = 0.0
    world.real.agree()
    assert world.real.now() == pytest.approx(world.database, abs=1e-6)


def test_it_never_goes_backwards() -> None:
    """A database whose clock is set back: business time stands until that has caught up."""
    world = World()
    clock = world.clock()
    world.pass_by(10)
    latest = clock.now()
    world.database -= 5
    world.real.agree()
    assert clock.now() == latest
    world.pass_by(6)
    assert clock.now() == MORNING + 360 * timedelta(seconds=11)


def test_it_is_utc_to_the_millisecond() -> None:
    world = World()
    clock = world.clock(speed=1)
    world.pass_by(0.0019)
    assert clock.now() == MORNING + timedelta(milliseconds=1)
    assert clock.now().tzinfo is UTC


def test_a_database_that_is_away_is_said_and_asked_again() -> None:
    world = World()
    answers: list[Exception | None] = [AutoReconnect("away"), None]

    def ask() -> datetime:
        if answer := answers.pop(0):
            raise answer
        return world.ask()

    real = RealTime(ask, elapsed=lambda: world.steady, wall=lambda: world.database)
    with pytest.raises(AutoReconnect):
        real.now()
    assert real.now() == pytest.approx(world.database, abs=1e-6)


def test_without_an_origin_it_is_real_time() -> None:
    world = World(wrong_by=HOUR)
    clock = BusinessClock.from_settings(Settings(), world.real.now)
    world.pass_by(10)
    assert clock.now() == STARTED + timedelta(seconds=10)


def test_the_stacks_settings_make_it() -> None:
    world = World()
    settings = Settings(clock_origin="2026-11-21T08:00:00+08:00", clock_started=STARTED.isoformat(), clock_speed=360)
    world.pass_by(10)
    assert BusinessClock.from_settings(settings, world.real.now).now() == MORNING + timedelta(hours=1)


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
        BusinessClock.from_settings(settings, lambda: 0.0)


def test_the_fake_obeys_the_same_rules() -> None:
    clock = FixedClock(datetime(2026, 11, 21, 8, 0, 0, 1_999, tzinfo=UTC))
    assert clock.now().microsecond == 1_000
    assert clock.advance(minutes=1, microseconds=900) == datetime(2026, 11, 21, 8, 1, 0, 1_000, tzinfo=UTC)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(seconds=-1)
