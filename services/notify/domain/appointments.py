"""When somebody is expected, as the event that says so carries it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from contracts.events import AnyReceived
from contracts.events.counter import TicketAppointed


def appointed(event: AnyReceived) -> datetime | None:
    """The moment, in business time: of an appointment at the counter or at home, else the time that was wanted."""
    if isinstance(event.body, TicketAppointed):
        return event.body.at
    wanted = getattr(event.snapshot, "wanted", None)
    return None if wanted is None else wanted.start


def reminders(event: AnyReceived, before: Sequence[int]) -> list[tuple[int, datetime, datetime]]:
    """Minutes before, when that is, and the appointment; those that lie behind the event already are left out."""
    moment = appointed(event)
    if moment is None:
        return []
    times = ((minutes, moment - timedelta(minutes=minutes)) for minutes in before)
    return [(minutes, when, moment) for minutes, when in times if when > event.time]
