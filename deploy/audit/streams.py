"""Clauses about the stream: every event reached it, once, as it was told, for those whom it names."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from deploy.audit.databases import Databases, id_from
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import Told, ledger

_EXPIRES = "expireAfterSeconds"
CLOCKS_APART = timedelta(hours=2)
"""An event's id tells when it was made by its maker's clock, the stream when it came by the database's."""


def stream_complete(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every event reached the stream; what is older than the stream is kept may be gone."""
    expired = _expired_before(databases)
    heard = {row["_id"] for row in databases.of("gateway").stream.find(scope.community(), {"_id": 1})}
    for told in ledger(databases, scope).told:
        if told.id not in heard and told.id >= expired:
            yield Finding("not-in-stream", told.id, f"{told.type}, stored by its owner, never streamed")


def stream_differs(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every frame is of one stored event and says of it what it is; what an order's event is told to is its area."""
    told = {one.id: one for one in ledger(databases, scope).told}
    fields = {"frame": 1, "seen": 1}
    frames: dict[tuple[str, str, int], str] = {}
    for row in databases.of("gateway").stream.find(scope.community(), fields):
        event, frame = told.get(row["_id"]), row.get("frame") or {}
        if event is None:
            yield Finding("frame-of-nobody", row["_id"], f"{frame.get('type')}: no owner has stored it")
            continue
        unlike = _unlike(event, frame, row.get("seen"))
        if unlike:
            yield Finding("frame-differs", row["_id"], "; ".join(unlike))
        told_before = frames.setdefault((event.aggregate, event.thread, event.version), row["_id"])
        if told_before != row["_id"]:
            yield Finding("frame-twice", row["_id"], f"{told_before} told version {event.version} too")


def _expired_before(databases: Databases) -> str:
    """The id below which an event may have left the stream: MongoDB itself expires it, by an index of the gateway."""
    kept = [one[_EXPIRES] for one in databases.of("gateway").stream.list_indexes() if _EXPIRES in one]
    if not kept:
        return ""
    now: datetime = databases.client.admin.command("hello")["localTime"]
    return id_from(now - timedelta(seconds=min(kept)) + CLOCKS_APART)


def _unlike(event: Told, frame: dict[str, Any], seen: Any) -> list[str]:
    says = {
        "id": event.id,
        "type": event.type,
        "subject": event.thread,
        "time": event.time,
        "version": event.version,
        "number": event.number,
    }
    unlike = [f"{name} is {frame.get(name)}, told {value}" for name, value in says.items() if frame.get(name) != value]
    return unlike if isinstance(seen, datetime) else [*unlike, "never seen: no client can resume there"]
