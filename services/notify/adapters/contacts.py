"""Contacts, asked of their owners at the moment of sending: gateway, volunteers and tickets, of many at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from chassis.clock import elapsed_seconds
from chassis.ids import new_id
from chassis.rpc_client import ServiceFault
from contracts.actor import MEMBER_ACCOUNT, notify_actor
from contracts.commands import Meta, Outcome
from contracts.commands.contacts import MOST_AT_ONCE, ReadAccountContacts, ReadMemberContacts, ReadPersonContacts
from contracts.errors import Busy, TooLate
from services.notify.application.sending_ports import Address, ContactsAway
from services.notify.domain.reachable import SLIP, ways_of
from services.notify.domain.recipients import own_account

LEFT_ALONE_SECONDS = (2.0, 5.0, 10.0, 20.0)
"""So long an owner that did not answer once, twice and so on is not asked again: one that only starts keeps nobody
waiting, and one that stays away costs one time-out in so long."""


@dataclass
class _Answered:
    """What an owner answered, by the id that was asked for; of whom it did not answer."""

    held: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)

    def of(self, id: str) -> Mapping[str, Any]:
        """Nothing where the owner knows nobody. Raises ContactsAway."""
        if id in self.unanswered:
            raise ContactsAway
        return self.held.get(id, {})


class RpcContacts:
    """What is answered is handed on and kept nowhere, not even for the next message.

    An owner that does not answer is left alone for a while: asking costs a whole time-out, and others wait behind it.
    """

    def __init__(self, call: Callable[[Any, Meta], Outcome], elapsed: Callable[[], float] = elapsed_seconds) -> None:
        """*elapsed*: seconds of real time."""
        self._call = call
        self._elapsed = elapsed
        self._left_alone: dict[str, float] = {}
        self._silent: Counter[str] = Counter()
        """How often each owner did not answer, one after the other."""

    def of_many(self, community_id: str, recipients: Sequence[str]) -> Mapping[str, Sequence[Address]]:
        """Every address of each, by the recipient: one call to each owner for 200 of them.

        Those of whom an owner did not answer are not among them.
        """
        whose = {recipient: own_account(recipient) for recipient in recipients}
        found = self._of_each(community_id, sorted(set(whose.values())))
        return {recipient: found[one] for recipient, one in whose.items() if one in found}

    def _of_each(self, community_id: str, recipients: Sequence[str]) -> Mapping[str, Sequence[Address]]:
        ids = {kind: _ids(kind, recipients) for kind in ("account", "member", "person")}
        persons = self._ask(community_id, lambda some: ReadPersonContacts(person_ids=some), ids["person"])
        own = {id: one["account_id"] for id, one in persons.held.items() if one["account_id"] is not None}
        accounts = {*ids["account"], *own.values(), *(MEMBER_ACCOUNT + member for member in ids["member"])}
        at_gateway = self._ask(community_id, lambda some: ReadAccountContacts(account_ids=some), sorted(accounts))
        members = {
            *ids["member"],
            *(id.removeprefix(MEMBER_ACCOUNT) for id in accounts if id.startswith(MEMBER_ACCOUNT)),
        }
        at_volunteers = self._ask(community_id, lambda some: ReadMemberContacts(member_ids=some), sorted(members))

        def of_account(account_id: str) -> list[Address]:
            held = at_gateway.of(account_id)
            if account_id.startswith(MEMBER_ACCOUNT):
                held = {**held, **at_volunteers.of(account_id.removeprefix(MEMBER_ACCOUNT))}
            return [Address(way=way, value=value) for way, value in ways_of(held)]

        def of_one(recipient: str) -> Sequence[Address]:
            kind, _, id = recipient.partition(":")
            if kind == "account":
                return of_account(id)
            if kind == "member":
                return of_account(MEMBER_ACCOUNT + id)
            held = persons.of(id) if kind == "person" else {}
            if not held:
                return ()
            reached = of_account(own[id]) if id in own else []
            return reached or _of_person(id, held)

        found: dict[str, Sequence[Address]] = {}
        for recipient in recipients:
            with suppress(ContactsAway):
                found[recipient] = of_one(recipient)
        return found

    def _ask(self, community_id: str, command: Callable[[tuple[str, ...]], Any], ids: Sequence[str]) -> _Answered:
        found = _Answered()
        for some in _chunks(ids):
            self._ask_some(community_id, command, some, found)
        return found

    def _ask_some(
        self, community_id: str, command: Callable[[tuple[str, ...]], Any], some: tuple[str, ...], found: _Answered
    ) -> None:
        id, asked = new_id(), command(some)
        meta = Meta(actor=notify_actor(community_id), command_id=id, correlation_id=id)
        if self._elapsed() < self._left_alone.get(asked.SERVICE, 0.0):
            found.unanswered |= set(some)
            return
        try:
            found.held |= self._call(asked, meta).result["contacts"]
            del self._silent[asked.SERVICE]
        except ServiceFault:
            # It may be one of them that the owner cannot read: the others are reached all the same.
            if len(some) == 1:
                found.unanswered |= set(some)
                return
            for one in some:
                self._ask_some(community_id, command, (one,), found)
        except (TooLate, Busy):
            times = min(self._silent[asked.SERVICE], len(LEFT_ALONE_SECONDS) - 1)
            self._silent[asked.SERVICE] += 1
            self._left_alone[asked.SERVICE] = self._elapsed() + LEFT_ALONE_SECONDS[times]
            found.unanswered |= set(some)


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
