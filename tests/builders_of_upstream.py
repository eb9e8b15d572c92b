"""Builders of orders that came from an upstream system; all invented."""

from datetime import timedelta
from typing import Any

from contracts.events.upstream import TicketUpstreamCalledBack, TicketUpstreamRepeated, TicketUpstreamTold
from contracts.upstream import External, ReportKind, TicketExternal, UpstreamCallback
from contracts.words import Answer, Nature
from tests.scene import NOON

HOTLINE = "12345"
NUMBER = "JB-2026-112100077"


def an_external(**changes: Any) -> External:
    """An order of the hotline, which wants the result within three days."""
    values: dict[str, Any] = {
        "system": HOTLINE,
        "number": NUMBER,
        "nature": Nature.PROBLEM,
        "deadline": NOON + timedelta(days=3),
        "callback_by": NOON + timedelta(days=4),
        **changes,
    }
    return External(**values)


def a_ticket_external(**changes: Any) -> TicketExternal:
    """What everybody may know of it."""
    values: dict[str, Any] = {
        "system": HOTLINE,
        "nature": Nature.PROBLEM,
        "deadline": NOON + timedelta(days=3),
        "callback_by": NOON + timedelta(days=4),
        "repeats": 1,
        "callback": UpstreamCallback(answer=Answer.UNSATISFIED, solved=False, at=NOON),
        **changes,
    }
    return TicketExternal(**values)


UPSTREAM_BODIES: tuple[Any, ...] = (
    TicketUpstreamRepeated(repeats=1, ended=False, danger=False),
    TicketUpstreamCalledBack(answer=Answer.UNSATISFIED, solved=False, content=False),
    TicketUpstreamTold(kind=ReportKind.CLOSED, delivered=True),
)
"""One body of every event between an order and upstream."""
