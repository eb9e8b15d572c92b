"""When a member has time: every week, with days off and times beside it, by the clock on the wall of the community.

No zone is kept with it: "Tuesday from 18:00" stays 18:00 whatever a zone does to its clocks, as people mean it.
"""

from dataclasses import dataclass

from contracts.catalogue import Weekday


@dataclass(frozen=True)
class WeekTime:
    """A stretch of one day of every week; "09:00" to "24:00" at the latest."""

    day: Weekday
    start: str
    end: str


@dataclass(frozen=True)
class DaysOff:
    """No time from the first to the last of these days, both of them too ("2026-12-24"): away, or ill."""

    first: str
    last: str


@dataclass(frozen=True)
class ExtraTime:
    """Time on one day beside the usual, even in the middle of days off."""

    day: str
    start: str
    end: str
