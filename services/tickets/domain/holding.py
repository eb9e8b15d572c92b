"""Hold 挂起: a mark with its interval. While it stands the clock of the solution does not run (design, section 5).

The deadlines move when the hold begins, to where they stand if it runs to its end; who ends it early has them counted
again from where they stood before. So whatever reads them meanwhile reads them right, and an end needs no calendar.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from contracts.decisions import Decided, Due
from contracts.errors import Conflict
from contracts.events.ledger import TicketHeld, TicketResumed
from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.ledger import Hold, LedgerRow, Resumed
from contracts.words import Text
from contracts.working_time import WorkingHours
from services.tickets.domain.ticket import Ticket

HOLD = "hold"

Pause = Callable[[TicketDeadlines, datetime, datetime], TicketDeadlines]
"""The deadlines after the clock of the solution stood still from one moment to another."""


def standing_hold(ticket: Ticket) -> Hold | None:
    """The hold that stands; there is never more than one."""
    return next((hold for hold in ticket.held if hold.ended_at is None), None)


def pause(deadlines: TicketDeadlines, start: datetime, end: datetime, hours: WorkingHours) -> TicketDeadlines:
    """*deadlines* later by the time that was held, in the kind of time in which they count; what is past stays."""

    def later(moment: datetime) -> datetime:
        if moment <= start:
            return moment
        if not deadlines.resolve_in_working_time:
            return moment + max(end - start, timedelta())
        held = hours.between(start, end)
        return hours.after(moment, held) if held else moment

    return replace(deadlines, resolve_warn_at=later(deadlines.resolve_warn_at), resolve_by=later(deadlines.resolve_by))


def hold(ticket: Ticket, row: LedgerRow, now: datetime, paused: Pause) -> Decided[Ticket]:
    """It waits from now on, as *row* was granted; raises Conflict where it waits already."""
    until = row.particulars.until
    if standing_hold(ticket) is not None:
        raise Conflict("held-already", Text(zh="这一单已经挂起", en="the order is on hold already"))
    if until is None or until <= now:
        raise Conflict("hold-over", Text(zh="要挂起到的时间已经过了", en="the time to hold it until is past"))
    mark = Hold(
        request_id=row.id,
        reason_code=row.reason_code,
        started_at=now,
        until=until,
        papers=row.particulars.papers,
        local=row.particulars.local,
    )
    after = replace(
        ticket,
        held=(*ticket.held, mark),
        unheld=ticket.deadlines,
        deadlines=ticket.deadlines and paused(ticket.deadlines, now, until),
    )
    event = TicketHeld(
        request_id=row.id, reason_code=row.reason_code, until=until, local=mark.local, papers=mark.papers
    )
    return Decided(after, (event,), after.answer_to_caller())


def resume(ticket: Ticket, now: datetime, by: Resumed, paused: Pause) -> Decided[Ticket]:
    """It goes on, and its deadlines are later by what it really waited; raises Conflict where it does not wait."""
    mark = standing_hold(ticket)
    if mark is None:
        raise Conflict("not-held", Text(zh="这一单没有挂起", en="the order is not on hold"))
    end = min(now, mark.until)
    after = ticket.unhold(end, by)
    before = ticket.unheld
    if before is not None:
        after = replace(after, deadlines=paused(before, mark.started_at, end))
    return Decided(after, (TicketResumed(request_id=mark.request_id, by=by),), after.answer_to_caller())


def run_out(ticket: Ticket) -> Decided[Ticket]:
    """The hold ends with its time, at the moment that was said: the deadlines stand where they were put."""
    mark = standing_hold(ticket)
    if mark is None:
        raise AssertionError("only a hold that stands runs out")
    after = ticket.unhold(mark.until, Resumed.TIME)
    return Decided(after, (TicketResumed(request_id=mark.request_id, by=Resumed.TIME),), after.answer_to_caller())


def hold_due(ticket: Ticket) -> Iterator[Due]:
    """When the hold that stands ends by itself."""
    mark = standing_hold(ticket)
    if mark is not None:
        yield Due(f"{HOLD}:{mark.request_id.rpartition('.')[2]}", mark.until)
