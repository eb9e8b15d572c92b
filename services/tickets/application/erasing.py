"""What runs for a person who is erased ends: kindly, and without a word to anybody but the crew that was to come."""

from collections.abc import Callable

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from contracts.words import ENDED, ClosedBy, DelegationEnd, TicketStatus
from services.tickets.application.people_ports import People
from services.tickets.application.ports import Clock, Tickets
from services.tickets.domain.circle import CALLED_OFF
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket

_BY = "resident"
"""As who withdraws: erasure is the person's own wish."""
_PLATFORM = "system"


class Erasing:
    """Ends single orders and delegations; doing it again finds them ended."""

    def __init__(self, tickets: Tickets, people: People, clock: Clock) -> None:
        self._tickets = tickets
        self._people = people
        self._clock = clock

    def end(self, ticket_id: str) -> bool:
        """Cancel the order, or close it unresolved where the work was done; was there anything to end?"""
        ticket = self._tickets.get(ticket_id)
        if ticket is None or ticket.status in ENDED:
            return False

        def decide(found: Ticket | None) -> Decided[Ticket] | None:
            return None if found is None or found.status in ENDED else self._decided(found)

        return bool(self._tickets.apply(ticket_id, _meta(ticket.community_id, ticket_id), decide).envelopes)

    def end_delegations(self, person_id: str, held_by: frozenset[str] | None) -> int:
        """End the standing delegations of one person, all or (*held_by*) those of these accounts; how many."""
        person = self._people.get(person_id)
        if person is None:
            return 0
        standing = [one for one in person.delegations if one.stands and (held_by is None or one.account_id in held_by)]
        for one in standing:
            self._people.apply(person_id, _meta(person.community_id, one.id), self._over(one.id))
        return len(standing)

    def _over(self, delegation_id: str) -> Callable[[Person | None], Decided[Person] | None]:
        now = self._clock.now()

        def decide(found: Person | None) -> Decided[Person] | None:
            return None if found is None else found.end(delegation_id, DelegationEnd.ENDED, _PLATFORM, now)

        return decide

    def _decided(self, ticket: Ticket) -> Decided[Ticket]:
        now = self._clock.now()
        if ticket.status is TicketStatus.COMPLETED:
            return ticket.confirm(ClosedBy.NOBODY, answer=None, solved=False, note=None, now=now)
        return ticket.cancel(_BY, CALLED_OFF, None, None, now)


def _meta(community_id: str, what: str) -> Meta:
    key = f"erase:{what}"
    return Meta(actor=system_actor(community_id), command_id=key, correlation_id=key)
