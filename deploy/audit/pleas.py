"""Clause about pleas 来信: what nobody answers is told again, in its time and each time, until somebody does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from contracts.pleas import PleaState
from contracts.schemas.fields import time_text
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger

LATE = timedelta(hours=6)
"""So much business time after a plea was to be answered it is not just being told again, at any speed of the clock."""
_FIELDS = dict.fromkeys(("state", "respond_by", "late", "due"), 1)


def answered_or_told_again(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """A plea that waits has its one deadline, which is not long past; a handled one has none."""
    newest = max((told.time for told in ledger(databases, scope).told), default=None)
    now = datetime.fromisoformat(newest) if newest else datetime.min.replace(tzinfo=UTC)
    for doc in databases.of("tickets").pleas.find(scope.community(), _FIELDS):
        waits = doc["state"] == PleaState.WAITING.value
        stands = [(due["key"], due["at"]) for due in doc.get("due", ())]
        wanted = [(f"respond:{doc['late']}", doc["respond_by"])] if waits else []
        if stands != wanted:
            yield Finding("plea-deadline", doc["_id"], f"{_said(stands)} stand, due are {_said(wanted)}")
        if waits and doc["respond_by"] + LATE < now:
            seen = f"to be answered by {time_text(doc['respond_by'])}, it is {time_text(now)}: told to nobody again"
            yield Finding("plea-unheard", doc["_id"], seen)


def _said(deadlines: list[tuple[str, datetime]]) -> str:
    return ", ".join(f"{key} at {time_text(at)}" for key, at in deadlines) or "none"
