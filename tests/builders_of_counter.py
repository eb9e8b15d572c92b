"""Builders of what the counter knows and tells; name what your test is about. All invented."""

from datetime import timedelta
from typing import Any

from contracts.counter import Appointment, CounterVisit, Paper, ServedAt, TicketPart
from contracts.events.counter import (
    TicketAppointed,
    TicketHandedOver,
    TicketMandateGiven,
    TicketPapersSeen,
    TicketPartAdded,
    TicketPartReported,
    TicketPartsChanged,
    TicketTakenIn,
    TicketWholeReported,
)
from contracts.words import Text, TicketStatus
from tests.scene import NOON

OWNER = "m-k-001"
PART_ID = "01KAJ5ZX00000000000000PART"
LOCAL = "2026-11-21 13:00"


def a_paper(code: str = "id-card", **changes: Any) -> Paper:
    """The identity card: the original and one copy."""
    values: dict[str, Any] = {
        "code": code,
        "name": Text("身份证", "Identity card"),
        "original": True,
        "copies": 1,
        **changes,
    }
    return Paper(**values)


def a_visit(*papers: Paper, **changes: Any) -> CounterVisit:
    """One business with its papers."""
    return CounterVisit(**{"businesses": ("B01",), "papers": papers, **changes})


def an_appointment(**changes: Any) -> Appointment:
    """An hour from now, at the counter."""
    return Appointment(**{"at": NOON + timedelta(hours=1), "local": LOCAL, "where": ServedAt.COUNTER, **changes})


def a_part(status: TicketStatus = TicketStatus.ACCEPTED, **changes: Any) -> TicketPart:
    """A share for the labour department, as the whole knows it."""
    values: dict[str, Any] = {
        "ticket_id": PART_ID,
        "number": "NC-261121-0043",
        "item_id": "job-openings",
        "item_name": Text("就业岗位信息", "Jobs"),
        "status": status,
        **changes,
    }
    return TicketPart(**values)


COUNTER_BODIES: tuple[Any, ...] = (
    TicketTakenIn(owner=OWNER),
    TicketHandedOver(owner=OWNER, before="m-k-002", reason_code="end_of_shift"),
    TicketAppointed(at=NOON + timedelta(hours=1), local=LOCAL, where=ServedAt.COUNTER),
    TicketPapersSeen(complete=False, missing=("id-card",)),
    TicketMandateGiven(),
    TicketPartAdded(part_id=PART_ID),
    TicketPartReported(),
    TicketPartsChanged(part_id=PART_ID, part_status=TicketStatus.COMPLETED, all_done=True),
    TicketWholeReported(),
)
