"""The deadlines of an order: to answer it, to solve it, and what becomes of it when nobody says how it went.

Silence confirms after the window where an account can answer. It never does for somebody without one: then staff
who did not complete it must call or visit, and the order stays completed until they have (design, section 5).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.decisions import Decided, Due
from contracts.events.tickets import TicketCallbackDue, TicketDeadlineNear, TicketOverdue
from contracts.words import ENDED, ClosedBy, DeadlineKind, Permit, TicketStatus
from services.tickets.domain import handled
from services.tickets.domain.holding import HOLD, hold_due, run_out
from services.tickets.domain.ledger import REQUEST, pass_on, requests_due
from services.tickets.domain.ticket import Ticket

SILENCE = "silence"
CALLBACK = "callback"
UNASKED = handled.UNASKED
NEAR = "near"
OVERDUE = "overdue"
_DONE = ENDED | {TicketStatus.COMPLETED}


@dataclass(frozen=True)
class _Limit:
    kind: DeadlineKind
    warn_at: datetime
    due_at: datetime


def standing(ticket: Ticket) -> tuple[Due, ...]:
    """The deadlines that stand now. A key names one moment of one order, for a deadline fires once per key."""
    return (*_limits(ticket), *_answers(ticket), *hold_due(ticket), *requests_due(ticket))


def fire(ticket: Ticket, key: str, now: datetime) -> Decided[Ticket] | None:
    """What the deadline *key* does; None when it does not stand any more or is not due yet."""
    if not any(due.key == key and due.at <= now for due in standing(ticket)):
        return None
    what, _, rest = key.partition(":")
    if what in (NEAR, OVERDUE):
        return _pass(ticket, what, DeadlineKind(rest.partition(":")[0]), now)
    if what == HOLD:
        return run_out(ticket)
    if what == REQUEST:
        return pass_on(ticket, key, now)
    if what == SILENCE:
        return ticket.confirm(ClosedBy.SILENCE, answer=None, solved=True, note=None, now=now)
    if what == UNASKED:
        return handled.close_unasked(ticket, now)
    after = replace(ticket, called_back=True)
    return Decided(after, (TicketCallbackDue(),), after.answer_to_caller())


def _pass(ticket: Ticket, what: str, kind: DeadlineKind, now: datetime) -> Decided[Ticket] | None:
    if what == OVERDUE:
        after = replace(ticket, overdue=(*ticket.overdue, kind))
        return Decided(after, (TicketOverdue(kind=kind),), after.answer_to_caller())
    if any(limit.kind is kind and limit.due_at <= now for limit in _open(ticket)):
        return None  # the warning comes too late: that it is over is said in the same look
    after = replace(ticket, warned=(*ticket.warned, kind))
    return Decided(after, (TicketDeadlineNear(kind=kind),), after.answer_to_caller())


def _limits(ticket: Ticket) -> Iterator[Due]:
    for limit in _open(ticket):
        if limit.kind not in ticket.overdue:
            yield Due(_key(OVERDUE, limit.kind, limit.due_at), limit.due_at)
            if limit.kind not in ticket.warned:
                yield Due(_key(NEAR, limit.kind, limit.due_at), limit.warn_at)


def _key(what: str, kind: DeadlineKind, due_at: datetime) -> str:
    return f"{what}:{kind.value}:{due_at:%Y%m%dT%H%M%S}"


def _open(ticket: Ticket) -> Iterator[_Limit]:
    """What is not yet done of what was promised; of somebody who died nothing is urged any more."""
    promised = ticket.deadlines
    if promised is None or ticket.quiet or ticket.status in _DONE:
        return
    if ticket.times.responded_at is None:
        yield _Limit(DeadlineKind.RESPOND, promised.respond_warn_at, promised.respond_by)
    yield _Limit(DeadlineKind.RESOLVE, promised.resolve_warn_at, promised.resolve_by)


def _answers(ticket: Ticket) -> tuple[Due, ...]:
    completed_at = ticket.times.completed_at
    if ticket.status is not TicketStatus.COMPLETED or completed_at is None or _waits_for_whole(ticket):
        return ()
    completion = f"{ticket.round}.{ticket.rework_count}"
    if handled.is_untaken(ticket) and (ticket.call_wanted or not _can_answer(ticket)):
        return tuple(handled.standing(ticket, completion, completed_at))
    if _can_answer(ticket):
        return (Due(f"{SILENCE}:{completion}", completed_at + timedelta(days=ticket.windows.silence_days)),)
    if ticket.called_back:
        return ()
    return (Due(f"{CALLBACK}:{completion}", completed_at + timedelta(days=ticket.windows.callback_days)),)


def _waits_for_whole(ticket: Ticket) -> bool:
    """Nobody is asked how a part went: whoever is served says it of the whole."""
    return ticket.part_of is not None and not ticket.stands_alone


def _can_answer(ticket: Ticket) -> bool:
    """Is there an account that is asked: whose order it is, or a delegate who may answer for them?"""
    asked = ticket.requester_id is not None and not ticket.requester_gone
    return asked or any(Permit.CONFIRM in one.may for one in ticket.delegates)
