"""Where and when the tests live."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.events.ticket_snapshot import TicketDeadlines

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
"""Noon in 石榴里 on the day the tests live in."""

COMMUNITY = "shiliuli"
MEMBER_ID = "m-v-001"
AREA_PATH = ("slc", "slc-hs", "sll", "sll-g1")


def some_deadlines(**changes: Any) -> TicketDeadlines:
    """To answer within a day, to solve within four, from noon on."""
    day = timedelta(days=1)
    values: dict[str, Any] = {
        "respond_warn_at": NOON + 0.75 * day,
        "respond_by": NOON + day,
        "resolve_warn_at": NOON + 3 * day,
        "resolve_by": NOON + 4 * day,
        **changes,
    }
    return TicketDeadlines(**values)
