"""The deadlines of an order: to answer it, to solve it, and what becomes of it when nobody says how it went.

Silence confirms after the window where an account can answer. It never does for somebody without one, for what has
always to be asked, nor for a complaint: then staff who did not complete it must call or visit, and the order stays
completed until they have (design, section 5). A call that is owed, an answer that was not satisfied and the day of a
next answer have their deadline also once the order is closed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.decisions import Decided, Due
from contracts.events import Event
from contracts.events.results import TicketAnswerDue, TicketReviewDue
from contracts.events.tickets import TicketCallbackDue, TicketDeadlineNear, TicketOverdue
from contracts.results import CallbackState, ReviewState
from contracts.words import ENDED, ClosedBy, DeadlineKind, TicketStatus
from services.tickets.domain import handled, ladder, upstream, whistles
from services.tickets.domain.holding import HOLD, hold_due, run_out
from services.tickets.domain.ledger import REQUEST, pass_on, requests_due
from services.tickets.domain.owed import AFTERWARDS, NEVER_BY_SILENCE
from services.tickets.domain.promises import with_missed
from services.tickets.domain.ticket import Ticket

SILENCE = "silence"
CALLBACK = "callback"
UNASKED = handled.UNASKED
REVIEW = "review"
ANSWER = "answer"
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
    others = (*hold_due(ticket), *requests_due(ticket), *whistles.standing(ticket), *upstream.report_due(ticket))
    others = (*others, *ladder.climbing_on(ticket))
    return (*_limits(ticket), *_answers(ticket), *others)


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
    if what in (whistles.WHISTLE_NEAR, whistles.WHISTLE_OVERDUE):
        return ladder.after_missed(whistles.fire(ticket, key, now), now)
    if what == ladder.CLIMB:
        return ladder.climb_on(ticket, now)
    if what == upstream.REPORT:
        return upstream.reported(ticket, key)
    if what == SILENCE:
        by = ClosedBy.SILENCE if ticket.can_answer else ClosedBy.SAMPLE
        return ticket.confirm(by, answer=None, solved=ticket.can_answer, note=None, now=now)
    if what == UNASKED:
        return handled.close_unasked(ticket, now)
    after, event = _remind(ticket, what)
    return Decided(after, (event,), after.answer_to_caller())


def _remind(ticket: Ticket, what: str) -> tuple[Ticket, Event]:
    """Somebody is still owed something; each is said once."""
    if what == REVIEW and ticket.review is not None:
        return replace(ticket, review=replace(ticket.review, told=True)), TicketReviewDue()
    if what == ANSWER:
        return replace(ticket, answer_told=True), TicketAnswerDue()
    return replace(ticket, called_back=True), TicketCallbackDue()


def _pass(ticket: Ticket, what: str, kind: DeadlineKind, now: datetime) -> Decided[Ticket] | None:
    if what == OVERDUE:
        after = with_missed(ticket, kind)
        told = Decided(after, (TicketOverdue(kind=kind),), after.answer_to_caller())
        return ladder.after_overdue(told, kind, now)
    if any(limit.kind is kind and limit.due_at <= now for limit in _open(ticket)):
        return None  # the warning comes too late: that it is over is said in the same look
    after = replace(ticket, warned=(*ticket.warned, kind))
    return Decided(after, (TicketDeadlineNear(kind=kind),), after.answer_to_caller())


def _limits(ticket: Ticket) -> Iterator[Due]:
    for limit in _open(ticket):
        if limit.kind not in ticket.missed:
            yield Due(_key(OVERDUE, limit.kind, limit.due_at), limit.due_at)
            if limit.kind not in ticket.warned:
                yield Due(_key(NEAR, limit.kind, limit.due_at), limit.warn_at)


def _key(what: str, kind: DeadlineKind, due_at: datetime) -> str:
    return f"{what}:{kind.value}:{due_at:%Y%m%dT%H%M%S}"


def _open(ticket: Ticket) -> Iterator[_Limit]:
    """What is not yet done of what was promised; of somebody who died nothing is urged any more."""
    promised = ticket.deadlines_in_force
    if promised is None or ticket.quiet or ticket.status in _DONE:
        return
    if ticket.times.responded_at is None:
        yield _Limit(DeadlineKind.RESPOND, promised.respond_warn_at, promised.respond_by)
    yield _Limit(DeadlineKind.RESOLVE, promised.resolve_warn_at, promised.resolve_by)


def _answers(ticket: Ticket) -> Iterator[Due]:
    """What is still to be heard or said of a completion."""
    completed_at = ticket.times.completed_at
    if ticket.status not in AFTERWARDS or completed_at is None or ticket.is_share:
        return
    if ticket.asked_from is not None:
        yield from _asking(ticket, ticket.asked_from)
    review = ticket.review
    if review is not None and review.state is ReviewState.OPEN and not review.told:
        yield Due(f"{REVIEW}:{ticket.completion}", review.due_at)
    if ticket.next_answer_at is not None and not ticket.answer_told and not ticket.quiet:
        yield Due(f"{ANSWER}:{ticket.completion}", ticket.next_answer_at)


def _asking(ticket: Ticket, since: datetime) -> Iterator[Due]:
    """Somebody says how it went, is asked, or is silent long enough."""
    callback = ticket.callback
    open_call = callback if callback is not None and callback.state is CallbackState.OPEN else None
    if ticket.status is TicketStatus.COMPLETED and ticket.untaken and (ticket.call_wanted or not ticket.can_answer):
        yield from handled.standing(ticket, ticket.completion, since)
        return
    by_silence = open_call is None or open_call.kind not in NEVER_BY_SILENCE
    if ticket.status is TicketStatus.COMPLETED and by_silence:
        yield Due(f"{SILENCE}:{ticket.completion}", since + timedelta(days=ticket.windows.silence_days))
    if open_call is not None and not ticket.called_back:
        yield Due(f"{CALLBACK}:{ticket.completion}", open_call.due_at)
