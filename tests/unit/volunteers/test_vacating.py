"""Whoever serves no more has no shift to come: their substitute has it, or nobody, and staff hear of that."""

from datetime import timedelta
from typing import Any

from contracts.commands.rosters import SetShift
from contracts.events.rosters import RosterUnfilled, ShiftChanged
from contracts.roster import ShiftRole, ShiftStatus, ShiftStep, UnfilledReason
from tests.builders import COMMUNITY, a_meta
from tests.builders_of_rosters import AREA, DAY, EVENING, NIGHT_BEGINS, OFFICER, SUBSTITUTE
from tests.unit.volunteers.rostering import Station

TOMORROW = DAY + timedelta(days=1)


def planned(station: Station, day: Any = DAY, member: str | None = OFFICER, substitute: str | None = None) -> str:
    command = SetShift(
        area_id=AREA,
        day=day.isoformat(),
        role=ShiftRole.DUTY_OFFICER,
        starts="20:00",
        ends="08:00",
        member_id=member,
        substitute_id=substitute,
    )
    return str(station.do(station.app.set_shift, command).result["shift_id"])


def gone(station: Station) -> int:
    return station.vacating(COMMUNITY, OFFICER, a_meta(command_id="gone"))


def shift_of(station: Station, shift_id: str) -> Any:
    roster = station.rosters.get(shift_id.rpartition(".")[0])
    assert roster is not None
    return roster.shift(shift_id)


def changes(station: Station) -> list[tuple[ShiftStep, str | None]]:
    bodies = [one.body for one in station.told()]
    return [(one.step, one.member_id) for one in bodies if isinstance(one, ShiftChanged)]


def test_their_substitute_has_it_and_without_one_nobody_and_staff_hear_once() -> None:
    station = Station(EVENING - timedelta(hours=3))
    tonight, tomorrow = planned(station, substitute=SUBSTITUTE), planned(station, TOMORROW)

    assert [gone(station), gone(station)] == [2, 0]

    assert (shift_of(station, tonight).member_id, shift_of(station, tonight).substitute_id) == (SUBSTITUTE, None)
    assert shift_of(station, tomorrow).status is ShiftStatus.EMPTY
    assert changes(station) == [(ShiftStep.CANNOT, SUBSTITUTE), (ShiftStep.CANNOT, None)]


def test_where_the_evening_has_passed_the_empty_shift_is_an_alarm_at_once() -> None:
    station = Station(EVENING - timedelta(hours=3))
    tonight = planned(station)
    roster = tonight.rpartition(".")[0]
    station.fire(roster, until=EVENING + timedelta(minutes=30))
    gone(station)
    station.fire(roster)
    told = [one.body.reason for one in station.told() if isinstance(one.body, RosterUnfilled) and one.body.shift]
    assert told == [UnfilledReason.EMPTY]


def test_nor_do_they_stand_in_for_anybody() -> None:
    station = Station(EVENING)
    tonight = planned(station, member=SUBSTITUTE, substitute=OFFICER)
    gone(station)
    assert (shift_of(station, tonight).member_id, shift_of(station, tonight).substitute_id) == (SUBSTITUTE, None)
    assert changes(station) == [(ShiftStep.SUBSTITUTED, None)]


def test_what_is_over_stays_as_it_was() -> None:
    station = Station(EVENING)
    tonight = planned(station)
    station.move(NIGHT_BEGINS + timedelta(hours=12))
    gone(station)
    assert shift_of(station, tonight).member_id == OFFICER
    assert changes(station) == []
