"""At whom somebody suspects harm: who may report it there, how to find them, and who lives with it."""

from dataclasses import dataclass
from typing import Protocol

from contracts.actor import STAFF, Actor
from contracts.errors import Invalid
from contracts.words import Nature, Text
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.ports import Persons, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain import people_relations, relations
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket


@dataclass(frozen=True, kw_only=True)
class Who:
    """How to find them, as far as it is known; ``area_id`` is the exact place of the order."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None
    area_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class About:
    """What a report is about. ``household`` are the accounts of the person and of all who act for them."""

    community_id: str
    ticket_id: str | None
    person_id: str | None
    who: Who
    household: frozenset[str]


class Visitors(Protocol):
    """Who was there: also of a seat that was given back since."""

    def were_there(self, ticket_id: str, member_id: str) -> bool:
        """Did the member ever have a seat of the order?"""


class AtWhom:
    """Finds what is reported, for who may."""

    def __init__(
        self, tickets: Tickets, known: KnownPeople, persons: Persons, visitors: Visitors, sealing: Sealing
    ) -> None:
        self._tickets = tickets
        self._known = known
        self._persons = persons
        self._visitors = visitors
        self._sealing = sealing

    def find(self, ticket_id: str | None, person_id: str | None, actor: Actor) -> About:
        """By an order or a person, one of the two; raises Invalid ``about-one``, NotFound."""
        if (ticket_id is None) is (person_id is None):
            raise Invalid(
                "about-one", Text("写一单或一个人,只写一个", "name an order or a person, one of them"), "ticket_id"
            )
        if ticket_id is not None:
            return self._of_order(self._must_have_been_there(ticket_id, actor))
        return self._of_person(person_id or "", actor)

    def _must_have_been_there(self, ticket_id: str, actor: Actor) -> Ticket:
        """Whoever has or had a seat, a department that was called, staff there; never whose own case it is."""
        ticket = relations.must_exist(self._tickets.get(ticket_id), actor)
        if relations.is_staff(ticket, actor) or ticket.holds(actor.member_id):
            return ticket
        if relations.whistles_of(ticket, actor.member_id):
            return ticket
        if actor.member_id is None or not self._visitors.were_there(ticket.id, actor.member_id):
            raise relations.no_such_ticket()
        return ticket

    def _of_order(self, ticket: Ticket) -> About:
        person = self._known.served(ticket)
        person_id = ticket.beneficiary_id or (None if person is None else person.id)
        accounts = {ticket.requester_id, *(one.account_id for one in ticket.delegates)}
        return About(
            community_id=ticket.community_id,
            ticket_id=ticket.id,
            person_id=person_id,
            # Who made a complaint stays hidden here too.
            who=Who() if ticket.nature is Nature.COMPLAINT else self._who(person_id, self._sealing.open_area(ticket)),
            household=frozenset(one for one in accounts if one is not None) | _circle_of(person),
        )

    def _of_person(self, person_id: str, actor: Actor) -> About:
        person = self._known.find(person_id, actor)
        if person is None or person.community_id != actor.community_id or not actor.has(STAFF, person.area_path):
            raise people_relations.no_such_person()
        area = person.area_path[-1] if person.area_path else None
        return About(
            community_id=person.community_id,
            ticket_id=None,
            person_id=person.id,
            who=self._who(person.id, area),
            household=_circle_of(person),
        )

    def _who(self, person_id: str | None, area_id: str | None) -> Who:
        known = None if person_id is None else self._persons.get(person_id)
        if known is None:
            return Who(area_id=area_id)
        details = known.details
        return Who(name=details.name, phone=details.phone, address=details.address, area_id=area_id)


def _circle_of(person: Person | None) -> frozenset[str]:
    if person is None:
        return frozenset()
    accounts = {person.account_id, *(one.account_id for one in person.delegations)}
    return frozenset(one for one in accounts if one is not None)
