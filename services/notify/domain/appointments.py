"""When somebody is expected, as the event that says so carries it: at the counter, at home, on duty."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from contracts.events import AnyReceived
from contracts.events.counter import TicketAppointed
from contracts.events.rosters import RosterEvent
from services.notify.domain.shifts import about, hours_of, is_held_by


class Expected(NamedTuple):
    """Somebody is expected at this ``moment``, in business time; ``thread`` is what a newer event of it replaces."""

    moment: datetime
    thread: str
    params: Mapping[str, Any]


class Reminder(NamedTuple):
    """``minutes`` before, when that is, and of what."""

    minutes: int
    at: datetime
    of: Expected


def appointed(event: AnyReceived) -> datetime | None:
    """The moment, in business time: of an appointment at the counter or at home, else the time that was wanted."""
    if isinstance(event.body, TicketAppointed):
        return event.body.at
    wanted = getattr(event.snapshot, "wanted", None)
    return None if wanted is None else wanted.start


def threads(event: AnyReceived) -> Sequence[str]:
    """Of what older reminders are over with this event: each shift that it is about, or its order."""
    if event.envelope.aggregatetype == RosterEvent.AGGREGATE:
        return [one.id for one in about(event)]
    return () if appointed(event) is None else (event.envelope.subject,)


def reminders(event: AnyReceived, before: Sequence[int], recipient: str) -> list[Reminder]:
    """Of everything for which *event* expects *recipient*; those that lie behind the event already are left out."""
    found = (
        Reminder(minutes, one.moment - timedelta(minutes=minutes), one)
        for one in _expected(event, recipient)
        for minutes in before
    )
    return [one for one in found if one.at > event.time]


def _expected(event: AnyReceived, recipient: str) -> Iterable[Expected]:
    if event.envelope.aggregatetype == RosterEvent.AGGREGATE:
        theirs = (one for one in about(event) if is_held_by(one, recipient))
        return [Expected(one.starts_at, one.id, hours_of(one, event.snapshot.time_zone)) for one in theirs]
    moment = appointed(event)
    return () if moment is None else (Expected(moment, event.envelope.subject, {}),)
