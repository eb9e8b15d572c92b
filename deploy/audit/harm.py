"""Suspected harm: what nobody acknowledged, told or closed in time went up; none was closed with nobody told."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from contracts.harm import HarmState
from contracts.schemas.fields import time_text
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger

WITHIN = {"acknowledge": timedelta(minutes=15), "tell": timedelta(hours=24)}
"""What is due so soon after a report came in."""
CLOSE = "close"
LATE = timedelta(days=1)
"""So much business time after it was due nobody still waits, at any speed of the clock."""
_WAITS = {
    HarmState.RECEIVED.value: ("acknowledge", "tell"),
    HarmState.ACKNOWLEDGED.value: ("tell",),
    HarmState.TOLD.value: (CLOSE,),
    HarmState.EXPLAINED.value: (CLOSE,),
}
_RAISED = {"acknowledge": "silent", "tell": "late"}


def seen_through(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Of each report what is due has its one deadline; what was due long ago was raised to the district's contact."""
    newest = max((told.time for told in ledger(databases, scope).told), default=None)
    for doc in databases.of("tickets").harm_reports.find(scope.community()):
        waits = _WAITS.get(doc["state"], ())
        stands = sorted(due["key"].partition(":")[0] for due in doc.get("due", ()))
        if stands != list(waits):
            yield Finding("harm-deadline", doc["_id"], f"{stands} stand, due are {sorted(waits)}")
        if newest is not None:
            yield from _unheard(doc, waits, datetime.fromisoformat(newest))
        if doc["state"] == HarmState.CLOSED and not _answered(doc):
            yield Finding("harm-unanswered", doc["_id"], "closed, and nobody was told nor was it said why not")


def _unheard(doc: Document, waits: tuple[str, ...], now: datetime) -> Iterator[Finding]:
    for what in waits:
        # A time to close it is moved on each time it went up: one that is long past did not.
        by = doc["close_by"] if what == CLOSE else doc["received_at"] + WITHIN[what]
        raised = doc["district"] and what != CLOSE and doc[_RAISED[what]]
        if by + LATE < now and not raised:
            yield Finding("harm-unheard", doc["_id"], f"{what} was due by {time_text(by)}, and it did not go up")


def _answered(doc: Document) -> bool:
    """What a report said is forgotten in time; that an authority was told, and that it was explained, are codes."""
    return bool(doc["told"]) or bool(doc["explanation"]) or doc["forgotten"]
