"""Who is watched over: whoever is long at a door is asked whether all is well, whoever does not come is asked first.

The moments follow from the seat and the order's terms; a deadline that fired leaves its own moment with the seat.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from contracts.decisions import Due
from contracts.errors import Conflict
from contracts.events.seat_visits import (
    AssignmentLate,
    AssignmentOnTheWay,
    AssignmentSafetyAlarm,
    AssignmentSafetyAsked,
    AssignmentStillThere,
)
from contracts.words import ReleaseReason, SeatStatus, Text
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.seating import release
from services.volunteers.domain.take import Take

SLACK = timedelta(minutes=30)
"""So much longer than planned a visit may take before anybody asks (product.md, 33)."""
ALARM_AFTER = timedelta(minutes=10)
"""So long whoever was asked whether all is well may be silent; then staff on duty hear."""
NO_SHOW_AFTER = timedelta(minutes=15)
"""So long whoever was asked whether they are on the way may be silent; then somebody else is looked for."""


def safe_until(demand: Demand, take: Take) -> datetime | None:
    """When the holder is asked whether all is well; None while they are not there, or were asked."""
    since = take.still_at or take.arrived_at
    if demand.terms is None or take.status is not SeatStatus.ARRIVED or since is None or take.safety_asked is not None:
        return None
    return since + timedelta(minutes=demand.terms.visit_minutes) + SLACK


def alarm_at(take: Take) -> datetime | None:
    """When staff hear that they do not answer; None where nobody asked, they left, or staff heard."""
    asked = take.safety_asked
    return None if asked is None or take.safety_told or take.status is not SeatStatus.ARRIVED else asked + ALARM_AFTER


def expected_by(demand: Demand, take: Take) -> datetime | None:
    """When the holder is asked whether they are on the way; None where no time was wanted, or they were there once."""
    if demand.terms is None or demand.wanted is None or take.status is not SeatStatus.TAKEN or take.earlier:
        return None
    if take.late_asked is not None or take.substitute_by is not None:
        return None
    since = max(demand.wanted.start, take.taken_at, take.on_way_at or take.taken_at)
    # Whoever comes late in a long span is still in time.
    return max(since + timedelta(minutes=demand.terms.late_minutes), demand.wanted.until or since)


def no_show_at(take: Take) -> datetime | None:
    """When their seat goes to somebody else; None where nobody asked, or they came."""
    return None if take.late_asked is None or take.status is not SeatStatus.TAKEN else take.late_asked + NO_SHOW_AFTER


def kept_until(take: Take) -> datetime | None:
    """When the seat is free though nobody stands in; None where no substitute is wanted, or they came."""
    return take.substitute_by if take.status is SeatStatus.TAKEN else None


def watched(demand: Demand) -> Iterator[Due]:
    """The moments that stand, each with a key that never comes twice."""
    for take in demand.holders:
        moments = {
            "safe": safe_until(demand, take),
            "alarm": alarm_at(take),
            "late": expected_by(demand, take),
            "noshow": no_show_at(take),
            "standin": kept_until(take),
        }
        for name, at in moments.items():
            if at is not None:
                yield Due(f"{name}:{take.id}:{at.isoformat()}", at)


def watch(demand: Demand, now: datetime) -> Change:
    """The demand after the moments that have come; one step at a time for each seat, however late it is."""
    change = Change(demand)
    for take in demand.holders:
        change = change.then(partial(_step, id=take.id, now=now))
    return change


def _step(demand: Demand, id: str, now: datetime) -> Change:
    take = demand.take(id)
    if take.released is not None:
        return Change(demand)
    if _come(alarm_at(take), now):
        event = AssignmentSafetyAlarm(assignment_id=id, member_id=take.member_id)
        return Change(demand.with_take(replace(take, safety_told=True)), (event,))
    if _come(safe_until(demand, take), now):
        asked = AssignmentSafetyAsked(assignment_id=id, member_id=take.member_id, answer_by=now + ALARM_AFTER)
        return Change(demand.with_take(replace(take, safety_asked=now)), (asked,))
    if _come(no_show_at(take), now):
        return release(demand, take, ReleaseReason.NO_SHOW)
    if _come(kept_until(take), now):
        return release(demand, take, ReleaseReason.GAVE_BACK)
    if _come(expected_by(demand, take), now):
        late = AssignmentLate(assignment_id=id, member_id=take.member_id, answer_by=now + NO_SHOW_AFTER)
        return Change(demand.with_take(replace(take, late_asked=now)), (late,))
    return Change(demand)


def _come(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


def still_here(demand: Demand, assignment_id: str, now: datetime) -> Change:
    """All is well and it takes longer: the time begins anew. Raises Conflict ``not-there``."""
    take = demand.take(assignment_id)
    if take.released is not None or take.status is not SeatStatus.ARRIVED:
        raise Conflict("not-there", Text("您还没有报到场,或已经离开", "you are not there, or have left"))
    well = replace(take, still_at=now, safety_asked=None, safety_told=False)
    event = AssignmentStillThere(assignment_id=take.id, member_id=take.member_id, after_alarm=take.safety_told)
    return Change(demand.with_take(well), (event,))


def on_my_way(demand: Demand, assignment_id: str, now: datetime) -> Change:
    """They are coming: the time begins anew, and whoever ordered hears. Raises Conflict ``not-coming``."""
    take = demand.take(assignment_id)
    if take.released is not None or take.status is not SeatStatus.TAKEN:
        raise Conflict("not-coming", Text("这个名额已经不在您名下,或您已到场", "the seat is not yours, or you came"))
    coming = replace(take, on_way_at=now, late_asked=None, substitute_by=None, substitute_named=None)
    event = AssignmentOnTheWay(assignment_id=take.id, member_id=take.member_id, requester_id=demand.requester_id)
    return Change(demand.with_take(coming), (event,))
