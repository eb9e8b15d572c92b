"""Who hears of a shift of the roster, and what they may be told: when it is and what for, never why somebody cannot."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from contracts.events import AnyReceived


def concerned(event: AnyReceived) -> tuple[str, ...]:
    """The members who have the shifts now, or are asked to take one; none where there is nobody."""
    several = getattr(event.body, "member_ids", ())
    one = getattr(event.body, "member_id", None)
    return tuple(several) if one is None else (one,)


def of_shift(event: AnyReceived) -> Mapping[str, Any]:
    """The day; of one shift its hours as clocks show there, what it is for, and why it is an alarm."""
    snapshot, body = event.snapshot, event.body
    params: dict[str, Any] = {"day": snapshot.day}
    shift_ids = getattr(body, "shifts", None) or (body.shift,)
    zone = ZoneInfo(snapshot.time_zone)
    shifts = [one for one in snapshot.shifts if one.id in shift_ids]
    spans = [f"{one.starts_at.astimezone(zone):%H:%M}-{one.ends_at.astimezone(zone):%H:%M}" for one in shifts]
    if spans:
        params["hours"] = list(dict.fromkeys(spans))
        params["role"] = shifts[0].role.value
    reason = getattr(body, "reason", None)
    return params if reason is None else {**params, "reason": reason.value}
