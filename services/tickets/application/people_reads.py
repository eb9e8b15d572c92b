"""Reading about a person: what stands of them, who they are, who did what for them; and hiding one order."""

from collections.abc import Mapping
from typing import Any

from contracts.actor import Actor
from contracts.commands import Call, Outcome
from contracts.commands.people import (
    HideTicket,
    ReadDelegateActs,
    ReadDelegations,
    ReadDesk,
    ReadPerson,
    RevealPerson,
)
from contracts.decisions import Decided
from contracts.errors import NotFound, Refused
from contracts.moments import time_text
from contracts.words import Nature, Text
from services.tickets.application.codes import account
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.people_ports import OrdersOf, People
from services.tickets.application.ports import Communities, Persons, Tickets
from services.tickets.application.private_reads import reason_of
from services.tickets.application.record_reveals import PERSON, RecordReveals
from services.tickets.domain import people_relations as relations
from services.tickets.domain import relations as ticket_relations
from services.tickets.domain.circle import hide
from services.tickets.domain.people_relations import Standing
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket


class PeopleReads:
    """``read_person``, ``reveal_person``, ``read_delegations``, ``read_delegate_acts``, ``hide_ticket``,
    ``read_desk``."""

    def __init__(
        self,
        known: KnownPeople,
        people: People,
        persons: Persons,
        reveals: RecordReveals,
        tickets: Tickets,
        orders: OrdersOf,
        communities: Communities,
    ) -> None:
        self._known = known
        self._people = people
        self._persons = persons
        self._reveals = reveals
        self._tickets = tickets
        self._orders = orders
        self._communities = communities

    def read_person(self, call: Call[ReadPerson]) -> Outcome:
        """Ids and codes; a delegate sees what is theirs."""
        actor = call.meta.actor
        person, standing = relations.must_know(self._known.find(call.command.person_id, actor), actor)
        shown = [
            one.shown(person.id)
            for one in reversed(person.delegations)
            if standing is not Standing.DELEGATE or one.account_id == actor.account_id
        ]
        staff = standing is Standing.STAFF
        spoken = person.languages if standing is not Standing.DELEGATE or person.orders_for(actor.account_id) else ()
        return Outcome(
            {
                "person_id": person.id,
                "account_id": None if standing is Standing.DELEGATE else person.account_id,
                "area_path": list(person.area_path),
                "minor": person.minor,
                "deceased": person.deceased if staff else False,
                "languages": [language.value for language in spoken],
                "delegations": shown,
            }
        )

    def reveal_person(self, call: Call[RevealPerson]) -> Outcome:
        """Who a person is, after the reading was logged."""
        actor, reason = call.meta.actor, reason_of(call.command.reason)
        person, standing, wholly = relations.must_reveal(self._known.find(call.command.person_id, actor), actor, reason)
        if standing is not Standing.SELF:
            self._reveals.add(person, actor, standing, reason, PERSON, call.meta.command_id)
        named = self._persons.get(person.id)
        details = None if named is None else named.details
        return Outcome(
            {
                "person_id": person.id,
                "name": None if details is None else details.name,
                "form_of_address": None if details is None else details.form_of_address,
                "phone": details.phone if details is not None and wholly else None,
                "address": details.address if details is not None and wholly else None,
            }
        )

    def read_delegations(self, call: Call[ReadDelegations]) -> Outcome:
        """Those given to the actor, and those the actor gave."""
        actor = call.meta.actor
        given_to_me = self._people.with_delegate(actor.community_id, actor.account_id)
        mine = self._people.of_account(actor.community_id, actor.account_id)
        given = [] if mine is None else [one.shown(mine.id) for one in mine.delegations]
        held = [
            one.shown(person.id)
            for person in given_to_me
            for one in person.delegations
            if one.account_id == actor.account_id and not person.deceased
        ]
        return Outcome({"delegations": [*held, *given]})

    def read_delegate_acts(self, call: Call[ReadDelegateActs]) -> Outcome:
        """Who did what, newest first; not of what is hidden from a delegate, nor, as staff, who made a complaint."""
        actor = call.meta.actor
        person, standing = relations.must_know(self._known.find(call.command.person_id, actor), actor)
        acts = [
            act
            for ticket in self._orders.with_acts(person)
            if _may_read_acts(ticket, actor, standing)
            for act in _acts(ticket)
        ]
        return Outcome({"acts": sorted(acts, key=lambda act: str(act["at"]), reverse=True)})

    def read_desk(self, call: Call[ReadDesk]) -> Outcome:
        """The actor's community, as paper says it."""
        community = self._communities.get(call.meta.actor.community_id)
        if community is None:
            raise NotFound("no-such-community", Text(zh="没有这个社区", en="there is no such community"))
        name = {"zh": community.name.zh, "en": community.name.en}
        return Outcome({"name": name, "phone": community.phone, "time_zone": community.time_zone})

    def hide_ticket(self, call: Call[HideTicket]) -> Outcome:
        """The person, or staff on their word, hide an order from delegates."""
        command, actor = call.command, call.meta.actor
        accounts = frozenset(account(one, "account_ids") for one in command.account_ids)

        def decide(ticket: Ticket | None) -> Decided[Ticket]:
            known = ticket_relations.must_know(ticket, actor)
            person = self._known.served(known) or _unwritten(known)
            if not (relations.is_self(person, actor) or ticket_relations.is_staff(known, actor)):
                raise Refused("not-yours-to-hide", Text(zh="只有本人能决定瞒着谁", en="only the person decides that"))
            return hide(known, person, accounts, command.hidden)

        return self._tickets.apply(command.ticket_id, call.meta, decide)


def _unwritten(ticket: Ticket) -> Person:
    """Who is served, where no right of theirs was ever written down."""
    named = ticket.beneficiary_id
    account_id = None if named is not None else ticket.requester_id
    return Person(id=named or account_id or ticket.id, community_id=ticket.community_id, account_id=account_id)


def _may_read_acts(ticket: Ticket, actor: Actor, standing: Standing) -> bool:
    if standing is Standing.DELEGATE:
        return any(one.account_id == actor.account_id for one in ticket.delegates)
    return standing is Standing.SELF or ticket.nature is not Nature.COMPLAINT


def _acts(ticket: Ticket) -> list[Mapping[str, Any]]:
    return [
        {
            "at": time_text(act.at),
            "account_id": act.account_id,
            "action": act.action,
            "ticket_id": ticket.id,
            "number": ticket.number,
        }
        for act in ticket.acts
    ]
