"""Parts of an order: whole and parts know each other, and neither ends without the other. A clause of its own."""

from collections.abc import Iterator

from contracts.words import ENDED, TicketStatus
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope

_DONE = frozenset({*ENDED, TicketStatus.COMPLETED})
_FIELDS = dict.fromkeys(("number", "status", "owner", "holders", "part_of", "parts", "stands_alone"), 1)


def ends_with_its_parts(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Each part is in its whole's list as it stands, and no whole is done before its parts, nor over without them."""
    tickets = databases.of("tickets").tickets
    wholes = {doc["_id"]: doc for doc in tickets.find(scope.orders() | {"parts.0": {"$exists": True}}, _FIELDS)}
    parts = {doc["_id"]: doc for doc in tickets.find(scope.orders() | {"part_of": {"$type": "string"}}, _FIELDS)}
    for part in parts.values():
        rows = [row["ticket_id"] for row in wholes.get(part["part_of"], {}).get("parts", ())]
        if part["_id"] not in rows:
            yield Finding("part-unknown", part["number"], f"{part['part_of']} does not list it")
    for whole in wholes.values():
        yield from _of_whole(whole, parts)
    for owned in tickets.find(scope.orders() | {"owner": {"$type": "string"}, "holders.0": {"$exists": True}}, _FIELDS):
        yield Finding("owned-with-crew", owned["number"], "the counter owns it, and somebody has a seat of it")


def _of_whole(whole: Document, parts: dict[str, Document]) -> Iterator[Finding]:
    about = whole["number"]
    if whole.get("part_of"):
        yield Finding("part-of-part", about, "it is a part and has parts")
    for row in whole["parts"]:
        part = parts.get(row["ticket_id"])
        if part is None:
            yield Finding("part-missing", about, f"{row['number']} is not there")
            continue
        if row["status"] != part["status"]:
            yield Finding("part-differs", about, f"{row['number']} is {part['status']}, listed as {row['status']}")
        if part.get("stands_alone"):
            continue
        if whole["status"] in _DONE and part["status"] not in _DONE:
            yield Finding("part-open", about, f"{whole['status']}, while {row['number']} is {part['status']}")
        elif whole["status"] in ENDED and part["status"] not in ENDED:
            yield Finding("part-left", about, f"{whole['status']}, while {row['number']} is {part['status']}")
