"""Clause about print slips: each is handed over, or staff were told that it is not; and its message says the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from contracts.schemas.fields import time_text
from contracts.slips import SlipState
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger

RULE = "slip-late"
"""The rule under which staff are told of a late one; no event makes it due."""
LONG_PAST = timedelta(hours=6)
"""So much business time after a slip was due it is not just being told."""
STATUS = {
    SlipState.WAITING.value: "queued",
    SlipState.TAKEN.value: "sent",
    SlipState.ACKNOWLEDGED.value: "delivered",
}
"""What the message of a slip is in each of its states, unless it is kept back."""
_KEPT_BACK = "suppressed"
_FIELDS = dict.fromkeys(("slip", "status", "number", "event_id"), 1)


def handed_over_or_told(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """No slip is past its time, neither handed over nor told of; where staff are said to know, there is the message."""
    newest = max((told.time for told in ledger(databases, scope).told), default=None)
    now = datetime.fromisoformat(newest) if newest else datetime.min.replace(tzinfo=UTC)
    messages = databases.of("notify").messages
    for doc in messages.find(scope.community() | {"slip.id": {"$exists": True}}, _FIELDS):
        slip, about = doc["slip"], f"{doc['number']} {doc['slip']['id']}"
        if doc["status"] not in (STATUS[slip["state"]], _KEPT_BACK, "sending"):
            yield Finding("slip-differs", about, f"{slip['state']}, and its message is {doc['status']}")
        open_still = doc["status"] != _KEPT_BACK and slip["state"] != SlipState.ACKNOWLEDGED
        if open_still and slip["late_at"] is None and slip["due_at"] < now - LONG_PAST:
            yield Finding("slip-unheard", about, f"due at {time_text(slip['due_at'])}, it is {time_text(now)}")
        told = {"event_id": doc["event_id"], "rule": RULE}
        if slip["late_at"] is not None and messages.find_one(told, {"_id": 1}) is None:
            yield Finding("slip-unheard", about, "it is said to be told as late, and nobody was")
