"""The ledger 台账: what is asked for, who decides it, and what is done then (design, section 5).

Whoever decides stands above whoever asked, never asked themselves and has no part in the order. Who is silent for the
community's time is passed over for the next above; when nobody is left the request lapses and the order goes on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.decisions import Decided, Due
from contracts.errors import Conflict, Invalid, NotFound
from contracts.events import Event
from contracts.events.ledger import (
    TicketExtended,
    TicketRequestDecided,
    TicketRequestLapsed,
    TicketRequestMade,
    TicketRequestRaised,
)
from contracts.ladder import Rung
from contracts.ledger import Desk, LedgerRow, Particulars, RequestKind, RequestState
from contracts.lifecycle import IllegalTransition
from contracts.words import DeadlineKind, Text, TicketStatus
from services.tickets.domain.holding import Pause, hold, standing_hold
from services.tickets.domain.ladder import after_strike
from services.tickets.domain.promises import not_missed
from services.tickets.domain.rungs import ALL_RUNGS, is_above
from services.tickets.domain.strikes import strikes
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_fields import without_resolve
from services.tickets.domain.time_limits import WARN_AT
from services.tickets.domain.upstream import give_back, must_be_upstreams

REQUEST = "request"
LOWEST = Rung.DESK
"""Who decides at least."""
LONGEST_DAYS = 180
"""So many days ahead a hold or an extension reaches at most."""
MOST_ROWS = 50
"""So many requests an order takes: they travel with each of its events."""

_WAITING = frozenset({TicketStatus.SUBMITTED, TicketStatus.ACCEPTED, TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS})
POSSIBLE = {
    RequestKind.HOLD: _WAITING,
    RequestKind.EXTENSION: _WAITING,
    RequestKind.RETURN: frozenset({TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS}),
    RequestKind.VOID: _WAITING,
    RequestKind.RETURN_UPSTREAM: _WAITING,
    RequestKind.REASSIGN: frozenset({TicketStatus.ACCEPTED, TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS}),
}
"""In which statuses each may be asked for and granted."""

BY_STAFF = frozenset({RequestKind.VOID, RequestKind.REASSIGN, RequestKind.RETURN_UPSTREAM})
"""What the people at work do not ask for."""

Silence = Callable[[datetime, int], datetime]
"""When so many silent approvers, one after the other, have had their time since then."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it comes in: checked for its form, not yet for the order it is about.

    ``field`` is what the time was called by who asked.
    """

    kind: RequestKind
    reason_code: str
    by: str
    rung: Rung
    particulars: Particulars
    field: str = "until"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Who granted or refused a request, as which rung, when."""

    by: str
    rung: Rung
    approved: bool
    at: datetime


