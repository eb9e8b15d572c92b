"""The ledger of an order is only ever added to: a clause of its own, since nothing else would miss a line."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from contracts.ledger import RequestState
from contracts.words import ENDED, TicketStatus
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope

Line = Mapping[str, Any]
_OVER = frozenset(ENDED) | {TicketStatus.COMPLETED}
_FIELDS = {"number": 1, "status": 1, "ledger": 1, "held": 1}
_MOVING = frozenset({"state", "desk", "decided_by", "decided_as", "decided_at", "particulars"})
"""What a line gets when it is passed on or decided; all else of it stays as it was asked for."""


def ledger_kept(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """No line is gone or written anew, none is decided twice or by who asked, nothing waits of what is over."""
    tickets = databases.of("tickets")
    for doc in tickets.tickets.find({**scope.community(), "ledger.0": {"$exists": True}}, _FIELDS):
        about = f"order {doc['number']}"
        for seen in _rewritten(_told(databases, doc["_id"])):
            yield Finding("ledger-rewritten", about, seen)
        for line in doc["ledger"]:
            if line["decided_by"] is not None and line["decided_by"] == line["asked_by"]:
                yield Finding("own-request", about, f"{line['id']} was decided by who asked")
        yield from _waiting(doc, about)


def _told(databases: Databases, ticket_id: str) -> list[Sequence[Line]]:
    wanted = {"thread": ticket_id, "aggregate": "ticket"}
    found = databases.of("tickets").events.find(wanted, {"wire.data.snapshot.ledger": 1}).sort("version", 1)
    return [event["wire"]["data"]["snapshot"].get("ledger", ()) for event in found]


def _rewritten(told: Sequence[Sequence[Line]]) -> Iterator[str]:
    for before, after in pairwise(told):
        if len(after) < len(before):
            yield f"{len(before)} lines, then {len(after)}"
        for was, line in zip(before, after, strict=False):
            settled = was["state"] != RequestState.ASKED
            changed = [name for name in line if line[name] != was.get(name) and (settled or name not in _MOVING)]
            if changed:
                yield f"{was['id']} has another {', '.join(changed)}"


def _waiting(doc: Document, about: str) -> Iterator[Finding]:
    if doc["status"] not in _OVER:
        return
    for line in doc["ledger"]:
        if line["state"] == RequestState.ASKED:
            yield Finding("asked-of-what-is-over", about, f"{line['id']} still waits for its answer")
    for hold in doc.get("held", ()):
        if hold["ended_at"] is None:
            yield Finding("held-though-over", about, f"the hold of {hold['request_id']} still stands")
