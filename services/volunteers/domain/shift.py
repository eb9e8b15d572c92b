"""A shift of a roster: who has it, with its lifecycle as one visible table."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from contracts.lifecycle import advance
from contracts.roster import ShiftRole, ShiftState, ShiftStatus, UnfilledReason

GRACE = timedelta(minutes=15)
"""So long after its start a shift may be without anybody who signed in."""
EARLY = timedelta(minutes=60)
"""So long before its start one may sign in."""


class ShiftAction(StrEnum):
    """What moves a shift."""

    NAME = "name"
    """Somebody is to hold it."""
    VACATE = "vacate"
    """Nobody is, any more."""
    SIGN_IN = "sign_in"
    """Whoever holds it is there."""
    REMOVE = "remove"
    """It is not held."""


_S, _A = ShiftStatus, ShiftAction

SHIFT: dict[tuple[ShiftStatus, ShiftAction], ShiftStatus] = {
    (_S.EMPTY, _A.NAME): _S.PLANNED,
    (_S.EMPTY, _A.VACATE): _S.EMPTY,
    (_S.EMPTY, _A.REMOVE): _S.REMOVED,
    (_S.PLANNED, _A.NAME): _S.PLANNED,
    (_S.PLANNED, _A.VACATE): _S.EMPTY,
    (_S.PLANNED, _A.SIGN_IN): _S.ON,
    (_S.PLANNED, _A.REMOVE): _S.REMOVED,
    (_S.ON, _A.NAME): _S.PLANNED,
    (_S.ON, _A.VACATE): _S.EMPTY,
}
"""Who is there is not removed; a removed shift stays removed. When a shift is over is said by the clock alone."""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """``turn`` counts who and when it was planned for: each turn is looked at once in the evening, once at its start.

    ``checked`` and ``late`` say that this was done; ``alarm`` why staff were told, as long as it holds. ``note`` is
    what ``note_by`` wrote for the next one, sealed for them.
    """

    id: str
    role: ShiftRole
    starts_at: datetime
    ends_at: datetime
    status: ShiftStatus = ShiftStatus.EMPTY
    member_id: str | None = None
    substitute_id: str | None = None
    turn: int = 1
    checked: bool = False
    late: bool = False
    alarm: UnfilledReason | None = None
    signed_in_at: datetime | None = None
    note: bytes | None = None
    note_by: str | None = None

    @property
    def stands(self) -> bool:
        """Is it to be held?"""
        return self.status is not ShiftStatus.REMOVED

    def covers(self, moment: datetime) -> bool:
        """Is it held, or to be held, at *moment* by somebody who is named?"""
        return self.stands and self.member_id is not None and self.starts_at <= moment < self.ends_at

    def checked_at(self, zone: ZoneInfo, check: time) -> datetime:
        """When it is looked at: the last evening before it begins."""
        local = self.starts_at.astimezone(zone)
        evening = datetime.combine(local.date(), check, zone)
        if evening > local:
            evening = datetime.combine(local.date() - timedelta(days=1), check, zone)
        return evening

    def held_by(self, member_id: str | None) -> Self:
        """Planned for *member_id* from now on, or for nobody."""
        action = ShiftAction.VACATE if member_id is None else ShiftAction.NAME
        status = advance(SHIFT, self.status, action)
        return replace(self, status=status, member_id=member_id, signed_in_at=None).anew()

    def anew(self) -> Self:
        """To be looked at again: another holder, or another time."""
        return replace(self, turn=self.turn + 1, checked=False, late=False)

    def state(self) -> ShiftState:
        """As others may know it."""
        return ShiftState(
            id=self.id,
            role=self.role,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            status=self.status,
            member_id=self.member_id,
            substitute_id=self.substitute_id,
            alarm=self.alarm,
        )
