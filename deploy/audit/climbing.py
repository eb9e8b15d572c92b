"""Clauses about the ladder: an order goes up once for each reason to, and departments are called once and urged."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from contracts.events.volunteers import DemandUnserved
from contracts.ladder import OPEN_WHISTLES, EscalationReason, WhistleStatus, WhistleStep
from contracts.words import ENDED, TicketStatus
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger

FIELDS = ("ladder.rungs", "rung", "escalations", "whistles")
OF_CLIMBING = (*FIELDS[:3], "round", "owner", "quiet", "times.assigned_at", "whistles.by")
_NEXT = {
    WhistleStatus.WHISTLED: WhistleStep.SIGN_IN,
    WhistleStatus.SIGNED_IN: WhistleStep.CONTACT,
    WhistleStatus.CONTACTED: WhistleStep.REPORT,
}
_AT_IT = frozenset({WhistleStatus.SIGNED_IN, WhistleStatus.CONTACTED})
_BY_ITSELF = "system"
_OVER = ENDED | {TicketStatus.COMPLETED, TicketStatus.MERGED}


def ladder_differs(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every step goes on from the one before; what nobody took went up once for each time; one whistle at a time."""
    unserved = Counter(told.thread for told in ledger(databases, scope).told if told.type == DemandUnserved.TYPE)
    fields = dict.fromkeys(("number", "status", "quiet", *FIELDS), 1)
    for doc in databases.of("tickets").tickets.find(scope.community(), fields):
        about, steps = doc["number"], doc.get("escalations", ())
        yield from (Finding("ladder-differs", about, said) for said in _wrong_steps(doc, steps))
        ups = _ups(steps, EscalationReason.UNSERVED)
        if ups > unserved[doc["_id"]]:
            yield Finding(
                "went-up-twice", about, f"nobody took it {unserved[doc['_id']]} times, it went up {ups} times"
            )
        elif ups < unserved[doc["_id"]] and _can_go_up(doc):
            yield Finding("left-below", about, f"nobody took it {unserved[doc['_id']]} times, it went up {ups} times")
        yield from _unsigned(doc, steps)
        open_ones = Counter(one["team"] for one in doc.get("whistles", ()) if one["status"] in OPEN_WHISTLES)
        for team, count in open_ones.items():
            if count > 1:
                yield Finding("called-twice", about, f"{team} has {count} whistles that are open")


def _unsigned(doc: Document, steps: Sequence[Document]) -> Iterator[Finding]:
    """Where a department that was called did not sign in the order went up, once for each time that any was called."""
    missing = [one for one in doc.get("whistles", ()) if WhistleStep.SIGN_IN in one["overdue"]]
    times, ups = len({one["whistled_at"] for one in missing}), _ups(steps, EscalationReason.UNSIGNED)
    if ups > times:
        yield Finding("went-up-twice", doc["number"], f"{times} times nobody signed in, it went up {ups} times")
    waits = any(one["status"] == WhistleStatus.WHISTLED for one in missing)
    if waits and not ups and _can_go_up(doc):
        yield Finding("left-below", doc["number"], "who was called has not signed in, and nobody above was told")


def _ups(steps: Sequence[Document], reason: EscalationReason) -> int:
    return sum(step["reason"] == reason for step in steps)


def whistles_due(ticket: Document) -> set[str]:
    """The deadlines that its whistles have, by kind: whoever is to do something is warned, then told to be late."""
    if ticket.get("quiet") or ticket["status"] in _OVER:
        return set()
    due: set[str] = set()
    for one in ticket.get("whistles", ()):
        step = _NEXT.get(one["status"])
        if step is not None and step not in one["overdue"]:
            due |= {"whistle-overdue"} | ({"whistle-near"} if step not in one["warned"] else set())
    return due


def climb_due(ticket: Document) -> set[str]:
    """What nobody took goes on to the next rung, until somebody takes it or has it in hand."""
    steps = ticket.get("escalations", ())
    since = next((one for one in reversed(steps) if one.get("round")), None)
    if since is None or since["round"] != ticket["round"] or ticket["status"] != TicketStatus.ACCEPTED:
        return set()
    assigned_at = ticket.get("times", {}).get("assigned_at")
    taken = assigned_at is not None and assigned_at > since["at"]
    in_hand = ticket.get("owner") is not None or any(
        one["at"] >= since["at"] and one["by_role"] != _BY_ITSELF for one in steps
    )
    waits = any(hold.get("ended_at") is None for hold in ticket.get("held", ()))
    whistles = ticket.get("whistles", ())
    called = any(one["status"] in _AT_IT or (one["status"] in OPEN_WHISTLES and one.get("by")) for one in whistles)
    return set() if taken or in_hand or waits or called or not _can_go_up(ticket) else {"climb"}


def _wrong_steps(doc: Document, steps: Sequence[Document]) -> Iterator[str]:
    for step in steps:
        if step["reason"] == EscalationReason.STILL_UNSERVED and not step.get("round"):
            yield "it went on as if nobody had taken it, and says of no round that nobody did"
    for before, step in pairwise(steps):
        if step["before"] != before["rung"]:
            yield f"from {before['rung']} it went up from {step['before']}"
    if steps and steps[-1]["rung"] != doc["rung"]:
        yield f"it went up to {steps[-1]['rung']} and is at {doc['rung']}"


def _can_go_up(doc: Document) -> bool:
    rungs = doc.get("ladder", {}).get("rungs", ())
    return doc["status"] not in _OVER and not doc.get("quiet") and bool(rungs) and doc["rung"] != rungs[-1]
