"""The roster 值班表: who is on duty where and when, and what becomes of a shift."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ShiftRole(StrEnum):
    """What whoever has a shift is there for."""

    DUTY_OFFICER = "duty_officer"
    """Is ordered to what nobody else takes, and to emergencies first."""
    COUNTER = "counter"
    SECRETARY_ON_CALL = "secretary_on_call"


class ShiftStatus(StrEnum):
    """Where a shift stands."""

    EMPTY = "empty"
    """Nobody has it (any more)."""
    PLANNED = "planned"
    """Somebody is named, and has not signed in yet."""
    ON = "on"
    """Whoever has it signed in."""
    REMOVED = "removed"
    """It is not held at all."""


class UnfilledReason(StrEnum):
    """Why a shift is an alarm."""

    EMPTY = "empty"
    """Nobody is named."""
    AWAY = "away"
    """Whoever is named is off duty, or serves no more."""
    LATE = "late"
    """It began, and nobody signed in."""
    NO_ROSTER = "no_roster"
    """Of the next day there is no roster at all."""


class ShiftStep(StrEnum):
    """What happened to one shift."""

    SUBSTITUTED = "substituted"
    CANNOT = "cannot"
    TAKEN_OVER = "taken_over"
    NOTED = "noted"
    REMOVED = "removed"


@dataclass(frozen=True, kw_only=True)
class ShiftState:
    """One shift, as others may know it. ``alarm``: why it is one now; None where it is not."""

    id: str
    role: ShiftRole
    starts_at: datetime
    ends_at: datetime
    status: ShiftStatus
    member_id: str | None
    substitute_id: str | None
    alarm: UnfilledReason | None
