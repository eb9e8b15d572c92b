"""What tickets tells of a report of suspected harm: that there is one and how far it is, and nothing of the case.

No order, person, place, kind or word of it, nobody who did anything: these events go where all events go.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.harm import HarmSilence, HarmState


@dataclass(frozen=True, kw_only=True)
class HarmSnapshot:
    """A report after the command that led to the event; ``circle`` and ``district`` are who was told that it is there.

    ``area_path`` is always empty: the community is all that anybody learns of the place.
    """

    NOBODYS: ClassVar[bool] = True
    """The envelope does not say as whom somebody did it, nor for which area: that would tell who reported."""

    id: str
    community_id: str
    state: HarmState
    circle: bool
    district: bool
    area_path: tuple[str, ...] = ()


class HarmEvent:
    """Marks the events of one report."""

    AGGREGATE: ClassVar[str] = "harm_report"
    SOURCE: ClassVar[str] = "/shiliu/tickets"
    SNAPSHOT: ClassVar[type] = HarmSnapshot
    TYPE: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class HarmReceived(HarmEvent):
    """There is a report; somebody acknowledges it until ``acknowledge_by``."""

    TYPE: ClassVar[str] = "shiliu.harm_report.received.v1"
    acknowledge_by: datetime


@dataclass(frozen=True, kw_only=True)
class HarmAcknowledged(HarmEvent):
    """Somebody of the circle has it."""

    TYPE: ClassVar[str] = "shiliu.harm_report.acknowledged.v1"


@dataclass(frozen=True, kw_only=True)
class HarmRaised(HarmEvent):
    """Nobody did what was due, for the ``times``-th time: the district's contact is told as well."""

    TYPE: ClassVar[str] = "shiliu.harm_report.raised.v1"
    reason: HarmSilence
    times: int


@dataclass(frozen=True, kw_only=True)
class HarmTold(HarmEvent):
    """An authority was told; which one is the circle's to know."""

    TYPE: ClassVar[str] = "shiliu.harm_report.told.v1"


@dataclass(frozen=True, kw_only=True)
class HarmExplained(HarmEvent):
    """It is on record why no authority was told."""

    TYPE: ClassVar[str] = "shiliu.harm_report.explained.v1"


@dataclass(frozen=True, kw_only=True)
class HarmClosed(HarmEvent):
    """It is over."""

    TYPE: ClassVar[str] = "shiliu.harm_report.closed.v1"


HARM_EVENTS: tuple[type[HarmEvent], ...] = (
    HarmReceived,
    HarmAcknowledged,
    HarmRaised,
    HarmTold,
    HarmExplained,
    HarmClosed,
)
