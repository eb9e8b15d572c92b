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
_NEXT = {
    WhistleStatus.WHISTLED: WhistleStep.SIGN_IN,
    WhistleStatus.SIGNED_IN: WhistleStep.CONTACT,
    WhistleStatus.CONTACTED: WhistleStep.REPORT,
}
_OVER = ENDED | {TicketStatus.COMPLETED, TicketStatus.MERGED}


def ladder_differs(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every step goes on from the one before; what nobody took went up once for each time; one whistle at a time."""
    unserved = Counter(told.thread for told in ledger(databases, scope).told if told.type == DemandUnserved.TYPE)
    fields = dict.fromkeys(("number", "status", "quiet", *FIELDS), 1)
    for doc in databases.of("tickets").tickets.find(scope.community(), fields):
        about, steps = doc["number"], doc.get("escalations", ())
        yield from (Finding("ladder-differs", about, said) for said in _wrong_steps(doc, steps))
        ups = sum(step["reason"] == EscalationReason.UNSERVED for step in steps)
        if ups > unserved[doc["_id"]]:
            yield Finding(
                "went-up-twice", about, f"nobody took it {unserved[doc['_id']]} times, it went up {ups} times"
            )
        elif ups < unserved[doc["_id"]] and _can_go_up(doc):
            yield Finding("left-below", about, f"nobody took it {unserved[doc['_id']]} times, it went up {ups} times")
        open_ones = Counter(one["team"] for one in doc.get("whistles", ()) if one["status"] in OPEN_WHISTLES)
        for team, count in open_ones.items():
            if count > 1:
                yield Finding("called-twice", about, f"{team} has {count} whistles that are open")


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


def _wrong_steps(doc: Document, steps: Sequence[Document]) -> Iterator[str]:
    for before, step in pairwise(steps):
        if step["before"] != before["rung"]:
            yield f"from {before['rung']} it went up from {step['before']}"
    if steps and steps[-1]["rung"] != doc["rung"]:
        yield f"it went up to {steps[-1]['rung']} and is at {doc['rung']}"


def _can_go_up(doc: Document) -> bool:
    rungs = doc.get("ladder", {}).get("rungs", ())
    return doc["status"] not in _OVER and not doc.get("quiet") and bool(rungs) and doc["rung"] != rungs[-1]
