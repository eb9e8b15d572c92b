"""Builders about suspected harm: name what your test is about. All invented."""

from typing import Any

from contracts.events.harm import (
    HarmAcknowledged,
    HarmClosed,
    HarmExplained,
    HarmRaised,
    HarmReceived,
    HarmSnapshot,
    HarmTold,
)
from contracts.harm import HarmSilence, HarmState
from tests.scene import NOON


def a_harm_snapshot(**changes: Any) -> HarmSnapshot:
    """That there is a report."""
    values: dict[str, Any] = {
        "id": "01KAJ5ZX00000000000000HARM",
        "community_id": "sll",
        "state": HarmState.RECEIVED,
        "circle": True,
        "district": False,
        **changes,
    }
    return HarmSnapshot(**values)


HARM_BODIES = (
    HarmReceived(acknowledge_by=NOON),
    HarmAcknowledged(),
    HarmRaised(reason=HarmSilence.UNACKNOWLEDGED, times=1),
    HarmTold(),
    HarmExplained(),
    HarmClosed(),
)
