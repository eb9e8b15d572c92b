"""Where a member can be reached. Only the platform asks; nobody is shown a number by it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from contracts.actor import Actor, Role, is_notify
from contracts.commands import Call, Outcome
from contracts.commands.contacts import MOST_AT_ONCE, ReadMemberContacts
from contracts.commands.volunteers import FindByPhone, ReadContact
from services.volunteers.domain.demand import not_found

THE_PLATFORM = frozenset({Role.SYSTEM})


class Phones(Protocol):
    """The phones in the vault of the members."""

    def of(self, member_id: str) -> str | None:
        """The member's phone; None where there is no member, no phone, or nothing left to read it with."""

    def of_many(self, member_ids: Sequence[str]) -> Mapping[str, str | None]:
        """The same of several: of those who are members."""

    def whose(self, phone: str) -> Sequence[str]:
        """Ids of the members who have this phone."""


class Contacts:
    """Reads of the platform itself."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones

    def read_contact(self, call: Call[ReadContact]) -> Outcome:
        """A member's phone."""
        _only_the_platform(call.meta.actor)
        return Outcome({"phone": self._phones.of(call.command.member_id)})

    def read_contacts(self, call: Call[ReadMemberContacts]) -> Outcome:
        """Where members are reached now: for notify alone."""
        if not is_notify(call.meta.actor):
            raise not_found()
        found = self._phones.of_many(call.command.member_ids[:MOST_AT_ONCE])
        return Outcome({"contacts": {member_id: {"phone": phone} for member_id, phone in found.items()}})

    def find_by_phone(self, call: Call[FindByPhone]) -> Outcome:
        """Whose phone it is."""
        _only_the_platform(call.meta.actor)
        return Outcome({"member_ids": list(self._phones.whose(call.command.phone))})


def _only_the_platform(actor: Actor) -> None:
    if not actor.has(THE_PLATFORM):
        raise not_found()
