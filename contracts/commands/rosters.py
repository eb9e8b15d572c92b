"""Commands to volunteers about the roster 值班表."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.volunteers import VolunteerCommand
from contracts.roster import ShiftRole


@dataclass(frozen=True, kw_only=True)
class SetShift(VolunteerCommand):
    """Dispatchers: a shift of one local ``day``, ``starts`` and ``ends`` as clocks there show (20:00, 08:00).

    Without ``shift_id`` it is a new one. Where it ends before it starts, it ends on the next day.
    Result: ``{"shift_id"}``.
    """

    METHOD: ClassVar[str] = "set_shift"
    area_id: str
    day: str
    role: ShiftRole
    starts: str
    ends: str
    member_id: str | None = None
    substitute_id: str | None = None
    shift_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class RemoveShift(VolunteerCommand):
    """Dispatchers: it is not held. Result: ``{"shift_id"}``."""

    METHOD: ClassVar[str] = "remove_shift"
    shift_id: str


@dataclass(frozen=True, kw_only=True)
class NameSubstitute(VolunteerCommand):
    """Dispatchers: who has it instead; where somebody still has it, who comes if they do not. Result: as above."""

    METHOD: ClassVar[str] = "name_substitute"
    shift_id: str
    member_id: str


@dataclass(frozen=True, kw_only=True)
class CannotServe(VolunteerCommand):
    """Whoever has it: I cannot. No reason is asked; the substitute has it then, or staff find somebody."""

    METHOD: ClassVar[str] = "cannot_serve"
    shift_id: str


@dataclass(frozen=True, kw_only=True)
class TakeOver(VolunteerCommand):
    """Whoever has it, or its substitute: I am there. Result: ``{"shift_id", "note", "note_of"}``.

    ``note`` is what whoever had the shift before wrote down for the next (None: nothing); reading it is logged.
    """

    METHOD: ClassVar[str] = "take_over"
    shift_id: str


@dataclass(frozen=True, kw_only=True)
class WriteHandOver(VolunteerCommand):
    """Whoever signed in: what the next one has to know; private, up to 2,000 characters. Result: ``{"shift_id"}``."""

    METHOD: ClassVar[str] = "write_hand_over"
    shift_id: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ReadRosters(VolunteerCommand):
    """The shifts of an area and all above and below it, from the local day ``since`` on, ``days`` of them (1 to 31).

    Staff of the area: all of them; members: their own (``mine``). Result: ``{"shifts": [..]}``, by start.
    """

    METHOD: ClassVar[str] = "read_rosters"
    since: str
    days: int = 7
    area_id: str | None = None
    mine: bool = False
