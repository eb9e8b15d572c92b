"""Commands to volunteers about the two ledgers. Minutes are whole, moments UTC; what is typed is sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.commands.volunteers import VolunteerCommand
from contracts.hours import Ledger


@dataclass(frozen=True, kw_only=True)
class ReadHours(VolunteerCommand):
    """Entries of one ledger, newest first, and how much it is in all: one's own, or for staff those of a member.

    ``member_id`` None: the acting member. Result: ``{"entries": [...], "next", "totals": {"minutes", "years":
    [{"year", "minutes"}], "stars", "next_star_minutes"}}``; words that were typed are the member's own to read.
    """

    METHOD: ClassVar[str] = "read_hours"
    ledger: Ledger = Ledger.HOURS
    member_id: str | None = None
    year: int | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class ReadWaitingHours(VolunteerCommand):
    """What staff of an area have to see to: hours without their times, corrections. Result: ``{"entries", "next"}``."""

    METHOD: ClassVar[str] = "read_waiting_hours"
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class ReadHoursYear(VolunteerCommand):
    """A year of a ledger, for staff of an area; ``area``: of that one alone. By member.

    Whoever agreed is named by the name that they show (of workload, paid staff too); everybody else, erased ones too,
    is in one sum on the last page. Result: ``{"unit", "rows": [{"external_no", "display_name", "employment", "item",
    "number", "day", "times", "area", "organiser", "minutes", "grade", "state"}], "next", "unnamed": {"count",
    "minutes"}}``; ``item`` None where staff typed what was done.
    """

    METHOD: ClassVar[str] = "read_hours_year"
    ledger: Ledger
    year: int
    area: str | None = None
    cursor: str | None = None
    limit: int = 500


@dataclass(frozen=True, kw_only=True)
class AskForCorrection(VolunteerCommand):
    """Whoever served says what is wrong with an entry of theirs. Result: ``{"ask_id"}``.

    Conflict ``asked-already`` while one waits.
    """

    METHOD: ClassVar[str] = "ask_for_correction"
    entry_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DecideCorrection(VolunteerCommand):
    """Staff grant a correction or do not, and say why: neither whoever served nor who wrote the line that stands.

    Granted: from when to when it was, or ``to_workload``. Result: ``{"minutes"}``. Conflict ``decided-already``,
    ``not-yours-to-decide``.
    """

    METHOD: ClassVar[str] = "decide_correction"
    entry_id: str
    ask_id: str
    granted: bool
    reason: str
    began: datetime | None = None
    ended: datetime | None = None
    to_workload: bool = False


@dataclass(frozen=True, kw_only=True)
class EnterTimes(VolunteerCommand):
    """Staff enter from a paper sheet from when to when somebody served whose entry lacks it; ``vouched_by`` says who
    stands for it. Result: ``{"minutes"}``. Conflict ``times-known``: what is on record is corrected by asking.
    """

    METHOD: ClassVar[str] = "enter_times"
    entry_id: str
    began: datetime
    ended: datetime
    vouched_by: str


@dataclass(frozen=True, kw_only=True)
class AddPaperHours(VolunteerCommand):
    """Staff add hours from a paper sign-in sheet of something that was no order. Result: ``{"id", "minutes"}``.

    Conflict ``overlaps``: at that time the member has hours on record already.
    """

    METHOD: ClassVar[str] = "add_paper_hours"
    member_id: str
    began: datetime
    ended: datetime
    content: str
    vouched_by: str


@dataclass(frozen=True, kw_only=True)
class RevealHours(VolunteerCommand):
    """The typed words of an entry, for staff of its area with a reason; logged. Result: ``{"content", "vouched",
    "asks": [{"id", "asked_why", "decided_why"}]}``.
    """

    METHOD: ClassVar[str] = "reveal_hours"
    entry_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class IssueSheet(VolunteerCommand):
    """A record sheet of local days ``start`` to ``end`` (2026-11-22): one's own, or for staff a member's with a reason,
    which is logged as a reveal. Of hours 服务时长记录单, of workload 工作量考勤单: one ledger, never both.

    Result: ``{"id", "ledger", "number", "code", "name", "display_name", "external_no", "unit", "start", "end",
    "issued_on", "minutes", "rows": [{"day", "times", "content", "order", "area", "organiser", "minutes", "grade"}]}``;
    ``organiser`` is the team that somebody went with, else the unit. Refused ``too-many-rows``.
    """

    METHOD: ClassVar[str] = "issue_sheet"
    start: str
    end: str
    member_id: str | None = None
    reason: str | None = None
    ledger: Ledger = Ledger.HOURS


@dataclass(frozen=True, kw_only=True)
class ReadSheet(VolunteerCommand):
    """A sheet of one's own once more, as ``IssueSheet`` told it; Conflict ``sheet-outdated`` where entries changed."""

    METHOD: ClassVar[str] = "read_sheet"
    sheet_id: str


@dataclass(frozen=True, kw_only=True)
class CheckSheet(VolunteerCommand):
    """Is a sheet with this number and verification code genuine? For anybody.

    Result: ``{"kept", "ledger", "start", "end", "issued_on", "minutes", "display_name", "changed_since"}``; where
    whoever served was erased ``kept`` is false and all else None. NotFound for whatever does not fit.
    """

    METHOD: ClassVar[str] = "check_sheet"
    number: str
    code: str
