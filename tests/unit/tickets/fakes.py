"""The ports of tickets in memory: they keep the promises that the use cases build on, and nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.errors import KeyReused
from contracts.events import Event
from contracts.words import Text
from services.tickets.application.people_ports import Consent, Withdrawal
from services.tickets.application.ports import Person as Named
from services.tickets.application.ports import Reveal
from services.tickets.domain.circle import is_of
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, an_envelope


@dataclass
class FakeClock:
    """Stands still until moved."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def advance(self, **step: float) -> None:
        self.moment += timedelta(**step)


@dataclass
class FakeTickets:
    """Each command once; ``events`` are all that happened, ``writes`` counts what would be written."""

    rows: dict[str, Ticket] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    writes: int = 0
    memory: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)

    def holding(self, ticket: Ticket) -> "FakeTickets":
        self.rows[ticket.id] = ticket
        return self

    def get(self, id: str) -> Ticket | None:
        return self.rows.get(id)

    def apply(self, id: str, meta: Meta, decide: Callable[[Ticket | None], Decided[Ticket] | None]) -> Outcome:
        known = self.memory.get((id, meta.command_id))
        if known is not None:
            if known[0] != meta.body_hash:
                raise KeyReused("key-reused", Text("编号用过了", "key reused"))
            return Outcome(known[1])
        decided = decide(self.rows.get(id))
        if decided is None:
            return Outcome()
        self.writes += 1
        self.rows[id] = decided.aggregate
        self.events.extend(decided.events)
        self.memory[id, meta.command_id] = (meta.body_hash, decided.result)
        return Outcome(decided.result)


class FakeRows(dict[str, Any]):
    """Masters by id; ``get`` is what the ports ask for."""

    @classmethod
    def of(cls, *things: Any) -> "FakeRows":
        return cls({thing.id: thing for thing in things})

    def version(self, id: str, version: int) -> Any:
        """Of items: the newest is all there is, but for those that a test put here as ``<item>@<version>``."""
        return self.get(f"{id}@{version}") or self.get(id)


class FakePersons:
    """Keeps whoever came first under an id."""

    def __init__(self) -> None:
        self.rows: dict[str, Named] = {}

    def keep(self, person: Named, now: datetime) -> None:
        self.rows.setdefault(person.id, person)

    def get(self, id: str) -> Named | None:
        return self.rows.get(id)


class FakeReveals:
    """A list that only grows."""

    def __init__(self) -> None:
        self.rows: list[Reveal] = []
        self._once: set[str] = set()

    def add(self, reveal: Reveal, once: str | None = None) -> None:
        if once is None or once not in self._once:
            self.rows.append(reveal)
        self._once |= {once} if once else set()

    def of(self, community_id: str, ticket_id: str) -> list[Reveal]:
        return [row for row in self.rows if (row.community_id, row.ticket_id) == (community_id, ticket_id)]

    def about(
        self, community_id: str, persons: Sequence[str], before: str | None, limit: int
    ) -> list[tuple[str, Reveal]]:
        marked = [(f"{row.at.isoformat()}|{place:04}", row) for place, row in enumerate(self.rows)]
        theirs = [one for one in marked if one[1].community_id == community_id and {*persons} & {*one[1].concerns}]
        return sorted(((m, r) for m, r in theirs if before is None or m < before), reverse=True)[:limit]


