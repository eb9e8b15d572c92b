"""By when an order has to be answered and solved, in the calendar of its community."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.words import Urgency
from contracts.working_time import WorkingHours, is_weekday
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.community import Community
from services.tickets.domain.time_limits import BY_URGENCY
from services.tickets.domain.work_calendar import NationalDays, UnknownYear

Tell = Callable[..., None]
"""Tells operators of an error: an event's name, and its fields."""


class TimeLimits:
    """Counts deadlines. No order is refused for a calendar that ends: its weekdays are taken for working days."""

    def __init__(self, national: NationalDays, tell: Tell) -> None:
        self._national = national
        self._tell = tell
        self._told: set[int] = set()

    def of(self, item: CatalogueItem, community: Community, urgency: Urgency, placed_at: datetime) -> TicketDeadlines:
        """The item's own limits; those of *urgency* where that is not the item's."""
        limits = item.time_limits if urgency is item.urgency else BY_URGENCY[urgency]
        return limits.deadlines(placed_at, self.hours(community))

    def hours(self, community: Community) -> WorkingHours:
        """When a community works."""
        return community.calendar.hours(ZoneInfo(community.time_zone), self._works)

    def _works(self, day: date) -> bool:
        try:
            return self._national(day)
        except UnknownYear as unknown:
            if unknown.year not in self._told:
                self._told.add(unknown.year)
                self._tell("calendar.year_unknown", year=unknown.year, zh=unknown.sentence.zh, en=unknown.sentence.en)
            return is_weekday(day)
