"""Who is on the phone: people with this number, and what they ordered; for staff, each look is logged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from contracts.actor import Actor
from contracts.commands import Call, Outcome
from contracts.commands.intake import ReadCaller
from contracts.errors import Invalid
from contracts.moments import time_text
from contracts.recusal import is_recused
from contracts.words import ENDED, Nature, Text
from services.tickets.application.intake_ports import Callers
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.people_ports import OrdersOf, People
from services.tickets.application.ports import Persons, Tickets
from services.tickets.application.private_reads import reason_of
from services.tickets.application.record_reveals import CALLER, RecordReveals
from services.tickets.domain import people_relations, relations
from services.tickets.domain.people_relations import Standing
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket

RINGS = "来电登记 / a call"
"""The reason where none is typed: in thirty seconds nobody types one."""
FEWEST_DIGITS = 5
MOST_ORDERS = 40
"""So many of a person are looked at, the newest first."""
LAST = 5
"""So many that are over are shown."""


class Calling:
    """``read_caller``."""

    def __init__(
        self,
        callers: Callers,
        known: KnownPeople,
        people: People,
        persons: Persons,
        reveals: RecordReveals,
        tickets: Tickets,
        orders: OrdersOf,
    ) -> None:
        self._callers = callers
        self._known = known
        self._people = people
        self._persons = persons
        self._reveals = reveals
        self._tickets = tickets
        self._orders = orders

    def read(self, call: Call[ReadCaller]) -> Outcome:
        """The household: who has the number, whose account has it, whom that account acts for. Raises Invalid."""
        command, actor = call.command, call.meta.actor
        if sum(char.isdigit() for char in command.phone) < FEWEST_DIGITS:
            raise Invalid("no-phone", Text(zh="这不是电话号码", en="this is no phone number"), field="phone")
        shown = []
        for person in self._household(command, actor):
            orders = list(self._orders_of(person, actor))
            if not orders and not people_relations.is_staff(person, actor):
                continue
            reason = reason_of(command.reason) or RINGS
            self._reveals.add(person, actor, Standing.STAFF, reason, CALLER, f"{call.meta.command_id}/{person.id}")
            shown.append(self._shown(person, orders))
        return Outcome({"people": shown})

    def _household(self, command: ReadCaller, actor: Actor) -> Iterable[Person]:
        found: dict[str, Person] = {}
        for person_id in self._callers.with_phone(actor.community_id, command.phone):
            # Whoever was named with a complaint alone is nobody here: else their number told who made it.
            person = self._known.find(person_id, actor)
            if person is not None:
                found[person.id] = person
        for account_id in command.account_ids:
            own = self._people.of_account(actor.community_id, account_id)
            own = own or Person(id=account_id, community_id=actor.community_id, account_id=account_id)
            held = self._people.with_delegate(actor.community_id, account_id)
            acted_for = (one for one in held if one.delegate(account_id) is not None)
            found |= {person.id: person for person in (own, *acted_for)}
        return [person for person in found.values() if person.community_id == actor.community_id]

    def _orders_of(self, person: Person, actor: Actor) -> Iterator[Ticket]:
        """Open ones first, then the last that are over: those of the actor's areas, and no complaint."""
        looked_at = (self._tickets.get(id) for id in self._orders.ids(person)[:MOST_ORDERS])
        seen = [ticket for ticket in looked_at if ticket is not None and _may_see(ticket, actor)]
        yield from (ticket for ticket in seen if ticket.status not in ENDED)
        yield from [ticket for ticket in seen if ticket.status in ENDED][:LAST]

    def _shown(self, person: Person, orders: Sequence[Ticket]) -> Mapping[str, Any]:
        named = self._persons.get(person.id)
        return {
            "person_id": person.id,
            "account_id": person.account_id,
            "name": None if named is None else named.details.name,
            "form_of_address": None if named is None else named.details.form_of_address,
            "area_path": list(person.area_path),
            "orders": [_order(ticket) for ticket in orders],
        }


def _may_see(ticket: Ticket, actor: Actor) -> bool:
    if ticket.nature is Nature.COMPLAINT or not relations.is_staff(ticket, actor):
        return False
    return not is_recused(ticket.recused, ticket.requester_id, actor)


def _order(ticket: Ticket) -> Mapping[str, Any]:
    return {
        "ticket_id": ticket.id,
        "number": ticket.number,
        "item_id": ticket.item_id,
        "item_name": {"zh": ticket.item_name.zh, "en": ticket.item_name.en},
        "status": ticket.status.value,
        "urgency": ticket.urgency.value,
        "placed_at": time_text(ticket.times.placed_at),
    }
