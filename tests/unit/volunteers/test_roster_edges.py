"""The roster where it is easily got wrong: whoever stood in cannot either, a shift that is over, days without end."""

from datetime import timedelta

import pytest

from contracts.commands.rosters import CannotServe, NameSubstitute, ReadRosters, TakeOver
from contracts.errors import Conflict, Invalid
from contracts.roster import ShiftStatus, UnfilledReason
from tests.builders_of_rosters import NIGHT_BEGINS, OFFICER, SHIFT_ID, SUBSTITUTE
from tests.unit.volunteers.rostering import Station
from tests.unit.volunteers.test_rosters import MORNING_AFTER, TONIGHT, a_station, alarms


def the_night(station: Station):
    roster = station.rosters.get(TONIGHT)
    assert roster is not None
    return roster.shift(SHIFT_ID)


def test_where_whoever_stood_in_cannot_either_nobody_has_it_and_staff_hear() -> None:
    station = a_station(substitute_id=SUBSTITUTE)
    station.fire(TONIGHT, until=NIGHT_BEGINS)
    station.do(station.app.take_over, TakeOver(shift_id=SHIFT_ID), SUBSTITUTE)

    station.do(station.app.cannot_serve, CannotServe(shift_id=SHIFT_ID), SUBSTITUTE)
    station.fire(TONIGHT, until=NIGHT_BEGINS + timedelta(minutes=1))

    assert (the_night(station).member_id, the_night(station).status) == (None, ShiftStatus.EMPTY)
    assert (UnfilledReason.EMPTY, SHIFT_ID, None) in alarms(station)


def test_nobody_stands_in_for_themselves() -> None:
    with pytest.raises(Invalid):
        a_station(substitute_id=OFFICER)
    station = a_station(substitute_id=SUBSTITUTE)
    station.do(station.app.cannot_serve, CannotServe(shift_id=SHIFT_ID), OFFICER)
    station.do(station.app.name_substitute, NameSubstitute(shift_id=SHIFT_ID, member_id=OFFICER))

    assert (the_night(station).member_id, the_night(station).substitute_id) == (SUBSTITUTE, OFFICER)


def test_who_held_a_shift_that_is_over_stays_known() -> None:
    station = a_station(substitute_id=SUBSTITUTE)
    station.move(NIGHT_BEGINS)
    station.do(station.app.take_over, TakeOver(shift_id=SHIFT_ID), OFFICER)
    station.move(MORNING_AFTER)

    with pytest.raises(Conflict, match="not-its-time"):
        station.do(station.app.cannot_serve, CannotServe(shift_id=SHIFT_ID), OFFICER)

    assert the_night(station).member_id == OFFICER
    assert the_night(station).signed_in_at == NIGHT_BEGINS


@pytest.mark.parametrize("since", ["0001-01-01", "9999-11-30"])
def test_any_day_may_be_asked_for(since: str) -> None:
    station = a_station()

    assert station.do(station.pages.read, ReadRosters(since=since, days=31)).result["shifts"] == []


def test_days_beyond_the_calendar_are_refused_in_words() -> None:
    station = a_station()

    with pytest.raises(Invalid, match="invalid-since"):
        station.do(station.pages.read, ReadRosters(since="9999-12-31", days=31))
