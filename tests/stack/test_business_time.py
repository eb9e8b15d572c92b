"""Business time goes on from where it stood, and never back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.stack.business_time import REAL_TIME, StackClock, load, mark_stopped, next_clock, paced, save
from deploy.stack.failure import StackError

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
EIGHT = "2026-11-21T08:00:00+08:00"
HOUR = timedelta(hours=1)


def test_without_a_wish_time_is_real() -> None:
    assert next_clock(REAL_TIME, "", 1.0, NOW) == REAL_TIME
    assert REAL_TIME.at(NOW) == NOW


def test_a_fast_clock_starts_at_its_origin() -> None:
    clock = next_clock(REAL_TIME, "2027-01-01T08:00:00+08:00", 360.0, NOW)
    assert clock.at(NOW + timedelta(minutes=4)) == datetime(2027, 1, 2, 0, 0, tzinfo=UTC)


def test_time_stands_still_while_the_stack_is_down() -> None:
    clock = next_clock(REAL_TIME, "2027-01-01T00:00:00+00:00", 24.0, NOW)
    stopped = StackClock(clock.origin, clock.started, clock.speed, (NOW + HOUR).isoformat())
    assert stopped.at(NOW + 500 * HOUR) == datetime(2027, 1, 2, tzinfo=UTC)
    again = next_clock(stopped, "", 1.0, NOW + 500 * HOUR)
    assert again.at(NOW + 501 * HOUR) == datetime(2027, 1, 2, 1, tzinfo=UTC)


def test_when_real_time_has_caught_up_it_is_real_again() -> None:
    clock = next_clock(REAL_TIME, "", 24.0, NOW)
    stopped = StackClock(clock.origin, clock.started, clock.speed, (NOW + HOUR).isoformat())
    assert next_clock(stopped, "", 1.0, NOW + 100 * HOUR) == REAL_TIME


@given(st.floats(1.0, 1000.0), st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from(["", EIGHT]))
def test_no_start_goes_back(speed: float, ran: int, rested: int, origin: str) -> None:
    first = next_clock(REAL_TIME, origin, speed, NOW)
    end = NOW + timedelta(seconds=ran)
    stopped = StackClock(first.origin, first.started, first.speed, end.isoformat() if first.origin else "")
    restart = end + timedelta(seconds=rested)
    second = next_clock(stopped, origin, 1.0, restart)
    assert second.at(restart) >= first.at(end)


def test_it_is_kept_in_the_folder(tmp_path: Path) -> None:
    assert load(tmp_path) == REAL_TIME
    clock = next_clock(REAL_TIME, EIGHT, 360.0, NOW)
    save(tmp_path, clock)
    assert load(tmp_path) == clock
    assert load(tmp_path, NOW + HOUR).stopped == (NOW + HOUR).isoformat()
    mark_stopped(tmp_path, NOW + 2 * HOUR)
    assert load(tmp_path, NOW + 3 * HOUR).stopped == (NOW + 2 * HOUR).isoformat()


@pytest.mark.parametrize("text", ["tomorrow", "2026-11-21T08:00:00"])
def test_a_time_without_zone_is_refused(text: str) -> None:
    with pytest.raises(StackError, match="with its zone"):
        next_clock(REAL_TIME, text, 1.0, NOW)


@pytest.mark.parametrize(
    ("speed", "named", "tick"),
    [(1.0, (), None), (360.0, (), 1 / 6), (3000.0, (), 0.1), (30.0, (), 1.0), (360.0, ("SHILIU_MATCH_TICK",), None)],
)
def test_the_dispatcher_looks_once_in_a_minute_of_fast_business_time(
    speed: float, named: tuple[str, ...], tick: float | None
) -> None:
    expected = {} if tick is None else {"match_tick": tick}
    assert paced(speed, named) == expected
