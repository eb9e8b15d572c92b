"""Reading the roster 值班表: tonight or a week, for staff all of it, for whoever is on it what is theirs."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from typing import Any

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.rosters import ReadRosters
from contracts.moments import time_text
from services.volunteers.application.rosters import RosterReads, day_of, wrong
from services.volunteers.domain.roster import Roster
from services.volunteers.domain.shift import Shift

MOST_DAYS = 31
NamesOf = Callable[[Collection[str]], Mapping[str, str]]
"""The chosen names of these members; of whoever is not there, none."""


class RosterPages:
    """``read_rosters``."""

    def __init__(self, reads: RosterReads, names: NamesOf) -> None:
        self._reads = reads
        self._names = names

    def read(self, call: Call[ReadRosters]) -> Outcome:
        """Shifts by their start: all of the areas of which the actor is staff, or their own."""
        command, actor = call.command, call.meta.actor
        if not 1 <= command.days <= MOST_DAYS:
            raise wrong("days", f"1 到 {MOST_DAYS} 天", f"1 to {MOST_DAYS} days")
        since = day_of(command.since, "since")
        if date.max - since < timedelta(days=command.days):
            raise wrong("since", "日期太远", "the day is too far off")
        found = self._reads.on_days(actor.community_id, since, command.days)
        shown = [
            (roster, shift)
            for roster in found
            if command.area_id is None or command.area_id in roster.area_path
            for shift in roster.shifts
            if shift.stands and _sees(actor, roster, shift, command.mine)
        ]
        shown.sort(key=lambda one: (one[1].starts_at, one[1].id))
        named = {id for _, shift in shown for id in (shift.member_id, shift.substitute_id) if id is not None}
        names = self._names(named)
        return Outcome({"shifts": [_row(roster, shift, names) for roster, shift in shown]})


def _sees(actor: Actor, roster: Roster, shift: Shift, mine: bool) -> bool:
    own = actor.member_id is not None and actor.member_id in (shift.member_id, shift.substitute_id)
    return own if mine else own or actor.has(STAFF, roster.area_path)


def _row(roster: Roster, shift: Shift, names: Mapping[str, str]) -> Mapping[str, Any]:
    return {
        "shift_id": shift.id,
        "area_id": roster.area,
        "day": roster.day.isoformat(),
        "time_zone": roster.time_zone,
        "role": shift.role.value,
        "starts_at": time_text(shift.starts_at),
        "ends_at": time_text(shift.ends_at),
        "status": shift.status.value,
        "member_id": shift.member_id,
        "display_name": names.get(shift.member_id or ""),
        "substitute_id": shift.substitute_id,
        "substitute_name": names.get(shift.substitute_id or ""),
        "alarm": None if shift.alarm is None else shift.alarm.value,
        "has_note": shift.note is not None,
    }
