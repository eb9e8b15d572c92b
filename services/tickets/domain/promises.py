"""By when an order has to be solved, where that is not just what was promised when it was ordered.

A rework is promised a solution like an order. Clocks run from ordering, so going again buys no time: what was promised
stands as long as it lies ahead. Once it is over the new life has a time of its own, counted from the rework, that is
warned of and missed like the first. In time or late is what the first promise says (``promised_by``).

What is done for several orders is done by the strictest of their times, while they are merged; split, each has its own.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.words import DeadlineKind
from services.tickets.domain.ticket_fields import TicketFields, without_resolve
from services.tickets.domain.ticket_parts import Inherited, Renewed

T = TypeVar("T", bound=TicketFields)


def renewed(ticket: T, limits: Callable[[], TicketDeadlines], now: datetime) -> T:
    """*ticket*, which is to be done once more from *now* on, with a time for that; *limits* are those of a new order.

    As it is where its time is not over, where it never had any, and of somebody who died.
    """
    promised, kept = ticket.own_deadlines, ticket.deadlines
    if promised is None or kept is None or ticket.quiet:
        return ticket
    if promised.resolve_by > now and DeadlineKind.RESOLVE not in ticket.missed:
        return ticket
    anew, before = limits(), ticket.renewed
    return replace(
        ticket,
        deadlines=replace(
            kept,
            resolve_warn_at=anew.resolve_warn_at,
            resolve_by=anew.resolve_by,
            resolve_in_working_time=anew.resolve_in_working_time,
        ),
        renewed=Renewed(since=now, promised_by=before.promised_by if before else promised.resolve_by),
        warned=without_resolve(ticket.warned),
    )


def with_missed(ticket: T, kind: DeadlineKind) -> T:
    """*ticket*, of which was told that a deadline is missed; it stays on the order once, however often it happens."""
    overdue = ticket.overdue if kind in ticket.overdue else (*ticket.overdue, kind)
    anew = ticket.renewed
    if anew is not None and kind is DeadlineKind.RESOLVE:
        anew = replace(anew, missed=True)
    return replace(ticket, overdue=overdue, renewed=anew)


def not_missed(ticket: T) -> T:
    """*ticket*, of which the time to solve it that is in force was not missed after all."""
    if ticket.renewed is not None:
        return replace(ticket, renewed=replace(ticket.renewed, missed=False))
    return replace(ticket, overdue=without_resolve(ticket.overdue))


def done_for_too(primary: T, other: TicketFields, now: datetime) -> T:
    """*primary* is done for *other*, too: by when that has to be solved, unless that was over already."""
    rows = tuple(one for one in primary.inherited if one.ticket_id != other.id)
    promised = other.deadlines_in_force
    if promised is not None and promised.resolve_by > now:
        theirs = Inherited(
            ticket_id=other.id,
            resolve_warn_at=promised.resolve_warn_at,
            resolve_by=promised.resolve_by,
            resolve_in_working_time=promised.resolve_in_working_time,
        )
        rows = (*rows, theirs)
    return _owing(primary, rows, now)


def done_without(primary: T, ticket_id: str, now: datetime) -> T:
    """*primary* is done for that order no more: its own time holds again, or that of others."""
    return _owing(primary, tuple(one for one in primary.inherited if one.ticket_id != ticket_id), now)


def done_for_all(primary: T, now: datetime) -> T:
    """Nobody waits for *primary* any more: what was promised to others holds it no longer."""
    return _owing(primary, (), now) if primary.inherited else primary


def _owing(primary: T, rows: tuple[Inherited, ...], now: datetime) -> T:
    """With these promises to others. What lies ahead was not missed; a warning whose time is past is not given."""
    after, before = replace(primary, inherited=rows), primary.deadlines_in_force
    held = after.deadlines_in_force
    if held is None or before is None or held.resolve_by == before.resolve_by:
        return after
    warned = without_resolve(after.warned)
    if held.resolve_warn_at <= now:
        warned = (*warned, DeadlineKind.RESOLVE)
    return not_missed(replace(after, warned=warned)) if held.resolve_by > now else after
