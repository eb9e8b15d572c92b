"""What volunteers tells of rosters 值班表: shifts, and those that nobody will hold."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.roster import ShiftRole, ShiftState, ShiftStep, UnfilledReason


@dataclass(frozen=True, kw_only=True)
class RosterSnapshot:
    """The shifts that begin on one local ``day`` (2026-11-22) in one area; ``area_path`` is from the root to it."""

    id: str
    community_id: str
    area_path: tuple[str, ...]
    day: str
    time_zone: str
    shifts: tuple[ShiftState, ...]


class RosterEvent:
    """Marks the events of one roster."""

    AGGREGATE: ClassVar[str] = "roster"
    SOURCE: ClassVar[str] = "/shiliu/volunteers"
    SNAPSHOT: ClassVar[type] = RosterSnapshot
    TYPE: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class ShiftPublished(RosterEvent):
    """These shifts are new, or held at another time or by others; ``member_ids`` have them now.

    ``filled``: of one of them staff had been told that nobody holds it, and now somebody does.
    """

    TYPE: ClassVar[str] = "shiliu.shift.published.v1"
    shifts: tuple[str, ...]
    member_ids: tuple[str, ...]
    filled: bool = False


@dataclass(frozen=True, kw_only=True)
class ShiftChanged(RosterEvent):
    """``step`` happened to one shift; ``member_id`` has it, or had it until now.

    ``filled`` as in ``ShiftPublished``.
    """

    TYPE: ClassVar[str] = "shiliu.shift.changed.v1"
    shift: str
    step: ShiftStep
    member_id: str | None
    filled: bool = False


@dataclass(frozen=True, kw_only=True)
class RosterUnfilled(RosterEvent):
    """An alarm: nobody holds, or will hold, this shift (None: the next day has none at all).

    ``member_id`` is the substitute, who is asked to take it; None where there is none, or it is too early to ask.
    """

    TYPE: ClassVar[str] = "shiliu.roster.unfilled.v1"
    reason: UnfilledReason
    shift: str | None = None
    role: ShiftRole | None = None
    member_id: str | None = None


ROSTER_EVENTS: tuple[type[RosterEvent], ...] = (ShiftPublished, ShiftChanged, RosterUnfilled)
