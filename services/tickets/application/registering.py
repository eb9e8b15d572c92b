"""Entering somebody who is served, and putting right what is held of them."""

from dataclasses import replace
from typing import Any

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.people import ChangePerson, RegisterPerson
from contracts.commands.tickets import NewPerson
from contracts.decisions import Decided
from contracts.errors import Invalid, Refused
from contracts.words import Text
from services.tickets.application.codes import account
from services.tickets.application.known_people import KnownPeople
from services.tickets.application.names import named
from services.tickets.application.people_ports import People
from services.tickets.application.ports import Areas, Clock, Communities, Persons
from services.tickets.application.ports import Person as Named
from services.tickets.domain import people_relations as relations
from services.tickets.domain.area import unknown_area
from services.tickets.domain.people_relations import Standing
from services.tickets.domain.person import Person

_BY_STAFF = frozenset({"area_id", "account_id", "minor"})
_BY_DELEGATES = frozenset({"languages"})
_SAID = ("name", "phone", "address", "form_of_address", "languages", *sorted(_BY_STAFF))


class Registering:
    """Register and change."""

    def __init__(
        self,
        people: People,
        persons: Persons,
        known: KnownPeople,
        areas: Areas,
        communities: Communities,
        clock: Clock,
    ) -> None:
        self._people = people
        self._persons = persons
        self._known = known
        self._areas = areas
        self._communities = communities
        self._clock = clock

    def register(self, call: Call[RegisterPerson]) -> Outcome:
        """Staff enter somebody; who has an account already known here keeps the id that goes with it."""
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        area_path = self._staffed(command.area_id, actor)
        details = named(
            NewPerson(
                name=command.name,
                phone=command.phone,
                address=command.address,
                form_of_address=command.form_of_address,
            ),
            "name",
        )
        own = _account(command.account_id, actor)
        known = None if own is None else self._people.of_account(actor.community_id, own)
        _check_whose(known, actor)
        person_id = known.id if known is not None else call.meta.created_id
        entered = Named(id=person_id, community_id=actor.community_id, known_to=actor.account_id, details=details)

        def decide(before: Person | None) -> Decided[Person]:
            self._persons.keep(entered, now)
            person = before or Person(id=person_id, community_id=actor.community_id)
            spoken = person.speaks(command.languages)
            return spoken.registered(area_path, own, command.minor, actor.account_id)

        return self._people.apply(person_id, call.meta, decide)

    def change(self, call: Call[ChangePerson]) -> Outcome:
        """The person puts right who they are; staff there also where they live, their account, their being a minor.

        What they speak is for a delegate who orders for them to say, too.
        """
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        known = self._known.must_find(command.person_id, actor)
        own = _account(command.account_id, actor)
        area_path = None if command.area_id is None else self._staffed(command.area_id, actor)

        def decide(before: Person | None) -> Decided[Person]:
            person, standing = relations.must_know(before or known, actor)
            _check(command, person, standing, actor)
            spoken = person.speaks(command.languages)
            details = self._changed(person, command)
            if details is not None:
                self._persons.change(details, now)
            return spoken.changed(area_path, own, command.minor)

        return self._people.apply(known.id, call.meta, decide)

    def _changed(self, person: Person, command: ChangePerson) -> Named | None:
        """Who they are from now on; None where nothing of that was said."""
        said = {field: getattr(command, field) for field in ("name", "phone", "address", "form_of_address")}
        given: dict[str, Any] = {field: value.strip() or None for field, value in said.items() if value is not None}
        if not given:
            return None
        before = self._persons.get(person.id)
        details = replace(NewPerson(name="") if before is None else before.details, **given)
        whole = named(replace(details, name=details.name or ""), "name")
        known_to = person.account_id or person.id if before is None else before.known_to
        return Named(id=person.id, community_id=person.community_id, known_to=known_to, details=whole)

    def _staffed(self, area_id: str, actor: Actor) -> tuple[str, ...]:
        """The path to the grid of a place where the actor is staff."""
        community, area = self._communities.get(actor.community_id), self._areas.get(area_id)
        if community is None or area is None or area.community_id != community.id:
            raise unknown_area()
        area_path = area.public_path(within=community.area)
        if not actor.has(STAFF, area_path):
            raise _staff_only()
        return area_path


def _check(command: ChangePerson, person: Person, standing: Standing, actor: Actor) -> None:
    said = {name for name in _SAID if getattr(command, name) is not None}
    if standing is Standing.DELEGATE and not (said <= _BY_DELEGATES and person.orders_for(actor.account_id)):
        raise _staff_only()
    if said & _BY_STAFF and standing is not Standing.STAFF:
        raise _staff_only()


def _account(account_id: str | None, actor: Actor) -> str | None:
    """The account that staff say is the person's. Never their own: it would read and agree as the person, unlogged."""
    if account_id is None:
        return None
    if account_id == actor.account_id:
        raise Refused(
            "own-account",
            Text(zh="您自己的登记请同事来办", en="a colleague enters you: not you yourself"),
            field="account_id",
        )
    return account(account_id, "account_id")


def _check_whose(known: Person | None, actor: Actor) -> None:
    """Whoever is entered elsewhere already is not drawn into the actor's area by their account.

    Raises Invalid, in the words for an account that is not there.
    """
    if known is not None and known.area_path and not relations.is_staff(known, actor):
        raise Invalid("no-such-account", Text(zh="没有这个账号", en="there is no such account"), field="account_id")


def _staff_only() -> Refused:
    return Refused("staff-only", Text(zh="由社区工作人员登记", en="this is for the community's staff"))
