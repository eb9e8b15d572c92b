"""Finding the person that an id means: their own, their account's, or that of the order they were first named with."""

from contracts.actor import Actor
from contracts.words import Nature
from services.tickets.application.people_ports import People
from services.tickets.application.ports import Persons, Tickets
from services.tickets.domain.people_relations import no_such_person
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket

NAMED_WITH = ".p"
"""Ends the id of a person who was first named with an order; the order's id is before it."""


class KnownPeople:
    """Looks people up. Somebody of whom no right was ever written down is a person all the same.

    Only whoever was named with a complaint is nobody here: else who handles it would find by its id who made it.
    """

    def __init__(self, people: People, persons: Persons, tickets: Tickets) -> None:
        self._people = people
        self._persons = persons
        self._tickets = tickets

    def find(self, person_id: str, actor: Actor) -> Person | None:
        """The person whom *actor* means by *person_id*; their own account's id means themselves."""
        known = self._people.get(person_id)
        if known is not None:
            return known
        if person_id == actor.account_id:
            mine = self._people.of_account(actor.community_id, actor.account_id)
            return mine or Person(id=person_id, community_id=actor.community_id, account_id=person_id)
        return self._first_named(person_id)

    def must_find(self, person_id: str, actor: Actor) -> Person:
        """The same; raises NotFound."""
        found = self.find(person_id, actor)
        if found is None:
            raise no_such_person()
        return found

    def served(self, ticket: Ticket) -> Person | None:
        """Who is served by an order, if any right of theirs was ever written down."""
        if ticket.beneficiary_id is not None:
            return self._people.get(ticket.beneficiary_id)
        if ticket.requester_id is None:
            return None
        return self._people.of_account(ticket.community_id, ticket.requester_id)

    def is_reporter(self, person_id: str) -> bool:
        """Is it somebody for whom a complaint was made, known by nothing else?"""
        ticket = self._order_of(person_id)
        return ticket is not None and ticket.nature is Nature.COMPLAINT and self._people.get(person_id) is None

    def _order_of(self, person_id: str) -> Ticket | None:
        ticket_id, mark, _ = person_id.rpartition(NAMED_WITH)
        return self._tickets.get(ticket_id) if mark else None

    def _first_named(self, person_id: str) -> Person | None:
        named = self._persons.get(person_id)
        if named is None:
            return None
        ticket = self._order_of(person_id)
        if ticket is not None and ticket.nature is Nature.COMPLAINT:
            return None
        return Person(
            id=person_id, community_id=named.community_id, area_path=() if ticket is None else ticket.area_path
        )
