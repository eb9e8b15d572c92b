"""Orders about the same thing, over the journal in memory: what is told is delivered when the test says so."""

from dataclasses import replace
from typing import Any, cast

from contracts.actor import Actor, Role
from contracts.commands import Call
from contracts.commands.merging import MergeTickets, SplitTicket
from contracts.commands.tickets import CancelTicket, CompleteTicket, ConfirmTicket, ReworkTicket
from contracts.decisions import Decided
from contracts.envelope import Envelope
from contracts.schemas.wire import read_event
from contracts.topology import handlers_of
from contracts.words import Answer, ResultCode, TicketStatus
from services.tickets.adapters.codecs import TicketCodec
from services.tickets.adapters.pairs import MongoPairs
from services.tickets.application.again import Again
from services.tickets.application.holds import Holds
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.merging import Merging
from services.tickets.application.sealing import Sealing
from services.tickets.application.serving import Serving
from services.tickets.application.steps import Steps
from services.tickets.domain.ticket import Ticket
from tests.builders import a_member_actor, a_meta, an_actor
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.fakes.ladder import no_ladders
from tests.unit.tickets.builders import a_community, a_ticket, an_item, holder_number, some_time_limits
from tests.unit.tickets.fakes import FakeClock, FakeConsents, FakePeople, FakePersons, FakeRows, FakeVault

DISPATCHER = an_actor(Role.DISPATCHER)
LEAD = a_member_actor("m-1")


def neighbour(name: str) -> Actor:
    """Whoever ordered *name*."""
    return an_actor(account_id=f"a-{name}")


def an_order(name: str, status: TicketStatus = TicketStatus.ACCEPTED, **changes: Any) -> Ticket:
    """An order of a neighbour of that name."""
    mine = {"id": name, "number": f"NC-{name}", "requester_id": f"a-{name}", "placed_by": f"a-{name}"}
    return a_ticket(status, **(mine | changes))


class Together:
    """Steps and merging over one journal; ``deliver`` hands on what was told."""

    def __init__(self, *orders: Ticket) -> None:
        self.clock = FakeClock()
        self.journal = InMemoryJournal(self.clock)
        self.tickets = InMemoryAggregates(self.journal, TicketCodec())
        self.items, self.communities = FakeRows.of(an_item()), FakeRows.of(a_community())
        people, persons = FakePeople(), FakePersons()
        serving = Serving(people, persons, FakeConsents(), KnownPeople(people, persons, self.tickets))
        sealing = Sealing(FakeVault())
        ladders = no_ladders()
        holds = Holds(self.communities, some_time_limits())
        self.steps = Steps(
            self.tickets, self.items, self.communities, people, serving, sealing, self.clock, holds, ladders
        )
        pairs = MongoPairs(cast(Any, self.journal), cast(Any, self.tickets))
        self.merging = Merging(self.tickets, pairs, self.clock, Again(self.items, holds, ladders))
        self.handed_on = 0
        self._commands = 0
        for order in orders:
            self.put(order)

    def put(self, order: Ticket) -> None:
        """As it is."""
        self.tickets.apply(order.id, self.meta(), lambda _: Decided(order))

    def put_to_work(self, name: str) -> None:
        """Somebody took it and is there."""
        served = replace(self.now(name), status=TicketStatus.IN_PROGRESS, holders=(holder_number(2),), lead="m-2")
        self.tickets.apply(name, self.meta(), lambda _: Decided(served))

    def now(self, name: str) -> Ticket:
        """An order as it is."""
        found = self.tickets.get(name)
        assert found is not None
        return found

    def statuses(self, *names: str) -> list[str]:
        """Where they stand."""
        return [self.now(name).status.value for name in names]

    def told(self, name: str) -> list[str]:
        """The types of the events of one order, without the house's name."""
        return [one.type.split(".")[2] for one in self.journal.envelopes if one.subject == name]

    def meta(self, actor: Actor = DISPATCHER) -> Any:
        """Of another command each time."""
        self._commands += 1
        return a_meta(actor, command_id=f"command-{self._commands}")

    def merge(self, name: str, into: str, by: Actor = DISPATCHER) -> Any:
        """Merge."""
        return self.merging.merge(Call(MergeTickets(ticket_id=name, into=into), self.meta(by))).result

    def split(self, name: str, by: Actor = DISPATCHER) -> Any:
        """Split."""
        return self.merging.split(Call(SplitTicket(ticket_id=name), self.meta(by))).result

    def complete(self, name: str, by: Actor = DISPATCHER, result: ResultCode = ResultCode.SOLVED, **more: Any) -> None:
        """Say that it is done."""
        self.steps.complete(Call(CompleteTicket(ticket_id=name, result=result, **more), self.meta(by)))

    def confirm(self, name: str, by: Actor | None = None, *, solved: bool = True) -> None:
        """Whoever ordered it (or *by*) says that it is well."""
        command = ConfirmTicket(ticket_id=name, answer=Answer.SATISFIED, solved=solved)
        self.steps.confirm(Call(command, self.meta(by or neighbour(name))))

    def rework(self, name: str, by: Actor | None = None) -> None:
        """Whoever ordered it (or *by*) says that it is not."""
        self.steps.rework(Call(ReworkTicket(ticket_id=name), self.meta(by or neighbour(name))))

    def cancel(self, name: str, by: Actor, go_to: str | None = None) -> None:
        """End it without service."""
        command = CancelTicket(ticket_id=name, reason_code="withdrawn" if go_to is None else "not_ours", go_to=go_to)
        self.steps.cancel(Call(command, self.meta(by)))

    def deliver(self) -> None:
        """Hand on all that was told, in order, and what that leads to."""
        while self.handed_on < len(self.journal.envelopes):
            self.handed_on += 1
            self.hand_on(self.journal.envelopes[self.handed_on - 1])

    def hand_on(self, envelope: Envelope) -> None:
        """One event, where tickets reacts to it so."""
        if "follow_merged" in handlers_of("tickets", envelope.type):
            self.merging.follow_merged([read_event(envelope.to_wire())])
