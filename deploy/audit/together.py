"""Orders about the same thing: whatever is merged into another ends with it. A clause of its own."""

from collections.abc import Iterator

from contracts.words import ENDED, TicketStatus
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope

_OVER = frozenset(ENDED) | {TicketStatus.COMPLETED}
_DONE = frozenset({TicketStatus.COMPLETED, TicketStatus.CLOSED})
_FIELDS = dict.fromkeys(
    ("number", "status", "primary", "primary_turn", "merged", "round", "rework_count", "holders", "again"), 1
)


def ends_as_its_primary(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Each merged order is among its primary's, has no depth below or above it, and neither ends before the other."""
    tickets = databases.of("tickets").tickets
    merged = list(tickets.find({**scope.orders(), "primary.id": {"$exists": True}}, _FIELDS))
    wanted = {"_id": {"$in": [doc["primary"]["id"] for doc in merged]}}
    primaries = {doc["_id"]: doc for doc in tickets.find(wanted, _FIELDS)}
    for doc in merged:
        primary = primaries.get(doc["primary"]["id"])
        if primary is None:
            yield Finding("primary-missing", doc["number"], f"{doc['primary']['number']} is not there")
        else:
            yield from _apart(doc, primary)


def _apart(doc: Document, primary: Document) -> Iterator[Finding]:
    about, other = doc["number"], primary["number"]
    if primary.get("primary") is not None or doc.get("merged"):
        yield Finding("merged-twice", about, f"merged into {other}, and there is more above or below")
    if doc["_id"] not in primary.get("merged", ()):
        yield Finding("not-gathered", about, f"{other}, into which it is merged, does not know of it")
    if doc["holders"]:
        yield Finding("crew-of-its-own", about, f"it is done with {other} and has a crew of its own")
    if doc["status"] == TicketStatus.MERGED and primary["status"] in _OVER:
        yield Finding("left-waiting", about, f"it waits for {other}, which is {primary['status']}")
    if doc["status"] in _DONE and doc["primary_turn"] > primary["round"] + primary["rework_count"]:
        yield Finding("ended-alone", about, f"it is {doc['status']}, and {other} was never done for it")
    again = doc.get("again")
    if again is not None and again["over_at"] is None and primary["status"] in _OVER:
        yield Finding("left-unasked", about, f"nobody asks while {other} is done again, which is {primary['status']}")
