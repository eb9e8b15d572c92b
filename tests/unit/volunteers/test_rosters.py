"""The roster: planned, looked at in the evening, signed in to, handed over; an empty shift is an alarm, once."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from contracts.commands.rosters import (
    CannotServe,
    NameSubstitute,
    ReadRosters,
    RemoveShift,
    SetShift,
    TakeOver,
    WriteHandOver,
)
from contracts.errors import Conflict, DomainError, Invalid, NotFound
from contracts.events.rosters import RosterUnfilled, ShiftChanged, ShiftPublished
from contracts.roster import ShiftRole, ShiftStatus, UnfilledReason
from services.volunteers.domain.rest import Rest
from services.volunteers.domain.roster import paired, put, roster_id
from tests.builders_of_rosters import (
    AREA,
    DAY,
    EVENING,
    NIGHT_BEGINS,
    OFFICER,
    SHIFT_ID,
    SUBSTITUTE,
    a_roster,
    a_wanted,
)
from tests.unit.volunteers.rostering import Station

TONIGHT = roster_id(AREA, DAY)
TOMORROW = DAY + timedelta(days=1)
BEFORE_EVENING = EVENING - timedelta(hours=3)
MORNING_AFTER = datetime(2026, 11, 23, 0, tzinfo=UTC)


def night(**changes: object) -> SetShift:
    values = {
        "area_id": AREA,
        "day": DAY.isoformat(),
        "role": ShiftRole.DUTY_OFFICER,
        "starts": "20:00",
        "ends": "08:00",
    }
    return SetShift(**{**values, "member_id": OFFICER, **changes})  # type: ignore[arg-type]


def tomorrow(**changes: object) -> SetShift:
    return night(day=TOMORROW.isoformat(), **changes)


def a_station(**changes: object) -> Station:
    """Afternoon: tonight and tomorrow are planned."""
    station = Station(BEFORE_EVENING)
    station.do(station.app.set_shift, night(**changes))
    station.do(station.app.set_shift, tomorrow())
    return station


def alarms(station: Station) -> list[tuple[UnfilledReason, str | None, str | None]]:
    bodies = [one.body for one in station.told() if isinstance(one.body, RosterUnfilled)]
    return [(body.reason, body.shift, body.member_id) for body in bodies]


def test_a_night_ends_on_the_next_day_by_the_clocks_there() -> None:
    shift = a_roster().shift(SHIFT_ID)
    assert (shift.starts_at, shift.ends_at) == (NIGHT_BEGINS, MORNING_AFTER)
    assert shift.covers(NIGHT_BEGINS)
    assert not shift.covers(MORNING_AFTER)


def test_a_filled_night_is_no_alarm() -> None:
    station = a_station()
    station.fire(TONIGHT, until=EVENING)
    assert alarms(station) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"on_duty": False},
        {"serving": False},
        {"rests": (Rest("p1", 1, dead=True),)},
    ],
)
def test_a_night_whose_holder_will_not_come_is_an_alarm_once(changes: dict[str, object]) -> None:
    station = a_station()
    officer = station.members.get(OFFICER)
    assert officer is not None
    station.keep(replace(officer, **changes))  # type: ignore[arg-type]
    station.fire(TONIGHT, until=EVENING + timedelta(hours=1))
    assert alarms(station) == [(UnfilledReason.AWAY, SHIFT_ID, None)]


def test_an_empty_night_is_an_alarm_and_staff_hear_when_it_is_filled() -> None:
    station = a_station(member_id=None)
    station.fire(TONIGHT, until=EVENING)
    assert alarms(station) == [(UnfilledReason.EMPTY, SHIFT_ID, None)]
    station.do(station.app.name_substitute, NameSubstitute(shift_id=SHIFT_ID, member_id=SUBSTITUTE))
    station.fire(TONIGHT, until=EVENING + timedelta(hours=1))
    last = station.told()[-1]
    assert isinstance(last.body, ShiftChanged)
    assert last.body.filled
    assert last.snapshot.shifts[0].alarm is None
    assert len(alarms(station)) == 1


def test_a_day_shift_is_looked_at_the_evening_before() -> None:
    station = Station(BEFORE_EVENING)
    station.do(station.app.set_shift, tomorrow(starts="08:00", ends="20:00", member_id=None))
    station.fire(roster_id(AREA, TOMORROW), until=EVENING)
    assert [reason for reason, *_ in alarms(station)] == [UnfilledReason.EMPTY]


def test_whoever_cannot_after_the_evening_check_is_missed_at_once() -> None:
    station = a_station()
    station.fire(TONIGHT, until=EVENING)
    station.do(station.app.cannot_serve, CannotServe(shift_id=SHIFT_ID), OFFICER)
    station.fire(TONIGHT)
    assert alarms(station) == [(UnfilledReason.EMPTY, SHIFT_ID, None)]


def test_the_substitute_has_it_when_the_officer_cannot() -> None:
    station = a_station(substitute_id=SUBSTITUTE)
    station.do(station.app.cannot_serve, CannotServe(shift_id=SHIFT_ID), OFFICER)
    told = station.told()[-1]
    assert told.body.member_id == SUBSTITUTE
    assert told.snapshot.shifts[0].member_id == SUBSTITUTE
    station.fire(TONIGHT, until=EVENING)
    assert alarms(station) == []


def test_nobody_signs_in_and_the_substitute_is_asked_once() -> None:
    station = a_station(substitute_id=SUBSTITUTE)
    station.fire(TONIGHT, until=NIGHT_BEGINS + timedelta(minutes=14))
    assert alarms(station) == []
    station.fire(TONIGHT, until=NIGHT_BEGINS + timedelta(hours=2))
    assert alarms(station) == [(UnfilledReason.LATE, SHIFT_ID, SUBSTITUTE)]
    station.do(station.app.take_over, TakeOver(shift_id=SHIFT_ID), SUBSTITUTE)
    last = station.told()[-1]
    assert last.body.filled
    assert last.snapshot.shifts[0].status is ShiftStatus.ON
    assert last.snapshot.shifts[0].member_id == SUBSTITUTE


def test_whoever_signs_in_in_time_is_no_alarm() -> None:
    station = a_station()
    station.fire(TONIGHT, until=NIGHT_BEGINS - timedelta(minutes=30))
    station.do(station.app.take_over, TakeOver(shift_id=SHIFT_ID), OFFICER)
    station.fire(TONIGHT, until=MORNING_AFTER)
    assert alarms(station) == []


def test_a_day_after_which_nobody_planned_is_an_alarm_once() -> None:
    station = Station(BEFORE_EVENING)
    station.do(station.app.set_shift, night())
    station.fire(TONIGHT, until=EVENING)
    assert alarms(station) == [(UnfilledReason.NO_ROSTER, None, None)]


def test_a_list_of_last_week_is_no_alarm() -> None:
    station = Station(EVENING)
    station.do(station.app.set_shift, night(day="2026-11-15", member_id=None))
    station.fire(roster_id(AREA, DAY - timedelta(days=7)))
    assert alarms(station) == []


def test_a_note_is_read_by_whoever_takes_over_and_by_nobody_else() -> None:
    station = a_station()
    station.do(station.app.set_shift, tomorrow(starts="08:00", ends="20:00", member_id=SUBSTITUTE))
    day = f"{roster_id(AREA, TOMORROW)}.2"
    station.move(NIGHT_BEGINS)
    first = station.do(station.app.take_over, TakeOver(shift_id=SHIFT_ID), OFFICER).result
    assert first["note"] is None
    assert station.log.rows == []
    note = "3号楼电梯修到一半,明早九点师傅再来"
    station.do(station.app.write_hand_over, WriteHandOver(shift_id=SHIFT_ID, note=note), OFFICER)
    station.move(MORNING_AFTER)
    told = station.do(station.app.take_over, TakeOver(shift_id=day), SUBSTITUTE, id="over").result
    assert (told["note"], told["note_of"]) == (note, OFFICER)
    assert [(row.member_id, row.part) for row in station.log.rows] == [(OFFICER, "hand_over")]
    again = station.do(station.app.take_over, TakeOver(shift_id=day), SUBSTITUTE, id="over").result
    assert again["note"] == note
    kept = [station.rosters.document(id) for id in station.rosters.ids()]
    assert note not in str(kept)
    assert note not in str(station.journal.envelopes)
    station.vault.destroy(OFFICER)
    muted = station.do(station.app.take_over, TakeOver(shift_id=day), SUBSTITUTE, id="over").result
    assert muted["note"] is None


@pytest.mark.parametrize(
    ("who", "command"),
    [
        (SUBSTITUTE, CannotServe(shift_id=SHIFT_ID)),
        (SUBSTITUTE, TakeOver(shift_id=SHIFT_ID)),
        (SUBSTITUTE, WriteHandOver(shift_id=SHIFT_ID, note="x")),
        (OFFICER, RemoveShift(shift_id=SHIFT_ID)),
        (OFFICER, NameSubstitute(shift_id=SHIFT_ID, member_id=SUBSTITUTE)),
        (OFFICER, night()),
    ],
)
def test_what_is_not_theirs_is_not_there(who: str, command: object) -> None:
    station = a_station()
    station.move(NIGHT_BEGINS)
    use = {
        CannotServe: station.app.cannot_serve,
        TakeOver: station.app.take_over,
        WriteHandOver: station.app.write_hand_over,
        RemoveShift: station.app.remove_shift,
        NameSubstitute: station.app.name_substitute,
        SetShift: station.app.set_shift,
    }[type(command)]
    with pytest.raises(NotFound):
        station.do(use, command, who)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"member_id": "volunteer"}, Invalid),
        ({"member_id": "nobody"}, Invalid),
        ({"starts": "8 o'clock"}, Invalid),
        ({"day": "tomorrow"}, Invalid),
        ({"day": "2999-01-01"}, Invalid),
        ({"area_id": "elsewhere"}, NotFound),
        ({"shift_id": "other.20261122.1"}, NotFound),
    ],
)
def test_what_cannot_be_planned_is_refused(changes: dict[str, object], error: type[DomainError]) -> None:
    station = Station(BEFORE_EVENING)
    with pytest.raises(error):
        station.do(station.app.set_shift, night(**changes))
    assert station.told() == []


def test_one_signs_in_from_an_hour_before_until_the_end() -> None:
    station = a_station()
    with pytest.raises(Conflict, match="not-its-time"):
        station.do(station.app.take_over, TakeOver(shift_id=SHIFT_ID), OFFICER)
    with pytest.raises(Conflict, match="sign-in-first"):
        station.do(station.app.write_hand_over, WriteHandOver(shift_id=SHIFT_ID, note="x"), OFFICER)


def test_staff_read_all_of_it_and_others_what_is_theirs() -> None:
    station = a_station(substitute_id=SUBSTITUTE)
    whole = ReadRosters(since=DAY.isoformat(), days=2)
    rows = station.do(station.pages.read, whole).result["shifts"]
    assert [row["display_name"] for row in rows] == ["m-g01师傅", "m-g01师傅"]
    assert len(station.do(station.pages.read, whole, SUBSTITUTE).result["shifts"]) == 1
    assert station.do(station.pages.read, whole, "volunteer").result["shifts"] == []
    mine = replace(whole, mine=True)
    assert station.do(station.pages.read, mine).result["shifts"] == []
    with pytest.raises(Invalid):
        station.do(station.pages.read, replace(whole, days=32))


def test_the_same_file_twice_changes_nothing_and_another_holder_changes_one() -> None:
    two = [a_wanted(), a_wanted(member_id=SUBSTITUTE)]
    roster = a_roster(*two)
    assert put(roster, paired(roster, two)).events == ()
    other = put(roster, paired(roster, [two[0], a_wanted(member_id="m-g03")]))
    assert [one.member_id for one in other.aggregate.shifts] == [OFFICER, "m-g03"]
    (told,) = other.events
    assert isinstance(told, ShiftPublished)
    assert told.member_ids == ("m-g03",)
    more = put(roster, paired(roster, [*two, a_wanted(starts=time(8), ends=time(20))]))
    assert len(more.aggregate.shifts) == 3


def test_a_removed_shift_is_never_an_alarm() -> None:
    station = a_station(member_id=None)
    station.do(station.app.remove_shift, RemoveShift(shift_id=SHIFT_ID))
    station.fire(TONIGHT, until=MORNING_AFTER)
    assert alarms(station) == []
