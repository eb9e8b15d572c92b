"""Danger that becomes known when an order is under way already: from then on nobody is asked whom it is no work for.

It is served under terms for danger. Whoever was asked, or has it, under others is asked no more, and people are looked
for in a new round; who is sent into danger anyway (duty staff, professionals) goes on. What waits for another order
waits no more: danger waits for nothing that is ordinary.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.decisions import Decided
from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.terms import Terms
from contracts.words import Policy, TicketStatus, Urgency, WhoMay
from services.tickets.domain.external import earlier
from services.tickets.domain.lifecycle import TAKES_HOLDERS
from services.tickets.domain.merging import alone
from services.tickets.domain.rungs import StepMinutes
from services.tickets.domain.ticket import Ticket

_OVER = frozenset({TicketStatus.REJECTED, TicketStatus.CANCELLED})
_SENT_INTO_DANGER = frozenset({WhoMay.DUTY, WhoMay.PROFESSIONAL})


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """What holds for an order in danger: deadlines, terms, minutes of departments and of rungs; None: as they were."""

    deadlines: TicketDeadlines | None = None
    terms: Terms | None = None
    minutes: StepMinutes | None = None
    rung_minutes: float | None = None


def made_safe(ticket: Ticket, emergency: Emergency, now: datetime) -> Decided[Ticket]:
    """*ticket* as an emergency in which a life may be at stake. What has ended, and was so before, keeps its terms."""
    urgent = replace(
        ticket,
        danger=True,
        pictures_asked=(),
        urgency=Urgency.EMERGENCY,
        deadlines=earlier(ticket.deadlines, emergency.deadlines),
        unheld=ticket.unheld and earlier(ticket.unheld, emergency.deadlines),
        ladder=replace(
            ticket.ladder,
            minutes=emergency.minutes or ticket.ladder.minutes,
            rung_minutes=emergency.rung_minutes or ticket.ladder.rung_minutes,
        ),
    )
    if ticket.danger or ticket.terms is None or ticket.status in _OVER:
        return Decided(urgent)
    terms = replace(emergency.terms or for_danger(ticket.terms), languages=ticket.terms.languages)
    after = replace(urgent, terms=terms, refrozen=ticket.refrozen + 1)
    if after.status is TicketStatus.MERGED:
        return alone(after, now)
    if after.status not in TAKES_HOLDERS or after.owner is not None or _asks_alike(ticket.terms, after.terms):
        return Decided(after)
    return after.redispatch()


def for_danger(terms: Terms) -> Terms:
    """*terms* for duty staff, where the item that they are of is not there any more."""
    if terms.who_may in _SENT_INTO_DANGER:
        return replace(terms, urgency=Urgency.EMERGENCY)
    return replace(
        terms,
        policy=Policy.DUTY,
        who_may=WhoMay.DUTY,
        urgency=Urgency.EMERGENCY,
        skills=(),
        asks=(),
        credentials=(),
        adult_only=True,
        for_child=False,
        crew=(),
    )


def _asks_alike(before: Terms, after: Terms | None) -> bool:
    return after is not None and (before.policy, before.who_may) == (after.policy, after.who_may)
