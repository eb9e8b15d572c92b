"""Asking how it went: by a call or visit of somebody independent, and what follows where somebody was not satisfied."""

from dataclasses import replace
from datetime import datetime, timedelta

from contracts.actor import Actor
from contracts.decisions import Decided
from contracts.errors import Conflict
from contracts.events.results import TicketCallbackRecorded, TicketExplained
from contracts.results import CallbackState, ReviewState
from contracts.words import Answer, ClosedBy, Text, TicketStatus
from services.tickets.domain.lifecycle import Action
from services.tickets.domain.owed import Called, is_owed
from services.tickets.domain.private import Note
from services.tickets.domain.ticket import Ticket


def missed(ticket: Ticket, note: Note | None) -> Decided[Ticket]:
    """Nobody was reached: the try is counted, and the call stays owed."""
    must_be_owed(ticket)
    after = replace(ticket, calls=ticket.calls + 1, private=ticket.with_note(note))
    return Decided(after, (TicketCallbackRecorded(reached=False),), after.answer_to_caller())


def reached(
    ticket: Ticket, by: Actor, answer: Answer, solved: bool, note: Note | None, now: datetime
) -> Decided[Ticket]:
    """What they said stands beside the requester's own answer; an order that waits for one closes by it."""
    must_be_owed(ticket)
    told = TicketCallbackRecorded(reached=True, answer=answer, solved=solved)
    asked = with_call(ticket, by, answer, solved, now)
    if ticket.status is TicketStatus.COMPLETED:
        closed = asked.confirm(ClosedBy.CALLBACK, answer, solved, note, now)
        return replace(closed, events=(told, *closed.events))
    review = ticket.review or asked.review_of(answer, solved, now)
    after = replace(asked, review=review, private=asked.with_note(note))
    return Decided(after, (told,), after.answer_to_caller())


def with_call(ticket: Ticket, by: Actor, answer: Answer, solved: bool, now: datetime) -> Ticket:
    """The order with the call that it owed; as it is where it owed none."""
    owed = ticket.callback
    if owed is None or owed.state is not CallbackState.OPEN:
        return ticket
    return replace(ticket, called=Called(at=now, by=by.account_id, kind=owed.kind, answer=answer, solved=solved))


def explain(ticket: Ticket, reason_code: str, note: Note | None) -> Decided[Ticket]:
    """Staff above say why it stays as it is; raises Conflict where nobody waits for that."""
    if ticket.review is None or ticket.review.state is not ReviewState.OPEN:
        raise Conflict("nothing-to-explain", Text("没有等待答复的不满意", "no answer waits to be explained"))
    review = replace(ticket.review, state=ReviewState.EXPLAINED, reason_code=reason_code)
    after = replace(ticket, review=review, private=ticket.with_note(note))
    return Decided(after, (TicketExplained(reason_code=reason_code),), after.answer_to_caller())


def opened_again(ticket: Ticket, now: datetime) -> Ticket:
    """A closed order as it was before it was closed; raises Conflict where that is too late, or nobody is there.

    While staff above still owe somebody an answer it is never too late.
    """
    waits = ticket.review is not None and ticket.review.state is ReviewState.OPEN
    ended = ticket.times.ended_at
    in_time = ended is not None and now <= ended + timedelta(days=ticket.windows.reopen_days)
    if ticket.closed_by is ClosedBy.NOBODY or ticket.quiet or not (waits or in_time):
        sentence = Text("办结已久,请重新点单", "it was closed too long ago: please order anew")
        raise Conflict("too-late-to-reopen", sentence)
    return ticket.moved(
        Action.REOPEN,
        answer=None,
        closed_by=None,
        resolved=None,
        times=replace(ticket.times, ended_at=None),
        stands_alone=ticket.part_of is not None,  # its whole may be over: it is asked about by itself now
    )


def must_be_owed(ticket: Ticket) -> None:
    """Raises Conflict where nobody need be asked."""
    if not is_owed(ticket):
        raise Conflict("no-callback-owed", Text("这一单不需要回访,或已经回访过", "no callback is owed, or it was made"))
