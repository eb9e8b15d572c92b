"""Builders of rosters: a night shift as others may know it, a roster of one day, one body of each event."""

from datetime import UTC, date, datetime, time
from typing import Any

from contracts.events.rosters import RosterSnapshot, RosterUnfilled, ShiftChanged, ShiftPublished
from contracts.roster import ShiftRole, ShiftState, ShiftStatus, ShiftStep, UnfilledReason
from services.volunteers.domain.roster import Roster, Wanted, put, roster_id
from tests.scene import AREA_PATH, COMMUNITY

AREA = "sll-g1"
PATH = AREA_PATH
DAY = date(2026, 11, 22)
OFFICER, SUBSTITUTE = "m-g01", "m-g02"
ZONE = "Asia/Shanghai"
EVENING = datetime(2026, 11, 22, 9, tzinfo=UTC)
"""17:00 there."""
NIGHT_BEGINS = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""20:00 there."""
SHIFT_ID = f"{roster_id(AREA, DAY)}.1"


def a_wanted(**changes: Any) -> Wanted:
    """The night, with an officer and nobody to stand in."""
    values: dict[str, Any] = {
        "role": ShiftRole.DUTY_OFFICER,
        "starts": time(20),
        "ends": time(8),
        "member_id": OFFICER,
        "substitute_id": None,
        **changes,
    }
    return Wanted(**values)


def an_empty_roster(**changes: Any) -> Roster:
    """A day without shifts."""
    values: dict[str, Any] = {
        "id": roster_id(AREA, DAY),
        "community_id": COMMUNITY,
        "area": AREA,
        "area_path": PATH,
        "day": DAY,
        "time_zone": ZONE,
        "check": "17:00",
        **changes,
    }
    return Roster(**values)


def a_roster(*wanted: Wanted, **changes: Any) -> Roster:
    """A day with these shifts, or with one night."""
    return put(an_empty_roster(**changes), [(None, one) for one in wanted or (a_wanted(),)]).aggregate


def a_shift_state(**changes: Any) -> ShiftState:
    """The night as others may know it."""
    values: dict[str, Any] = {
        "id": SHIFT_ID,
        "role": ShiftRole.DUTY_OFFICER,
        "starts_at": NIGHT_BEGINS,
        "ends_at": datetime(2026, 11, 23, 0, tzinfo=UTC),
        "status": ShiftStatus.PLANNED,
        "member_id": OFFICER,
        "substitute_id": SUBSTITUTE,
        "alarm": None,
        **changes,
    }
    return ShiftState(**values)


def a_roster_snapshot(**changes: Any) -> RosterSnapshot:
    """One day of one grid."""
    values: dict[str, Any] = {
        "id": roster_id(AREA, DAY),
        "community_id": COMMUNITY,
        "area_path": PATH,
        "day": DAY.isoformat(),
        "time_zone": ZONE,
        "shifts": (a_shift_state(),),
        **changes,
    }
    return RosterSnapshot(**values)


ROSTER_BODIES: tuple[Any, ...] = (
    ShiftPublished(shifts=(SHIFT_ID,), member_ids=(OFFICER,)),
    ShiftChanged(shift=SHIFT_ID, step=ShiftStep.CANNOT, member_id=SUBSTITUTE),
    RosterUnfilled(reason=UnfilledReason.LATE, shift=SHIFT_ID, role=ShiftRole.DUTY_OFFICER, member_id=SUBSTITUTE),
)
