"""The whole house in memory: four services on their real applications, with the post between them."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from contracts.actor import Actor, Role, system_actor
from contracts.commands import Call, Meta, Outcome
from contracts.decisions import Decided, Due
from contracts.errors import DomainError
from contracts.events.masters import (
    AreaPublished,
    CatalogueItemPublished,
    CommunityPublished,
    MemberPublished,
    TeamPublished,
)
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
from services.tickets.domain.area import Area
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.emergencies import Emergency
from services.tickets.domain.ticket import Ticket
from services.volunteers.adapters.codecs import TeamCodec
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.hours_entry import Entry
from services.volunteers.domain.member import Member
from services.volunteers.domain.team import Team
from tests.builders import COMMUNITY, a_member_actor, a_meta, an_actor
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.fakes.ladder import FakeBlocks, FakeUnits
from tests.fakes.messages import FakeMessages
from tests.fakes.upstream import FakeReports, FakeUpstreams, an_intake
from tests.properties import listeners
from tests.properties.masters import AREAS, BY_STAFF, ITEMS, MEMBERS, TEAM
from tests.properties.post import Post
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
from tests.unit.volunteers.world import World

A = TypeVar("A")
GAS, GASMAN = "gas", "d1"
"""A company that may be called, and who answers for it."""
STAFF = an_actor(Role.SECRETARY)
DISPATCHER = an_actor(Role.DISPATCHER)
RESIDENT = an_actor(Role.RESIDENT, account_id="a-resident")


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


class House:
    """Everything a play needs to act on, and all that it leaves behind."""

    def __init__(self) -> None:
        self.volunteers = World()
        self.clock = self.volunteers.clock
        self.journal = InMemoryJournal(self.clock)
        self.tickets = InMemoryAggregates(self.journal, TicketCodec())
        self.items = InMemoryAggregates(self.journal, ItemCodec())
        self.areas = InMemoryAggregates(self.journal, AreaCodec())
        self.communities = InMemoryAggregates(self.journal, CommunityCodec())
        self.teams = InMemoryAggregates(self.volunteers.journal, TeamCodec())
        self.messages = FakeMessages()
        self.gateway = listeners.gateway()
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
        self._fire_order = self.reporting.before(self.reactions.fire)
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
        self.parts = PartCases(self.tickets, pairs, self.placing, sealing, self.clock, again)
        self.post = Post(self._handlers())
        self.placed: list[str] = []
        self.done: list[tuple[Callable[[Call[Any]], Outcome], Call[Any], Outcome]] = []
        self.fired: list[tuple[str, str, Due]] = []
        self._looked_at: dict[tuple[str, str], tuple[bytes, Any]] = {}
        self._read = {"tickets": 0, "volunteers": 0}
        self._commands = 0
        self._open()

    def _handlers(self) -> dict[str, Any]:
        crews = FakeCrews()
        recusals = Recusals(crews, Complaints(crews), NoComplaints(), self.tickets)
        volunteers = self.volunteers.reactions
        return {
            "tickets": {
                "follow_demand": self.reactions.follow_demand,
                "follow_person": self.circles.follow_person,
                "keep_crew": recusals.keep_crew,
                "climb": self.climbing.climb,
                "follow_merged": self.merging.follow_merged,
                "follow_part": self.parts.follow_part,
                "follow_whole": self.parts.follow_whole,
            },
            "volunteers": {
                "keep_area": volunteers.keep_area,
                "keep_community": self.volunteers.replicas.keep_community,
                "follow_ticket": volunteers.follow_ticket,
                "free_refused_seat": volunteers.free_refused_seat,
                "follow_visit": volunteers.follow_visit,
                "record_hours": volunteers.record_hours,
                "follow_person": self.volunteers.resting.follow_person,
                "forget_reporter": volunteers.follow_ticket,
            },
            "notify": listeners.notify_handlers(self.messages),
            "gateway": self.gateway.handlers,
        }

    def _open(self) -> None:
        self._keep(self.communities, COMMUNITY, lambda _: a_community(), CommunityPublished())
        for area in AREAS:
            self.keep_area(area.id, lambda _, area=area: area)
        for item in (*ITEMS, *BY_STAFF):
            self.keep_item(item)
        for member in MEMBERS:
            self.keep_member(member.id, lambda _, member=member: member)
        self.keep_team(TEAM)
        self.collect()

    # Masters, as the importers of their owners write them.

    def keep_area(self, id: str, change: Callable[[Any], Area]) -> None:
        self._keep(self.areas, id, change, AreaPublished())

    def keep_member(self, id: str, change: Callable[[Any], Member]) -> None:
        self._keep(self.volunteers.members, id, change, MemberPublished())

    def keep_team(self, team: Team) -> None:
        self._keep(self.teams, team.id, lambda _: team, TeamPublished())

    def keep_item(self, item: CatalogueItem) -> None:
        self._keep(self.items, item.id, item.follows, CatalogueItemPublished())

    def _keep(self, store: InMemoryAggregates[A], id: str, change: Callable[[Any], A], event: Any) -> None:
        def decide(before: A | None) -> Decided[A] | None:
            after = change(before)
            return None if after == before else Decided(after, (event,))

        store.apply(id, self.meta(system_actor(COMMUNITY)), decide)

    # Commands.

    def meta(self, actor: Actor, created_id: str = "") -> Meta:
        self._commands += 1
        return a_meta(actor, f"command-{self._commands}", created_id=created_id)

    def command(
        self, use_case: Callable[[Call[Any]], Outcome], command: Any, actor: Actor, created_id: str = ""
    ) -> Outcome | None:
        """None where it was refused, for which there are always good reasons."""
        call = Call(command, self.meta(actor, created_id))
        try:
            outcome = use_case(call)
        except DomainError:
            return None
        self.done.append((use_case, call, outcome))
        return outcome

    def as_member(self, use_case: Callable[[Call[Any]], Outcome], command: Any, member_id: str) -> Outcome | None:
        return self.command(use_case, command, a_member_actor(member_id))

    # What stands.

    def ticket(self, id: str) -> Ticket:
        return self._seen(self.tickets, id)

    def demand(self, id: str) -> Demand | None:
        return self._seen(self.volunteers.demands, id) if id in self.volunteers.demands.ids() else None

    def demands(self) -> list[Demand]:
        return [self._seen(self.volunteers.demands, id) for id in self.volunteers.demands.ids()]

    def members(self) -> list[Member]:
        return [self._seen(self.volunteers.members, id) for id in self.volunteers.members.ids()]

    def _seen(self, store: InMemoryAggregates[A], id: str) -> A:
        """An aggregate, decoded once for each of its states: plays look at all of them after each step."""
        encoded = self.stored(store)[id]
        known, aggregate = self._looked_at.get((store.codec.collection, id), (b"", None))
        if known is not encoded:
            aggregate = store.codec.from_doc(store.document(id))
            self._looked_at[store.codec.collection, id] = encoded, aggregate
        return cast(A, aggregate)

    def stored(self, store: InMemoryAggregates[Any]) -> dict[str, bytes]:
        """The documents of a store."""
        of_tickets = (self.tickets, self.items, self.areas, self.communities)
        journal = self.journal if store in of_tickets else self.volunteers.journal
        return journal.store(store.codec.collection)

    def due(self) -> list[tuple[str, str, Due]]:
        """All deadlines whose time has come."""
        codec = self.volunteers.demands.codec
        standing = [("volunteers", demand.id, due) for demand in self.demands() for due in codec.due(demand)]
        standing += [("tickets", id, due) for id in self.placed for due in self.tickets.codec.due(self.ticket(id))]
        standing += [("hours", entry.id, due) for entry in self.entries() for due in entry.deadlines()]
        return [entry for entry in standing if entry[2].at <= self.clock.now()]

    def entries(self) -> list[Entry]:
        """All entries of the two ledgers."""
        return [self._seen(self.volunteers.entries, id) for id in self.volunteers.entries.ids()]

    def fire(self, service: str, id: str, due: Due) -> None:
        self.fired.append((service, id, due))
        fires = {"tickets": self._fire_order, "hours": self.volunteers.recording.fire}
        fires.get(service, self.volunteers.deadlines.fire)(id, due)

    # The relays.

    def collect(self) -> None:
        """What the services have written since is published; outboxes are empty then."""
        for source, journal in (("tickets", self.journal), ("volunteers", self.volunteers.journal)):
            new = journal.envelopes[self._read[source] :]
            self._read[source] += len(new)
            self.post.publish(new)
            for store in self._stores():
                for id in {one.subject for one in new if one.aggregatetype == store.codec.aggregate_type}:
                    store.relay(id)

    def _stores(self) -> tuple[InMemoryAggregates[Any], ...]:
        return (
            self.tickets,
            self.items,
            self.areas,
            self.communities,
            self.teams,
            self.volunteers.demands,
            self.volunteers.members,
            self.volunteers.entries,
        )

    def settle(self) -> None:
        """Everything is delivered, in order, until nothing waits."""
        self.collect()
        while self.post.waiting:
            self.post.deliver(0)
            self.collect()

    def events(self) -> list[Any]:
        """All events so far: those of tickets, then those of volunteers, each in the order of their writing."""
        return [*self.journal.envelopes, *self.volunteers.journal.envelopes]
