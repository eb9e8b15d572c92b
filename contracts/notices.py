"""The words in which somebody says what they want to hear, how, and when."""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """A way from the platform to one person, beside their inbox in it."""

    WECHAT = "wechat"
    SMS = "sms"
    EMAIL = "email"


class QuietMode(StrEnum):
    """Whose quiet hours hold for somebody."""

    COMMUNITY = "community"
    OWN = "own"
    OFF = "off"


class Every(StrEnum):
    """How often somebody wants a category told."""

    TIME = "time"
    """Each message by itself, at once."""
    DAY = "day"
    WEEK = "week"
    """Together, on the first working day of the week."""


@dataclass(frozen=True)
class Switch:
    """A category of messages (order, offer, visit...) comes along a way, or does not."""

    category: str
    way: Way
    on: bool


@dataclass(frozen=True)
class Gathered:
    """How often a category is told."""

    category: str
    every: Every


@dataclass(frozen=True)
class Quiet:
    """``start`` and ``end`` (22:00, by the community's clocks) where the hours are somebody's ``own``."""

    mode: QuietMode
    start: str | None = None
    end: str | None = None
