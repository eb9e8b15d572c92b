"""Contacts, asked of their owners at the moment of sending: gateway, volunteers and tickets, of many at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chassis.ids import new_id
from chassis.rpc_client import ServiceFault
from contracts.actor import MEMBER_ACCOUNT, notify_actor
from contracts.commands import Meta, Outcome
from contracts.commands.contacts import MOST_AT_ONCE, ReadAccountContacts, ReadMemberContacts, ReadPersonContacts
from contracts.errors import Busy, TooLate
from services.notify.application.sending_ports import Address, ContactsAway
from services.notify.domain.reachable import SLIP, ways_of

Asked = Mapping[str, Mapping[str, Any]]
"""What an owner answered, by the id that was asked for."""


class RpcContacts:
    """What is answered is handed on and kept nowhere, not even for the next message."""

    def __init__(self, call: Callable[[Any, Meta], Outcome]) -> None:
        self._call = call

    def of_many(self, community_id: str, recipients: Sequence[str]) -> Mapping[str, Sequence[Address]]:
        """Every address of each, by the recipient: one call to each owner for 200 of them. Raises ContactsAway."""
        ids = {kind: _ids(kind, recipients) for kind in ("account", "member", "person")}
        persons = self._ask(community_id, lambda some: ReadPersonContacts(person_ids=some), ids["person"])
        own = {id: one["account_id"] for id, one in persons.items() if one["account_id"] is not None}
        accounts = {*ids["account"], *own.values(), *(MEMBER_ACCOUNT + member for member in ids["member"])}
        at_gateway = self._ask(community_id, lambda some: ReadAccountContacts(account_ids=some), sorted(accounts))
        members = {
            *ids["member"],
            *(id.removeprefix(MEMBER_ACCOUNT) for id in accounts if id.startswith(MEMBER_ACCOUNT)),
        }
        at_volunteers = self._ask(community_id, lambda some: ReadMemberContacts(member_ids=some), sorted(members))

        def of_account(account_id: str) -> list[Address]:
            held = at_gateway.get(account_id, {})
            if account_id.startswith(MEMBER_ACCOUNT):
                held = {**held, **at_volunteers.get(account_id.removeprefix(MEMBER_ACCOUNT), {})}
            return [Address(way=way, value=value) for way, value in ways_of(held)]

        def of_one(recipient: str) -> Sequence[Address]:
            kind, _, id = recipient.partition(":")
            if kind == "account":
                return of_account(id)
            if kind == "member":
                return of_account(MEMBER_ACCOUNT + id)
            held = persons.get(id) if kind == "person" else None
            if held is None:
                return ()
            reached = of_account(own[id]) if id in own else []
            return reached or _of_person(id, held)

        return {recipient: of_one(recipient) for recipient in recipients}

    def _ask(self, community_id: str, command: Callable[[tuple[str, ...]], Any], ids: Sequence[str]) -> Asked:
        found: dict[str, Mapping[str, Any]] = {}
        for some in _chunks(ids):
            id = new_id()
            meta = Meta(actor=notify_actor(community_id), command_id=id, correlation_id=id)
            try:
                found |= self._call(command(some), meta).result["contacts"]
            except (TooLate, Busy, ServiceFault) as error:
                # Nothing of what was asked, or answered, is in the error: it may be logged.
                raise ContactsAway(type(error).__name__) from None
        return found


def _of_person(person_id: str, held: Mapping[str, Any]) -> Sequence[Address]:
    """Their own phone; else a slip of paper, unless somebody who acts for them is told instead."""
    reached = [Address(way=way, value=value) for way, value in ways_of(held)]
    if reached or held["delegates"]:
        return reached
    return [Address(way=SLIP, value=person_id)]


def _ids(kind: str, recipients: Sequence[str]) -> list[str]:
    found = (recipient.partition(":") for recipient in recipients)
    return sorted({id for named, _, id in found if named == kind})


def _chunks(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(ids), MOST_AT_ONCE):
        yield tuple(ids[start : start + MOST_AT_ONCE])
