"""For whom an order is, and whether the person who orders may order for them."""

from dataclasses import dataclass

from contracts.actor import Actor
from contracts.errors import Invalid, Refused
from contracts.terms import Terms
from contracts.words import Origin, Permit, Purpose, Text
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.people_ports import Consent, Consents, People
from services.tickets.application.ports import Persons
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket


@dataclass(frozen=True)
class Served:
    """Whom an order serves: ``beneficiary_id`` where it is not who orders; ``person`` where rights are written down.

    ``requester_id`` is the account that is asked how it went; of a proxy order that is the person's own, if there is
    one. ``proxy``: a delegate orders. ``call_first``: nobody has spoken with the person about this delegate yet.
    """

    beneficiary_id: str | None
    person: Person | None
    requester_id: str | None
    proxy: bool = False
    call_first: bool = False

    def origin(self, said: Origin) -> Origin:
        """A proxy order says so, whatever its form said."""
        return Origin.DELEGATE if self.proxy and said is Origin.RESIDENT else said


class Serving:
    """Looks up whom an order is for. One look-up by key for an order of somebody's own, two for another person."""

    def __init__(self, people: People, persons: Persons, consents: Consents, known: KnownPeople) -> None:
        self._people = people
        self._persons = persons
        self._consents = consents
        self._known = known

    def oneself(self, community_id: str, requester_id: str | None) -> Served:
        """Who orders is served, or somebody who is named with the order and of whom nothing is known yet."""
        person = None if requester_id is None else self._people.of_account(community_id, requester_id)
        if person is not None:
            person.must_live()
        return Served(None, person, requester_id)

    def another(
        self, beneficiary_id: str, actor: Actor, requester_id: str | None, *, staff: bool, danger: bool
    ) -> Served:
        """A known person; raises Invalid ``unknown-person`` where the actor may not know them or not order for them.

        Danger waits for no paper: neither for a guardian's consent nor for a call.
        """
        person, named = self._people.get(beneficiary_id), self._persons.get(beneficiary_id)
        known = person or named
        if known is None or known.community_id != actor.community_id:
            raise _unknown_person()
        staff = staff and not (person is None and self._known.is_reporter(beneficiary_id))
        delegation = None if person is None else person.delegate(actor.account_id)
        proxy = delegation is not None and Permit.ORDER in delegation.may
        own = person is not None and person.account_id == actor.account_id
        first_named_by = named is not None and named.known_to == actor.account_id
        if person is not None and (person.was_delegate(actor.account_id) or person.registered_by is not None):
            # Whoever was a delegate orders as one: what the person ended does not go on under an older right.
            # Whoever entered them did so as staff: when they are staff no more, that is over too.
            first_named_by = False
        if not (staff or proxy or own or first_named_by):
            raise _unknown_person()
        if person is not None:
            person.must_live()
            self._check_guardian(person, danger)
        account = None if person is None else person.account_id
        if not proxy or staff:
            # Whoever has an account hears of what is ordered for them, and is asked how it went.
            return Served(beneficiary_id, person, requester_id or account)
        asked = delegation is not None and delegation.asked
        return Served(beneficiary_id, person, account, proxy=True, call_first=not asked and not danger)

    def guardian_agreed(self, ticket: Ticket) -> bool:
        """Is a guardian's consent on record for an order for a child: for the child it is for, or for this order?

        Who orders for a child may be nobody's guardian and the child not entered yet: then staff, who look at such an
        order first, enter the child and what their guardian said about this order.
        """
        own = (ticket.requester_id, ticket.placed_by)
        about = self._consents.about(ticket.community_id, ticket.id)
        # A guardian's own tap is about their own order: nobody agrees to a stranger's.
        given = [one for one in about if one.witnessed_by is not None or one.guardian_account in own]
        person = self._person_of(ticket)
        if person is not None and person.minor:
            given += [one for one in self._consents.of(person.community_id, person.id) if one.about is None]
        return any(_by_a_guardian(one) for one in given)

    def must_have_guardian(self, ticket: Ticket, terms: Terms | None) -> None:
        """Raises Invalid where an order for a child may not go on; danger waits for no paper."""
        if terms is None or not terms.for_child or ticket.danger or self.guardian_agreed(ticket):
            return
        raise Invalid(
            "guardian-consent-needed",
            Text(
                zh="这一单是给孩子的,还没有监护人的同意:请先登记孩子(未成年),再记下监护人的同意(用途 child_service,"
                "about 填这一单的编号)",
                en="this order is for a child and no guardian's consent is on record: enter the child (a minor), then "
                "the guardian's consent (purpose child_service, about this order's id)",
            ),
            field="ticket_id",
        )

    def _person_of(self, ticket: Ticket) -> Person | None:
        if ticket.beneficiary_id is not None:
            return self._people.get(ticket.beneficiary_id)
        if ticket.requester_id is None:
            return None
        return self._people.of_account(ticket.community_id, ticket.requester_id)

    def _check_guardian(self, person: Person, danger: bool) -> None:
        if not person.minor or danger:
            return
        given = self._consents.of(person.community_id, person.id)
        if not any(_by_a_guardian(one) and one.about is None for one in given):
            raise Refused(
                "guardian-consent-needed",
                Text(zh="未成年人的服务要先有监护人同意", en="a guardian has to consent before a minor is served"),
                field="beneficiary_id",
            )


def _by_a_guardian(consent: Consent) -> bool:
    return consent.purpose is Purpose.CHILD_SERVICE and consent.stands and consent.by_guardian


def _unknown_person() -> Invalid:
    return Invalid(
        "unknown-person", Text(zh="没有登记过这位服务对象", en="there is no such person here"), field="beneficiary_id"
    )
