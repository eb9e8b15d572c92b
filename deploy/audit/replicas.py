"""Clauses about what notify keeps of others to know whom an event concerns: rosters of volunteers, items of tickets."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from contracts.events.masters import CatalogueItemPublished
from contracts.events.rosters import RosterEvent
from contracts.schemas.fields import time_text
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger
from deploy.audit.newest import VERSION
from deploy.audit.views import part_unlike

ROSTERS = "rosters"
"""The name under which notify notes how long it keeps them."""
_KEPT_BESIDE = timedelta(days=2)
"""So long after the moment of a retention's run a roster may still be under way somewhere."""


def notify_replicas_differ(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Each roster, and the category of each item, is in notify as its owner told it last; nothing else is there."""
    newest, notify = ledger(databases, scope).newest, databases.of("notify")
    items = {row["_id"]: row for row in notify.items.find(scope.community())}
    rosters = {row["_id"]: row for row in notify.rosters.find(scope.community())}
    gone = _forgotten_before(databases)
    for (aggregate, id_), (version, snapshot) in newest.snapshots.items():
        if aggregate == CatalogueItemPublished.AGGREGATE:
            says = {"category": snapshot["category"], VERSION: version}
            yield from part_unlike(f"item {id_} in notify", items.pop(id_, {}).get("item"), says)
        elif aggregate == RosterEvent.AGGREGATE:
            kept = rosters.pop(id_, {}).get("roster")
            if kept is None and snapshot["day"] < gone:
                continue
            says = {
                "area": snapshot["area_path"][-1],
                "day": snapshot["day"],
                "shifts": [_said(one) for one in snapshot["shifts"]],
                VERSION: version,
            }
            shown = kept and {**kept, "shifts": [_said(one) for one in kept["shifts"]]}
            yield from part_unlike(f"roster {id_} in notify", shown, says)
    for kind, left in (("item", items), ("roster", rosters)):
        for id_ in left:
            yield Finding("replica-differs", f"{kind} {id_} in notify", "its owner never told of it")


def _said(shift: Mapping[str, Any]) -> dict[str, Any]:
    """As events say it: times as text, and nothing of what is not there."""
    return {
        name: time_text(value) if isinstance(value, datetime) else value
        for name, value in shift.items()
        if value is not None
    }


def _forgotten_before(databases: Databases) -> str:
    """Rosters of days before this are kept no more, by their rule; until one has run, all are."""
    kept = databases.of("notify").retention.find_one({"_id": ROSTERS}) or {}
    return f"{kept['before'] - _KEPT_BESIDE:%Y-%m-%d}" if "before" in kept else ""
