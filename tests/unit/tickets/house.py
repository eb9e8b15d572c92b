"""The use cases of tickets over fakes, put together as the service puts them together over Mongo."""

from dataclasses import dataclass, field
from typing import Any

from contracts.actor import Actor
from contracts.commands import Call
from contracts.commands.tickets import PlaceTicket
from services.tickets.application.answer_consents import AnswerConsents
from services.tickets.application.calling import Calling
from services.tickets.application.cash import Cash
from services.tickets.application.circles import Circles
from services.tickets.application.climbing import Climbing
from services.tickets.application.complaints import Complaints, Reporters
from services.tickets.application.consenting import Consenting
from services.tickets.application.handling import Handling
from services.tickets.application.holds import Holds
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.ladders import Ladders
from services.tickets.application.ledger import Ledger
from services.tickets.application.locating import Locating
from services.tickets.application.new_orders import NewOrders
from services.tickets.application.pasting import Pasting
from services.tickets.application.people import PeopleCases
from services.tickets.application.people_reads import PeopleReads
from services.tickets.application.pictures import Pictures
from services.tickets.application.placing import Placing
from services.tickets.application.private_reads import PrivateReads
from services.tickets.application.reactions import Reactions
from services.tickets.application.record_reveals import RecordReveals
from services.tickets.application.sealing import Sealing
from services.tickets.application.serving import Serving
from services.tickets.application.steps import Steps
from tests.builders import TICKET_ID, a_meta
from tests.fakes.ladder import FakeBlocks, FakeUnits
from tests.fakes.upstream import an_intake
from tests.unit.tickets.builders import a_building, a_community, a_grid, a_street, an_item, some_time_limits
from tests.unit.tickets.fakes import (
    FakeClock,
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
)
from tests.unit.tickets.fakes_of_intake import FakeAreaTree, FakeCallers, FakeShelf


@dataclass
class House:
    """All fakes, open to the test, and the use cases on top of them."""

    items: FakeRows = field(default_factory=lambda: FakeRows.of(an_item()))
    areas: FakeRows = field(default_factory=lambda: FakeRows.of(a_grid(), a_building(), a_street()))
    communities: FakeRows = field(default_factory=lambda: FakeRows.of(a_community()))
    tickets: FakeTickets = field(default_factory=FakeTickets)
    persons: FakePersons = field(default_factory=FakePersons)
    reveals: FakeReveals = field(default_factory=FakeReveals)
    numbers: FakeNumbers = field(default_factory=FakeNumbers)
    crews: FakeCrews = field(default_factory=FakeCrews)
    clock: FakeClock = field(default_factory=FakeClock)
    blocks: FakeBlocks = field(default_factory=FakeBlocks)
    units: FakeUnits = field(default_factory=FakeUnits)
    people: FakePeople = field(default_factory=FakePeople)
    consents: FakeConsents = field(default_factory=FakeConsents)
    told: list[str] = field(default_factory=list)
    door_words: list[str] = field(default_factory=lambda: ["石榴"])

    def __post_init__(self) -> None:
        self.vault = FakeVault()
        self.ladders = Ladders(self.blocks, self.units, lambda event, **_: self.told.append(event))
        self.sealing = Sealing(self.vault)
        known = KnownPeople(self.people, self.persons, self.tickets)
        serving = Serving(self.people, self.persons, self.consents, known)
        new_orders = NewOrders(
            self.items,
            Locating(self.areas, FakeAreaTree(self.areas)),
            self.communities,
            self.numbers,
            some_time_limits(self.told.append),
            self.ladders,
        )
        self.new_orders = new_orders
        self.placing = Placing(
            self.tickets,
            new_orders,
            self.persons,
            serving,
            self.sealing,
            self.clock,
            Complaints(self.crews),
            self.ladders,
            an_intake(self.items, self.communities, self.sealing, self.clock),
        )
        holds = Holds(self.communities, some_time_limits(self.told.append))
        self.steps = Steps(
            self.tickets,
            self.items,
            self.communities,
            self.people,
            serving,
            self.sealing,
            self.clock,
            holds,
            self.ladders,
        )
        self.climbing = Climbing(self.tickets, self.ladders, self.sealing, self.clock)
        self.reactions = Reactions(
            self.tickets,
            self.sealing,
            self.clock,
            choose=lambda _: self.door_words.pop(0),
            ladders=self.ladders,
        )
        self.ledger = Ledger(self.tickets, self.crews, serving, holds, self.sealing, self.clock, self.ladders)
        self.cash = Cash(self.tickets, self.sealing, self.clock)
        self.handling = Handling(self.tickets, new_orders, serving, self.sealing, self.clock)
        self.reads = PrivateReads(self.tickets, self.persons, self.reveals, self.sealing, self.clock)
        self.reporters = Reporters(self.tickets, self.persons, self.reveals, self.sealing, self.clock)
        self.pictures = Pictures(self.tickets, self.items, self.reveals, self.clock)

        orders, of_records = FakeOrdersOf(self.tickets), RecordReveals(self.reveals, self.clock)
        self.pasting = Pasting(self.communities, FakeShelf(self.items), FakeAreaTree(self.areas))
        self.calling = Calling(
            FakeCallers(self.persons),
            known,
            self.people,
            self.persons,
            of_records,
            self.tickets,
            orders,
        )
        self.circles = Circles(
            self.people, self.tickets, orders, self.clock, lambda event, **_: self.told.append(event)
        )
        self.cases = PeopleCases(
            self.people,
            known,
            self.consents,
            self.circles,
            orders,
            self.clock,
        )
        self.people_reads = PeopleReads(
            known, self.people, self.persons, of_records, self.tickets, orders, self.communities
        )
        self.answer_consents = AnswerConsents(self.tickets, known, self.consents)
        self.consenting = Consenting(known, self.consents, self.clock, self.answer_consents)

    def place(self, actor: Actor | None = None, created_id: str = TICKET_ID, **changes: Any) -> Any:
        """Place an order for the tap in building 1; the result."""
        values = {"item_id": "tap-and-lamp", "area_id": "heping-1", "description": "龙头滴水", **changes}
        meta = a_meta(actor, command_id=f"place-{created_id}", created_id=created_id)
        return self.placing.place(Call(PlaceTicket(**values), meta)).result
