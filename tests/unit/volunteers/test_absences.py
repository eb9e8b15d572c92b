"""No-show and late cancel: the member first, then staff or time; and never a reason to be asked less."""

import ast
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from contracts.absences import AbsenceKind, AbsenceState, Side
from contracts.actor import Grant, Role
from contracts.catalogue import Wanted
from contracts.commands import Call
from contracts.commands.absences import (
    AnswerAbsence,
    DecideAbsence,
    ReadAbsences,
    ReadWaitingAbsences,
    RevealAbsence,
)
from contracts.commands.volunteers import ReleaseSeat
from contracts.decisions import Due
from contracts.errors import Invalid, NotFound
from contracts.lifecycle import IllegalTransition, advance
from services.volunteers.domain.absence import ABSENCE, Absence, AbsenceAction
from services.volunteers.domain.watching import watched
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.volunteers.builders import accepted
from tests.unit.volunteers.world import World, a_world

SEAT = f"{TICKET_ID}.s1.1"
HOUR = timedelta(hours=1)
STAFF = an_actor(Role.SECRETARY, account_id="a-staff")
CELLS = {
    "shown": {"admit": "stands", "answer": "answered", "time_over": "stands"},
    "answered": {"uphold": "stands", "set_aside": "set_aside", "time_over": "lapsed"},
}


@pytest.mark.parametrize(("status", "action"), list(product(AbsenceState, AbsenceAction)))
def test_every_cell(status: AbsenceState, action: AbsenceAction) -> None:
    expected = CELLS.get(status.value, {}).get(action.value)
    if expected is None:
        with pytest.raises(IllegalTransition):
            advance(ABSENCE, status, action)
    else:
        assert advance(ABSENCE, status, action).value == expected


def taken(wanted_in: timedelta | None = 20 * HOUR, **terms: Any) -> World:
    wanted = None if wanted_in is None else Wanted(start=NOON + wanted_in)
    world = a_world(1)
    world.tell(accepted(ticket={"wanted": wanted}, **terms))
    world.say_yes("m1")
    return world


def given_back(world: World, after: timedelta) -> World:
    world.clock.advance(minutes=after.total_seconds() / 60)
    world.commands.release_seat(Call(ReleaseSeat(assignment_id=SEAT), world.meta("m1")))
    world.note_absence(SEAT)
    return world


def known(world: World) -> Absence | None:
    return world.absences.get(SEAT)


def a_late_cancel() -> World:
    return given_back(taken(), 9 * HOUR)


def told(world: World) -> list[str]:
    return [one.type for one in world.journal.envelopes if ".absence." in one.type]


def call(world: World, command: Any, actor: Any = STAFF) -> Any:
    case = {
        AnswerAbsence: world.absent.answer,
        DecideAbsence: world.absent.decide,
        RevealAbsence: world.absent.reveal,
        ReadAbsences: world.absent.read,
        ReadWaitingAbsences: world.absent.read_waiting,
    }[type(command)]
    return case(Call(command, a_meta(actor, world.meta("m1").command_id))).result


def say(world: World, side: Side = Side.ILL, note: str | None = None, who: str = "m1") -> Any:
    return call(world, AnswerAbsence(absence_id=SEAT, side=side, note=note), a_member_actor(who))


def over(world: World, days: int) -> None:
    found = known(world)
    assert found is not None
    world.clock.advance(days=days)
    for due in found.deadlines():
        if due.at <= world.clock.now():
            for _ in range(2):
                world.absent.fire(SEAT, due)


def state(world: World) -> AbsenceState | None:
    found = known(world)
    return None if found is None else found.state


@pytest.mark.parametrize(
    ("wanted_in", "after", "noted"),
    [
        (20 * HOUR, 9 * HOUR, True),
        (20 * HOUR, 8 * HOUR, False),
        (20 * HOUR, 21 * HOUR, True),
        (HOUR, timedelta(minutes=16), True),
        (HOUR, timedelta(minutes=15), False),
        (-HOUR, 2 * HOUR, False),
        (None, 9 * HOUR, False),
    ],
    ids=["near", "in time", "after the time", "soon", "second thoughts", "taken after it", "no time"],
)
def test_what_is_a_late_cancel(wanted_in: timedelta | None, after: timedelta, noted: bool) -> None:
    found = known(given_back(taken(wanted_in), after))
    assert (found is not None and found.kind is AbsenceKind.LATE_CANCEL) is noted


def test_the_community_says_how_long_before_it_is_free() -> None:
    assert known(given_back(taken(cancel_minutes=60), 9 * HOUR)) is None
    assert known(given_back(taken(cancel_minutes=60), 19.5 * HOUR)) is not None


