"""What holds of rosters when everything was delivered."""

from collections import Counter

from contracts.events.rosters import RosterUnfilled
from contracts.roster import ShiftStatus
from tests.properties.house import House


def every_empty_shift_was_told(house: House) -> None:
    """A shift to come that nobody will hold was told of, or will be looked at; of each turn of it at most once a look.

    Nobody but paid staff has one.
    """
    events = [one for one in house.volunteers.journal.envelopes if one.type == RosterUnfilled.TYPE]
    told = Counter(one.data["shift"] for one in events)
    for roster in house.shifts():
        ahead = {due.key for due in roster.deadlines()}
        for shift in roster.shifts:
            assert shift.member_id not in {"m1", "m2", "m3", "m4"}
            # In the evening, and when it begins.
            assert told[shift.id] <= 2 * shift.turn, (
                f"{shift.id} was told of {told[shift.id]} times in {shift.turn} turns"
            )
            if shift.alarm is not None:
                assert told[shift.id], f"{shift.id} is {shift.alarm}, and nobody heard of it"
            over = house.clock.now() >= shift.ends_at
            looked_at = not any(key.split(":")[1:2] == [shift.id] for key in ahead)
            if shift.status is ShiftStatus.EMPTY and looked_at and not over:
                assert shift.alarm is not None, f"nobody has {shift.id}, and nobody was told"
