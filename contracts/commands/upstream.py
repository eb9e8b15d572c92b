"""Commands about orders from an upstream system; such an order is placed by ``PlaceTicket`` with ``external``."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.tickets import TicketCommand
from contracts.upstream import ReportState
from contracts.words import Answer


@dataclass(frozen=True, kw_only=True)
class NoteUpstreamCallback(TicketCommand):
    """Upstream, or staff who heard it from there, say what the person answered upstream. ``note`` is private."""

    METHOD: ClassVar[str] = "note_upstream_callback"
    ticket_id: str
    solved: bool
    answer: Answer | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReadUpstream(TicketCommand):
    """How the reports of an order stand, and for upstream's own machine its number; of a complaint for dispatchers.

    Result: ``{"ticket_id", "system", "number" (None for staff, and once forgotten), "reports": [as of ListReports]}``.
    """

    METHOD: ClassVar[str] = "read_upstream"
    ticket_id: str


@dataclass(frozen=True, kw_only=True)
class RevealUpstream(TicketCommand):
    """Upstream's number of an order: staff give a ``reason``, and it is logged as a reveal; of a complaint dispatchers.

    Result: ``{"ticket_id", "system", "number" (None once forgotten)}``.
    """

    METHOD: ClassVar[str] = "reveal_upstream"
    ticket_id: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListReports(TicketCommand):
    """The reconciliation list, newest first: every report that did not reach upstream, or those in one ``state``.

    Result: ``{"reports": [{"id", "ticket_id", "number" (ours), "system", "kind", "state", "made_at", "tries",
    "next_at", "attempts": [{"at", "seconds", "outcome"}]}], "next": cursor | None}``. ``before`` is the ``next`` of the
    page before.
    """

    METHOD: ClassVar[str] = "list_reports"
    state: ReportState | None = None
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class RetryReport(TicketCommand):
    """A dispatcher has a report sent once more. Result: as one row of ListReports."""

    METHOD: ClassVar[str] = "retry_report"
    report_id: str


@dataclass(frozen=True, kw_only=True)
class SettleReport(TicketCommand):
    """A dispatcher told upstream in another way; ``reason_code`` says which (``phone``). Result: as of RetryReport."""

    METHOD: ClassVar[str] = "settle_report"
    report_id: str
    reason_code: str
