"""Clauses about webhooks: what an endpoint should have heard has a delivery, and none of them is lost.

Who may hear is the published language's answer (contracts/hearing.py), from the stored events; what the filters choose
is worked out here once more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from contracts.actor import Actor, Grant, Role
from contracts.envelope import Envelope
from contracts.events.harm import HarmEvent
from contracts.hearing import audience, hears
from contracts.webhooks import TEST_TYPE, DeliveryState, EndpointState
from deploy.audit.databases import Databases, Document, id_from
from deploy.audit.findings import Finding, Scope
from deploy.audit.owned import OWNERS

RULE = "webhook_deliveries"
"""The name under which notify notes how long it keeps them."""
CLOCKS_APART = timedelta(seconds=5)
"""An event's id tells when it was made by its maker's clock, an endpoint from when it hears by the database's."""
BATCH = 2_000


def webhooks_untold(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every event of which an endpoint has to hear has its delivery; no delivery is of an event that nobody told."""
    notify = databases.of("notify")
    endpoints = list(notify.webhook_endpoints.find(scope.community()))
    active = [one for one in endpoints if one["state"] == EndpointState.ACTIVE]
    fields = {"event_id": 1, "endpoint_id": 1, "message.type": 1}
    rows = list(notify.webhook_deliveries.find(scope.community(), fields)) if endpoints else []
    stored = {(row["event_id"], row["endpoint_id"]) for row in rows}
    told = set()
    for event in _events(databases, scope) if rows or active else ():
        told.add(event.id)
        for endpoint in active:
            if _is_owed(endpoint, event, _forgotten_before(databases)) and (event.id, endpoint["_id"]) not in stored:
                yield Finding("webhook-untold", f"{endpoint['_id']} {event.id}", f"{event.type}: no delivery")
    for row in rows:
        if row["message"]["type"] != TEST_TYPE and row["event_id"] not in told:
            yield Finding("webhook-of-nothing", str(row["_id"]), "no owner has stored such an event")


def webhooks_lost(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every delivery waits, was taken, or is given up with a reason; what was taken was answered 2xx, and once."""
    notify = databases.of("notify")
    known = {row["_id"] for row in notify.webhook_endpoints.find({}, {"_id": 1})}
    fields = {"state": 1, "next_at": 1, "reason": 1, "endpoint_id": 1, "tries": 1, "attempts.status": 1}
    for row in notify.webhook_deliveries.find(scope.community(), fields):
        wrong = _wrong(row, row["endpoint_id"] in known)
        if wrong:
            yield Finding("webhook-lost", str(row["_id"]), f"{row['state']} after {row['tries']} tries: {wrong}")


def webhooks_unheard(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Everything that the run's own receiver was to hear has reached it, at least once."""
    if scope.heard is None:
        return
    fields = {"event_id": 1, "state": 1, "tries": 1}
    for row in databases.of("notify").webhook_deliveries.find(scope.community(), fields):
        if row["event_id"] not in scope.heard:
            yield Finding("webhook-unheard", str(row["_id"]), f"{row['state']} after {row['tries']} tries")


def _wrong(row: Document, has_endpoint: bool) -> str | None:
    taken = [attempt["status"] for attempt in row["attempts"]].count("2xx")
    if row["state"] == DeliveryState.WAITING:
        if not has_endpoint:
            return "it waits for an endpoint that is gone"
        return None if isinstance(row["next_at"], datetime) else "nobody will look at it again"
    if row["next_at"] is not None:
        return "somebody will look at it again"
    if row["state"] == DeliveryState.DELIVERED:
        return None if taken else "no try of it was answered 2xx"
    return None if row["reason"] else "nobody says why"


def _is_owed(endpoint: Document, event: Envelope, forgotten: str) -> bool:
    if event.id < max(id_from(endpoint["hears_from"] + CLOCKS_APART), forgotten):
        return False
    if event.aggregatetype == HarmEvent.AGGREGATE:
        return False
    if not any(_named(one, event.type) for one in endpoint["event_types"]):
        return False
    path = event.data["snapshot"].get("area_path", ())
    if endpoint["areas"] and not set(endpoint["areas"]) & set(path):
        return False
    return hears(_actor(endpoint["owner"]), event.communityid, audience(event, {}))


def _named(pattern: str, type_: str) -> bool:
    """A type, or its beginning: ``shiliu.ticket.*``; ``*`` is any."""
    return pattern == type_ or (pattern.endswith("*") and type_.startswith(pattern[:-1]))


def _actor(owner: Document) -> Actor:
    grants = tuple(Grant(Role(one["role"]), one["area_id"]) for one in owner["grants"])
    return Actor(
        account_id=owner["account_id"],
        community_id=owner["community_id"],
        grants=grants,
        member_id=owner["member_id"],
    )


def _events(databases: Databases, scope: Scope) -> Iterator[Envelope]:
    for service in OWNERS:
        for row in databases.of(service).events.find(scope.community(), {"wire": 1}).batch_size(BATCH):
            wire: dict[str, Any] = row["wire"]
            yield Envelope.from_wire(wire)


def _forgotten_before(databases: Databases) -> str:
    """Events whose ids are below this were told so long ago that notify has forgotten what it sent of them."""

    def read() -> str:
        kept = databases.of("notify").retention.find_one({"_id": RULE})
        return "" if kept is None else id_from(kept["last_run"] - timedelta(days=kept["days"]))

    return databases.once("webhooks forgotten", read)
