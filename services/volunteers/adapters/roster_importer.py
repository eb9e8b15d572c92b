"""Imports a roster 值班表: everything is checked first, then written day by day; running it again changes nothing."""

import time
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from itertools import groupby
from pathlib import Path

from chassis.aggregates import Aggregates
from chassis.clock import elapsed_seconds
from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from contracts.words import Text
from services.volunteers.adapters.homes import LOOK_EVERY, PATIENCE
from services.volunteers.adapters.importer import Report
from services.volunteers.adapters.problems import Problem
from services.volunteers.adapters.roster_rows import COLUMNS, ShiftRow, read_shifts
from services.volunteers.adapters.tables import read_table
from services.volunteers.application.rosters import Place, Places, new_roster
from services.volunteers.domain.gates import PAID
from services.volunteers.domain.member import Member
from services.volunteers.domain.roster import Roster, paired, put, roster_id


class RosterImporter:
    """Operators' import for one community; *run_id* names the run in the events it causes."""

    def __init__(
        self,
        rosters: Aggregates[Roster],
        members: Aggregates[Member],
        places: Places,
        community_id: str,
        run_id: str,
        *,
        elapsed: Callable[[], float] = elapsed_seconds,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rosters = rosters
        self._members = members
        self._places = places
        self._community_id = community_id
        self._run_id = run_id
        self._elapsed = elapsed
        self._pause = pause

    def run(self, path: Path, first: date, weeks: int, *, skip_bad: bool) -> Report:
        """All rows or none, or with *skip_bad* the good ones. A day that the file names is as the file says: shifts
        that it does not name stay, since another file may hold them.
        """
        table = read_table(path, COLUMNS)
        rows, problems = read_shifts(table.lines, first, weeks, self._staff())
        places = self._known({row.area for row in rows})
        unknown = [row for row in rows if places[row.area] is None]
        no_area = Text("这个社区没有这个区域(先导入区域)", "this community has no such area (import the areas first)")
        where = dict.fromkeys(row.line for row in unknown)
        problems = [*table.problems, *problems, *(Problem(line, "area", no_area) for line in where)]
        good = [row for row in rows if row not in unknown]
        if problems and not (skip_bad and good):
            return Report(problems)
        changed = self._write(good, {area: place for area, place in places.items() if place is not None})
        return Report(problems, True, len(good), changed)

    def _write(self, rows: Sequence[ShiftRow], places: Mapping[str, Place]) -> int:
        changed = 0
        ordered = sorted(rows, key=lambda row: (row.area, row.day, row.line))
        for (area, day), its in groupby(ordered, key=lambda row: (row.area, row.day)):
            changed += self._write_day(new_roster(self._community_id, area, day, places[area]), list(its))
        return changed

    def _write_day(self, new: Roster, rows: Sequence[ShiftRow]) -> int:
        changed = 0

        def decide(found: Roster | None) -> Decided[Roster] | None:
            nonlocal changed
            roster = found or new
            decided = put(roster, paired(roster, [row.wanted for row in rows]))
            changed = sum(one not in roster.shifts for one in decided.aggregate.shifts)
            return decided if changed else None

        key = f"import:{self._run_id}:{roster_id(new.area, new.day)}"
        meta = Meta(actor=system_actor(self._community_id), command_id=key, correlation_id=f"import:{self._run_id}")
        self._rosters.apply(new.id, meta, decide)
        return changed

    def _known(self, areas: Set[str]) -> dict[str, Place | None]:
        """Where the areas are; those that were imported a moment ago come by events, and are waited for."""
        end = self._elapsed() + PATIENCE
        while True:
            places = {area: self._places.place(self._community_id, area) for area in sorted(areas)}
            if None not in places.values() or self._elapsed() >= end:
                return places
            self._pause(LOOK_EVERY)

    def _staff(self) -> dict[str, str]:
        query = {
            "community_id": self._community_id,
            "employment": {"$in": sorted(PAID)},
            "serving": {"$ne": False},
        }
        found = self._members.collection.find(query, {"external_no": 1})
        return {doc["external_no"]: doc["_id"] for doc in found}
