"""Whoever is on the roster is reminded before their shift, and nobody whose shift it is no more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.events.rosters import ShiftChanged, ShiftPublished
from contracts.roster import ShiftState, ShiftStatus, ShiftStep
from services.notify.adapters.rules import read_rules
from services.notify.domain.message import Message
from services.notify.domain.overtaking import overtakings_of, reason_to_stop
from services.notify.domain.planning import messages_for
from tests.builders import received
from tests.builders_of_rosters import NIGHT_BEGINS, OFFICER, SHIFT_ID, SUBSTITUTE, a_roster_snapshot, a_shift_state
from tests.fakes.sending import TEMPLATES

RULES = read_rules()
SOON = ("shift-soon", "shift-soon-now")
LONG_BEFORE = "2026-11-19T04:00:00.000Z"
AFTERNOON = replace(
    a_shift_state(substitute_id=None),
    id="sll-g1.2026-11-22.2",
    starts_at=datetime(2026, 11, 22, 6, tzinfo=UTC),
    ends_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
)


def told(body: Any, *shifts: ShiftState, version: int = 1, at: str = LONG_BEFORE) -> Any:
    return received(body, a_roster_snapshot(shifts=shifts or (a_shift_state(),)), version, time=at)


def published(*shifts: ShiftState, **more: Any) -> Any:
    some = shifts or (a_shift_state(),)
    members = tuple(one.member_id for one in some if one.member_id is not None)
    return told(ShiftPublished(shifts=tuple(one.id for one in some), member_ids=members), *some, **more)


def changed(step: ShiftStep, member: str | None, shift: ShiftState, version: int = 2) -> Any:
    return told(ShiftChanged(shift=shift.id, step=step, member_id=member), shift, version=version)


def soon(event: Any, channel: str = "in_app") -> list[Message]:
    return [one for one in messages_for(RULES, event) if one.rule in SOON and one.channel == channel]


def left(first: Any, then: Any) -> list[str]:
    """Who is still reminded after both, in whatever order they came."""
    overtakings = [*overtakings_of(RULES, first), *overtakings_of(RULES, then)]
    planned = [*soon(first), *soon(then)]
    return sorted({one.recipient for one in planned if reason_to_stop(one, overtakings) is None})


def test_the_day_before_and_an_hour_before_by_the_inbox_and_by_phone() -> None:
    for channel in ("in_app", "outward"):
        found = soon(published(), channel)
        assert [(one.recipient, one.before, one.at) for one in found] == [
            (f"member:{OFFICER}", 1440, NIGHT_BEGINS - timedelta(days=1)),
            (f"member:{OFFICER}", 60, NIGHT_BEGINS - timedelta(hours=1)),
        ]
        assert {(one.status, one.until, one.category) for one in found} == {("queued", NIGHT_BEGINS, "duty")}
    letter = TEMPLATES.render("shift-soon", "zh-CN", soon(published())[1].params)
    assert (letter.title, "20:00-08:00" in letter.body, "60" in letter.body) == ("快到您值班了", True, True)


def test_two_shifts_of_one_day_are_reminded_of_each_with_its_hours() -> None:
    found = soon(published(a_shift_state(), AFTERNOON))
    assert len({one.id for one in found}) == len(found) == 4
    assert {(one.thread, *one.params["hours"]) for one in found} == {
        (SHIFT_ID, "20:00-08:00"),
        (AFTERNOON.id, "14:00-17:00"),
    }


def test_what_lies_behind_already_is_left_out() -> None:
    assert [one.before for one in soon(published(at="2026-11-22T04:00:00.000Z"))] == [60]
    assert soon(published(at="2026-11-22T12:30:00.000Z")) == []


@pytest.mark.parametrize(
    ("step", "member", "shift", "still"),
    [
        (ShiftStep.CANNOT, SUBSTITUTE, a_shift_state(member_id=SUBSTITUTE, substitute_id=None), [SUBSTITUTE]),
        (ShiftStep.CANNOT, None, a_shift_state(member_id=None, status=ShiftStatus.EMPTY, substitute_id=None), []),
        (ShiftStep.REMOVED, OFFICER, a_shift_state(status=ShiftStatus.REMOVED), []),
        (ShiftStep.TAKEN_OVER, SUBSTITUTE, a_shift_state(member_id=SUBSTITUTE, status=ShiftStatus.ON), []),
        (ShiftStep.SUBSTITUTED, SUBSTITUTE, a_shift_state(), [OFFICER]),
        (ShiftStep.NOTED, OFFICER, a_shift_state(), [OFFICER]),
    ],
    ids=["substitute-has-it", "leave-and-nobody", "not-held", "signed-in", "somebody-stands-by", "note"],
)
def test_who_has_it_now_is_reminded_and_nobody_else(
    step: ShiftStep, member: str | None, shift: ShiftState, still: list[str]
) -> None:
    assert left(published(), changed(step, member, shift)) == [f"member:{one}" for one in still]


def test_a_shift_at_another_time_is_reminded_of_anew() -> None:
    later = replace(a_shift_state(), starts_at=NIGHT_BEGINS + timedelta(hours=2))
    first, then = published(), published(later, version=2)
    overtakings = overtakings_of(RULES, then)
    assert all(reason_to_stop(one, overtakings) == "overtaken" for one in soon(first))
    assert [one.at for one in soon(then)] == [later.starts_at - timedelta(minutes=one) for one in (1440, 60)]
    assert reason_to_stop(soon(then)[0], overtakings_of(RULES, first)) is None


def test_a_change_of_one_shift_leaves_the_reminders_of_the_others() -> None:
    first = published(a_shift_state(), AFTERNOON)
    gone = replace(AFTERNOON, status=ShiftStatus.REMOVED)
    over = overtakings_of(RULES, changed(ShiftStep.REMOVED, OFFICER, gone))
    assert {one.thread for one in soon(first) if reason_to_stop(one, over) is None} == {SHIFT_ID}
