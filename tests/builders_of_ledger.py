"""Builders of the ledger's contract values, and one body of each of its events."""

from datetime import timedelta
from typing import Any

from contracts.events.ledger import (
    TicketExtended,
    TicketHeld,
    TicketRequestDecided,
    TicketRequestLapsed,
    TicketRequestMade,
    TicketRequestRaised,
    TicketResumed,
    TicketStruckThree,
)
from contracts.ladder import Rung
from contracts.ledger import Desk, Hold, LedgerRow, Paper, Particulars, RequestKind, Resumed
from contracts.words import Text
from tests.scene import NOON

REQUEST_ID = "01KAJ5ZX0000000000000TCKET.r1"
LATER = NOON + timedelta(days=3)
LOCAL = "2026-11-24 12:00"
PAPERS = (Paper("household_register", Text("户口簿原件", "Household register, original")),)


def a_row(**changes: Any) -> LedgerRow:
    """A hold that duty staff ask for, since a paper is missing."""
    values: dict[str, Any] = {
        "id": REQUEST_ID,
        "kind": RequestKind.HOLD,
        "reason_code": "papers_missing",
        "asked_by": "a-duty",
        "asked_as": Rung.DUTY,
        "asked_at": NOON,
        "desks": (Desk(Rung.DESK, NOON + timedelta(hours=4)),),
        "particulars": Particulars(until=LATER, local=LOCAL, papers=PAPERS),
        **changes,
    }
    return LedgerRow(**values)


def a_hold(**changes: Any) -> Hold:
    """The hold that was granted."""
    values: dict[str, Any] = {
        "request_id": REQUEST_ID,
        "reason_code": "papers_missing",
        "started_at": NOON,
        "until": LATER,
        "papers": PAPERS,
        "local": LOCAL,
        **changes,
    }
    return Hold(**values)


_ASKED: dict[str, Any] = {"request_id": REQUEST_ID, "kind": RequestKind.HOLD, "reason_code": "papers_missing"}

LEDGER_BODIES: tuple[Any, ...] = (
    TicketRequestMade(**_ASKED, asked_as=Rung.DUTY, approver=Rung.DESK, until=NOON + timedelta(hours=4)),
    TicketRequestRaised(**_ASKED, asked_as=Rung.DUTY, approver=Rung.BLOCK_CHIEF, until=NOON + timedelta(hours=8)),
    TicketRequestDecided(**_ASKED, approved=True, decided_as=Rung.DESK),
    TicketRequestLapsed(**_ASKED),
    TicketHeld(request_id=REQUEST_ID, reason_code="papers_missing", until=LATER, local=LOCAL, papers=PAPERS),
    TicketResumed(request_id=REQUEST_ID, by=Resumed.STAFF),
    TicketExtended(request_id=REQUEST_ID, resolve_by=LATER, local=LOCAL),
    TicketStruckThree(strikes=3),
)
