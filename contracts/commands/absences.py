"""Commands to volunteers about no-shows and late cancels. What is typed is sealed for the member."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.absences import Side
from contracts.commands.volunteers import VolunteerCommand


@dataclass(frozen=True, kw_only=True)
class ReadAbsences(VolunteerCommand):
    """One's own, whatever their state; or for staff those of a member that stand. Newest first, at most 100.

    Result: ``{"absences": [{"id", "member_id", "ticket_id", "number", "item_name", "kind", "state", "at",
    "wanted_start", "answer_by", "decide_by", "side", "has_note", "note"}]}``; ``note`` is the member's own to read.
    """

    METHOD: ClassVar[str] = "read_absences"
    member_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadWaitingAbsences(VolunteerCommand):
    """Those of the actor's area that wait for a decision, by id. Result: ``{"absences": [...], "next"}``."""

    METHOD: ClassVar[str] = "read_waiting_absences"
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class AnswerAbsence(VolunteerCommand):
    """The member says their side, once; ``other`` needs the note. Result: ``{"state"}``.

    Raises Conflict ``illegal-transition`` where it is settled or was answered; Invalid ``note-needed``.
    """

    METHOD: ClassVar[str] = "answer_absence"
    absence_id: str
    side: Side
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class DecideAbsence(VolunteerCommand):
    """Staff of the order's area, never on their own: it stands, or is set aside. Result: ``{"state"}``.

    Raises Conflict ``illegal-transition``.
    """

    METHOD: ClassVar[str] = "decide_absence"
    absence_id: str
    stands: bool


@dataclass(frozen=True, kw_only=True)
class RevealAbsence(VolunteerCommand):
    """The member's note, for staff of the order's area with a reason; logged, and the member reads it.

    Result: ``{"note"}``.
    """

    METHOD: ClassVar[str] = "reveal_absence"
    absence_id: str
    reason: str
