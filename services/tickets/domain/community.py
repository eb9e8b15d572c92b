"""A community's own figures: its numbers, its time, how patiently it looks for people and waits for answers."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.events.masters import CommunitySnapshot
from contracts.words import Mode, Text, Urgency
from services.tickets.domain.rungs import USUAL_RULES, LadderRules
from services.tickets.domain.sampling import drawn
from services.tickets.domain.ticket_parts import Windows
from services.tickets.domain.work_calendar import USUAL, WorkCalendar

APPROVER_MINUTES = 240.0
ROSTER_CHECK = "17:00"
"""When in the evening the shifts of the roster that are to come are looked at, working day or not."""


@dataclass(frozen=True, kw_only=True)
class ByUrgency:
    """Business minutes for each urgency."""

    emergency: float
    urgent: float
    ordinary: float
    wish: float

    def of(self, urgency: Urgency) -> float:
        """The minutes of one urgency."""
        minutes: float = getattr(self, urgency.value)
        return minutes


@dataclass(frozen=True, kw_only=True)
class Callbacks:
    """How many orders somebody independent asks about, and for how long a closed one may be reopened.

    ``seed`` draws the sample (see sampling.py) and is told to nobody; without one the community's id does.
    """

    ratio: float = 0.1
    seed: str | None = None
    reopen_days: float = 15


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """When people are left alone who said nothing else, local time: from ``start`` until ``end`` of the next morning,
    on a day off until ``end_days_off``.
    """

    start: str = "21:00"
    end: str = "08:00"
    end_days_off: str = "09:00"


FEW = Callbacks()
"""One in ten, as everywhere that says nothing else (design, section 5)."""
AT_NIGHT = QuietHours()


OFFERS_PER_DAY = 3
"""So often a volunteer is asked in a day, where a community says nothing else (design, section 6)."""
LATE_MINUTES, CANCEL_MINUTES = 120.0, 720.0
"""So long after the wanted time somebody is asked whether they are coming; so long before it a seat is given back
without being a late cancel (product.md, 33: free until 12 h before)."""
SUGGEST_MINUTES = 10.0
"""So many working minutes a suggestion waits for staff, where a community says nothing else (design, section 6)."""


@dataclass(frozen=True, kw_only=True)
class Community:
    """One community; ``area`` is its node in the tree, ``prefix`` starts its human numbers.

    ``approver_minutes`` is how long somebody who is asked to decide may be silent (design, section 5: four hours).
    ``check_item`` is what is ordered where nobody answers the door of somebody who may be alone (product.md, 8).
    ``days_off`` and ``days_on`` are the calendar's exceptions as they were known at the import, for other services;
    None: an older version wrote it down and published nothing.
    """

    id: str
    name: Text
    prefix: str
    time_zone: str
    area: str
    phone: str
    mode: Mode
    waves: int
    offers_per_day: int = OFFERS_PER_DAY
    suggest_minutes: float = SUGGEST_MINUTES
    late_minutes: float = LATE_MINUTES
    cancel_minutes: float = CANCEL_MINUTES
    night_from: str | None
    night_to: str | None
    expiry_minutes: ByUrgency
    claim_minutes: ByUrgency
    silence_days: float
    callback_days: float
    callbacks: Callbacks = FEW
    calendar: WorkCalendar = USUAL
    approver_minutes: float = APPROVER_MINUTES
    ladder: LadderRules = USUAL_RULES
    check_item: str | None = None
    roster_check: str = ROSTER_CHECK
    quiet: QuietHours = AT_NIGHT
    days_off: tuple[str, ...] | None = None
    days_on: tuple[str, ...] | None = None

    @property
    def community_id(self) -> str:
        """Its own: a community is in no other."""
        return self.id

    def snapshot(self) -> CommunitySnapshot:
        """What others may know: its time."""
        return CommunitySnapshot(
            id=self.id,
            community_id=self.id,
            name=self.name,
            prefix=self.prefix,
            time_zone=self.time_zone,
            area=self.area,
            shifts=self.calendar.shifts,
            days_off=self.days_off or (),
            days_on=self.days_on or (),
            roster_check=self.roster_check,
            quiet_from=self.quiet.start,
            quiet_to=self.quiet.end,
            quiet_to_days_off=self.quiet.end_days_off,
        )

    def local_day(self, now: datetime) -> date:
        """Which day it is there."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def number(self, day: date, count: int) -> str:
        """The human number of the day's order number *count*: ``NC-261121-0042``."""
        return f"{self.prefix}-{day:%y%m%d}-{count:04d}"

    @property
    def windows(self) -> Windows:
        """How long after completion it waits for an answer."""
        return Windows(
            silence_days=self.silence_days,
            callback_days=self.callback_days,
            reopen_days=self.callbacks.reopen_days,
        )

    def draws(self, ticket_id: str) -> bool:
        """Is this order one of those that somebody independent asks about?"""
        return drawn(self.callbacks.seed or self.id, ticket_id, self.callbacks.ratio)
