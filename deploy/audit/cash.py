"""Cash of errands: no order is done while money of it is still out, and no slip goes above what its item allows."""

from collections.abc import Iterator

from contracts.cash import SlipStep
from contracts.words import TicketStatus
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope

_DONE = [TicketStatus.COMPLETED.value, TicketStatus.CLOSED.value]
_EVEN = frozenset({SlipStep.SETTLED.value, SlipStep.VOID.value})


def cash_left(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every slip of what was done is even, and of an item with cash."""
    with_slips = {**scope.orders(), "status": {"$in": _DONE}, "slips.0": {"$exists": True}}
    shown = dict.fromkeys(("number", "status", "slips", "cash_limit"), 1)
    for doc in databases.of("tickets").tickets.find(with_slips, shown):
        for slip in doc["slips"]:
            about = f"{doc['number']} slip {slip['number']}"
            if slip["step"] not in _EVEN:
                yield Finding("cash-left", about, f"the order is {doc['status']}, its money is {slip['step']}")
            if doc.get("cash_limit") is None:
                yield Finding("cash-left", about, "no money passes through anybody's hands for this item")
