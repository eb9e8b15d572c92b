"""Orders follow their person: who may act in them, and their end when the person has died."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.actor import system_actor
from contracts.commands import Meta, Outcome, reaction_to
from contracts.decisions import Decided, Due
from contracts.envelope import Envelope
from contracts.errors import DomainError
from contracts.events import AnyReceived
from services.tickets.application.news import newest
from services.tickets.application.people_ports import OrdersOf, People, Told
from services.tickets.application.ports import Clock, Tickets
from services.tickets.domain.circle import follow_person
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket

AT_ONCE = 100
"""So many orders follow before the command is answered; the event makes sure of all."""


class Circles:
    """The handler of a person's events and the firing of their deadlines."""

    def __init__(self, people: People, tickets: Tickets, orders: OrdersOf, clock: Clock, tell: Told) -> None:
        self._people = people
        self._tickets = tickets
        self._orders = orders
        self._clock = clock
        self._tell = tell

    def follow_person(self, events: Sequence[AnyReceived]) -> None:
        """Bring every order of these people up to what the people are now; in any order, twice, late."""
        for event in newest(events):
            person = self._people.get(event.envelope.subject)
            if person is None:
                continue
            meta = reaction_to(event.envelope)
            for ticket_id in self._orders.ids(person):
                self._follow(ticket_id, person, meta)

    def at_once(self, outcome: Outcome, person_id: str, meta: Meta) -> Outcome:
        """The same right after a command, so that its answer holds: what fails here the event brings later."""
        person = self._people.get(person_id) if outcome.envelopes else None
        if person is None:
            return outcome
        system = replace(meta, actor=system_actor(person.community_id), command_id=f"{meta.command_id}:orders")
        envelopes: list[Envelope] = list(outcome.envelopes)
        try:
            for ticket_id in self._orders.ids(person)[:AT_ONCE]:
                envelopes += self._follow(ticket_id, person, system).envelopes
        except DomainError as error:
            self._tell("people.follow_later", code=error.code)
        return Outcome(outcome.result, tuple(envelopes))

    def fire(self, person_id: str, due: Due) -> None:
        """A delegation's year is nearly over, or over; firing it again, or after a renewal, does nothing."""
        person = self._people.get(person_id)
        if person is None:
            return
        key = f"due:people:{person_id}:{due.key}"
        meta = Meta(actor=system_actor(person.community_id), command_id=key, correlation_id=key, causation_id=key)
        now = self._clock.now()

        def decide(found: Person | None) -> Decided[Person] | None:
            return None if found is None else found.fire(due.key, now)

        self._people.apply(person_id, meta, decide)

    def _follow(self, ticket_id: str, person: Person, meta: Meta) -> Outcome:
        now = self._clock.now()

        def decide(ticket: Ticket | None) -> Decided[Ticket] | None:
            return None if ticket is None else follow_person(ticket, person, now)

        return self._tickets.apply(ticket_id, meta, decide)
