"""Imports members and teams: everything is checked first, then written row by row.

A row is written only where it changed and published only where others may see the change: running the same import
again does nothing, and running it after a crash does the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eventlet import GreenPool

from chassis.aggregates import Aggregates
from chassis.vault import Vault
from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from contracts.events.masters import MemberPublished, TeamPublished
from contracts.words import Text
from services.volunteers.adapters import member_rows, team_rows
from services.volunteers.adapters.homes import Homes
from services.volunteers.adapters.member_rows import MemberRow, read_members
from services.volunteers.adapters.phones import PHONE_INDEX, digits_of
from services.volunteers.adapters.problems import Problem
from services.volunteers.adapters.sealed import member_context
from services.volunteers.adapters.tables import read_table
from services.volunteers.adapters.team_rows import TeamRow, read_teams
from services.volunteers.domain.member import Member, Sealed
from services.volunteers.domain.team import Team

WRITERS = 8
"""So many members are written at once: most of a write is waiting for the disk."""


@dataclass(frozen=True)
class Report:
    """What an import did. ``written`` is False where problems kept all of it from being written."""

    problems: Sequence[Problem]
    written: bool = False
    rows: int = 0
    changed: int = 0


class Importer:
    """Operators' imports of one community; *run_id* names the run in the events it causes, anew for each run."""

    def __init__(
        self,
        members: Aggregates[Member],
        teams: Aggregates[Team],
        homes: Homes,
        vault: Vault,
        community_id: str,
        run_id: str,
    ) -> None:
        self._members = members
        self._teams = teams
        self._homes = homes
        self._vault = vault
        self._community_id = community_id
        self._run_id = run_id

    def import_members(self, path: Path, *, skip_bad: bool) -> Report:
        """All rows or none, or with *skip_bad* the good ones; then the rosters of the teams they are in."""
        table = read_table(path, member_rows.COLUMNS)
        rows, problems = read_members(table.lines, self._community_id, self._homes.grids)
        rows, erased = self._without_erased(rows)
        problems = [*table.problems, *problems, *erased]
        if problems and not (skip_bad and rows):
            return Report(problems)
        changed = sum(GreenPool(WRITERS).imap(self._write_member, rows))
        for team in self._known_teams():
            self._write_team(team)
        return Report(problems, True, len(rows), changed)

    def import_teams(self, path: Path, *, skip_bad: bool) -> Report:
        """All rows or none, or with *skip_bad* the good ones; a roster is whoever names the team."""
        table = read_table(path, team_rows.COLUMNS)
        rows, problems = read_teams(table.lines, self._community_id, self._numbers())
        rows, taken = self._without_foreign(rows)
        problems = [*table.problems, *problems, *taken]
        if problems and not (skip_bad and rows):
            return Report(problems)
        changed = sum(self._write_team(row.team) for row in rows)
        return Report(problems, True, len(rows), changed)

    def _write_member(self, row: MemberRow) -> bool:
        changed = False

        def decide(before: Member | None) -> Decided[Member] | None:
            nonlocal changed
            after = self._merged(row, before)
            changed = after != before
            if not changed:
                return None
            is_public = before is None or before.snapshot() != after.snapshot()
            return Decided(after, (MemberPublished(),) if is_public else ())

        self._members.apply(row.member.id, self._meta(row.member.id), decide)
        return changed

    def _merged(self, row: MemberRow, before: Member | None) -> Member:
        """As the file says, but what they hold stays, and so does the duty switch: it is the member's own."""
        sealed = self._sealed(row, before)
        if before is None:
            return replace(row.member, sealed=sealed)
        return replace(row.member, sealed=sealed, holding=before.holding, on_duty=before.on_duty)

    def _sealed(self, row: MemberRow, before: Member | None) -> Sealed:
        """Kept as it is while name and phone are the same: encrypted anew, it would count as a change."""
        if (
            before is not None
            and before.sealed is not None
            and self._opened(before.id, before.sealed) == (row.name, row.phone)
        ):
            return before.sealed
        name = self._vault.seal(row.member.id, row.name, member_context(row.member.id, "name"))
        if row.phone is None:
            return Sealed(name)
        phone = self._vault.seal(row.member.id, row.phone, member_context(row.member.id, "phone"))
        return Sealed(name, phone, self._vault.index(digits_of(row.phone), PHONE_INDEX))

    def _opened(self, member_id: str, sealed: Sealed) -> tuple[str, str | None]:
        name = self._vault.open(sealed.name, member_context(member_id, "name"))
        if sealed.phone is None:
            return name, None
        return name, self._vault.open(sealed.phone, member_context(member_id, "phone"))

    def _write_team(self, team: Team) -> bool:
        roster = self._members.collection.find(
            {"community_id": self._community_id, "team_ids": team.id}, {"_id": 1}, sort=[("_id", 1)]
        )
        after = replace(team, member_ids=tuple(doc["_id"] for doc in roster))

        def decide(before: Team | None) -> Decided[Team] | None:
            return None if before == after else Decided(after, (TeamPublished(),))

        return bool(self._teams.apply(team.id, self._meta(team.id), decide).envelopes)

    def _known_teams(self) -> list[Team]:
        found = self._teams.collection.find({"community_id": self._community_id})
        return [self._teams.codec.from_doc(doc) for doc in found]

    def _numbers(self) -> dict[str, str]:
        found = self._members.collection.find({"community_id": self._community_id}, {"external_no": 1})
        return {doc["external_no"]: doc["_id"] for doc in found}

    def _without_erased(self, rows: Sequence[MemberRow]) -> tuple[list[MemberRow], list[Problem]]:
        """Who asked to be erased does not come back by an old list."""
        gone = self._vault.which_erased([row.member.id for row in rows])
        reason = Text(
            "这个编号的人已按本人要求删除;若重新加入,请换一个编号",
            "whoever had this number was erased at their wish: who joins anew gets a new number",
        )
        problems = [Problem(row.line, "external_no", reason) for row in rows if row.member.id in gone]
        return [row for row in rows if row.member.id not in gone], problems

    def _without_foreign(self, rows: Sequence[TeamRow]) -> tuple[list[TeamRow], list[Problem]]:
        """Ids are unique in an installation: a team of another community is not taken over."""
        query = {"_id": {"$in": [row.team.id for row in rows]}, "community_id": {"$ne": self._community_id}}
        foreign = {doc["_id"] for doc in self._teams.collection.find(query, {"_id": 1})}
        reason = Text("这个编号已被另一个社区使用", "another community uses this id")
        problems = [Problem(row.line, "id", reason) for row in rows if row.team.id in foreign]
        return [row for row in rows if row.team.id not in foreign], problems

    def _meta(self, what: str) -> Meta:
        return Meta(
            actor=system_actor(self._community_id),
            command_id=f"import:{self._run_id}:{what}",
            correlation_id=f"import:{self._run_id}",
        )
