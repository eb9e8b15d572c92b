"""Clauses about what was told: every change once and in order, nothing that nobody knows of, nothing left lying."""

from collections import Counter
from collections.abc import Iterator, Sequence

from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import Told, ledger
from deploy.audit.owned import OWNED, Owned


def gaps(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """The event store holds every version of every aggregate, each once, and none that no document has reached."""
    told = ledger(databases, scope).by_aggregate()
    for owned in OWNED:
        for doc in databases.of(owned.service)[owned.collection].find(scope.community(), {"version": 1}):
            yield from _gaps_of(owned, doc["_id"], doc["version"], told.pop((owned.aggregate, doc["_id"]), ()))
    for (aggregate, thread), some in told.items():
        seen = f"{len(some)} events up to version {some[-1].version}, no such document"
        yield Finding("event-of-nobody", f"{aggregate} {thread}", seen)


def _gaps_of(owned: Owned, id_: str, version: int, told: Sequence[Told]) -> Iterator[Finding]:
    about = f"{owned.aggregate} {id_}"
    versions = Counter(one.version for one in told)
    missing = [number for number in range(1, version + 1) if number not in versions]
    if missing:
        yield Finding("event-gap", about, f"at version {version}, no event of {_some(missing)}")
    for number, count in versions.items():
        if count > 1:
            yield Finding("event-twice", about, f"{count} events of version {number}")
    beyond = [number for number in versions if number > version]
    if beyond:
        yield Finding("event-ahead", about, f"at version {version}, events of {_some(beyond)}")
    others = {one.service for one in told} - {owned.service}
    if others:
        yield Finding("event-of-nobody", about, f"told by {sorted(others)}, owned by {owned.service}")


def outbox_left(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Nothing waits to be published, and nothing was parked."""
    waiting = {"$or": [{"pending": True}, {"outbox.0": {"$exists": True}}, {"outbox_dead.0": {"$exists": True}}]}
    for owned in OWNED:
        fields = {"outbox.id": 1, "outbox_dead.at": 1, "pending": 1}
        for doc in databases.of(owned.service)[owned.collection].find(scope.community() | waiting, fields):
            seen = f"{len(doc.get('outbox', ()))} waiting, {len(doc.get('outbox_dead', ()))} parked"
            yield Finding("outbox-left", f"{owned.collection} {doc['_id']}", seen)


def _some(numbers: Sequence[int], most: int = 5) -> str:
    named = ", ".join(str(number) for number in sorted(numbers)[:most])
    return f"version {named}" + (f" and {len(numbers) - most} more" if len(numbers) > most else "")
