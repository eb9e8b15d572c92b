"""The one business clock of a stack: origin + speed x elapsed, kept in its folder, never running backwards.

A clock that ran faster than the real one has seen days that have not come yet. While the stack is down it stands
still; the next start goes on from where it stood.
"""

from collections.abc import Container
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.stack.failure import StackError
from deploy.stack.folder import read_json, write_json


@dataclass(frozen=True)
class StackClock:
    """Texts are ISO 8601 with zone; an empty origin means real time."""

    origin: str = ""
    started: str = ""
    speed: float = 1.0
    stopped: str = ""
    """Real time at which the stack was last seen alive; empty while it runs."""

    def at(self, real: datetime) -> datetime:
        """Business time at the *real* time, or when the stack stopped if that was before."""
        if not self.origin:
            return real
        moment = min(real, datetime.fromisoformat(self.stopped)) if self.stopped else real
        elapsed = max(timedelta(), moment - datetime.fromisoformat(self.started))
        return datetime.fromisoformat(self.origin) + elapsed * self.speed


REAL_TIME = StackClock()


def next_clock(previous: StackClock, origin: str, speed: float, real: datetime) -> StackClock:
    """The clock of a start at *real* that wants *origin* (empty: now) and *speed*, after *previous*."""
    wanted = _moment(origin) if origin else real
    reached = max(wanted, previous.at(real))
    if reached <= real and speed == 1.0 and not origin:
        return REAL_TIME
    return StackClock(origin=reached.isoformat(), started=real.isoformat(), speed=speed)


def require_clock(origin: str, speed: float) -> None:
    """StackError where a start cannot have such a clock: one that was kept would stop every later start."""
    if origin:
        _moment(origin)
    if not 0 < speed < float("inf"):
        raise StackError(
            f"业务时间的快慢 {speed} 不对:要大于 0", f"business time cannot run {speed} times as fast: above 0"
        )


def load(root: Path, last_alive: datetime | None = None) -> StackClock:
    """The clock last used in *root*; *last_alive* says when, if the stack did not live to write it down."""
    found = read_json(root / "clock.json")
    if not found:
        return REAL_TIME
    clock = StackClock(**found)
    if not clock.stopped and last_alive is not None:
        return StackClock(clock.origin, clock.started, clock.speed, last_alive.isoformat())
    return clock


def save(root: Path, clock: StackClock) -> None:
    """Keep *clock* for the next start."""
    write_json(root / "clock.json", asdict(clock))


def mark_stopped(root: Path, real: datetime) -> None:
    """Note that the stack stopped at *real*; business time stands still from here."""
    clock = load(root)
    if clock.origin and not clock.stopped:
        save(root, StackClock(clock.origin, clock.started, clock.speed, real.isoformat()))


def last_sign_of_life(root: Path) -> datetime | None:
    """When the processes of *root* last wrote something: for a stack that was cut off without a stop."""
    times = [path.stat().st_mtime for folder in ("logs", "mongod/db") for path in (root / folder).glob("*")]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise StackError(
            f"时间 {text!r} 不对:要写成带时区的,例如 2026-11-21T08:00:00+08:00",
            f"{text!r} is no usable time: write it with its zone, like 2026-11-21T08:00:00+08:00",
        )
    return moment


TICK_MINUTES, LEAST_TICK = 1.0, 0.1
"""Where business time runs fast the dispatcher looks about once in a minute of it, but not all the time."""


def paced(speed: float, given: Container[str]) -> dict[str, float]:
    """Settings in real time that follow the *speed* of business time; none that is *given* (as in the environment or a
    plan).
    """
    if speed <= 1.0 or "SHILIU_MATCH_TICK" in given or "match_tick" in given:
        return {}
    return {"match_tick": max(LEAST_TICK, min(1.0, 60 * TICK_MINUTES / speed))}
