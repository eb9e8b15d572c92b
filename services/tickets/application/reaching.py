"""Where people served are reached: for notify alone, at the moment of sending; no reading by a person, so no reveal."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from contracts.actor import is_notify
from contracts.commands import Call, Outcome
from contracts.commands.contacts import MOST_AT_ONCE, ReadPersonContacts
from contracts.words import Permit
from services.tickets.application.people_ports import People
from services.tickets.domain.people_relations import no_such_person
from services.tickets.domain.person import Person


class PersonPhones(Protocol):
    """The phones in the vault of persons."""

    def of_many(self, person_ids: Sequence[str]) -> Mapping[str, str | None]:
        """Theirs; None where there is none to be read. Who is not known is left out."""


class Reaching:
    """``read_person_contacts``."""

    def __init__(self, people: People, phones: PersonPhones) -> None:
        self._people = people
        self._phones = phones

    def read(self, call: Call[ReadPersonContacts]) -> Outcome:
        """See ``ReadPersonContacts``. Nobody who died is reached any more."""
        if not is_notify(call.meta.actor):
            raise no_such_person()
        phones = self._phones.of_many(call.command.person_ids[:MOST_AT_ONCE])
        found = {person_id: _contact(self._people.get(person_id), phone) for person_id, phone in phones.items()}
        return Outcome({"contacts": {person_id: one for person_id, one in found.items() if one is not None}})


def _contact(person: Person | None, phone: str | None) -> dict[str, Any] | None:
    """Somebody named with an order, of whom no right was ever written down, has a phone at most."""
    if person is None:
        return {"phone": phone, "account_id": None, "delegates": False}
    if person.deceased:
        return None
    told = any(Permit.BE_TOLD in one.may for one in person.standing)
    return {"phone": phone, "account_id": person.account_id, "delegates": told}
