"""Stars for hours served. Source of the thresholds: 民函〔2012〕340号; they are a setting. There is no ranking."""

from collections.abc import Sequence


def stars(minutes: int, thresholds: Sequence[float]) -> int:
    """How many stars so many minutes are; *thresholds* are hours, in order."""
    return sum(minutes >= hours * 60 for hours in thresholds)


def to_the_next(minutes: int, thresholds: Sequence[float]) -> int | None:
    """Minutes to the next star; None where there is none."""
    return next((int(hours * 60) - minutes for hours in thresholds if minutes < hours * 60), None)