def deciders(asker: Rung, rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """Who is asked one after the other: of the order's *rungs* those above the asker, from the desk on.

    At the top there is nobody above: their equals decide, which is somebody else. So a request of the only secretary
    lapses, and nothing waits for ever.
    """
    higher = tuple(rung for rung in ALL_RUNGS if rung in rungs and is_above(rung, asker) and not is_above(LOWEST, rung))
    return higher or (asker if is_above(asker, LOWEST) else LOWEST,)


def ask(ticket: Ticket, asked: Asked, silence: Silence, now: datetime) -> Decided[Ticket]:
    """One more line in the ledger; raises Conflict or Invalid where it cannot be asked for now."""
    _must_be_possible(ticket, asked.kind)
    _must_be_new(ticket, asked.kind)
    _must_fit(ticket, asked, now)
    asks = deciders(asked.rung, ticket.ladder.rungs)
    seats = tuple(holder.assignment_id for holder in ticket.holders)
    row = LedgerRow(
        id=f"{ticket.id}.r{len(ticket.ledger) + 1}",
        kind=asked.kind,
        reason_code=asked.reason_code,
        asked_by=asked.by,
        asked_as=asked.rung,
        asked_at=now,
        desks=tuple(Desk(rung, silence(now, place)) for place, rung in enumerate(asks, start=1)),
        particulars=replace(asked.particulars, assignment_ids=seats),
    )
    after = replace(ticket, ledger=(*ticket.ledger, row))
    return _decided(after, row, (TicketRequestMade(**_asks(row)),))


def request(ticket: Ticket, request_id: str) -> LedgerRow:
    """One line; raises NotFound."""
    for row in ticket.ledger:
        if row.id == request_id:
            return row
    raise NotFound("no-such-request", Text(zh="没有这条申请", en="there is no such request"), "request_id")


def decide(ticket: Ticket, row: LedgerRow, decision: Decision, paused: Pause) -> Decided[Ticket]:
    """Granted, and done at once in the same change; or refused. Raises Conflict where it is too late for either."""
    if row.state is not RequestState.ASKED:
        raise Conflict("decided-already", Text(zh="这条申请已经有结果了", en="this request is decided already"))
    state = RequestState.APPROVED if decision.approved else RequestState.REFUSED
    decided = replace(row, state=state, decided_by=decision.by, decided_as=decision.rung, decided_at=decision.at)
    told = TicketRequestDecided(
        request_id=row.id,
        kind=row.kind,
        reason_code=row.reason_code,
        approved=decision.approved,
        decided_as=decision.rung,
    )
    after = _with_row(ticket, decided)
    if not decision.approved:
        return _decided(after, decided, (told,))
    _must_be_possible(ticket, row.kind)
    done = _done(after, decided, decision.at, paused)
    return _decided(done.aggregate, decided, (told, *done.events))


def requests_due(ticket: Ticket) -> Iterator[Due]:
    """When whoever is asked has been silent for too long."""
    for row in ticket.ledger:
        if row.state is RequestState.ASKED:
            desk = row.desks[row.desk]
            yield Due(f"{REQUEST}:{row.id.rpartition('.')[2]}:{row.desk}", desk.until)


def pass_on(ticket: Ticket, key: str, now: datetime) -> Decided[Ticket] | None:
    """Silence: the next above is asked, or the request lapses."""
    number = key.split(":")[1]
    row = next(row for row in ticket.ledger if row.id == f"{ticket.id}.{number}")
    if row.desk + 1 == len(row.desks):
        lapsed = replace(row, state=RequestState.LAPSED, decided_at=now)
        told = TicketRequestLapsed(request_id=row.id, kind=row.kind, reason_code=row.reason_code)
        return _decided(_with_row(ticket, lapsed), lapsed, (told,))
    raised = replace(row, desk=row.desk + 1)
    return _decided(_with_row(ticket, raised), raised, (TicketRequestRaised(**_asks(raised)),))


def _asks(row: LedgerRow) -> dict[str, Any]:
    """What an event says of a request: who is asked now, and until when."""
    desk = row.desks[row.desk]
    return {
        "request_id": row.id,
        "kind": row.kind,
        "reason_code": row.reason_code,
        "asked_as": row.asked_as,
        "approver": desk.rung,
        "until": desk.until,
    }


def _done(ticket: Ticket, row: LedgerRow, now: datetime, paused: Pause) -> Decided[Ticket]:
    match row.kind:
        case RequestKind.HOLD:
            return hold(ticket, row, now, paused)
        case RequestKind.EXTENSION:
            return _extended(ticket, row, now, paused)
        case RequestKind.VOID:
            return ticket.cancel("staff", row.reason_code, None, None, now)
        case RequestKind.RETURN_UPSTREAM:
            return give_back(ticket, row.reason_code, now)
        case RequestKind.RETURN:
            return after_strike(_returned(ticket, row), now)
        case RequestKind.REASSIGN:
            begun = replace(row, particulars=replace(row.particulars, round=ticket.round + 1))
            return _with_row(ticket, begun).redispatch()


def _returned(ticket: Ticket, row: LedgerRow) -> Decided[Ticket]:
    """Others are looked for. Who took it after it was asked for did not give it back."""
    if {holder.assignment_id for holder in ticket.holders} - set(row.particulars.assignment_ids):
        raise Conflict("others-have-it", Text(zh="现在接单的已经不是原来的人", en="others have taken it since"))
    count = ticket.returns + 1
    again = replace(ticket, returns=count).redispatch()
    return replace(again, events=(*again.events, *strikes(again.aggregate.strikes)))


def _extended(ticket: Ticket, row: LedgerRow, now: datetime, paused: Pause) -> Decided[Ticket]:
    """The new time to solve it, with its warning; a time that was missed while nobody decided was not missed.

    Where upstream's is stricter, and stays, what was said of it stays said.
    """
    until, promised = row.particulars.until, ticket.unheld or ticket.deadlines
    if promised is None or until is None or until <= now:
        raise Conflict("extension-over", Text(zh="要延到的时间已经过了", en="the time to extend it to is past"))
    warn_at = now + WARN_AT * (until - now)
    later = replace(promised, resolve_by=until, resolve_warn_at=warn_at)
    mark = standing_hold(ticket)
    in_time = row.asked_at < promised.resolve_by
    after = replace(
        ticket,
        deadlines=paused(later, mark.started_at, mark.until) if mark else later,
        unheld=later if mark else None,
    )
    if _resolve_by(after) != _resolve_by(ticket):
        after = replace(not_missed(after) if in_time else after, warned=without_resolve(ticket.warned))
    return Decided(after, (TicketExtended(request_id=row.id, resolve_by=until, local=row.particulars.local),))


def _resolve_by(ticket: Ticket) -> datetime | None:
    promised = ticket.deadlines_in_force
    return None if promised is None else promised.resolve_by


def _must_be_possible(ticket: Ticket, kind: RequestKind) -> None:
    if ticket.status not in POSSIBLE[kind]:
        raise IllegalTransition(ticket.status, kind)


def _must_be_new(ticket: Ticket, kind: RequestKind) -> None:
    if any(row.kind is kind and row.state is RequestState.ASKED for row in ticket.ledger):
        raise Conflict(
            "asked-already", Text(zh="已经申请过,正在等批复", en="this was asked for and waits for its answer")
        )
    if len(ticket.ledger) >= MOST_ROWS:
        raise Conflict("ledger-full", Text(zh="这一单的申请太多了", en="this order has had too many requests"))
    if kind is RequestKind.HOLD and standing_hold(ticket) is not None:
        raise Conflict("held-already", Text(zh="这一单已经挂起", en="the order is on hold already"))


def _must_fit(ticket: Ticket, asked: Asked, now: datetime) -> None:
    if asked.kind is RequestKind.RETURN_UPSTREAM:
        must_be_upstreams(ticket, "kind")
    until = asked.particulars.until
    if until is not None and until <= now:
        raise Invalid("time-past", Text(zh="时间要在以后", en="the time has to be in the future"), asked.field)
    if until is not None and until > now + timedelta(days=LONGEST_DAYS):
        sentence = Text(zh=f"最多 {LONGEST_DAYS} 天", en=f"{LONGEST_DAYS} days at most")
        raise Invalid("time-too-far", sentence, asked.field)
    if asked.kind is not RequestKind.EXTENSION or until is None:
        return
    promised = ticket.unheld or ticket.deadlines
    if promised is None or DeadlineKind.RESOLVE in ticket.missed or promised.resolve_by <= now:
        raise Conflict("overdue-already", Text(zh="已经过了办结时间", en="the time to solve it is over already"))
    if until <= promised.resolve_by:
        raise Invalid("no-extension", Text(zh="比现在的办结时间还早", en="that is no later than it is"), "until")


def _with_row(ticket: Ticket, row: LedgerRow) -> Ticket:
    return replace(ticket, ledger=tuple(row if one.id == row.id else one for one in ticket.ledger))


def _decided(ticket: Ticket, row: LedgerRow, events: tuple[Event, ...]) -> Decided[Ticket]:
    return Decided(ticket, events, {**ticket.answer_to_caller(), "request_id": row.id})
