"""Contacts are asked of their owners, of many at once, and an owner that is away is no refusal."""

from collections.abc import Mapping
from typing import Any

import pytest

from chassis.rpc_client import ServiceFault
from contracts.actor import is_notify
from contracts.commands import Meta, Outcome
from contracts.commands.contacts import MOST_AT_ONCE
from contracts.errors import Busy, TooLate
from contracts.words import Text
from services.notify.adapters.contacts import LEFT_ALONE_SECONDS, RpcContacts
from tests.builders import COMMUNITY

AWAY = Text("等", "wait")


class Owners:
    """The three of them; counts what they are asked."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Mapping[str, Any]]] = {"gateway": {}, "volunteers": {}, "tickets": {}}
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.fails: dict[str, Exception] = {}
        self.unreadable: str | None = None

    def call(self, command: Any, meta: Meta) -> Outcome:
        assert is_notify(meta.actor)
        (ids,) = vars(command).values()
        self.asked.append((command.SERVICE, ids))
        if command.SERVICE in self.fails:
            raise self.fails[command.SERVICE]
        if self.unreadable in ids:
            raise ServiceFault("KeyError")
        held = self.held[command.SERVICE]
        return Outcome({"contacts": {id: held[id] for id in ids if id in held}})


@pytest.fixture
def owners() -> Owners:
    return Owners()


def reached(owners: Owners, *recipients: str) -> dict[str, list[tuple[str, str]]]:
    found = RpcContacts(owners.call).of_many(COMMUNITY, recipients)
    return {who: [(one.way, one.value) for one in addresses] for who, addresses in found.items()}


def test_an_account_and_a_member_are_reached_where_their_owners_say(owners: Owners) -> None:
    owners.held["gateway"] = {
        "a": {"phone": "000-1", "email": "a@example.org"},
        "m-7": {"phone": None, "email": "seven@example.org"},
    }
    owners.held["volunteers"] = {"7": {"phone": "000-7"}}
    both = [("sms", "000-7"), ("email", "seven@example.org")]
    assert reached(owners, "account:a", "member:7", "account:m-7", "account:nobody", "duty:c") == {
        "account:a": [("sms", "000-1"), ("email", "a@example.org")],
        "member:7": both,
        "account:m-7": both,
        "account:nobody": [],
        "duty:c": [],
    }
    assert len(owners.asked) == 2


def person(**changes: Any) -> dict[str, Any]:
    return {"phone": None, "account_id": None, "delegates": False, **changes}


def test_somebody_without_an_account_is_reached_by_phone_by_their_family_or_on_paper(owners: Owners) -> None:
    owners.held["tickets"] = {
        "mobile": person(phone="138 0000 0000"),
        "landline": person(phone="0991-2345678"),
        "family": person(phone="0991-2345678", delegates=True),
        "account": person(phone="000-2", account_id="a"),
        "mute-account": person(phone="000-3", account_id="b"),
    }
    owners.held["gateway"] = {"a": {"phone": "000-1", "email": None}, "b": {"phone": None, "email": None}}
    who = [f"person:{id}" for id in ("mobile", "landline", "family", "account", "mute-account", "dead")]
    assert reached(owners, *who) == {
        "person:mobile": [("sms", "138 0000 0000")],
        "person:landline": [("slip", "landline")],
        "person:family": [],
        "person:account": [("sms", "000-1")],
        "person:mute-account": [("sms", "000-3")],
        "person:dead": [],
    }


def test_many_cost_one_call_and_more_than_many_a_few(owners: Owners) -> None:
    reached(owners, *[f"account:{number}" for number in range(MOST_AT_ONCE)])
    assert len(owners.asked) == 1
    reached(owners, *[f"account:{number}" for number in range(MOST_AT_ONCE + 1)])
    assert [len(ids) for _, ids in owners.asked[1:]] == [MOST_AT_ONCE, 1]


AWAY_ERRORS = [TooLate("outcome-unknown", AWAY), Busy("service-away", AWAY)]


@pytest.mark.parametrize("error", AWAY_ERRORS, ids=lambda error: type(error).__name__)
def test_an_owner_that_is_away_keeps_back_its_own_and_nobody_else(owners: Owners, error: Exception) -> None:
    owners.fails["volunteers"] = error
    owners.held["gateway"] = {"a": {"phone": "000-1", "email": None}, "m-7": {"phone": None, "email": None}}
    owners.held["tickets"] = {"p": person(phone="138 0000 0000"), "q": person(phone="000-2", account_id="m-7")}

    assert reached(owners, "account:a", "member:7", "account:m-7", "person:p", "person:q") == {
        "account:a": [("sms", "000-1")],
        "person:p": [("sms", "138 0000 0000")],
    }


def test_an_owner_that_is_away_is_left_alone_for_a_while(owners: Owners) -> None:
    now = [100.0]
    contacts = RpcContacts(owners.call, lambda: now[0])
    owners.fails["volunteers"] = AWAY_ERRORS[0]
    for _ in range(3):
        assert contacts.of_many(COMMUNITY, ["member:7"]) == {}
    assert [service for service, _ in owners.asked].count("volunteers") == 1, "each time costs a whole time-out"
    for times, seconds in enumerate((*LEFT_ALONE_SECONDS, LEFT_ALONE_SECONDS[-1]), start=1):
        now[0] += seconds - 0.5
        assert contacts.of_many(COMMUNITY, ["member:7"]) == {}
        assert [service for service, _ in owners.asked].count("volunteers") == times, "longer each time"
        now[0] += 0.5
        assert contacts.of_many(COMMUNITY, ["member:7"]) == {}
    owners.fails.clear()
    now[0] += LEFT_ALONE_SECONDS[-1]

    assert contacts.of_many(COMMUNITY, ["member:7"]) == {"member:7": []}
    owners.fails["volunteers"] = AWAY_ERRORS[0]
    assert contacts.of_many(COMMUNITY, ["member:7"]) == {}
    owners.fails.clear()
    now[0] += LEFT_ALONE_SECONDS[0]
    assert contacts.of_many(COMMUNITY, ["member:7"]) == {"member:7": []}, "an answer begins it anew"


def test_one_whom_their_owner_cannot_read_keeps_nobody_else_waiting(owners: Owners) -> None:
    owners.held["gateway"] = {"a": {"phone": "000-1", "email": None}}
    owners.unreadable = "b"

    assert reached(owners, "account:a", "account:b") == {"account:a": [("sms", "000-1")]}
    assert reached(owners, "account:a") == {"account:a": [("sms", "000-1")]}


def test_an_address_does_not_show_itself(owners: Owners) -> None:
    owners.held["gateway"] = {"a": {"phone": "000-4444-0001", "email": None}}
    ((address,),) = RpcContacts(owners.call).of_many(COMMUNITY, ["account:a"]).values()
    assert "000-4444" not in repr(address)
