"""What volunteers tells of no-shows and late cancels: to the member alone until it stands. Never a typed word."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.absences import AbsenceKind, AbsenceState
from contracts.recusal import Recusal
from contracts.words import Text


@dataclass(frozen=True, kw_only=True)
class AbsenceSnapshot:
    """One of them after the command that led to the event; its id is the assignment's."""

    id: str
    community_id: str
    member_id: str
    kind: AbsenceKind
    state: AbsenceState
    number: str
    item_name: Text
    area_path: tuple[str, ...]
    recused: Recusal | None = None


class AbsenceEvent:
    """Marks these events."""

    AGGREGATE: ClassVar[str] = "absence"
    SOURCE: ClassVar[str] = "/shiliu/volunteers"
    SNAPSHOT: ClassVar[type] = AbsenceSnapshot
    TYPE: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class AbsenceNoted(AbsenceEvent):
    """What is about to be recorded, for the member alone; until ``answer_by`` they may say their side."""

    TYPE: ClassVar[str] = "shiliu.absence.noted.v1"
    member_id: str
    answer_by: datetime


@dataclass(frozen=True, kw_only=True)
class AbsenceAnswered(AbsenceEvent):
    """The member said their side; staff decide until ``decide_by``, else it lapses."""

    TYPE: ClassVar[str] = "shiliu.absence.answered.v1"
    decide_by: datetime


@dataclass(frozen=True, kw_only=True)
class AbsenceSettled(AbsenceEvent):
    """It stands, or it does not (the snapshot's ``state``): for the member."""

    TYPE: ClassVar[str] = "shiliu.absence.settled.v1"
    member_id: str


ABSENCE_EVENTS: tuple[type[AbsenceEvent], ...] = (AbsenceNoted, AbsenceAnswered, AbsenceSettled)
