"""The calendar behind holds and silent approvers: how long an order waited, and until when somebody may be silent."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.decisions import Decided
from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.ledger import Resumed
from contracts.words import Urgency
from services.tickets.application.ports import Communities
from services.tickets.application.time_limits import TimeLimits
from services.tickets.domain.catalogue import CatalogueItem, unknown_item
from services.tickets.domain.community import Community
from services.tickets.domain.holding import Pause, pause, resume, standing_hold
from services.tickets.domain.ledger import Silence
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.time_limits import BY_URGENCY

_AT_ALL_HOURS = frozenset({Urgency.EMERGENCY, Urgency.URGENT})
"""What does not wait for an office: whoever decides it has real hours, not working ones."""


class Holds:
    """Counts in the working time of the order's community."""

    def __init__(self, communities: Communities, time_limits: TimeLimits) -> None:
        self._communities = communities
        self._time_limits = time_limits

    def paused(self, ticket: Ticket) -> Pause:
        """How the deadlines of *ticket* move when its clock stood still."""

        def later(deadlines: TicketDeadlines, start: datetime, end: datetime) -> TicketDeadlines:
            return pause(deadlines, start, end, self._time_limits.hours(self._community(ticket)))

        return later

    def silence(self, ticket: Ticket) -> Silence:
        """Until when the first, the second, .. who is asked about *ticket* may be silent."""
        community = self._community(ticket)
        minutes = community.approver_minutes

        def until(start: datetime, count: int) -> datetime:
            if ticket.urgency in _AT_ALL_HOURS:
                return start + timedelta(minutes=count * minutes)
            return self._time_limits.hours(community).after(start, count * minutes)

        return until

    def local(self, ticket: Ticket, moment: datetime | None) -> str:
        """*moment* as the wall there shows it: "2026-11-24 17:00"; nothing for None."""
        if moment is None:
            return ""
        return f"{moment.astimezone(ZoneInfo(self._community(ticket).time_zone)):%Y-%m-%d %H:%M}"

    def awake(self, ticket: Ticket, now: datetime) -> Decided[Ticket]:
        """*ticket* as it goes on, where a step ends its hold; the same one where it does not wait."""
        if standing_hold(ticket) is None:
            return Decided(ticket)
        return resume(ticket, now, Resumed.DONE, self.paused(ticket))

    def limits(self, ticket: Ticket, item: CatalogueItem | None, start: datetime) -> TicketDeadlines:
        """Those of a new order like *ticket* that is placed at *start*; *item* as it was when this one was placed."""
        community = self._community(ticket)
        if item is None:
            return BY_URGENCY[ticket.urgency].deadlines(start, self._time_limits.hours(community))
        return self._time_limits.of(item, community, ticket.urgency, start)

    def _community(self, ticket: Ticket) -> Community:
        community = self._communities.get(ticket.community_id)
        if community is None:
            raise unknown_item()
        return community
