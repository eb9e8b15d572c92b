"""How a demand follows its order: by reconciling to the newest snapshot, whatever came late, twice or not at all."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from contracts.events.ticket_snapshot import TicketSnapshot
from contracts.events.volunteers import DemandEnded
from contracts.groups import groups_for
from contracts.ledger import to_ask_first
from contracts.lifecycle import advance
from contracts.terms import Terms
from contracts.words import DemandStatus, Permit, ReleaseReason, SeatStatus, TicketStatus
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.lifecycle import SEAT, DemandAction, SeatAction
from services.volunteers.domain.search import withdraw, withdraw_open
from services.volunteers.domain.seating import release
from services.volunteers.domain.take import Take

_SPEAKS = frozenset({Permit.SEE, Permit.CONFIRM})
"""Who sees an order and says how it went says, too, whom they do not want again."""


@dataclass(frozen=True)
class News:
    """One event of the order: its snapshot with the version it is, and the terms if it brings them."""

    ticket: TicketSnapshot
    version: int
    terms: Terms | None = None
    correlation_id: str = ""


def follow(demand: Demand | None, news: News) -> Change:
    """The demand in line with *news*. Older news brings nothing but the terms that are missing."""
    if demand is None:
        demand = _opened(news)
        is_news = True
    else:
        is_news = news.version > demand.ticket_version
    demand = _with_terms(demand, news)
    return _reconcile(demand, news) if is_news else Change(demand)


def _with_terms(demand: Demand, news: News) -> Demand:
    """The terms that hold now. While some frozen anew are on their way nobody is asked under the old."""
    newest = news.ticket.refrozen
    if newest < demand.refrozen or (newest == demand.refrozen and (demand.terms or not news.terms)):
        return demand
    return replace(demand, terms=news.terms, refrozen=newest)


def _opened(news: News) -> Demand:
    """A demand that nobody works on yet; for an order that ended it stays as a tombstone."""
    ticket = news.ticket
    return Demand(
        id=ticket.id,
        community_id=ticket.community_id,
        number=ticket.number,
        item_id=ticket.item_id,
        item_name=ticket.item_name,
        urgency=ticket.urgency,
        area_path=ticket.area_path,
        seats=ticket.seats,
        ticket_version=news.version,
        correlation_id=news.correlation_id,
        requester_id=ticket.requester_id,
        beneficiary_id=ticket.beneficiary_id,
        delegates=_speaking(ticket),
        wanted=ticket.wanted,
        recused=ticket.recused,
        groups=groups_for(ticket.nature, ticket.category, ticket.urgency, for_child=_for_child(news)),
        round=ticket.round,
        rework_count=ticket.rework_count,
        since=ticket.times.placed_at,
    )


def _for_child(news: News) -> bool:
    return news.terms is not None and news.terms.for_child


def _reconcile(demand: Demand, news: News) -> Change:
    ticket = news.ticket
    known = replace(
        demand,
        ticket_version=news.version,
        recused=ticket.recused,
        requester_id=ticket.requester_id,
        beneficiary_id=ticket.beneficiary_id,
        delegates=_speaking(ticket),
        wanted=ticket.wanted,
    )
    change = Change(known)
    if demand.status is DemandStatus.ENDED:
        return change
    if ticket.status is TicketStatus.MERGED:
        return change.then(lambda at: _set_aside(at, ticket))
    if ticket.round > demand.round:
        change = change.then(lambda at: _restart(at, ticket))
    if ticket.rework_count > demand.rework_count:
        change = change.then(lambda at: _resume(at, ticket.rework_count, ticket.times.completed_at))
    if ticket.status in (TicketStatus.COMPLETED, TicketStatus.CLOSED):
        return change.then(lambda at: _finish(at, ticket.times.completed_at))
    if ticket.status in (TicketStatus.CANCELLED, TicketStatus.REJECTED):
        return change.then(_end)
    if ticket.owner is not None:
        return change.then(_in_hand)
    return change.then(_without_recused)


def _speaking(ticket: TicketSnapshot) -> tuple[str, ...]:
    return tuple(one.account_id for one in ticket.delegates if frozenset(one.may) >= _SPEAKS)


def _in_hand(demand: Demand) -> Change:
    """The counter has it: nobody is looked for, and who had a seat is free. A redispatch looks for people again."""
    free = _released(demand, ReleaseReason.TAKEN_IN)
    return Change(replace(free.moved(DemandAction.FINISH), claim_until=None)).then(withdraw_open)


def _without_recused(demand: Demand) -> Change:
    """Whose own case a complaint has become meanwhile gives way: offers are withdrawn, seats free."""
    members = demand.recused.members if demand.recused else ()
    theirs = [one for one in demand.open_offers if {one.member_id, one.deputy_id}.intersection(members)]
    change = withdraw(demand, theirs)
    for take in demand.holders:
        if take.wanted and take.member_id in members:
            change = change.then(partial(release, take=take, reason=ReleaseReason.REFUSED))
    return change


def _restart(demand: Demand, ticket: TicketSnapshot) -> Change:
    """Other people are looked for: whoever had a seat is free, whoever was asked need not answer, nothing is frozen."""
    demand = _released(demand, ReleaseReason.REDISPATCHED)
    named = to_ask_first(ticket.ledger, ticket.round)
    restarted = replace(
        demand.moved(DemandAction.RESTART),
        round=ticket.round,
        urgency=ticket.urgency,
        wave=0,
        claim_until=None,
        ask_member=named.member_id if named else None,
        ask_team=named.team_id if named else None,
        steering=replace(demand.steering, frozen=False, pinned=None, waits=None),
    )
    return withdraw_open(restarted)


def _resume(demand: Demand, rework_count: int, done_at: datetime | None) -> Change:
    """The same people go again; who still can is found out seat by seat when their capacity is taken."""
    takes = tuple(take if take.released else _anew(take, done_at) for take in demand.takes)
    resumed = replace(demand.moved(DemandAction.RESUME), rework_count=rework_count, takes=takes, claim_until=None)
    if resumed.open_seats:
        return Change(resumed)
    return Change(resumed.moved(DemandAction.FILL)).then(withdraw_open)


def _anew(take: Take, done_at: datetime | None) -> Take:
    """Taken once more: nothing is known yet of their coming. That they were there before stays known."""
    return replace(take.again(done_at), status=advance(SEAT, take.status, SeatAction.RETAKE))


def _finish(demand: Demand, done_at: datetime | None) -> Change:
    """The work is done: every seat is finished, nobody needs to answer. Nobody reacts to it, so no event tells it."""
    takes = tuple(take if take.released else _finished(take, done_at) for take in demand.takes)
    finished = replace(demand.moved(DemandAction.FINISH), takes=takes, claim_until=None)
    return Change(finished).then(withdraw_open)


def _finished(take: Take, done_at: datetime | None) -> Take:
    """Whoever was there until the end has left when it was done."""
    left = done_at if take.status is SeatStatus.ARRIVED else take.left_at
    return replace(take, status=advance(SEAT, take.status, SeatAction.FINISH), left_at=left, substitute_named=None)


def _end(demand: Demand) -> Change:
    """The order ended elsewhere. Of a demand whose terms never came nobody has heard: a silent tombstone."""
    known = demand.terms is not None
    demand = _released(demand, ReleaseReason.CANCELLED)
    ended = Change(replace(demand.moved(DemandAction.END), claim_until=None)).then(withdraw_open)
    return replace(ended, events=(DemandEnded(offers=()),)) if known else ended


def _set_aside(demand: Demand, ticket: TicketSnapshot) -> Change:
    """Another order about the same thing is done for this one too: nobody is looked for, whoever had a seat is free.

    It may be split off again: then a new round begins, as with a finished demand.
    """
    searching = demand.status is not DemandStatus.FINISHED and demand.terms is not None
    known = replace(demand, round=max(ticket.round, demand.round), rework_count=ticket.rework_count, claim_until=None)
    aside = Change(_released(known.moved(DemandAction.FINISH), ReleaseReason.MERGED)).then(withdraw_open)
    return replace(aside, events=(DemandEnded(offers=()),)) if searching else aside


def _released(demand: Demand, reason: ReleaseReason) -> Demand:
    takes = tuple(take if take.released else take.freed(reason) for take in demand.takes)
    return replace(demand, takes=takes)
