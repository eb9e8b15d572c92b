"""Imports members and teams: everything is checked first, then written row by row.

A row is written only where it changed and published only where others may see the change: running the same import
again does nothing, and running it after a crash does the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from eventlet import GreenPool

from chassis.aggregates import Aggregates
from chassis.vault import Vault
from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from contracts.events.masters import MemberPublished, TeamPublished
from contracts.words import Given, Text
from services.volunteers.adapters import member_rows, service_rows, team_rows
from services.volunteers.adapters.homes import Homes
from services.volunteers.adapters.member_rows import MemberRow, read_members
from services.volunteers.adapters.privacy import MemberVault
from services.volunteers.adapters.problems import Problem
from services.volunteers.adapters.service_rows import later_of
from services.volunteers.adapters.tables import read_table
from services.volunteers.adapters.team_rows import TeamRow, read_teams
from services.volunteers.domain.community import USUAL_ZONE
from services.volunteers.domain.member import Guardian, Member, Sealed
from services.volunteers.domain.team import Team

BY_FILE = "import"
"""Who wrote down what a file says, and by which text: the paper that the community keeps."""
PHONE = "phone"
KEPT = (
    *("holding", "on_duty", "guardian", "consents", "serving", "own", "rests", "was_on_duty"),
    *("checks", "apart", "served"),
)
"""No file says these; the guardian's word is looked at on its own."""
SAID_BY_COLUMNS = ("abilities", "vetted_until", "with_adult", "charge_area")
"""What a file may say in columns of its own, and says nothing of without them."""
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
        today: date,
        zone: ZoneInfo = USUAL_ZONE,
    ) -> None:
        self._members = members
        self._teams = teams
        self._homes = homes
        self._vault = vault
        self._privacy = MemberVault(vault)
        self._community_id = community_id
        self._run_id = run_id
        self._today = today
        self._zone = zone

    def import_members(self, path: Path, *, skip_bad: bool) -> Report:
        """All rows or none, or with *skip_bad* the good ones; then the rosters of the teams they are in."""
        table = read_table(path, member_rows.COLUMNS)
        rows, problems = read_members(table.lines, self._community_id, self._homes.grids, self._today, self._zone)
        rows, erased = self._without_erased(rows)
        rows, alone = self._without_alone(rows)
        problems = [*table.problems, *problems, *erased, *alone]
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
        """As the file says; but what they hold stays, the duty switch, and whatever the member said themselves."""
        if before is None:
            return self._consented(row, replace(row.member, sealed=self._sealed(row, None)))
        kept = {name: getattr(before, name) for name in (*KEPT, *before.own) if name != PHONE}
        kept |= {name: getattr(before, name) for name in SAID_BY_COLUMNS if name not in row.more.columns}
        kept |= {name: getattr(before, name) for name in (*service_rows.COLUMNS, "seventy") if name not in row.service}
        if _is_older(row, before):
            kept["with_adult"] = before.with_adult
        after = later_of(before, replace(row.member, sealed=self._sealed(row, before), **kept))
        if after.adult:
            return replace(after, guardian=None, with_adult=None)
        return self._consented(row, after)

    def _sealed(self, row: MemberRow, before: Member | None) -> Sealed:
        """Kept as it is while name and phone are the same: encrypted anew, it would count as a change."""
        member_id, phone = row.member.id, row.phone
        old = None if before is None else before.sealed
        if before is not None and old is not None:
            held = self._privacy.open(member_id, "phone", old.phone)
            phone = held if PHONE in before.own else phone
            if (self._privacy.open(member_id, "name", old.name), held) == (row.name, phone):
                return old
        name = self._privacy.seal(member_id, "name", row.name)
        party = old.party if old else None
        if phone is None:
            return Sealed(name, party=party)
        sealed = self._privacy.seal(member_id, "phone", phone)
        return Sealed(name, sealed, self._privacy.phone_index(phone), party)

    def _consented(self, row: MemberRow, member: Member) -> Member:
        """With the guardian's word of the file, where it is newer than the last one on record: a word that was taken
        back does not come again by an old list.
        """
        said = row.more.guardian
        if member.adult or said is None or (member.consents and said.agreed_on <= member.consents[-1].at.date()):
            return member
        phone = None if said.phone is None else self._privacy.seal(member.id, "guardian.phone", said.phone)
        guardian = Guardian(
            name=self._privacy.seal(member.id, "guardian.name", said.name),
            phone=phone,
            agreed_on=said.agreed_on,
            how=Given.SIGNATURE,
            text_version=BY_FILE,
        )
        day = datetime.combine(said.agreed_on, time(), UTC)
        return member.agree(guardian, member.with_adult, day, BY_FILE)

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

    def _without_alone(self, rows: Sequence[MemberRow]) -> tuple[list[MemberRow], list[Problem]]:
        """Who goes along with a minor has to be an adult of this list, or known already, and must not have stopped."""
        named = {row.member.with_adult for row in rows if row.member.with_adult}
        query = {"_id": {"$in": sorted(named)}, "community_id": self._community_id}
        known = list(self._members.collection.find(query, {"adult": 1, "serving": 1})) if named else []
        adults = {doc["_id"] for doc in known if doc["adult"]} - {row.member.id for row in rows}
        adults |= {row.member.id for row in rows if row.member.adult}
        adults -= {doc["_id"] for doc in known if not doc.get("serving", True)}
        reason = Text("没有这个编号的在册成年人", "there is no adult with this number who serves")
        wrong = [row for row in rows if row.member.with_adult and row.member.with_adult not in adults]
        problems = [Problem(row.line, "with_adult", reason) for row in wrong]
        return [row for row in rows if row not in wrong], problems

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


def _is_older(row: MemberRow, before: Member) -> bool:
    """Is the guardian's word that staff wrote down newer than the file's? Then so is whom they named to go along."""
    if not before.consents or before.consents[-1].by == BY_FILE:
        return False
    said = row.more.guardian
    return said is None or said.agreed_on <= before.consents[-1].at.date()
