"""The clause about orders from upstream: what became of each has reached upstream, or stands where people see it."""

from collections.abc import Iterator
from datetime import datetime

from contracts.ledger import RequestKind, RequestState
from contracts.upstream import ReportKind, ReportState
from contracts.words import TicketStatus
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope

_KINDS = {
    TicketStatus.COMPLETED: ReportKind.COMPLETED,
    TicketStatus.CLOSED: ReportKind.CLOSED,
    TicketStatus.REJECTED: ReportKind.REJECTED,
    TicketStatus.CANCELLED: ReportKind.CANCELLED,
}
_SEEN_TO = frozenset({ReportState.WAITING, ReportState.DELIVERED, ReportState.LISTED, ReportState.SETTLED})
_FIELDS = {"number": 1, "status": 1, "round": 1, "rework_count": 1, "external": 1, "reports": 1, "ledger": 1}


def untold(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Of every order from upstream that is done or has ended there is one report, and it is with upstream or listed.

    No report is of an order that there is not, or that did not come from upstream.
    """
    tickets = databases.of("tickets")
    rows = {row["_id"]: row for row in tickets.upstream_reports.find(scope.community(), {"state": 1, "ticket_id": 1})}
    known = set()
    for ticket in tickets.tickets.find(scope.community() | {"external": {"$type": "object"}}, _FIELDS):
        known.add(ticket["_id"])
        key = state_to_report(ticket)
        row = rows.get(f"{ticket['_id']}:{key}")
        if key is not None and (row is None or row["state"] not in _SEEN_TO):
            seen = "no report" if row is None else row["state"]
            yield Finding("upstream-untold", ticket["number"], f"{key}: {seen}")
    for id_, row in rows.items():
        if row["ticket_id"] not in known:
            yield Finding("report-of-nothing", str(id_), "no such order came from upstream")


def state_to_report(ticket: Document) -> str | None:
    """The state of which upstream has to be told; None where there is nothing to tell."""
    if not ticket.get("external"):
        return None
    kind = ReportKind.RETURNED if _was_given_back(ticket) else _KINDS.get(ticket["status"])
    if kind is not None:
        return f"{kind.value}:{_completion(ticket)}"
    last = ticket["external"].get("reported") or ""
    if last.startswith(ReportKind.REOPENED.value):
        return str(last)
    again = last.partition(":")[0] in _KINDS.values()
    return f"{ReportKind.REOPENED.value}:{_completion(ticket)}" if again else None


def _was_given_back(ticket: Document) -> bool:
    """Did it end by a return upstream, with leave?"""
    back = (row for row in ticket.get("ledger", ()) if row["kind"] == RequestKind.RETURN_UPSTREAM)
    return ticket["status"] == TicketStatus.CANCELLED and any(row["state"] == RequestState.APPROVED for row in back)


def _completion(ticket: Document) -> str:
    """Which of its completions this is; of something planned each further answer counts."""
    again = f".{ticket['reports']}" if ticket.get("reports") else ""
    return f"{ticket['round']}.{ticket['rework_count']}{again}"


def report_due(ticket: Document) -> set[str]:
    """Its deadline, where no report of this state was stored yet."""
    wanted = state_to_report(ticket)
    return set() if wanted is None or wanted == ticket["external"].get("reported") else {"report"}


def asks_somebody(ticket: Document) -> bool:
    """Is there a person's account that ordered it? Upstream's machine is nobody's."""
    machine = (ticket.get("external") or {}).get("client")
    requester = ticket.get("requester_id")
    return requester is not None and requester != machine and not ticket.get("requester_gone")


def not_after_upstream(ticket: Document, due: datetime) -> datetime:
    """By when somebody of ours must have called: before upstream does."""
    theirs = (ticket.get("external") or {}).get("callback_by")
    return due if theirs is None else min(due, theirs)
