"""tickets and volunteers in memory with the topology between them: nothing but the brokers is missing."""

import random
from typing import Any, cast

from contracts.actor import Actor, Role
from contracts.commands import Call, Meta, Outcome
from contracts.commands.tickets import CompleteTicket, PlaceTicket, RedispatchTicket, ReworkTicket
from contracts.envelope import Envelope
from contracts.schemas.wire import read_event
from contracts.terms import SkillNeed
from contracts.topology import handlers_of
from contracts.words import ResultCode
from services.tickets.adapters.codecs import TicketCodec
from services.tickets.adapters.pairs import MongoPairs
from services.tickets.application.again import Again
from services.tickets.application.climbing import Climbing
from services.tickets.application.complaints import Complaints
from services.tickets.application.holds import Holds
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.locating import Locating
from services.tickets.application.merging import Merging
from services.tickets.application.new_orders import NewOrders
from services.tickets.application.placing import Placing
from services.tickets.application.reactions import Reactions
from services.tickets.application.sealing import Sealing
from services.tickets.application.serving import Serving
from services.tickets.application.steps import Steps
from services.tickets.domain.ticket import Ticket
from tests.builders import TICKET_ID, a_member_actor, a_meta, an_actor
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.fakes.ladder import no_ladders
from tests.fakes.upstream import an_intake
from tests.unit.tickets.builders import a_building, a_community, a_grid, a_street, an_item, some_time_limits
from tests.unit.tickets.fakes import FakeConsents, FakeCrews, FakeNumbers, FakePeople, FakePersons, FakeRows, FakeVault
from tests.unit.tickets.fakes_of_intake import FakeAreaTree
from tests.unit.volunteers.builders import a_member
from tests.unit.volunteers.world import World

Waiting = tuple[str, str, Envelope]
"""The service, its handler, and the event it has still to hear of."""


class Pair:
    """Both services; what one says waits until ``deliver`` brings it to the other, in order or not, once or twice."""

    def __init__(self, members: int = 3, capacity: int = 1) -> None:
        self.volunteers = World(*(a_member(f"m{number}", capacity=capacity) for number in range(1, members + 1)))
        self.journal = InMemoryJournal(self.volunteers.clock)
        self.tickets = InMemoryAggregates(self.journal, TicketCodec())
        sealing, clock = Sealing(FakeVault()), self.volunteers.clock
        items = FakeRows.of(an_item(skills=(SkillNeed("water_electric", 1),)))
        areas, communities = FakeRows.of(a_grid(), a_building(), a_street()), FakeRows.of(a_community())
        people, persons = FakePeople(), FakePersons()
        serving = Serving(people, persons, FakeConsents(), KnownPeople(people, persons, self.tickets))
        ladders = no_ladders()
        where = Locating(areas, FakeAreaTree(areas))
        self.placing = Placing(
            self.tickets,
            NewOrders(items, where, communities, FakeNumbers(), some_time_limits(), ladders),
            persons,
            serving,
            sealing,
            clock,
            Complaints(FakeCrews()),
            ladders,
            an_intake(items, communities, sealing, clock),
        )
        holds = Holds(communities, some_time_limits())
        self.steps = Steps(self.tickets, items, communities, people, serving, sealing, clock, holds, ladders)
        self.reactions = Reactions(self.tickets, sealing, clock, choose=lambda words: words[0], ladders=ladders)
        self.climbing = Climbing(self.tickets, ladders, sealing, clock)
        pairs = MongoPairs(cast(Any, self.journal), cast(Any, self.tickets))
        self.merging = Merging(self.tickets, pairs, clock, Again(items, holds, ladders))
        self.waiting: list[Waiting] = []
        self._read = {"tickets": 0, "volunteers": 0}
        self._commands = 0

    def ticket(self, id: str = TICKET_ID) -> Ticket:
        ticket = self.tickets.get(id)
        assert ticket is not None
        return ticket

    def meta(self, actor: Actor, created_id: str = TICKET_ID) -> Meta:
        self._commands += 1
        return a_meta(actor, f"step-{self._commands}", created_id=created_id)

    def place(self, seats: int = 1, id: str = TICKET_ID) -> Outcome:
        order = PlaceTicket(item_id="tap-and-lamp", area_id="heping-1", description="龙头滴水", seats=seats)
        return self.placing.place(Call(order, self.meta(an_actor(), id)))

    def complete(self, by: Actor, id: str = TICKET_ID) -> Outcome:
        done = CompleteTicket(ticket_id=id, result=ResultCode.SOLVED)
        return self.steps.complete(Call(done, self.meta(by)))

    def complete_as_member(self, member_id: str, id: str = TICKET_ID) -> Outcome:
        return self.complete(a_member_actor(member_id), id)

    def rework(self, id: str = TICKET_ID) -> Outcome:
        return self.steps.rework(Call(ReworkTicket(ticket_id=id), self.meta(an_actor())))

    def redispatch(self, id: str = TICKET_ID) -> Outcome:
        return self.steps.redispatch(Call(RedispatchTicket(ticket_id=id), self.meta(an_actor(Role.DISPATCHER))))

    def deliver(self, dice: random.Random | None = None) -> bool:
        """Bring the oldest event; with *dice* any, and now and then it stays to come again. False: nothing waits."""
        self._collect()
        if not self.waiting:
            return False
        place = dice.randrange(len(self.waiting)) if dice else 0
        service, handler, envelope = self.waiting[place]
        if not dice or dice.random() > 0.2:
            del self.waiting[place]
        own: Any = {"climb": self.climbing, "follow_merged": self.merging}.get(handler, self.reactions)
        reactions: Any = own if service == "tickets" else self.volunteers.reactions
        getattr(reactions, handler)([read_event(envelope.to_wire())])
        return True

    def deliver_all(self, dice: random.Random | None = None) -> None:
        while self.deliver(dice):
            pass

    def _collect(self) -> None:
        for source, journal in (("tickets", self.journal), ("volunteers", self.volunteers.journal)):
            new = journal.envelopes[self._read[source] :]
            self._read[source] += len(new)
            self.waiting += [
                (service, handler, envelope)
                for envelope in new
                for service in ("tickets", "volunteers")
                for handler in handlers_of(service, envelope.type)
            ]
