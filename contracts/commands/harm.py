"""Commands to tickets about suspected harm. What is typed is sealed by the report's own key."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.commands.tickets import TicketCommand
from contracts.harm import HarmAuthority, HarmKind, HarmPart, HarmResult
from contracts.words import SubjectKind


@dataclass(frozen=True, kw_only=True)
class ReportHarm(TicketCommand):
    """What somebody suspects at an order (whoever has, or had, a seat of it; staff there) or of a person (staff there).

    Either ``ticket_id`` or ``person_id``. ``subject``: the member, team or account that it is about, where it is one of
    ours; they, theirs, and the household hear and see nothing. Result: ``{"received_at"}`` and nothing else.
    Raises Invalid ``about-one``, NotFound.
    """

    METHOD: ClassVar[str] = "report_harm"
    kind: HarmKind
    ticket_id: str | None = None
    person_id: str | None = None
    note: str | None = None
    subject_kind: SubjectKind | None = None
    subject_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadHarmReports(TicketCommand):
    """Those that the actor may know of, newest first; ``open_only`` without the closed ones.

    Result: ``{"items": [{"id", "kind", "state", "received_at", "acknowledge_by", "tell_by", "close_by",
    "circle", "district", "raised", "told": [{"whom", "at"}], "result", "closed_at"}], "next"}``.
    """

    METHOD: ClassVar[str] = "read_harm_reports"
    open_only: bool = False
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class RevealHarm(TicketCommand):
    """What a report says, or who made it, for the circle with a reason; logged.

    Result of ``words``: ``{"ticket_id", "person_id", "note", "who": {"name", "phone", "address", "area_id"} or None,
    "numbers": [{"whom", "at", "number"}], "explanation", "closing", "read_by": [{"at", "account_id", "role", "reason",
    "part"}]}``; of ``reporter``: ``{"account_id", "member_id"}``, both None once that is forgotten.
    """

    METHOD: ClassVar[str] = "reveal_harm"
    report_id: str
    part: HarmPart
    reason: str


@dataclass(frozen=True, kw_only=True)
class AcknowledgeHarm(TicketCommand):
    """The actor has it. Result of this and all that follow: ``{"id", "state"}``.

    Raises Conflict ``illegal-transition``.
    """

    METHOD: ClassVar[str] = "acknowledge_harm"
    report_id: str


@dataclass(frozen=True, kw_only=True)
class NoteHarmTold(TicketCommand):
    """An authority was told, at ``at`` (None: now); ``number`` is theirs and sealed.

    Raises Conflict ``illegal-transition``, Invalid ``not-yet``.
    """

    METHOD: ClassVar[str] = "note_harm_told"
    report_id: str
    whom: HarmAuthority
    at: datetime | None = None
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class ExplainHarm(TicketCommand):
    """Why no authority is told. Raises Conflict ``illegal-transition``, Invalid ``words-needed``."""

    METHOD: ClassVar[str] = "explain_harm"
    report_id: str
    words: str


@dataclass(frozen=True, kw_only=True)
class CloseHarm(TicketCommand):
    """What came of it. Raises Conflict ``illegal-transition``, Invalid ``nobody-told``."""

    METHOD: ClassVar[str] = "close_harm"
    report_id: str
    result: HarmResult
    note: str | None = None
