"""What is remembered of one wave of a search: numbers alone, nobody is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class WaveRecord:
    """One look for people: ``looked_at`` were, of whom ``stopped`` (by the name of the gate) did not pass, and
    ``asked`` were asked in the same write. ``wave`` 0 is the look at everybody with which a search ends.

    ``beyond``: nobody whom the distance alone stopped starts within so many metres.
    """

    round: int
    wave: int
    at: datetime
    asked: int
    looked_at: int
    stopped: Mapping[str, int]
    beyond: int | None = None
