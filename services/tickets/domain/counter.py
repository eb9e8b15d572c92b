"""The counter 全岗通: whoever takes an order in owns it to the end, and it closes there.

An order with an owner has no crew: nobody else is looked for, and nobody can take a seat of it. What others have to do
for it are its parts.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from contracts.actor import DISPATCHERS, Actor
from contracts.counter import Appointment, CounterVisit, Paper, Signed
from contracts.decisions import Decided
from contracts.errors import Conflict, Invalid, Refused
from contracts.events import Event
from contracts.events.counter import (
    TicketAppointed,
    TicketHandedOver,
    TicketMandateGiven,
    TicketPapersSeen,
    TicketTakenIn,
)
from contracts.events.tickets import TicketAccepted, TicketStarted
from contracts.terms import Terms
from contracts.words import ENDED, Answer, ClosedBy, Nature, ResultCode, Text, TicketStatus
from services.tickets.domain.cash import must_be_even
from services.tickets.domain.lifecycle import Action
from services.tickets.domain.private import Note
from services.tickets.domain.slips import left_behind
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import with_answer


def born_at_the_counter(
    ticket: Ticket, terms: Terms | None, by: Actor, visit: CounterVisit, now: datetime
) -> Decided[Ticket]:
    """A new order that its owner takes in, and serves at once unless it has an appointment.

    Raises Conflict ``looked-at-first`` for an order that waits for somebody else: a complaint, a child's without
    consent.
    """
    if terms is None or ticket.nature is Nature.COMPLAINT:
        raise _looked_at_first()
    accepted = ticket.moved(Action.ACCEPT, terms=terms, times=replace(ticket.times, accepted_at=now))
    taken, events = _taken(accepted, by, visit, now)
    if visit.appointment is None:
        taken, started = _served(taken, now)
        events += started
    else:
        events.append(_appointed(visit.appointment))
    return Decided(taken, (TicketAccepted(terms=terms), *events), taken.answer_to_caller())


def take_in(ticket: Ticket, by: Actor, visit: CounterVisit, now: datetime) -> Decided[Ticket]:
    """Staff at the counter own an order from now on that was placed elsewhere. Who had a seat is free.

    An order that somebody has taken is taken in by its lead, or by a dispatcher. Raises Conflict, Refused.
    """
    if ticket.nature is Nature.COMPLAINT:
        raise _looked_at_first()
    if ticket.owner is not None:
        raise Conflict(
            "owned-already",
            Text(zh="已有人负责到底,要换人请走交接", en="somebody owns it already: have it handed over"),
        )
    leads = by.member_id is not None and by.member_id == ticket.lead
    if ticket.holders and not leads and not by.has(DISPATCHERS, ticket.area_path):
        raise Refused(
            "lead-only", Text(zh="已有人接了这一单,由接单人或调度来转", en="its lead or a dispatcher moves it over")
        )
    taken, events = _taken(ticket, by, visit, now)
    return Decided(taken, tuple(events), taken.answer_to_caller())


def hand_over(ticket: Ticket, to_account: str, reason_code: str, note: Note | None) -> Decided[Ticket]:
    """Another member of staff owns it; that the one before did stays known.

    Raises Conflict where nobody owns it, where they do already, or it ended; Refused for whose affair it is.
    """
    before = _owner(ticket)
    if ticket.status in ENDED:
        raise _over()
    if to_account in _theirs(ticket):
        raise Refused(
            "own-case",
            Text(zh="不能交给点单人自己或其代办家属", en="nobody serves their own affair, or their family's"),
            field="to_account",
        )
    if to_account == before:
        raise Conflict("same-owner", Text(zh="本来就是这位负责", en="they own it already"))
    after = replace(ticket, owner=to_account, handled_by=ticket.owners, private=ticket.with_note(note))
    event = TicketHandedOver(owner=to_account, before=before, reason_code=reason_code)
    return Decided(after, (event,), after.answer_to_caller())


def appoint(ticket: Ticket, appointment: Appointment) -> Decided[Ticket]:
    """Somebody is expected then; an earlier appointment is off."""
    visit = _open_visit(ticket)
    after = replace(ticket, counter=replace(visit, appointment=appointment))
    return Decided(after, (_appointed(appointment),), after.answer_to_caller())


def see_papers(ticket: Ticket, seen: Iterable[str], now: datetime) -> Decided[Ticket]:
    """All papers that are there now; from here on it is being served. Raises Invalid for a paper not on the list."""
    visit, there = _open_visit(ticket), frozenset(seen)
    unknown = there - {paper.code for paper in visit.papers}
    if unknown:
        raise Invalid(
            "unknown-paper",
            Text(zh="清单上没有这份材料", en="that paper is not on the list of this order"),
            field="seen",
        )
    looked = replace(visit, papers=tuple(replace(paper, seen=paper.code in there) for paper in visit.papers))
    after, events = _served(replace(ticket, counter=looked), now)
    told = TicketPapersSeen(complete=not looked.missing, missing=looked.missing)
    return Decided(after, (told, *events), after.answer_to_caller())


def give_mandate(ticket: Ticket, note: Note | None) -> Decided[Ticket]:
    """Whoever comes for the person served has shown their slip; who it is stays sealed in *note*."""
    visit = _open_visit(ticket)
    after = replace(ticket, counter=replace(visit, by_proxy=True, mandate=True), private=ticket.with_note(note))
    return Decided(after, (TicketMandateGiven(),), after.answer_to_caller())


def close_at_counter(
    ticket: Ticket,
    by: Actor,
    *,
    result: ResultCode | None,
    headcount: int | None,
    answer: Answer,
    solved: bool,
    signed: Signed,
    note: Note | None,
    now: datetime,
) -> Decided[Ticket]:
    """It ended there, and whoever was served said so there: completed and closed in one.

    Raises Conflict where a mandate, a paper or a part is missing or money is out, Invalid where no result is given.
    """
    visit = _visit(ticket)
    _must_be_ready(visit, result or ticket.result)
    must_be_even(ticket)
    events: tuple[Event, ...] = ()
    if ticket.status is not TicketStatus.COMPLETED:
        if result is None:
            raise Invalid("result-needed", Text(zh="请写明办理结果", en="say how it ended"), field="result")
        completed = ticket.complete(by, result, headcount, None, now)
        ticket, events = completed.aggregate, completed.events
    closed = ticket.confirm(ClosedBy.COUNTER, answer, solved, note, now)
    after = replace(closed.aggregate, counter=replace(visit, signed=signed))
    return Decided(after, (*events, *closed.events), after.answer_to_caller())


def papers_of(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """One list for several businesses: what two of them want is brought once, with copies for both."""
    merged: dict[str, Paper] = {}
    for paper in papers:
        known = merged.get(paper.code)
        if known is not None:
            both = (known.original or paper.original, known.copies + paper.copies)
            paper = replace(known, original=both[0], copies=both[1])
        merged[paper.code] = paper
    return tuple(merged.values())


def _taken(ticket: Ticket, by: Actor, visit: CounterVisit, now: datetime) -> tuple[Ticket, list[Event]]:
    released = ticket.holders
    after = ticket.without_crew().moved(
        Action.TAKE_IN,
        owner=by.account_id,
        counter=visit,
        times=replace(with_answer(ticket.times, now), assigned_at=now),
    )
    others = tuple(holder for holder in released if holder.member_id != by.member_id)
    return after, [TicketTakenIn(owner=by.account_id, released=others), *left_behind(ticket.slips)]


def _served(ticket: Ticket, now: datetime) -> tuple[Ticket, list[Event]]:
    if ticket.status is not TicketStatus.ASSIGNED:
        return ticket, []
    return ticket.moved(Action.START, times=replace(ticket.times, started_at=now)), [TicketStarted()]


def _appointed(appointment: Appointment) -> TicketAppointed:
    return TicketAppointed(at=appointment.at, local=appointment.local, where=appointment.where)


def _theirs(ticket: Ticket) -> frozenset[str | None]:
    return frozenset({ticket.requester_id, *(one.account_id for one in ticket.delegates)})


def _owner(ticket: Ticket) -> str:
    if ticket.owner is None:
        raise Conflict("not-taken-in", Text(zh="这一单还没有在窗口接办", en="nobody has taken it in at the counter"))
    return ticket.owner


def _visit(ticket: Ticket) -> CounterVisit:
    _owner(ticket)
    return ticket.counter or CounterVisit()


def _open_visit(ticket: Ticket) -> CounterVisit:
    visit = _visit(ticket)
    if ticket.status in ENDED or ticket.status is TicketStatus.COMPLETED:
        raise _over()
    return visit


def _must_be_ready(visit: CounterVisit, result: ResultCode | None) -> None:
    if visit.by_proxy and not visit.mandate:
        raise Conflict(
            "mandate-needed", Text(zh="代办要先交验委托书", en="who comes for somebody shows a mandate first")
        )
    if visit.missing and result is ResultCode.SOLVED:
        named = [paper for paper in visit.papers if not paper.seen]
        raise Conflict(
            "papers-missing",
            Text(
                zh=f"还缺材料:{'、'.join(paper.name.zh for paper in named)}",
                en=f"papers are missing: {', '.join(paper.name.en for paper in named)}",
            ),
        )


def _looked_at_first() -> Conflict:
    return Conflict(
        "looked-at-first",
        Text(
            zh="这一单要先由调度或工作人员看过再受理",
            en="this order is looked at by somebody else before it is accepted",
        ),
    )


def _over() -> Conflict:
    return Conflict("order-ended", Text(zh="这件事已经办完了", en="the order is done"))