class FakeNumbers:
    """Counts from 1 per community and day."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, date], int] = {}

    def take(self, community_id: str, day: date) -> int:
        self.counts[community_id, day] = self.counts.get((community_id, day), 0) + 1
        return self.counts[community_id, day]


class FakeVault:
    """Turns a text round and binds person and context, so that what was not sealed shows."""

    def __init__(self) -> None:
        self.erased: set[str] = set()
        self.sealed_for: list[str] = []

    def seal(self, person: str, text: str, context: str) -> bytes | None:
        self.sealed_for.append(person)
        return None if person in self.erased else f"{person}|{context}|{text[::-1]}".encode()

    def open(self, sealed: bytes, context: str) -> str | None:
        person, bound, text = sealed.decode().split("|", 2)
        if person in self.erased:
            return None
        if bound != context:
            raise ValueError(f"sealed for {bound}, opened for {context}")
        return text[::-1]


class FakePeople:
    """People as rows; each command once."""

    def __init__(self) -> None:
        self.rows: dict[str, Person] = {}
        self.events: list[Event] = []
        self.memory: dict[tuple[str, str], Any] = {}

    def get(self, id: str) -> Person | None:
        return self.rows.get(id)

    def of_account(self, community_id: str, account_id: str) -> Person | None:
        found = (row for row in self.rows.values() if (row.community_id, row.account_id) == (community_id, account_id))
        return next(found, None)

    def with_delegate(self, community_id: str, account_id: str) -> list[Person]:
        return [row for row in self.rows.values() if row.community_id == community_id and row.was_delegate(account_id)]

    def apply(self, id: str, meta: Meta, decide: Callable[[Person | None], Decided[Person] | None]) -> Outcome:
        if (id, meta.command_id) in self.memory:
            return Outcome(self.memory[id, meta.command_id])
        decided = decide(self.rows.get(id))
        if decided is None:
            return Outcome()
        self.rows[id] = decided.aggregate
        self.events.extend(decided.events)
        self.memory[id, meta.command_id] = decided.result
        # The bus is not here: whoever asks whether something happened sees it by there being an envelope.
        return Outcome(decided.result, tuple(an_envelope(event) for event in decided.events))


class FakeOrdersOf:
    """Looks through the rows of the fake tickets."""

    def __init__(self, tickets: FakeTickets) -> None:
        self._tickets = tickets

    def ids(self, person: Person) -> list[str]:
        def theirs(ticket: Ticket) -> bool:
            return person.account_id is not None and ticket.requester_id == person.account_id

        return [one.id for one in self._tickets.rows.values() if is_of(one, person) or theirs(one)]

    def called_off(self, person: Person) -> list[str]:
        return [id for id in self.ids(person) if self._tickets.rows[id].called_off]

    def with_acts(self, person: Person) -> list[Ticket]:
        return [self._tickets.rows[id] for id in self.ids(person) if self._tickets.rows[id].acts]


class FakeConsents:
    """Lines that are only ever added."""

    def __init__(self) -> None:
        self.rows: dict[str, Consent] = {}
        self.withdrawals: dict[str, Withdrawal] = {}

    def add(self, consent: Consent) -> None:
        self.rows.setdefault(consent.id, consent)

    def withdraw(self, withdrawal: Withdrawal) -> None:
        self.withdrawals.setdefault(withdrawal.consent.id, withdrawal)

    def get(self, id: str) -> Consent | None:
        found, later = self.rows.get(id), self.withdrawals.get(id)
        if found is None or later is None:
            return found
        return replace(
            found, withdrawn_at=later.at, withdrawn_how=later.how, withdrawal_witnessed_by=later.witnessed_by
        )

    def of(self, community_id: str, person_id: str) -> list[Consent]:
        found = (
            self.get(id)
            for id, row in self.rows.items()
            if (row.community_id, row.person_id) == (community_id, person_id)
        )
        return [line for line in reversed(list(found)) if line is not None]

    def about(self, community_id: str, about: str) -> list[Consent]:
        found = (
            self.get(id) for id, row in self.rows.items() if (row.community_id, row.about) == (community_id, about)
        )
        return [line for line in found if line is not None]


class FakeCrews:
    """Who serves with whom, as a table of teams with their people, and areas with what lies below them."""

    def __init__(self) -> None:
        self.teams: dict[str, tuple[str, ...]] = {}
        self.members: set[str] = set()
        self.below: dict[str, tuple[str, ...]] = {}
        self.staff: dict[str, tuple[str, ...]] = {}
        self.kept: list[Any] = []

    def keep(self, rows: Sequence[Any]) -> None:
        self.kept.extend(rows)

    def is_member(self, community_id: str, member_id: str) -> bool:
        return member_id in self.members

    def is_team(self, community_id: str, team_id: str) -> bool:
        return team_id in self.teams

    def teams_of(self, community_id: str, member_id: str) -> tuple[str, ...]:
        return tuple(team for team, people in self.teams.items() if member_id in people)

    def people_of(self, community_id: str, team_ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(person for team in team_ids for person in self.teams[team])

    def areas_below(self, community_id: str, area_id: str) -> tuple[str, ...]:
        return self.below.get(area_id, ())

    def staff_of(self, community_id: str, area_ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(person for area in area_ids for person in self.staff.get(area, ()))


class NoComplaints:
    """Everybody is content."""

    def ids(self, community_id: str) -> tuple[str, ...]:
        return ()
