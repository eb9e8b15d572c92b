"""Clauses about what was told: every change once, in order, to everybody, and nothing left lying."""

from collections.abc import Iterator

from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope

AGGREGATES = {
    "tickets": {"tickets": "ticket", "catalogue_items": "catalogue_item", "areas": "area"},
    "volunteers": {"demands": "demand", "members": "member", "teams": "team"},
}
"""The collections with an outbox, by service, and the aggregate each holds."""
VIEWS = {
    ("tickets", "tickets"): ("tickets", "ticket"),
    ("tickets", "catalogue_items"): ("items", "item"),
    ("tickets", "areas"): ("areas", "area"),
    ("volunteers", "demands"): ("tickets", "demand"),
    ("volunteers", "members"): ("members", "member"),
    ("volunteers", "teams"): ("teams", "team"),
}
"""Whose copy in the gateway's views is which sub-document."""


def at_end(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every order came to an end."""
    query = scope.orders() | {"status": {"$nin": ["closed", "rejected", "cancelled"]}}
    for ticket in databases.of("tickets").tickets.find(query, {"number": 1, "status": 1}):
        yield Finding("not-at-end", ticket["number"], ticket["status"])


def gaps(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """The event store holds every version of every aggregate, each once."""
    for service, collections in AGGREGATES.items():
        database = databases.of(service)
        told = _versions(databases, service, scope)
        for collection, aggregate in collections.items():
            for doc in database[collection].find(scope.community(), {"version": 1}):
                count, distinct, newest = told.get((aggregate, doc["_id"]), (0, 0, 0))
                if not count == distinct == newest == doc["version"]:
                    seen = f"version {doc['version']}, {count} events, {distinct} versions, newest {newest}"
                    yield Finding("event-gap", f"{aggregate} {doc['_id']}", seen)


def outbox_left(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Nothing waits to be published, and nothing was parked."""
    waiting = {"$or": [{"pending": True}, {"outbox.0": {"$exists": True}}, {"outbox_dead.0": {"$exists": True}}]}
    for service, collections in AGGREGATES.items():
        for collection in collections:
            fields = {"outbox.id": 1, "outbox_dead.at": 1, "pending": 1}
            for doc in databases.of(service)[collection].find(scope.community() | waiting, fields):
                seen = f"{len(doc.get('outbox', ()))} waiting, {len(doc.get('outbox_dead', ()))} parked"
                yield Finding("outbox-left", f"{collection} {doc['_id']}", seen)


def views_differ(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """The gateway's views have the newest version of everything, and say of orders what their owner says."""
    gateway = databases.of("gateway")
    for (service, collection), (view, part) in VIEWS.items():
        fields = {f"{part}.v": 1, f"{part}.status": 1}
        seen = {doc["_id"]: doc.get(part, {}) for doc in gateway[view].find(scope.community(), fields)}
        owned = databases.of(service)[collection].find(scope.community() | {"version": {"$gt": 0}}, _OWNED)
        for doc in owned:
            shown = seen.get(doc["_id"], {})
            same = shown.get("v") == doc["version"] and (part != "ticket" or shown.get("status") == doc["status"])
            if not same:
                what = f"version {shown.get('v')} of {doc['version']}, {shown.get('status')} for {doc.get('status')}"
                yield Finding("view-differs", f"{part} {doc['_id']}", what)


def told_twice(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Nobody got two messages for one event by one rule on one channel."""
    key = {name: f"${name}" for name in ("event_id", "rule", "recipient", "channel")}
    twice = [
        {"$match": scope.community()},
        {"$group": {"_id": key, "count": {"$sum": 1}}},
        {"$match": {"count": {"$gt": 1}}},
    ]
    for group in databases.of("notify").messages.aggregate(twice, allowDiskUse=True):
        about = f"{group['_id']['rule']} {group['_id']['event_id']}"
        yield Finding("told-twice", about, f"{group['count']} messages to {group['_id']['recipient']}")


def left_in_queues(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """No queue holds anything: no dead letter, no event that waits for its handler or its next try."""
    for service, depths in databases.depths().items():
        for name, count in vars(depths).items():
            if count:
                yield Finding("dead-letter" if name == "dead" else "event-waits", service, f"{count} in {name}")


def stream_complete(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every event of an order reached the stream."""
    told: set[str] = set()
    for service in AGGREGATES:
        told |= {row["_id"] for row in databases.of(service).events.find(scope.community(), {"_id": 1})}
    heard = {row["_id"] for row in databases.of("gateway").stream.find(scope.community(), {"_id": 1})}
    for event_id in sorted(told - heard)[:100]:
        yield Finding("not-in-stream", event_id, "stored by its owner, never streamed")


_OWNED = {"version": 1, "status": 1}


def _versions(databases: Databases, service: str, scope: Scope) -> dict[tuple[str, str], tuple[int, int, int]]:
    """For each (aggregate, id): number of events, number of versions, newest version."""
    group: Document = {
        "_id": {"aggregate": "$aggregate", "thread": "$thread"},
        "count": {"$sum": 1},
        "versions": {"$addToSet": "$version"},
        "newest": {"$max": "$version"},
    }
    rows = databases.of(service).events.aggregate([{"$match": scope.community()}, {"$group": group}], allowDiskUse=True)
    return {
        (row["_id"]["aggregate"], row["_id"]["thread"]): (row["count"], len(row["versions"]), row["newest"])
        for row in rows
    }
