"""What the end of a visit that did not do the work makes of a seat: tickets tells it, once for each visit."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from contracts.events.seat_visits import AssignmentComesAgain
from contracts.events.visits import TicketVisited
from contracts.lifecycle import advance
from contracts.visits import VisitResult
from contracts.words import ReleaseReason, SeatStatus
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.lifecycle import SEAT, SeatAction
from services.volunteers.domain.seating import left, release
from services.volunteers.domain.take import Take


def after_visit(demand: Demand, said: TicketVisited, now: datetime) -> Change:
    """The demand after the news of a visit; the same news again, or of a seat that is free, changes nothing.

    Nobody answered: the seat stays theirs for another try. Refused: their part is over and nobody else is looked for,
    until a dispatcher decides. Beyond them: somebody who can do more is. Danger: the order's new terms say who comes.
    """
    take = next((one for one in demand.holders if one.id == said.assignment_id), None)
    if take is None or said.visit <= take.visit or take.status not in (SeatStatus.TAKEN, SeatStatus.ARRIVED):
        return Change(demand)
    seen = replace(take, visit=said.visit)
    known = Change(demand.with_take(seen))
    if said.result is VisitResult.NOBODY_ANSWERED:
        return known.then(partial(_again, take=seen, now=now))
    if said.result is VisitResult.REFUSED:
        return known.then(partial(left, take=seen, now=now))
    if said.result is VisitResult.BEYOND_ME:
        harder = Change(replace(known.demand, beyond=True))
        return harder.then(partial(release, take=seen, reason=ReleaseReason.BEYOND_ME))
    return known


def _again(demand: Demand, take: Take, now: datetime) -> Change:
    """The try is kept: they went there, and it took its time."""
    status = advance(SEAT, take.status, SeatAction.COME_AGAIN)
    waiting = replace(take.again(now), status=status)
    event = AssignmentComesAgain(assignment_id=take.id, member_id=take.member_id)
    return Change(demand.with_take(waiting), (event,))
