"""Who is asked for at the same time is asked for together."""

from collections.abc import Mapping, Sequence
from typing import Any

import eventlet
import pytest

from services.notify.adapters.gathered_contacts import GatheredContacts
from services.notify.application.sending_ports import Address, ContactsAway


class Owners:
    """Counts the calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[str]]] = []
        self.fails: Exception | None = None
        self.unanswered: str | None = None

    def many(self, community_id: str, recipients: Sequence[str]) -> Mapping[str, Sequence[Address]]:
        self.calls.append((community_id, list(recipients)))
        if self.fails is not None:
            raise self.fails
        return {one: [Address(way="sms", value=f"000-{one}")] for one in recipients if one != self.unanswered}


@pytest.fixture
def owners() -> Owners:
    return Owners()


def ask_together(owners: Owners, *wanted: tuple[str, str]) -> list[Any]:
    contacts = GatheredContacts(owners.many, eventlet.sleep)

    def ask(community_id: str, recipient: str) -> Any:
        try:
            return [one.value for one in contacts.of(community_id, recipient)]
        except Exception as error:  # noqa: BLE001  what each asker gets is looked at
            return type(error)

    waiting = [eventlet.spawn(ask, *one) for one in wanted]
    return [one.wait() for one in waiting]


def test_many_at_once_are_one_call_and_each_gets_their_own(owners: Owners) -> None:
    answers = ask_together(owners, ("c", "b"), ("c", "a"), ("c", "b"), ("d", "x"))
    assert answers == [["000-b"], ["000-a"], ["000-b"], ["000-x"]]
    assert sorted(owners.calls) == [("c", ["a", "b"]), ("d", ["x"])]


def test_the_next_is_asked_for_anew(owners: Owners) -> None:
    contacts = GatheredContacts(owners.many, eventlet.sleep)
    contacts.of("c", "a")
    contacts.of("c", "a")
    assert len(owners.calls) == 2


def test_who_is_not_answered_for_waits_and_the_others_do_not(owners: Owners) -> None:
    owners.unanswered = "a"
    assert ask_together(owners, ("c", "a"), ("c", "b")) == [ContactsAway, ["000-b"]]
    assert len(owners.calls) == 1


def test_nobody_waits_for_ever_whatever_went_wrong(owners: Owners) -> None:
    owners.fails = KeyError("boom")
    assert ask_together(owners, ("c", "a"), ("c", "b")) == [KeyError, ContactsAway]
