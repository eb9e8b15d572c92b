"""The roster's use cases on stores in memory."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from contracts.actor import Role
from contracts.commands import Call, Outcome
from contracts.decisions import Decided, Due
from contracts.events import AnyReceived
from contracts.schemas.wire import read_event
from contracts.words import Employment
from services.volunteers.adapters.codecs import MemberCodec, RosterCodec
from services.volunteers.application.reveals import MemberReveal
from services.volunteers.application.roster_pages import RosterPages
from services.volunteers.application.roster_watch import RosterWatch
from services.volunteers.application.rosters import Place, Rosters
from services.volunteers.application.vacating import Vacating
from services.volunteers.domain.member import Member
from services.volunteers.domain.roster import Roster, roster_id
from tests.builders import a_member_actor, a_meta, an_actor
from tests.builders_of_rosters import AREA, EVENING, OFFICER, PATH, SUBSTITUTE, ZONE
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.fakes.clock import FixedClock
from tests.fakes.members_vault import TurningVault
from tests.unit.volunteers.builders import a_member

DISPATCHER = an_actor(Role.DISPATCHER)


class InMemoryReads:
    """A ``RosterReads`` over a dict."""

    def __init__(self, rosters: InMemoryAggregates[Roster]) -> None:
        self._rosters = rosters

    def on_days(self, community_id: str, since: date, days: int) -> Sequence[Roster]:
        last = since + timedelta(days=days)
        rosters = filter(None, (self._rosters.get(id) for id in self._rosters.ids()))
        return [one for one in rosters if one.community_id == community_id and since <= one.day < last]

    def of(self, area_ids: Iterable[str], days: Iterable[date]) -> Sequence[Roster]:
        wanted = list(days)
        found = [self._rosters.get(roster_id(area, day)) for area in area_ids for day in wanted]
        return [one for one in found if one is not None]

    def naming(self, community_id: str, member_id: str, since: date) -> Sequence[str]:
        rosters = self.on_days(community_id, since, 1_000)
        return [one.id for one in rosters if any(member_id in (s.member_id, s.substitute_id) for s in one.shifts)]


class OnePlace:
    """A ``Places`` with one grid."""

    def place(self, community_id: str, area_id: str) -> Place | None:
        return Place(PATH, ZONE, "17:00") if area_id == AREA else None


class Log:
    """A ``MemberReveals``."""

    def __init__(self) -> None:
        self.rows: list[MemberReveal] = []

    def add(self, id: str, reveals: Sequence[MemberReveal]) -> None:
        self.rows += reveals

    def about(
        self, community_id: str, member_id: str, before: str | None, limit: int
    ) -> Sequence[tuple[str, MemberReveal]]:
        return []


class Station:
    """An officer, who may stand in for them, a volunteer, and everything that the roster does."""

    def __init__(self, now: datetime = EVENING) -> None:
        self.clock = FixedClock(now)
        self.journal = InMemoryJournal(self.clock)
        self.rosters: InMemoryAggregates[Roster] = InMemoryAggregates(self.journal, RosterCodec())
        self.members: InMemoryAggregates[Member] = InMemoryAggregates(self.journal, MemberCodec())
        self._commands = 0
        self.log, self.vault = Log(), TurningVault()
        reads = InMemoryReads(self.rosters)
        self.app = Rosters(self.rosters, self.members, reads, OnePlace(), self.vault, self.log, self.clock)
        self.pages = RosterPages(reads, self.names)
        self.vacating = Vacating(self.rosters, reads, self.clock)
        self.watch = RosterWatch(self.rosters, self.members, reads, self.clock)
        for id in (OFFICER, SUBSTITUTE):
            self.keep(a_member(id, employment=Employment.DUTY))
        self.keep(a_member("volunteer"))

    def names(self, member_ids: Iterable[str]) -> dict[str, str]:
        """A ``NamesOf``."""
        return {id: member.display_name for id in member_ids if (member := self.members.get(id)) is not None}

    def keep(self, member: Member) -> None:
        """*member* as they are from now on."""
        self._commands += 1
        self.members.apply(member.id, a_meta(command_id=f"k{self._commands}"), lambda _: Decided(member))

    def do(self, use: Any, command: Any, who: Any = DISPATCHER, id: str | None = None) -> Outcome:
        """One command of *who*, a member's id or an actor."""
        self._commands += 1
        actor = a_member_actor(who) if isinstance(who, str) else who
        outcome: Outcome = use(Call(command, a_meta(actor=actor, command_id=id or f"c{self._commands}")))
        return outcome

    def fire(self, roster: str, *, until: datetime | None = None) -> None:
        """Everything that is due by then, in order, each moment at its time; twice each."""
        end = until or self.clock.now()
        while dues := [due for due in self._standing(roster) if due.at <= end]:
            due = min(dues, key=lambda one: one.at)
            self.move(max(due.at, self.clock.now()))
            self.watch.fire(roster, due)
            self.watch.fire(roster, due)
        self.move(end)

    def move(self, moment: datetime) -> None:
        """It is *moment* now."""
        self.clock.advance(seconds=(moment - self.clock.now()).total_seconds())

    def told(self) -> list[AnyReceived]:
        """All events of rosters."""
        return [read_event(one.to_wire()) for one in self.journal.envelopes if one.aggregatetype == "roster"]

    def _standing(self, roster: str) -> Sequence[Due]:
        found = self.rosters.get(roster)
        return () if found is None else found.deadlines()
