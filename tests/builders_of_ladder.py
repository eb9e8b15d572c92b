"""Builders of the ladder's contract values: steps up, whistles, and one body of each event."""

from datetime import timedelta
from typing import Any

from contracts.events.ladder import (
    TicketEscalated,
    TicketWhistled,
    WhistleContacted,
    WhistleNear,
    WhistleOverdue,
    WhistleReported,
    WhistleReturned,
    WhistleSignedIn,
)
from contracts.ladder import Escalation, EscalationReason, Rung, Whistle, WhistleStatus, WhistleStep
from contracts.words import ResultCode, Text
from tests.scene import NOON

GAS = "gas-company"
BLOCK = "slc-hs-centre"


def a_whistle(**changes: Any) -> Whistle:
    """The gas company, just whistled for an emergency."""
    values: dict[str, Any] = {
        "team": GAS,
        "name": Text("燃气公司", "Gas company"),
        "count": 1,
        "leads": ("m-q01", "m-q02"),
        "by": "a-desk",
        "status": WhistleStatus.WHISTLED,
        "whistled_at": NOON,
        "sign_in_by": NOON + timedelta(minutes=30),
        "contact_by": NOON + timedelta(minutes=60),
        "report_by": NOON + timedelta(minutes=240),
        **changes,
    }
    return Whistle(**values)


def an_escalation(**changes: Any) -> Escalation:
    """From the desk to the chief of blocks, by staff."""
    values: dict[str, Any] = {
        "at": NOON,
        "before": Rung.DESK,
        "rung": Rung.CHIEF_OF_BLOCKS,
        "reason": EscalationReason.JOINT,
        "by_role": "staff",
        **changes,
    }
    return Escalation(**values)


LADDER_BODIES: tuple[Any, ...] = (
    TicketEscalated(before=Rung.DESK, rung=Rung.CHIEF_OF_BLOCKS, reason=EscalationReason.JOINT),
    TicketWhistled(teams=(GAS,)),
    WhistleSignedIn(team=GAS),
    WhistleContacted(team=GAS),
    WhistleReported(team=GAS, result=ResultCode.SOLVED),
    WhistleReturned(team=GAS, reason_code="not_ours"),
    WhistleNear(team=GAS, step=WhistleStep.SIGN_IN),
    WhistleOverdue(team=GAS, step=WhistleStep.REPORT),
)