def test_whoever_was_there_or_serves_no_more_is_not_noted() -> None:
    there = taken()
    there.clock.advance(minutes=600)
    there.arrive(SEAT, "m1")
    assert known(given_back(there, HOUR)) is None
    gone = taken()
    gone.clock.advance(minutes=540)
    gone.commands.release_seat(Call(ReleaseSeat(assignment_id=SEAT), gone.meta("m1")))
    gone.add_again(replace(gone.member("m1"), serving=False))
    gone.note_absence(SEAT)
    assert known(gone) is None


def test_whoever_does_not_come_and_does_not_answer_is_noted_once() -> None:
    world = taken(HOUR)
    for minutes in (180, 15):
        now = world.clock.advance(minutes=minutes)
        for one in list(watched(world.demand)):
            if one.at <= now:
                world.deadlines.fire(TICKET_ID, Due(one.key, one.at))
    world.note_absence(SEAT)
    found = known(world)
    assert found is not None
    assert (found.kind, found.state) == (AbsenceKind.NO_SHOW, AbsenceState.SHOWN)
    assert told(world) == ["shiliu.absence.noted.v1"]


def test_only_the_member_knows_of_it_first() -> None:
    world = a_late_cancel()
    [mine] = call(world, ReadAbsences(), a_member_actor("m1"))["absences"]
    assert (mine["kind"], mine["state"]) == ("late_cancel", "shown")
    assert call(world, ReadAbsences(member_id="m1"))["absences"] == []
    assert call(world, ReadWaitingAbsences())["absences"] == []
    for command in (DecideAbsence(absence_id=SEAT, stands=True), RevealAbsence(absence_id=SEAT, reason="看看")):
        with pytest.raises(NotFound):
            call(world, command)
    with pytest.raises(NotFound):
        say(world, who="m2")


def test_silence_of_the_member_lets_it_stand_after_three_working_days() -> None:
    world = a_late_cancel()
    over(world, 1)
    assert state(world) is AbsenceState.SHOWN
    over(world, 6)
    assert state(world) is AbsenceState.STANDS
    assert [one["state"] for one in call(world, ReadAbsences(member_id="m1"))["absences"]] == ["stands"]
    assert told(world) == ["shiliu.absence.noted.v1", "shiliu.absence.settled.v1"]
    with pytest.raises(IllegalTransition):
        say(world)


def test_silence_of_staff_lets_it_lapse() -> None:
    world = a_late_cancel()
    assert say(world) == {"state": "answered"}
    over(world, 30)
    assert state(world) is AbsenceState.LAPSED
    assert call(world, ReadAbsences(member_id="m1"))["absences"] == []


def test_saying_that_it_was_so_settles_it() -> None:
    world = a_late_cancel()
    assert say(world, Side.SO_IT_WAS) == {"state": "stands"}


@pytest.mark.parametrize(("stands", "ends"), [(True, "stands"), (False, "set_aside")])
def test_staff_hear_the_side_and_decide_once(stands: bool, ends: str) -> None:
    world = a_late_cancel()
    say(world, Side.OTHER, "  孩子发烧  ")
    [waiting] = call(world, ReadWaitingAbsences())["absences"]
    assert (waiting["side"], waiting["has_note"], waiting["note"]) == ("other", True, None)
    assert call(world, RevealAbsence(absence_id=SEAT, reason="要决定")) == {"note": "孩子发烧"}
    assert [(one.member_id, one.part, one.reason) for one in world.reveals] == [("m1", "absence", "要决定")]
    assert call(world, DecideAbsence(absence_id=SEAT, stands=stands)) == {"state": ends}
    with pytest.raises((IllegalTransition, NotFound)):
        call(world, DecideAbsence(absence_id=SEAT, stands=True))
    assert b"\xe5\xad\xa9" not in str(world.absences.document(SEAT)).encode()
    assert "孩子" not in str(world.journal.envelopes)


def test_nobody_decides_their_own_nor_elsewhere() -> None:
    world = a_late_cancel()
    say(world)
    own = an_actor(Role.SECRETARY, account_id="a-own", member_id="m1")
    elsewhere = an_actor(account_id="a-far", grants=(Grant(Role.SECRETARY, "far"),))
    for actor in (own, elsewhere):
        with pytest.raises(NotFound):
            call(world, DecideAbsence(absence_id=SEAT, stands=False), actor)
    assert call(world, ReadWaitingAbsences(), own)["absences"] == []


def test_other_needs_a_word() -> None:
    with pytest.raises(Invalid):
        say(a_late_cancel(), Side.OTHER, "   ")


def test_nothing_that_asks_weighs_or_counts_people_knows_of_it() -> None:
    rooms = Path(__file__).parents[3] / "services" / "volunteers"
    allowed = {"absence.py", "absences.py", "absences_rpc.py", "service.py", "indexes.py", "retention.py"}
    allowed |= {"absences_wiring.py", "inventory.py", "person.py", "sealed.py"}
    for file in sorted(rooms.rglob("*.py")):
        names = {one.module or "" for one in ast.walk(ast.parse(file.read_text())) if isinstance(one, ast.ImportFrom)}
        assert file.name in allowed or not any("absence" in name for name in names), file
