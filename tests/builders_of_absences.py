"""Builders about no-shows and late cancels: name what your test is about. All invented."""

from typing import Any

from contracts.absences import AbsenceKind, AbsenceState
from contracts.events.absences import AbsenceAnswered, AbsenceNoted, AbsenceSettled, AbsenceSnapshot
from contracts.words import Text
from tests.scene import NOON


def an_absence_snapshot(**changes: Any) -> AbsenceSnapshot:
    """Somebody did not come to a small repair."""
    values: dict[str, Any] = {
        "id": "01KAJ5ZX0000000000000TCKET.s1.1",
        "community_id": "sll",
        "member_id": "wangshifu",
        "kind": AbsenceKind.NO_SHOW,
        "state": AbsenceState.SHOWN,
        "number": "NC-261121-0042",
        "item_name": Text("水电小修", "Small water and electric repairs"),
        "area_path": ("sl", "hs", "sll", "sll-g1"),
        **changes,
    }
    return AbsenceSnapshot(**values)


ABSENCE_BODIES = (
    AbsenceNoted(member_id="wangshifu", answer_by=NOON),
    AbsenceAnswered(decide_by=NOON),
    AbsenceSettled(member_id="wangshifu"),
)
