"""Builders about the two ledgers: name what your test is about. All invented."""

from typing import Any

from contracts.events.hours import HoursAsked, HoursCorrected, HoursSnapshot, HoursWanted
from contracts.hours import EntryState, Ledger, Wanting
from contracts.words import Text


def an_hours_snapshot(**changes: Any) -> HoursSnapshot:
    """Half an hour of a small repair."""
    values: dict[str, Any] = {
        "id": "01KAJ5ZX0000000000000TCKET.s1.1",
        "community_id": "sll",
        "member_id": "wangshifu",
        "ledger": Ledger.HOURS,
        "state": EntryState.RECORDED,
        "item_name": Text("水电小修", "Small water and electric repairs"),
        "area_path": ("sl", "hs", "sll", "sll-g1"),
        "minutes": 30,
        "grade": 1,
        "year": 2026,
        **changes,
    }
    return HoursSnapshot(**values)


HOURS_BODIES = (
    HoursWanted(what=Wanting.TIMES),
    HoursAsked(ask_id="ask-1", member_id="wangshifu"),
    HoursCorrected(member_id="wangshifu", minutes_before=45, granted=True),
)
