"""The whole house in memory: four services on their real applications, with the post between them."""

from collections.abc import Callable
from typing import Any, TypeVar

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
from services.tickets.domain.area import Area
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.ticket import Ticket
from services.volunteers.adapters.codecs import TeamCodec
from services.volunteers.domain.absence import Absence
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.hours_entry import Entry
from services.volunteers.domain.member import Member
from services.volunteers.domain.roster import Roster
from services.volunteers.domain.team import Team
from tests.builders import COMMUNITY, a_member_actor, a_meta, an_actor
from tests.fakes.aggregates import InMemoryAggregates
from tests.fakes.messages import FakeMessages
from tests.properties import listeners
from tests.properties.masters import AREAS, BY_STAFF, CREW, ITEMS, MEMBERS, TEAM
from tests.properties.orders_room import OrdersRoom
from tests.properties.post import Post
from tests.properties.rosters_room import RostersRoom
from tests.unit.tickets.builders import a_community
from tests.unit.volunteers.world import World

A = TypeVar("A")
STAFF = an_actor(Role.SECRETARY)
DISPATCHER = an_actor(Role.DISPATCHER)
RESIDENT = an_actor(Role.RESIDENT, account_id="a-resident")


class House(OrdersRoom):
    """Everything a play needs to act on, and all that it leaves behind."""

    def __init__(self) -> None:
        self.volunteers = World()
        super().__init__(self.volunteers.clock)
        self.rosters = RostersRoom(self.volunteers)
        self.teams = InMemoryAggregates(self.volunteers.journal, TeamCodec())
        self.messages = FakeMessages()
        self.gateway = listeners.gateway()
        self.post = Post(self._handlers())
        self.placed: list[str] = []
        self.stopped: set[str] = set()
        """Members who stopped serving, for a while or for good."""
        self.done: list[tuple[Callable[[Call[Any]], Outcome], Call[Any], Outcome]] = []
        self.fired: list[tuple[str, str, Due]] = []
        self._read = {"tickets": 0, "volunteers": 0}
        self._commands = 0
        self._open()

    def _handlers(self) -> dict[str, Any]:
        volunteers = self.volunteers.reactions
        return {
            "tickets": self.handlers_of_tickets(),
            "volunteers": {
                "keep_area": volunteers.keep_area,
                "keep_community": self.volunteers.replicas.keep_community,
                "follow_ticket": volunteers.follow_ticket,
                "free_refused_seat": volunteers.free_refused_seat,
                "follow_visit": volunteers.follow_visit,
                "to_duty": volunteers.to_duty,
                "record_hours": self.volunteers.absent.after(volunteers.record_hours),
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
        for item in (*ITEMS, *BY_STAFF, CREW):
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
        return self._known(self.tickets, id)

    def demand(self, id: str) -> Demand | None:
        return self._known(self.volunteers.demands, id) if id in self.volunteers.demands.ids() else None

    def demands(self) -> list[Demand]:
        return [self._known(self.volunteers.demands, id) for id in self.volunteers.demands.ids()]

    def members(self) -> list[Member]:
        return [self._known(self.volunteers.members, id) for id in self.volunteers.members.ids()]

    def _known(self, store: InMemoryAggregates[A], id: str) -> A:
        found = store.get(id)
        assert found is not None
        return found

    def stored(self, store: InMemoryAggregates[Any]) -> dict[str, bytes]:
        """The documents of a store."""
        of_tickets = (self.tickets, self.items, self.areas, self.communities, self.harm.reports)
        journal = self.journal if store in of_tickets else self.volunteers.journal
        return journal.store(store.codec.collection)

    def due(self) -> list[tuple[str, str, Due]]:
        """All deadlines whose time has come."""
        codec = self.volunteers.demands.codec
        standing = [("volunteers", demand.id, due) for demand in self.demands() for due in codec.due(demand)]
        standing += [("tickets", id, due) for id in self.placed for due in self.tickets.codec.due(self.ticket(id))]
        standing += [("hours", entry.id, due) for entry in self.entries() for due in entry.deadlines()]
        standing += [("absences", one.id, due) for one in self.absences() for due in one.deadlines()]
        standing += [("harm", one.id, due) for one in self.harm.all() for due in one.deadlines()]
        standing += [("rosters", roster.id, due) for roster in self.shifts() for due in roster.deadlines()]
        return [entry for entry in standing if entry[2].at <= self.clock.now()]

    def entries(self) -> list[Entry]:
        """All entries of the two ledgers."""
        return [self._known(self.volunteers.entries, id) for id in self.volunteers.entries.ids()]

    def absences(self) -> list[Absence]:
        """All no-shows and late cancels."""
        return [self._known(self.volunteers.absences, id) for id in self.volunteers.absences.ids()]

    def shifts(self) -> list[Roster]:
        """All rosters."""
        return [self._known(self.rosters.rosters, id) for id in self.rosters.rosters.ids()]

    def fire(self, service: str, id: str, due: Due) -> None:
        self.fired.append((service, id, due))
        fires = {
            "tickets": self.fire_order,
            "hours": self.volunteers.recording.fire,
            "rosters": self.rosters.watch.fire,
            "absences": self.volunteers.absent.fire,
            "harm": self.harm.app.fire,
        }
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
            self.harm.reports,
            self.teams,
            self.volunteers.demands,
            self.volunteers.members,
            self.volunteers.entries,
            self.volunteers.absences,
            self.rosters.rosters,
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
