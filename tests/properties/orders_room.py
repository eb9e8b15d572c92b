"""The service of orders in memory: its real applications, put together as its own wiring does."""

from typing import Any, cast

from services.tickets.adapters.codecs import AreaCodec, CommunityCodec, ItemCodec, TicketCodec
from services.tickets.adapters.pairs import MongoPairs
from services.tickets.application.again import Again
from services.tickets.application.answer_consents import AnswerConsents
from services.tickets.application.cash import Cash
from services.tickets.application.circles import Circles
from services.tickets.application.climbing import Climbing
from services.tickets.application.complaints import Complaints
from services.tickets.application.counter import Counter
from services.tickets.application.handling import Handling
from services.tickets.application.holds import Holds
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.ladders import Ladders
from services.tickets.application.ledger import Ledger
from services.tickets.application.locating import Locating
from services.tickets.application.merging import Merging
from services.tickets.application.new_orders import NewOrders
from services.tickets.application.parts import PartCases
from services.tickets.application.placing import Placing
from services.tickets.application.public_answers import PublicAnswers
from services.tickets.application.reactions import Reactions
from services.tickets.application.recusals import Recusals
from services.tickets.application.reporting import Reporting
from services.tickets.application.results import Results
from services.tickets.application.sealing import Sealing
from services.tickets.application.serving import Serving
from services.tickets.application.steps import Steps
from services.tickets.application.talk import Talk
from services.tickets.application.upstream_desk import UpstreamDesk
from services.tickets.application.visits import Visiting
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.emergencies import Emergency
from services.tickets.domain.ticket import Ticket
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.fakes.clock import FixedClock
from tests.fakes.ladder import FakeBlocks, FakeUnits
from tests.fakes.upstream import FakeReports, FakeUpstreams, an_intake
from tests.properties.harm_room import HarmRoom
from tests.properties.masters import AREAS
from tests.unit.tickets.builders import a_community, some_time_limits
from tests.unit.tickets.fakes import (
    FakeConsents,
    FakeCrews,
    FakeNumbers,
    FakeOrdersOf,
    FakePeople,
    FakePersons,
    FakeReveals,
    FakeRows,
    FakeTickets,
    FakeVault,
    NoComplaints,
)
from tests.unit.tickets.fakes_of_intake import FakeAreaTree

GAS, GASMAN = "gas", "d1"
"""A company that may be called, and who answers for it."""


class KnownCrews(FakeCrews):
    """Whoever is named is there."""

    def is_member(self, community_id: str, member_id: str) -> bool:
        return True


class NothingToRead:
    """No play reads what is published."""

    def page(self, community_id: str, grid: str | None, before: str | None, limit: int) -> list[tuple[str, Ticket]]:
        return []


class Catalogue:
    """The items, each version of which stays readable."""

    def __init__(self, items: InMemoryAggregates[CatalogueItem]) -> None:
        self._items = items
        self._versions: dict[tuple[str, int], CatalogueItem] = {}

    def get(self, id: str) -> CatalogueItem | None:
        found = self._items.get(id)
        if found is not None:
            self._versions[id, found.version] = found
        return found

    def version(self, id: str, version: int) -> CatalogueItem | None:
        return self._versions.get((id, version)) or self.get(id)


class OrdersRoom:
    """tickets, with everything that a play does to orders."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.journal = InMemoryJournal(clock)
        self.tickets = InMemoryAggregates(self.journal, TicketCodec())
        self.items = InMemoryAggregates(self.journal, ItemCodec())
        self.areas = InMemoryAggregates(self.journal, AreaCodec())
        self.communities = InMemoryAggregates(self.journal, CommunityCodec())
        sealing, communities = Sealing(FakeVault()), FakeRows.of(a_community())
        complaints = Complaints(FakeCrews())
        people, persons, self.consents = FakePeople(), FakePersons(), FakeConsents()
        known = KnownPeople(people, persons, self.tickets)
        serving = Serving(people, persons, self.consents, known)
        units = FakeUnits()
        units.add(GAS, GASMAN)
        ladders = Ladders(FakeBlocks(centre=(AREAS[1].id,)), units, lambda event, **_: None)
        catalogue = Catalogue(self.items)
        new_orders = NewOrders(
            catalogue,
            Locating(self.areas, FakeAreaTree({})),
            communities,
            FakeNumbers(),
            some_time_limits(),
            ladders,
        )
        self.placing = Placing(
            self.tickets,
            new_orders,
            persons,
            serving,
            sealing,
            self.clock,
            complaints,
            ladders,
            an_intake(catalogue, communities, sealing, self.clock),
        )
        self.handling = Handling(self.tickets, new_orders, serving, sealing, self.clock)
        holds = Holds(communities, some_time_limits())
        self.results = Results(self.tickets, communities, sealing, self.clock)
        self.cash = Cash(self.tickets, sealing, self.clock)
        self.talk = Talk(self.tickets, sealing, self.clock)
        self.counter = Counter(self.tickets, catalogue, communities, self.placing, holds, sealing, self.clock)
        agreed = AnswerConsents(self.tickets, known, self.consents)
        self.public_answers = PublicAnswers(
            self.tickets, NothingToRead(), persons, communities, sealing, self.clock, agreed
        )
        self.steps = Steps(self.tickets, catalogue, communities, people, serving, sealing, self.clock, holds, ladders)
        self.reactions = Reactions(self.tickets, sealing, self.clock, choose=lambda words: words[0], ladders=ladders)
        self.ledger = Ledger(self.tickets, KnownCrews(), serving, holds, sealing, self.clock, ladders)
        self.climbing = Climbing(self.tickets, ladders, sealing, self.clock)
        self.reports, self.upstreams = FakeReports(), FakeUpstreams()
        self.reporting = Reporting(
            self.tickets,
            self.reports,
            self.upstreams,
            FakeReveals(),
            sealing,
            self.clock,
            self.clock.now,
            (60.0, 3600.0),
            chance=lambda: 0.5,
        )
        self.upstream = UpstreamDesk(self.tickets, self.reports, FakeReveals(), sealing, self.clock, self.clock.now)
        self.fire_order = self.reporting.before(self.reactions.fire)
        orders = FakeOrdersOf(FakeTickets())
        self.circles = Circles(people, self.tickets, orders, self.clock, lambda *_, **__: None)
        pairs = MongoPairs(cast(Any, self.journal), cast(Any, self.tickets))
        again = Again(catalogue, holds, ladders)
        self.merging = Merging(self.tickets, pairs, self.clock, again)
        self.visiting = Visiting(
            self.tickets,
            pairs,
            new_orders,
            catalogue,
            communities,
            ladders,
            sealing,
            self.clock,
            lambda ticket, now: Emergency(),
        )
        self.harm = HarmRoom(self.journal, self.tickets, known, persons, sealing, self.clock)
        self.parts = PartCases(self.tickets, pairs, self.placing, sealing, self.clock, again)

    def handlers_of_tickets(self) -> dict[str, Any]:
        """What tickets does on events, by the names of the topology."""
        crews = FakeCrews()
        recusals = Recusals(crews, Complaints(crews), NoComplaints(), self.tickets)
        return {
            "follow_demand": self.reactions.follow_demand,
            "follow_person": self.circles.follow_person,
            "keep_crew": recusals.keep_crew,
            "climb": self.climbing.climb,
            "follow_merged": self.merging.follow_merged,
            "follow_part": self.parts.follow_part,
            "follow_whole": self.parts.follow_whole,
        }
