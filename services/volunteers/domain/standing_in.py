"""Whoever has a seat and cannot come keeps it until somebody else has it, or until the time for that is over."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from contracts.errors import Conflict
from contracts.events.seat_visits import AssignmentSubstituteWanted
from contracts.words import Mode, ReleaseReason, SeatStatus, Text
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand, not_found
from services.volunteers.domain.member import Member
from services.volunteers.domain.modes import acting
from services.volunteers.domain.night import after, night_of
from services.volunteers.domain.seating import assigned, release
from services.volunteers.domain.take import Take

FOR_THEM = Text("原来接单的同伴来不了,想请您顶替", "whoever had it cannot come: could you go instead?")


def want_substitute(
    demand: Demand, assignment_id: str, now: datetime, by_name: bool, to_confirm: str | None = None
) -> Change:
    """The holder cannot come. Who was named and said no does not end it: they may name another in the same time.

    *to_confirm* is whom duty staff named of themselves: nobody is asked, staff of the area say yes.

    The time is that of any offer, and ends when the visit was wanted. Raises Conflict: ``seat-released``,
    ``there-already``, ``asked-already``, ``give-it-back`` where nobody can wait, or nobody else is asked by itself.
    """
    take = demand.take(assignment_id)
    if take.released is not None:
        raise Conflict("seat-released", Text("这个名额已经不在您名下", "this seat is no longer yours"))
    if take.status is not SeatStatus.TAKEN:
        raise Conflict("there-already", Text("您已经到场了", "you are there already"))
    if any(demand.keeper(offer) == take for offer in demand.open_offers):
        raise Conflict("asked-already", Text("已经在请人顶替,请等回话", "somebody is asked already: please wait"))
    until = take.substitute_by or _time_for_it(demand, now)
    if until is None or (not by_name and acting(demand) is Mode.MANUAL):
        raise Conflict(
            "give-it-back",
            Text("来不及请人顶替,请直接退回这个名额", "nobody else is asked in time: please give the seat back"),
        )
    event = AssignmentSubstituteWanted(
        assignment_id=take.id,
        member_id=take.member_id,
        until=until,
        by_name=by_name,
        confirm=to_confirm is not None,
    )
    waits = replace(take, substitute_by=until, substitute_named=to_confirm)
    return Change(demand.with_take(waits), (event,))


def _time_for_it(demand: Demand, now: datetime) -> datetime | None:
    """Until when the seat is kept; None where there is no time for that: an emergency, or they are wanted by now."""
    if demand.terms is None:
        raise not_found()
    if not demand.counts_for_day:
        return None
    until = after(now, demand.terms.expiry_minutes, night_of(demand.terms))
    if demand.wanted is not None:
        until = min(until, demand.wanted.start)
    return until if until > now else None


def to_be_replaced(demand: Demand, now: datetime) -> Iterator[Take]:
    """The seats for which the community is to ask the next who may stand in. Never while staff alone ask."""
    asked = {offer.stands_in for offer in demand.open_offers}
    for take in demand.holders:
        wanted = take.status is SeatStatus.TAKEN and take.substitute_by is not None and take.substitute_by > now
        if wanted and take.substitute_named is None and take.id not in asked and acting(demand) is not Mode.MANUAL:
            yield take


def give_on(
    demand: Demand, assignment_id: str, member: Member, beyond: Callable[[], bool], now: datetime
) -> tuple[Change, Member]:
    """Whom the holder named has the seat: freed and taken in one write. The gates were asked before; *beyond* says
    whether they are sent with full hands.

    Raises Conflict: ``nobody-named``, also where it is over or they named another meanwhile; ``comes-already``.
    """
    take = demand.take(assignment_id)
    if not is_to_confirm(take) or take.substitute_named != member.id:
        raise Conflict(
            "nobody-named",
            Text("没有等您确认的人了,请刷新", "nobody waits to be confirmed for it now: please look again"),
        )
    if any(one.member_id == member.id for one in demand.holders):
        raise Conflict("comes-already", Text("这位已经接了这一单", "they have a seat of this order already"))
    own = next((one for one in demand.open_offers if one.member_id == member.id and not one.team_id), None)
    freed = release(demand, take, ReleaseReason.SUBSTITUTED)
    taken, seated = assigned(freed.demand, member, take.role, now, own, beyond())
    return replace(taken, events=(*freed.events, *taken.events)), seated


def is_to_confirm(take: Take) -> bool:
    """Did its holder, who cannot come, name somebody whom staff have not confirmed yet?"""
    return take.released is None and take.status is SeatStatus.TAKEN and take.substitute_named is not None


def without(demand: Demand, take: Take) -> Demand:
    """As it would be without them: what the search looks at when it looks for somebody in their place."""
    return release(demand, take, ReleaseReason.SUBSTITUTED).demand
