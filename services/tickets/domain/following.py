"""How an order follows its demand: seats belong to volunteers, and the order keeps up with the newest news of them.

A demand's snapshot holds the complete set of holders, so the order never adds a difference: it reconciles. News may
come late, twice, in any order, with steps missing; the end is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.decisions import Decided
from contracts.events import Event
from contracts.events.ticket_snapshot import TicketHolder
from contracts.events.tickets import TicketAssigned, TicketAssignmentRefused, TicketSeatFreed, TicketStarted
from contracts.events.volunteers import DemandHolder, DemandSnapshot
from contracts.words import SeatStatus, TicketStatus
from services.tickets.domain.lifecycle import TAKES_HOLDERS, Action
from services.tickets.domain.slips import left_behind
from services.tickets.domain.strikes import strikes
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import with_answer


def follow_demand(ticket: Ticket, demand: DemandSnapshot, version: int, now: datetime) -> Decided[Ticket] | None:
    """The order after the news *demand* (version *version* of it); None where newer news is already known.

    An order that cannot take holders (any more, not in that round, the counter owns it) refuses each it does not know.
    Of a round that is over it does so however late the news comes: no newer news names who took a seat in it.
    """
    if version <= ticket.demand_version:
        return _refuse(ticket, demand) if _is_unheard(ticket, demand, version) else None
    returned = max(ticket.offers_returned, demand.counts.returned)
    before, ticket = ticket, replace(ticket, demand_version=version, offers_returned=returned)
    if demand.round != ticket.round or ticket.status not in TAKES_HOLDERS or ticket.owner is not None:
        return _refuse(ticket, demand)
    return _with_strikes(before, _reconcile(ticket, _Crew.of(ticket, demand), now))


def _with_strikes(before: Ticket, decided: Decided[Ticket]) -> Decided[Ticket]:
    """What was returned instead of signed in counts like what was given back later; news of it may have been missed."""
    counted = range(before.strikes + 1, decided.aggregate.strikes + 1)
    struck = [event for count in counted for event in strikes(count)]
    return replace(decided, events=(*decided.events, *struck))


def _is_unheard(ticket: Ticket, demand: DemandSnapshot, version: int) -> bool:
    """News of a round that is over, which was not known when it ended."""
    over = ticket.round_news[demand.round - 1 : demand.round]
    return any(version > known for known in over)


def _refuse(ticket: Ticket, demand: DemandSnapshot) -> Decided[Ticket]:
    known = {*ticket.settled, *(holder.assignment_id for holder in ticket.holders)}
    # Whoever has left too: else a rework would send them again, and the order would wait for somebody else.
    refused = [seat for seat in demand.holders if seat.assignment_id not in known]
    settled = (*ticket.settled, *(seat.assignment_id for seat in refused))
    after = replace(ticket, settled=settled, vacated=_vacated(ticket, demand))
    events = (TicketAssignmentRefused(assignment_id=seat.assignment_id, member_id=seat.member_id) for seat in refused)
    return Decided(after, tuple(events), after.answer_to_caller())


def _vacated(ticket: Ticket, demand: DemandSnapshot) -> tuple[str, ...]:
    """Who gave their seat back before volunteers knew that the order was completed: no other news tells it again."""
    if demand.round != ticket.round:
        return ticket.vacated
    held = {seat.assignment_id for seat in demand.holders}
    return tuple(holder.assignment_id for holder in ticket.holders if holder.assignment_id not in held)


@dataclass(frozen=True)
class _Crew:
    """Who holds the seats now, the longest first; the lead's role leads, else the first who has not left.

    ``leads_again`` leads when all of them go once more, whoever had left.
    """

    holders: tuple[TicketHolder, ...]
    lead: str | None
    leads_again: str | None
    arrived: bool

    @classmethod
    def of(cls, ticket: Ticket, demand: DemandSnapshot) -> "_Crew":
        seats = sorted(
            (seat for seat in demand.holders if seat.assignment_id not in ticket.settled),
            key=lambda seat: (seat.taken_at, seat.seat),
        )
        # News from before they all went once more: volunteers does not tell that whoever had left is back.
        back = demand.rework_count is not None and demand.rework_count < ticket.rework_count
        staying = [seat for seat in seats if back or seat.status is not SeatStatus.LEFT] or seats
        return cls(
            holders=tuple(TicketHolder(seat.assignment_id, seat.member_id, seat.display_name) for seat in seats),
            lead=_lead(staying),
            leads_again=_lead(seats),
            arrived=any(_has_arrived(seat) for seat in seats),
        )


def _lead(seats: Sequence[DemandHolder]) -> str | None:
    return min(seats, key=lambda seat: not seat.lead).member_id if seats else None


def _has_arrived(seat: DemandHolder) -> bool:
    return seat.status is SeatStatus.ARRIVED or seat.arrived_at is not None


def _reconcile(ticket: Ticket, crew: _Crew, now: datetime) -> Decided[Ticket]:
    staying = {holder.assignment_id for holder in crew.holders}
    gone = tuple(holder.assignment_id for holder in ticket.holders if holder.assignment_id not in staying)
    changed = (ticket.holders, ticket.lead) != (crew.holders, crew.lead)
    after = replace(ticket, holders=crew.holders, lead=crew.lead, leads_again=crew.leads_again)
    if len(crew.holders) < ticket.seats:
        after, events = _free(after, gone)
    else:
        after, events = _fill(after, crew, gone, changed, now)
    return Decided(after, tuple(events), after.answer_to_caller())


def _free(ticket: Ticket, gone: tuple[str, ...]) -> tuple[Ticket, list[Event]]:
    if ticket.status is TicketStatus.ACCEPTED:
        return ticket, []
    return ticket.freed(), [TicketSeatFreed(assignment_ids=gone), *left_behind(ticket.slips)]


def _fill(
    ticket: Ticket, crew: _Crew, gone: tuple[str, ...], changed: bool, now: datetime
) -> tuple[Ticket, list[Event]]:
    events: list[Event] = []
    if ticket.status is TicketStatus.IN_PROGRESS and gone and not crew.arrived:
        # The news between was missed: those who were there are gone, so nobody has started any more.
        ticket, events = _free(ticket, gone)
    if ticket.status is TicketStatus.ACCEPTED or changed:
        ticket = ticket.moved(Action.ASSIGN, times=replace(with_answer(ticket.times, now), assigned_at=now))
        holders = tuple(holder.assignment_id for holder in crew.holders)
        events.append(TicketAssigned(assignment_ids=holders, lead=crew.lead or ""))
    if ticket.status is TicketStatus.ASSIGNED and crew.arrived:
        ticket = ticket.moved(Action.START, times=replace(ticket.times, started_at=now))
        events.append(TicketStarted())
    return ticket, events
