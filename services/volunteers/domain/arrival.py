"""How the coming of whoever took a seat is kept: by their own hand, or written down later by staff."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.errors import Conflict, Invalid, Refused
from contracts.events.volunteers import AssignmentArrived, AssignmentLeft
from contracts.lifecycle import advance
from contracts.visits import Evidence
from contracts.words import SeatStatus, Text
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.lifecycle import SEAT, SeatAction
from services.volunteers.domain.take import Take


@dataclass(frozen=True)
class Shown:
    """What shows that somebody came; ``near``: whether the one point that was compared lay within 100 m."""

    evidence: Evidence = Evidence.WORD
    near: bool | None = None


BARE_WORD = Shown()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What stands on a paper sheet: when somebody came and went; ``by`` is the account that copies it."""

    at: datetime
    left_at: datetime | None
    by: str


def there(take: Take, shown: Shown, at: datetime) -> Take:
    """The seat of somebody who came; raises IllegalTransition."""
    status = advance(SEAT, take.status, SeatAction.ARRIVE)
    return replace(take, status=status, arrived_at=at, evidence=int(shown.evidence), near=shown.near)


def enter(demand: Demand, assignment_id: str, sheet: Sheet, now: datetime) -> Change:
    """Staff write down that somebody came (grade 3), also where the order is done already.

    Raises Conflict ``seat-released``, ``already-there``; Invalid for a time before the seat was taken or to come.
    """
    take = demand.take(assignment_id)
    if take.released is not None:
        raise Conflict("seat-released", Text("这个名额已经退回了", "this seat was given back"))
    if take.arrived_at is not None:
        raise Conflict("already-there", Text("到场时间已经有了", "when they came is known already"))
    _must_be_then(take, sheet, now)
    came = replace(_come(take, sheet), evidence=int(Evidence.STAFF), entered_by=sheet.by)
    event = AssignmentArrived(
        assignment_id=take.id,
        member_id=take.member_id,
        requester_id=demand.requester_id,
        evidence=int(Evidence.STAFF),
        at=sheet.at,
    )
    went = () if take.status is not SeatStatus.TAKEN or sheet.left_at is None else (_went(take),)
    return Change(demand.with_take(came), (event, *went))


def _come(take: Take, sheet: Sheet) -> Take:
    """Of a seat whose work is over only the times are filled in."""
    if take.status is not SeatStatus.TAKEN:
        return replace(take, arrived_at=sheet.at, left_at=sheet.left_at or take.left_at)
    arrived = advance(SEAT, take.status, SeatAction.ARRIVE)
    status = arrived if sheet.left_at is None else advance(SEAT, arrived, SeatAction.LEAVE)
    return replace(take, status=status, arrived_at=sheet.at, left_at=sheet.left_at)


def _went(take: Take) -> AssignmentLeft:
    return AssignmentLeft(assignment_id=take.id, member_id=take.member_id)


def _must_be_then(take: Take, sheet: Sheet, now: datetime) -> None:
    if not take.taken_at <= sheet.at <= now:
        sentence = Text("要在接单之后、现在之前", "after the seat was taken, and not to come")
        raise Invalid("not-then", sentence, field="at")
    if sheet.left_at is not None and not sheet.at <= sheet.left_at <= now:
        raise Invalid("not-then", Text("要在到场之后、现在之前", "after they came, and not to come"), field="left_at")


def must_not_be_own(take: Take, member_id: str | None) -> None:
    """Nobody writes down their own coming as staff; raises Refused ``own-case``."""
    if member_id is not None and take.member_id == member_id:
        raise Refused("own-case", Text("自己的到场请同事来登记", "a colleague writes down your own"))
