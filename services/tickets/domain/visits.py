"""How a visit ended that did not do the work, and what that makes of the order (product.md, 8)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.actor import Actor
from contracts.catalogue import Eligibility, Fact
from contracts.decisions import Decided
from contracts.errors import Conflict
from contracts.events.upstream import TicketTermsFrozen
from contracts.events.visits import TicketFollowedUp, TicketVisited
from contracts.visits import LinkKind, OrderLink, VisitResult
from contracts.words import Nature, Text, TicketStatus
from services.tickets.domain.catalogue import Category
from services.tickets.domain.emergencies import Emergency, made_safe
from services.tickets.domain.private import Note
from services.tickets.domain.relations import must_hold
from services.tickets.domain.ticket import Ticket

CHECK_WITHIN = timedelta(minutes=30)
"""By then somebody has looked whether all is well (design, section 6)."""
VISIT = "visit"
"""The step beside which the note of a visit is typed."""
HOME = "home"
_AT_WORK = frozenset({TicketStatus.ACCEPTED, TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS})
_FRAIL = frozenset({Fact.AGE_60, Fact.AGE_80, Fact.IMMOBILE, Fact.BEDRIDDEN, Fact.LIVES_ALONE, Fact.DISABLED})


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One that ended: whose seat, how, what they wrote (sealed)."""

    assignment_id: str
    member_id: str
    result: VisitResult
    note: Note | None


def must_be_at_it(found: Ticket | None, actor: Actor, assignment_id: str) -> Ticket:
    """The order, for the holder of this seat while it is worked on; raises NotFound, Conflict ``not-at-work``."""
    ticket = must_hold(found, actor, assignment_id)
    if ticket.status not in _AT_WORK or ticket.owner is not None:
        raise Conflict("not-at-work", Text("这一单现在没有在办", "nobody is at work on this order now"))
    return ticket


def may_be_alone(ticket: Ticket, eligibility: Eligibility | None) -> bool:
    """May whoever is visited be an elder, or somebody frail, alone at home?

    The care list, where it is known who lives alone, is not there yet. So a home counts as that of somebody alone
    where the order is for somebody frail (the item is, and staff looked it up), is of care, or was made by another
    for them. Better one look too many: an own order of a repair is the only one at home that does not.
    """
    terms = ticket.terms
    if (
        ticket.nature is Nature.COMPLAINT
        or terms is None
        or terms.for_child
        or (terms.delivery and HOME not in terms.delivery)
    ):
        return False
    frail = eligibility is not None and ticket.eligible_by is not None and bool(_FRAIL & frozenset(eligibility.facts))
    return frail or ticket.category == Category.CARE or ticket.beneficiary_id is not None


def check_of(ticket: Ticket) -> str | None:
    """The newest order that looks, or looked, whether all is well where nobody answered."""
    checks = [one.ticket_id for one in ticket.led_to if one.kind is LinkKind.CHECK]
    return checks[-1] if checks else None


def visited(
    ticket: Ticket, visit: Visit, *, check_wanted: bool = False, check_id: str | None = None
) -> Decided[Ticket]:
    """The order with the end of a visit; the seat itself is volunteers', who hear of it."""
    known = {one.ticket_id for one in ticket.led_to}
    new = (OrderLink(LinkKind.CHECK, check_id),) if check_id is not None and check_id not in known else ()
    after = replace(
        ticket, visits=ticket.visits + 1, private=ticket.with_note(visit.note), led_to=(*ticket.led_to, *new)
    )
    event = TicketVisited(
        assignment_id=visit.assignment_id,
        member_id=visit.member_id,
        result=visit.result,
        visit=after.visits,
        check_wanted=check_wanted,
        check_id=check_id,
    )
    return Decided(after, (event,), {**after.answer_to_caller(), "check_id": check_id})


def in_danger(ticket: Ticket, visit: Visit, emergency: Emergency, now: datetime) -> Decided[Ticket]:
    """Whoever is there says that there is danger: it is an emergency, and staff hear at once."""
    told = visited(ticket, visit)
    safe = made_safe(told.aggregate, emergency, now)
    after = safe.aggregate
    anew = (TicketTermsFrozen(terms=after.terms),) if after.terms and after.refrozen > ticket.refrozen else ()
    return Decided(after, (*told.events, *anew, *safe.events), {**after.answer_to_caller(), "check_id": None})


def looked_at_soon(check: Ticket, now: datetime) -> Ticket:
    """The check, to be answered within half an hour however patient its item is."""
    if check.deadlines is None or check.deadlines.respond_by <= now + CHECK_WITHIN:
        return check
    by = now + CHECK_WITHIN
    sooner = replace(check.deadlines, respond_by=by, respond_warn_at=now + CHECK_WITHIN * 0.75)
    return replace(check, deadlines=sooner)


def followed_up(ticket: Ticket, follow_up_id: str, member_id: str) -> Decided[Ticket]:
    """The order with what was ordered from within a visit of it."""
    after = replace(ticket, led_to=(*ticket.led_to, OrderLink(LinkKind.FOLLOW_UP, follow_up_id)))
    event = TicketFollowedUp(follow_up_id=follow_up_id, member_id=member_id)
    return Decided(after, (event,), after.answer_to_caller())
