"""Everything that happens on a seat. Each function raises Conflict in words where it is not possible."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from contracts.errors import Conflict
from contracts.events.volunteers import AssignmentArrived, AssignmentLeft, AssignmentMade, AssignmentReleased
from contracts.lifecycle import advance
from contracts.words import DemandStatus, OfferStatus, ReleaseReason, SeatStatus, Text
from services.volunteers.domain.arrival import BARE_WORD, Shown, there
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import may_go_again
from services.volunteers.domain.lifecycle import SEAT, DemandAction, SeatAction
from services.volunteers.domain.member import Member
from services.volunteers.domain.offer import Offer
from services.volunteers.domain.search import offer_not_open, withdraw
from services.volunteers.domain.take import Take
from services.volunteers.domain.together import left_behind, may_arrive


def accept(demand: Demand, offer_id: str, member: Member, now: datetime) -> tuple[Change, Member]:
    """An invited member takes a seat. Open until it is answered or its expiry was written: the kinder reading."""
    offer = demand.offer(offer_id)
    may_answer(demand, offer)
    keeper, answered = demand.keeper(offer), demand.with_offer(replace(offer, status=OfferStatus.ACCEPTED))
    freed = release(answered, keeper, ReleaseReason.SUBSTITUTED) if keeper else Change(answered)
    change, seated = sit(freed.demand, member, offer.role, now)
    return told(replace(change, events=(*freed.events, *change.events)), offer_id), seated


def may_answer(demand: Demand, offer: Offer) -> None:
    """Raises Conflict: ``seat-taken``, ``offer-not-open``."""
    keeper = demand.keeper(offer)
    if keeper is not None and (keeper.status is not SeatStatus.TAKEN or keeper.substitute_by is None):
        raise seat_taken()
    if offer.status is OfferStatus.WITHDRAWN and not demand.has_seat_for(offer.role):
        raise seat_taken()
    if offer.status is not OfferStatus.OPEN:
        raise offer_not_open()


def claim(demand: Demand, member: Member, role: str | None, now: datetime) -> tuple[Change, Member]:
    """A member takes an open seat of that role unasked."""
    if demand.status is DemandStatus.OPEN:
        raise Conflict("claim-not-open", Text("这一单还没有开放认领", "this order is not open to claims yet"))
    if demand.status is DemandStatus.UNSERVED:
        raise Conflict(
            "claim-not-open", Text("认领时间已过,社区正在处理", "the time to claim is over; staff see to it")
        )
    if demand.status is not DemandStatus.CLAIM:
        raise seat_taken()
    if any(_taken_back(take, member, demand.round) for take in demand.takes):
        sentence = Text("工作人员已经把这个名额收回,另请别人了", "staff took your seat back and look for somebody else")
        raise Conflict("not-qualified", sentence)
    change, seated = sit(demand, member, role, now)
    return told(change), seated


def _taken_back(take: Take, member: Member, round: int) -> bool:
    return take.member_id == member.id and take.released is ReleaseReason.TAKEN_BACK and take.round == round


def assigned(
    demand: Demand, member: Member, role: str | None, now: datetime, own: Offer | None, beyond: bool
) -> tuple[Change, Member]:
    """Duty staff have a seat without being asked, or before they answered *own*; *beyond*: though hands are full."""
    if own is not None:
        demand = demand.with_offer(replace(own, status=OfferStatus.ACCEPTED))
    change, seated = sit(demand, member, role, now, beyond=beyond)
    return told(change, own.id if own else None), seated


def sit(
    demand: Demand,
    member: Member,
    role: str | None,
    now: datetime,
    named_by: str | None = None,
    beyond: bool = False,
) -> tuple[Change, Member]:
    """The member has a seat of that role. Offers for which no seat is left are withdrawn; ``AssignmentMade`` says none.

    Raises Conflict: ``already-yours``, ``seat-taken``, ``capacity-full``.
    """
    if any(take.member_id == member.id for take in demand.holders):
        raise Conflict("already-yours", Text("您已经接了这一单", "you have a seat of this order already"))
    seat = next((seat for seat in demand.free_seats if demand.role_of(seat) == role), None)
    if seat is None:
        raise seat_taken()
    if member.room <= 0 and not beyond:
        raise capacity_full()
    take = replace(_new_take(demand, seat, member, now), role=role, named_by=named_by, beyond=beyond)
    seated = replace(demand, takes=(*demand.takes, take))
    filled = not seated.open_seats
    seated = seated.moved(DemandAction.FILL if filled else DemandAction.TAKE)
    made = AssignmentMade(
        assignment_id=take.id,
        member_id=member.id,
        offer_id=None,
        requester_id=demand.requester_id,
        named_by=named_by,
    )
    change = Change(replace(seated, claim_until=None) if filled else seated, (made,))
    return change.then(_without_surplus), member.hold(take.id, now)


def _without_surplus(demand: Demand) -> Change:
    """Whoever is asked for seats that are all taken need not answer; a team is asked for any."""
    return withdraw(demand, [offer for offer in demand.open_offers if not _is_wanted(demand, offer)])


def _is_wanted(demand: Demand, offer: Offer) -> bool:
    if demand.keeper(offer) is not None:
        return True
    return demand.open_seats > 0 if offer.team_id else demand.has_seat_for(offer.role)


def told(change: Change, offer_id: str | None = None) -> Change:
    """*change* in which somebody took a seat; the last one tells which offer it answers, and which are withdrawn."""
    *before, made = change.events
    if not isinstance(made, AssignmentMade):
        raise TypeError("nobody took a seat")
    answered = (change.demand.offer(offer_id),) if offer_id else ()
    offers = tuple(offer.change() for offer in (*answered, *change.untold))
    return Change(change.demand, (*before, replace(made, offer_id=offer_id, offers=offers)))


def _new_take(demand: Demand, seat: int, member: Member, now: datetime) -> Take:
    number = 1 + sum(take.seat == seat for take in demand.takes)
    return Take(
        id=f"{demand.id}.s{seat}.{number}",
        seat=seat,
        member_id=member.id,
        display_name=member.display_name,
        round=demand.round,
        status=SeatStatus.TAKEN,
        taken_at=now,
        with_adult=None if member.adult else member.with_adult,
    )


def arrive(demand: Demand, assignment_id: str, now: datetime, shown: Shown = BARE_WORD) -> Change:
    """The holder is there. Nobody is alone with a child, and no minor without their adult: ``domain.together``."""
    take = _current(demand, assignment_id)
    come = replace(there(take, shown, now), substitute_by=None, substitute_named=None)
    may_arrive(demand, take, now)
    event = AssignmentArrived(
        assignment_id=take.id, member_id=take.member_id, requester_id=demand.requester_id, evidence=come.evidence
    )
    return Change(demand.with_take(come), (event,))


def leave(demand: Demand, assignment_id: str, now: datetime) -> Change:
    """The holder's part ended before the whole; they stay on the crew's list.

    Who may not be there without them goes too.
    """
    take = _current(demand, assignment_id)
    gone = left(demand, take, now)
    for other in left_behind(gone.demand, take):
        step = (
            partial(left, now=now)
            if other.status is SeatStatus.ARRIVED
            else partial(release, reason=ReleaseReason.ALONE)
        )
        gone = gone.then(partial(step, take=other))
    return gone


def send_home(demand: Demand, now: datetime) -> Change:
    """In the evening the part of every minor who is there ends."""
    change = Change(demand)
    for assignment_id, at in demand.homeward().items():
        if at <= now:
            change = change.then(partial(left, take=demand.take(assignment_id), now=now))
    return change


def left(demand: Demand, take: Take, now: datetime) -> Change:
    """One seat whose holder went; raises IllegalTransition."""
    status = advance(SEAT, take.status, SeatAction.LEAVE)
    gone = replace(take, status=status, left_at=now, substitute_named=None)
    event = AssignmentLeft(assignment_id=take.id, member_id=take.member_id)
    return Change(demand.with_take(gone), (event,))


def give_back(demand: Demand, assignment_id: str, now: datetime) -> Change:
    """The holder cannot come after all."""
    take = _current(demand, assignment_id)
    advance(SEAT, take.status, SeatAction.GIVE_BACK)
    return release(demand, take, ReleaseReason.GAVE_BACK)


def refuse(demand: Demand, assignment_id: str) -> Change:
    """The order could not use this seat. Nothing to do where it is free already."""
    take = next((take for take in demand.holders if take.id == assignment_id), None)
    return release(demand, take, ReleaseReason.REFUSED) if take else Change(demand)


def release(demand: Demand, take: Take, reason: ReleaseReason) -> Change:
    """The seat is free again, and the others hear of it; so are those of who may not be there without them.

    Nothing to do where another release has freed it already.
    """
    if demand.take(take.id).released is not None:
        return Change(demand)
    freed = demand.with_take(take.freed(reason)).moved(DemandAction.FREE)
    event = AssignmentReleased(
        assignment_id=take.id,
        member_id=take.member_id,
        reason=reason,
        named_by=take.named_by,
        requester_id=demand.requester_id,
    )
    change = Change(freed, (event,))
    for other in left_behind(freed, take):
        change = change.then(partial(release, take=other, reason=ReleaseReason.ALONE))
    return change


def noted(demand: Demand, now: datetime) -> Demand:
    """With the moment at every seat that this write frees: it is the end of a visit that nobody checked out of."""
    new = [take for take in demand.takes if take.released is not None and take.released_at is None]
    for take in new:
        demand = demand.with_take(replace(take, released_at=now))
    return demand


def settle(demand: Demand, member: Member | None, member_id: str, now: datetime) -> tuple[Change, Member | None]:
    """Bring one member's capacity in line with the seats of *demand*.

    A seat that is to be taken again (rework) by somebody who is full, off duty, gone or no longer let by the gates is
    released: ``busy``.
    """
    change = Change(demand)
    for take in demand.unsettled:
        if take.member_id != member_id:
            continue
        if not take.wanted:
            member = member.free(take.id) if member else None
            change = Change(change.demand.with_take(replace(take, held=False)), change.events)
        elif member is not None and _takes_again(change.demand, member, take, now):
            member = member.hold(take.id)
            change = Change(change.demand.with_take(replace(take, held=True)), change.events)
        else:
            change = change.then(partial(release, take=take, reason=ReleaseReason.BUSY))
    return change, member


def _takes_again(demand: Demand, member: Member, take: Take, now: datetime) -> bool:
    fits = member.room > 0 or take.id in member.holding
    there = member.on_duty or take.named_by is not None
    return fits and there and may_go_again(demand, member, take, now)


def _current(demand: Demand, assignment_id: str) -> Take:
    take = demand.take(assignment_id)
    if take.released is not None:
        raise Conflict("seat-released", Text("这个名额已经不在您名下", "this seat is no longer yours"))
    return take


def seat_taken() -> Conflict:
    """Somebody else was quicker."""
    return Conflict("seat-taken", Text("名额已经有人了,谢谢您", "the seat is taken already; thank you all the same"))


def capacity_full() -> Conflict:
    """The member holds as many seats as they said they can."""
    sentence = Text("您手上的单已经满了,先办完一件再接", "your hands are full: finish one before you take another")
    return Conflict("capacity-full", sentence)
