"""By when an order has to be answered and solved (design, section 5).

Clocks run from ordering, whoever takes the order and when. Hours are real hours, since an emergency does not wait for
an office; days are working days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.words import Urgency
from contracts.working_time import WorkingHours

WARN_AT = 0.75
"""A warning comes when this share of the time has passed (design, section 5)."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many minutes, or so many working days: exactly one of them."""

    minutes: float | None = None
    working_days: int | None = None

    def moments(self, placed_at: datetime, hours: WorkingHours) -> tuple[datetime, datetime]:
        """(when to warn, when it is over), in the kind of time that the limit counts in."""
        if self.working_days is None:
            span = timedelta(minutes=self.minutes or 0)
            return placed_at + WARN_AT * span, placed_at + span
        due = hours.end_of_day(placed_at, self.working_days)
        return hours.after(placed_at, WARN_AT * hours.between(placed_at, due)), due


@dataclass(frozen=True, kw_only=True)
class Limits:
    """To answer, and to solve."""

    respond: Limit
    resolve: Limit

    def deadlines(self, placed_at: datetime, hours: WorkingHours) -> TicketDeadlines:
        """The four moments of an order placed then."""
        respond_warn_at, respond_by = self.respond.moments(placed_at, hours)
        resolve_warn_at, resolve_by = self.resolve.moments(placed_at, hours)
        return TicketDeadlines(
            respond_warn_at=respond_warn_at,
            respond_by=respond_by,
            resolve_warn_at=resolve_warn_at,
            resolve_by=resolve_by,
            resolve_in_working_time=self.resolve.working_days is not None,
        )


_HOUR = 60
_DAY = 24 * _HOUR

BY_URGENCY: Mapping[Urgency, Limits] = {
    Urgency.EMERGENCY: Limits(respond=Limit(minutes=15), resolve=Limit(minutes=4 * _HOUR)),
    Urgency.URGENT: Limits(respond=Limit(minutes=2 * _HOUR), resolve=Limit(minutes=_DAY)),
    Urgency.ORDINARY: Limits(respond=Limit(minutes=_DAY), resolve=Limit(working_days=5)),
    Urgency.WISH: Limits(respond=Limit(working_days=3), resolve=Limit(minutes=30 * _DAY)),
}
"""For an order that is more or less urgent than its item (design, section 5, defaults)."""
