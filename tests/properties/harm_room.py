"""Suspected harm in the plays: its real use cases in memory, about the orders of the house."""

from collections.abc import Sequence

from services.tickets.adapters.codecs import HarmCodec
from services.tickets.application.complaints import Complaints
from services.tickets.application.harm import Harm
from services.tickets.application.harm_about import AtWhom
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.ports import Persons, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain.harm import HarmReport
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.fakes.clock import FixedClock
from tests.unit.tickets.fakes import FakeCrews, FakeReveals, FakeVault


class Reports(InMemoryAggregates[HarmReport]):
    """A ``HarmReports``."""

    def of(self, community_id: str, before: str | None, open_only: bool, limit: int) -> Sequence[HarmReport]:
        ids = [id for id in reversed(self.ids()) if before is None or id < before]
        found = [one for id in ids if (one := self.get(id)) is not None and one.community_id == community_id]
        return [one for one in found if not open_only or one.closed_at is None][:limit]


class WereThere:
    """A ``Visitors`` over everything that tickets has told."""

    def __init__(self, journal: InMemoryJournal) -> None:
        self._journal = journal

    def were_there(self, ticket_id: str, member_id: str) -> bool:
        return any(
            holder["member_id"] == member_id
            for one in self._journal.envelopes
            if one.subject == ticket_id
            for holder in one.data["snapshot"].get("holders", ())
        )


class HarmRoom:
    """The reports, and what may be done with them."""

    def __init__(
        self,
        journal: InMemoryJournal,
        tickets: Tickets,
        known: KnownPeople,
        persons: Persons,
        sealing: Sealing,
        clock: FixedClock,
    ) -> None:
        self.reports = Reports(journal, HarmCodec())
        self.crews = FakeCrews()
        at_whom = AtWhom(tickets, known, persons, WereThere(journal), sealing)
        self.app = Harm(self.reports, at_whom, Complaints(self.crews), FakeReveals(), FakeVault(), clock)

    def all(self) -> list[HarmReport]:
        """Every report, the oldest first."""
        return [one for id in self.reports.ids() if (one := self.reports.get(id)) is not None]
