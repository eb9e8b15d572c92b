"""Up the ladder 提级: by staff, one rung or several; by itself where nobody takes an order, it is late, three times it
was not done, or a department that was called does not come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from contracts.decisions import Decided, Due
from contracts.errors import Conflict, Invalid
from contracts.events.ladder import TicketEscalated, WhistleOverdue
from contracts.events.ledger import TicketStruckThree
from contracts.ladder import OPEN_WHISTLES, Escalation, EscalationReason, Rung, WhistleStatus, WhistleStep
from contracts.words import DeadlineKind, Text, TicketStatus
from services.tickets.domain.holding import standing_hold
from services.tickets.domain.private import Note
from services.tickets.domain.rungs import is_above
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.whistles import NOT_AT_WORK, Unit, called, latest, must_be_at_work, with_note

BY_SYSTEM = "system"
CLIMB = "climb"
_SIGN_IN = WhistleStep.SIGN_IN
BY_STAFF_REASONS = frozenset({EscalationReason.BEYOND_US, EscalationReason.JOINT, EscalationReason.DANGER})
"""The others the platform finds out by itself."""


def escalate(
    ticket: Ticket, to: Rung | None, reason: EscalationReason, by_role: str, note: Note | None, now: datetime
) -> Decided[Ticket]:
    """Up to *to*, or the next rung; raises Conflict at the top and where the order is done, Invalid for another rung.

    Who is whistled in the same step comes on top: see ``with_units``.
    """
    must_be_at_work(ticket)
    above = ticket.ladder.above(ticket.rung)
    if above is None:
        raise Conflict("top-of-the-ladder", Text(zh="已经在最上一级", en="it is at the top of its ladder already"))
    if to is not None and (to not in ticket.ladder.rungs or not is_above(to, ticket.rung)):
        rungs = ", ".join(one.value for one in ticket.ladder.rungs if is_above(one, ticket.rung))
        raise Invalid(
            "not-a-rung-above",
            Text(zh=f"只能往上提到:{rungs}", en=f"it can go up to: {rungs}"),
            field="to",
        )
    return _up(with_note(ticket, note), to or above, reason, by_role, now)


def climbed(ticket: Ticket, reason: EscalationReason, now: datetime, round: int = 0) -> Decided[Ticket] | None:
    """One rung up by itself; None at the top, where the order is done, and of somebody who died.

    *round* is that in which nobody took it: then it goes on, rung by rung, until somebody does (``climbing_on``).
    """
    above = ticket.ladder.above(ticket.rung)
    if above is None or ticket.quiet or ticket.status in NOT_AT_WORK:
        return None
    return _up(ticket, above, reason, BY_SYSTEM, now, round)


def climbing_on(ticket: Ticket) -> tuple[Due, ...]:
    """When the next rung gets an order that nobody took: its patience after the step before.

    It stops when somebody takes the order, when staff send it up, call a department or have it in hand, while it is on
    hold, when others are looked for, and when it ends. A key names one step, since each makes the steps one more.
    """
    since = next((step for step in reversed(ticket.escalations) if step.round), None)
    if since is None or ticket.status is not TicketStatus.ACCEPTED or ticket.quiet or ticket.owner is not None:
        return ()
    if since.round != ticket.round or _taken_since(ticket, since) or ticket.ladder.above(ticket.rung) is None:
        return ()
    last = ticket.escalations[-1]
    return (Due(f"{CLIMB}:{len(ticket.escalations)}", last.at + timedelta(minutes=ticket.ladder.rung_minutes)),)


def climb_on(ticket: Ticket, now: datetime) -> Decided[Ticket] | None:
    """The next rung gets it: nobody took it in the time of the one before."""
    return climbed(ticket, EscalationReason.STILL_UNSERVED, now, ticket.round)


def _taken_since(ticket: Ticket, since: Escalation) -> bool:
    """Has anybody had it since, or taken it in hand?"""
    assigned = ticket.times.assigned_at is not None and ticket.times.assigned_at > since.at
    by_staff = any(step.at >= since.at and step.by_role != BY_SYSTEM for step in ticket.escalations)
    called = any(one.status in OPEN_WHISTLES and one.by is not None for one in ticket.whistles)
    there = any(one.status in (WhistleStatus.SIGNED_IN, WhistleStatus.CONTACTED) for one in ticket.whistles)
    return assigned or by_staff or called or there or standing_hold(ticket) is not None


def with_units(decided: Decided[Ticket], units: Sequence[Unit], by: str | None, now: datetime) -> Decided[Ticket]:
    """*decided*, and these units called in the same step."""
    return joined(decided, called(decided.aggregate, units, by, None, now))


def after_overdue(decided: Decided[Ticket], kind: DeadlineKind, now: datetime) -> Decided[Ticket]:
    """*decided* told that an order is late: one that is not solved in its time goes up in the same step."""
    if kind is not DeadlineKind.RESOLVE:
        return decided
    return joined(decided, climbed(decided.aggregate, EscalationReason.OVERDUE, now))


def after_missed(decided: Decided[Ticket] | None, now: datetime) -> Decided[Ticket] | None:
    """*decided* may have told that a whistled department did not sign in: then somebody above has to see to it.

    One rung for each time departments were called, however many of them do not come.
    """
    told = () if decided is None else decided.events
    if decided is None or not any(isinstance(event, WhistleOverdue) and event.step is _SIGN_IN for event in told):
        return decided
    teams = {event.team for event in told if isinstance(event, WhistleOverdue)}
    missing = [one for one in decided.aggregate.whistles if _SIGN_IN in one.overdue]
    (last,) = (one for one in missing if one.team in teams and one is latest(decided.aggregate, one.team))
    if sum(one.whistled_at == last.whistled_at for one in missing) > 1:
        return decided
    return joined(decided, climbed(decided.aggregate, EscalationReason.UNSIGNED, now))


def after_strike(decided: Decided[Ticket], now: datetime) -> Decided[Ticket]:
    """*decided* was a rework or a return: the third of both sends the order up in the same step."""
    if not any(isinstance(event, TicketStruckThree) for event in decided.events):
        return decided
    return joined(decided, climbed(decided.aggregate, EscalationReason.STRIKES, now))


def joined(first: Decided[Ticket], then: Decided[Ticket] | None) -> Decided[Ticket]:
    """Two decisions as one: *then* was decided on what *first* left."""
    if then is None or not then.events:
        return first
    return Decided(then.aggregate, (*first.events, *then.events), {**first.result, **then.result})


def _up(
    ticket: Ticket, to: Rung, reason: EscalationReason, by_role: str, now: datetime, round: int = 0
) -> Decided[Ticket]:
    step = Escalation(at=now, before=ticket.rung, rung=to, reason=reason, by_role=by_role, round=round)
    after = replace(ticket, rung=to, escalations=(*ticket.escalations, step))
    event = TicketEscalated(before=ticket.rung, rung=to, reason=reason)
    return Decided(after, (event,), after.answer_to_caller())
