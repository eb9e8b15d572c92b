"""What an order owes after the work, worked out by the audit itself; and that nobody asked about their own work."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from contracts.actor import MEMBER_ACCOUNT
from contracts.results import CallbackKind, CallbackState, Closing, ReviewState
from contracts.words import ClosedBy, Nature, Permit, TicketStatus
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope
from deploy.audit.upstream import asks_somebody, not_after_upstream

FIELDS = (
    "nature",
    "closing",
    "sampled",
    "requester_id",
    "beneficiary_id",
    "requester_gone",
    "delegates",
    "closed_by",
    "quiet",
    "called",
    "called_back",
    "review",
    "next_answer_at",
    "answer_told",
    "times.completed_at",
    "windows",
    "holders",
    "worked_by",
    "completed_by",
    "owner",
    "handled_by",
    "handled_at_birth",
    "terms.item_id",
    "call_wanted",
    "danger",
    "external",
    "part_of",
    "stands_alone",
    "again",
)
_AFTER = (TicketStatus.COMPLETED.value, TicketStatus.CLOSED.value)


def _can_answer(ticket: Document) -> bool:
    """Is there an account that is asked?"""
    return asks_somebody(ticket) or any(Permit.CONFIRM in one["may"] for one in ticket.get("delegates", ()))


def _is_untaken(ticket: Document) -> bool:
    """Handled on the spot, and nobody was ever looked for."""
    return bool(ticket.get("handled_at_birth")) and not ticket.get("terms")


def _is_share(ticket: Document) -> bool:
    """Of a part nobody is asked but of the whole."""
    return ticket.get("part_of") is not None and not ticket.get("stands_alone")


def kind(ticket: Document) -> CallbackKind | None:
    """Why somebody independent has to ask, if at all, while nobody has."""
    closed = ticket["status"] == TicketStatus.CLOSED
    if ticket["nature"] == Nature.COMPLAINT:
        return CallbackKind.OTHER_UNIT
    if Closing.CALLBACK in ticket.get("closing", ()):
        return CallbackKind.ALWAYS
    if _is_untaken(ticket):
        wanted = CallbackKind.ALWAYS if ticket.get("danger") else CallbackKind.SAMPLE
        return wanted if ticket.get("call_wanted") else None
    nobodys = not (ticket.get("requester_id") or ticket.get("beneficiary_id") or ticket.get("delegates"))
    passes = nobodys and Closing.SAMPLE in ticket.get("closing", ())
    if not (passes or _can_answer(ticket)):
        return None if closed else CallbackKind.NO_ACCOUNT
    return CallbackKind.SAMPLE if ticket.get("sampled") else None


def owed(ticket: Document) -> CallbackKind | None:
    """The call that is still to be made."""
    over = (
        ticket.get("closed_by") in (ClosedBy.NOBODY, ClosedBy.WHOLE)
        or ticket.get("quiet")
        or ticket.get("called")
        or _is_share(ticket)
    )
    return None if over or ticket["status"] not in _AFTER or asked_from(ticket) is None else kind(ticket)


def asked_from(ticket: Document) -> datetime | None:
    """Since when somebody is asked; nobody is while the order that it was done with is done again for another."""
    again, completed_at = ticket.get("again"), ticket["times"].get("completed_at")
    found: datetime | None = completed_at if again is None else again["over_at"]
    return found


def deadlines_of(ticket: Document) -> set[str]:
    """Which deadlines a completed or closed order has."""
    if ticket["status"] not in _AFTER or ticket["times"].get("completed_at") is None or _is_share(ticket):
        return set()
    call, review = owed(ticket), ticket.get("review")
    due: set[str] = set()
    alone = _is_untaken(ticket) and (ticket.get("call_wanted") or not _can_answer(ticket))
    if asked_from(ticket) is None:
        due.clear()
    elif ticket["status"] == TicketStatus.COMPLETED and alone:
        due.add("callback" if ticket.get("call_wanted") else "unasked")
    elif ticket["status"] == TicketStatus.COMPLETED and call in (None, CallbackKind.SAMPLE):
        due.add("silence")
    if call is not None and "unasked" not in due:
        due.add("callback")
    if ticket.get("called_back"):
        due.discard("callback")
    if review is not None and review["state"] == ReviewState.OPEN and not review["told"]:
        due.add("review")
    if ticket.get("next_answer_at") is not None and not ticket.get("answer_told") and not ticket.get("quiet"):
        due.add("answer")
    return due


def not_independent(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Whoever asked how it went had no part in it, and what the owner shows of the call is what it owes."""
    done = scope.orders() | {"status": {"$in": list(_AFTER)}}
    for ticket in databases.of("tickets").tickets.find(done, dict.fromkeys((*FIELDS, "status", "number"), 1)):
        called = ticket.get("called")
        crew = {MEMBER_ACCOUNT + one["member_id"] for one in ticket.get("holders", ())}
        crew |= {MEMBER_ACCOUNT + member for member in ticket.get("worked_by", ())}
        staff = {ticket.get("completed_by"), ticket.get("owner"), *ticket.get("handled_by", ())}
        if called is not None and called["by"] in crew | staff | {ticket.get("requester_id")}:
            yield Finding("asked-about-own-work", ticket["number"], f"{called['by']} asked, and had a part in it")


def calls_differ(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """The list of calls to make is every call that is owed, with its day, and nothing else."""
    listed = {
        doc["_id"]: doc["ticket"]["callback"]
        for doc in databases.of("gateway").tickets.find(scope.community(), {"ticket.callback": 1})
        if doc.get("ticket", {}).get("callback") is not None
    }
    done = scope.orders() | {"status": {"$in": list(_AFTER)}, "times.completed_at": {"$ne": None}}
    for ticket in databases.of("tickets").tickets.find(done, dict.fromkeys((*FIELDS, "status", "number"), 1)):
        shown = listed.get(ticket["_id"])
        listed_as = shown["kind"] if shown is not None and shown["state"] == CallbackState.OPEN else None
        if listed_as != (wanted := owed(ticket)):
            yield Finding("call-not-listed", ticket["number"], f"{wanted} is owed, {listed_as} is listed")
        elif shown is not None and datetime.fromisoformat(shown["due_at"]) != _due(ticket):
            yield Finding("call-not-listed", ticket["number"], f"listed for {shown['due_at']}, due {_due(ticket)}")


def _due(ticket: Document) -> datetime | None:
    since = asked_from(ticket)
    return since and not_after_upstream(ticket, since + timedelta(days=ticket["windows"]["callback_days"]))
