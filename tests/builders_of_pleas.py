"""Builders about what somebody wrote by SMS: name what your test is about. All invented."""

from typing import Any

from contracts.events.pleas import PleaHandled, PleaOverdue, PleaReceived, PleaSnapshot
from contracts.pleas import PleaOutcome, PleaState
from tests.scene import AREA_PATH, COMMUNITY, NOON


def a_plea_snapshot(**changes: Any) -> PleaSnapshot:
    """That somebody wrote."""
    values: dict[str, Any] = {
        "id": "01KAJ5ZX00000000000000PLEA",
        "community_id": COMMUNITY,
        "state": PleaState.WAITING,
        "danger": False,
        "texts": 1,
        "late": 0,
        "area_path": AREA_PATH,
        **changes,
    }
    return PleaSnapshot(**values)


PLEA_BODIES = (
    PleaReceived(danger=False, respond_by=NOON),
    PleaOverdue(respond_by=NOON),
    PleaHandled(outcome=PleaOutcome.ORDERED, ticket_id="t-1"),
)
