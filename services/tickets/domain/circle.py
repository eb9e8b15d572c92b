"""Who may act in an order for the person served, and what a death does to it: the order follows its person.

Like the crew, the delegates are never added to or taken from: the order reconciles with the person as they are now,
so that news may come late, twice, or not at all.
"""

from dataclasses import replace
from datetime import datetime

from contracts.actor import Actor
from contracts.decisions import Decided
from contracts.errors import Conflict
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketDelegatesChanged
from contracts.words import ClosedBy, Nature, Permit, Text, TicketStatus
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import DelegateAct

PLACE = "place"
"""What a delegate did who ordered."""
CALLED_OFF = "no_longer_needed"
"""The reason that everybody reads who must hear that an order of somebody who died is off."""
_NOT_FOR_THE_FAMILY = frozenset({"mediation"})
_OPEN = frozenset(
    {
        TicketStatus.SUBMITTED,
        TicketStatus.ACCEPTED,
        TicketStatus.ASSIGNED,
        TicketStatus.IN_PROGRESS,
        TicketStatus.MERGED,
    }
)


def is_of(ticket: Ticket, person: Person) -> bool:
    """Is it the person who is served: named as beneficiary, or ordering for themselves?"""
    if ticket.beneficiary_id is not None:
        return ticket.beneficiary_id == person.id
    return person.account_id is not None and ticket.requester_id == person.account_id


def with_circle(ticket: Ticket, person: Person | None) -> Ticket:
    """The order with the delegates that the person has now. Whoever ordered for them sees at least that order.

    A complaint or a quarrel that the person brought up is not the family's to see: it may be about them.
    """
    if person is None or not is_of(ticket, person):
        return ticket
    between_us = ticket.nature is Nature.COMPLAINT or ticket.category in _NOT_FOR_THE_FAMILY
    delegates = tuple(
        TicketDelegate(one.account_id, _with_own_order(one.may) if ordered else one.may)
        for one in person.standing
        if (ordered := one.account_id == ticket.placed_by) or not between_us
        if one.account_id not in ticket.hidden_from
    )
    return replace(ticket, delegates=delegates, quiet=person.deceased)


def follow_person(ticket: Ticket, person: Person, now: datetime) -> Decided[Ticket] | None:
    """The order after the news of its person; None where nothing changes.

    Of somebody who died what is open is called off, and what was done is closed: nobody is asked how it went. What they
    had ordered for others goes on; no silence of theirs says that it went well.
    """
    after = with_circle(ticket, person)
    if not is_of(ticket, person) and ticket.requester_id == person.account_id:
        after = replace(ticket, requester_gone=person.deceased)
        told = () if after.callback == ticket.callback else (TicketDelegatesChanged(),)
        return None if after == ticket else Decided(after, told, after.answer_to_caller())
    if person.deceased and is_of(ticket, person):
        if ticket.status in _OPEN:
            return replace(after, called_off=True).cancel("staff", CALLED_OFF, None, None, now)
        if ticket.status is TicketStatus.COMPLETED:
            return after.confirm(ClosedBy.NOBODY, None, False, None, now)
    if after == ticket:
        return None
    return Decided(after, (TicketDelegatesChanged(),), after.answer_to_caller())


def hide(ticket: Ticket, person: Person, account_ids: frozenset[str], hidden: bool) -> Decided[Ticket]:
    """Hide the order from these delegates, or show it to them again; raises Conflict for who ordered it themselves."""
    if hidden and account_ids & {ticket.placed_by, ticket.requester_id}:
        raise Conflict(
            "their-own-order",
            Text(zh="这一单就是对方点的,瞒不住", en="they ordered it: it cannot be hidden"),
        )
    known = frozenset(ticket.hidden_from)
    wanted = known | account_ids if hidden else known - account_ids
    after = with_circle(replace(ticket, hidden_from=tuple(sorted(wanted))), person)
    events = () if after == ticket else (TicketDelegatesChanged(),)
    return Decided(after, events, after.answer_to_caller())


def _with_own_order(may: tuple[Permit, ...]) -> tuple[Permit, ...]:
    granted = {*may, Permit.SEE, Permit.BE_TOLD}
    return tuple(permit for permit in Permit if permit in granted)


def noted(before: Ticket, decided: Decided[Ticket], actor: Actor, action: str, now: datetime) -> Decided[Ticket]:
    """The decision with a line of it, where a delegate took the step: whom the delegation concerns can read it."""
    as_delegate = any(one.account_id == actor.account_id for one in before.delegates)
    if not as_delegate or before.requester_id == actor.account_id:
        return decided
    act = DelegateAct(at=now, account_id=actor.account_id, action=action)
    return replace(decided, aggregate=replace(decided.aggregate, acts=(*decided.aggregate.acts, act)))
