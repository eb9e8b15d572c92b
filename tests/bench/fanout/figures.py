"""Percentiles and rates of what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """How many were measured, and milliseconds."""

    count: int
    p50: float
    p99: float
    most: float


def spread(milliseconds: Sequence[float]) -> Spread:
    """The middle one, the one that a hundredth is above, the longest."""
    ranked = sorted(milliseconds)
    if not ranked:
        return Spread(0, 0.0, 0.0, 0.0)
    return Spread(len(ranked), *(round(one, 2) for one in (_at(ranked, 0.50), _at(ranked, 0.99), ranked[-1])))


def _at(ranked: Sequence[float], part: float) -> float:
    return ranked[min(len(ranked) - 1, int(part * len(ranked)))]


@dataclass(frozen=True)
class Rate:
    """How many were done, in how many seconds."""

    count: int
    seconds: float

    @property
    def a_second(self) -> float:
        """How many a second."""
        return round(self.count / self.seconds, 1) if self.seconds else 0.0
