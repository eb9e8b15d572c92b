"""Who hears of a shift of the roster, and what they may be told: when it is and what for, never why somebody cannot."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from contracts.events import AnyReceived
from contracts.roster import ShiftState, ShiftStatus
from services.notify.domain.recipients import member


def concerned(event: AnyReceived) -> tuple[str, ...]:
    """The members who have the shifts now, or are asked to take one; none where there is nobody."""
    several = getattr(event.body, "member_ids", ())
    one = getattr(event.body, "member_id", None)
    return tuple(several) if one is None else (one,)


def about(event: AnyReceived) -> Sequence[ShiftState]:
    """The shifts that an event is about, as they are after it."""
    shift_ids = getattr(event.body, "shifts", None) or (event.body.shift,)
    return [one for one in event.snapshot.shifts if one.id in shift_ids]


def holders(event: AnyReceived) -> tuple[str, ...]:
    """The recipients who are expected to come to these shifts: named, and not there yet."""
    named = (member(one.member_id) for one in about(event) if one.member_id is not None and _is_to_come(one))
    return tuple(dict.fromkeys(named))


def is_held_by(shift: ShiftState, recipient: str) -> bool:
    """Is it this recipient who is expected?"""
    return shift.member_id is not None and member(shift.member_id) == recipient and _is_to_come(shift)


def hours_of(shift: ShiftState, time_zone: str) -> Mapping[str, Any]:
    """Of one shift its hours as clocks show there, and what it is for."""
    return {"hours": [_span(shift, ZoneInfo(time_zone))], "role": shift.role.value}


def of_shift(event: AnyReceived) -> Mapping[str, Any]:
    """The day; of one shift its hours as clocks show there, what it is for, and why it is an alarm."""
    snapshot, body = event.snapshot, event.body
    params: dict[str, Any] = {"day": snapshot.day}
    zone, shifts = ZoneInfo(snapshot.time_zone), about(event)
    spans = [_span(one, zone) for one in shifts]
    if spans:
        params["hours"] = list(dict.fromkeys(spans))
        params["role"] = shifts[0].role.value
    reason = getattr(body, "reason", None)
    return params if reason is None else {**params, "reason": reason.value}


def _is_to_come(shift: ShiftState) -> bool:
    return shift.status is ShiftStatus.PLANNED


def _span(shift: ShiftState, zone: ZoneInfo) -> str:
    return f"{shift.starts_at.astimezone(zone):%H:%M}-{shift.ends_at.astimezone(zone):%H:%M}"
