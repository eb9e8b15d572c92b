"""A complaint about staff of the whole community who are no members names their account; it learns nothing of it."""

from collections.abc import Iterator

import pytest

from chassis.settings import Settings
from contracts.actor import Role
from tests.builders import COMMUNITY, an_actor
from tests.services.permissions.people import WORKER, json_of
from tests.services.permissions.rows.orders import ORDER
from tests.services.permissions.test_conflict import (
    API,
    DESK,
    LOOKS,
    REPORTER,
    STEPS,
    accepted,
    complain,
    staff_who_is,
)
from tests.services.permissions.town import Town, a_town

SUBJECT = an_actor(Role.SECRETARY, account_id="a-secretary")


@pytest.fixture(scope="module")
def town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(house_settings, tmp_path_factory.mktemp("accounts"), "account_") as town:
        town.account(SUBJECT)
        town.account(REPORTER)
        yield town


def test_they_see_and_hear_nothing_of_it(town: Town) -> None:
    ticket = accepted(town, "account", SUBJECT.account_id)
    for name, look in LOOKS.items():
        assert look(town, DESK, ticket), name
        assert not look(town, SUBJECT, ticket), name
    for step, body in STEPS.items():
        assert town.ask("POST", f"{API}/tickets/{ticket}/{step}", SUBJECT, body).status_code == 404, step


def test_what_is_about_others_they_see(town: Town) -> None:
    ticket = complain(town, "other", None)
    assert LOOKS["order"](town, SUBJECT, ticket)
    assert LOOKS["list"](town, SUBJECT, ticket)


def test_what_they_hear_live_is_cut_too(town: Town) -> None:
    fanout = town.app.extensions["shiliu"].fanout
    listening = {who.account_id: fanout.subscribe(who) for who in (DESK, SUBJECT)}
    ticket = complain(town, "account", SUBJECT.account_id)
    for stored in town.resources["gateway"].db["stream"].find({"frame.subject": ticket}):
        fanout.deliver(stored)
    heard = {name: bool(subscriber.take(0.0)[1]) for name, subscriber in listening.items()}
    for subscriber in listening.values():
        fanout.unsubscribe(subscriber)
    assert heard == {DESK.account_id: True, SUBJECT.account_id: False}


def test_they_do_not_take_it_down_for_somebody_else(town: Town) -> None:
    body = {**ORDER, "item_id": "complaint", "subject_kind": "account", "subject_id": SUBJECT.account_id}
    refused = town.ask("POST", f"{API}/tickets", SUBJECT, {**body, "origin": "phone"})
    assert (refused.status_code, json_of(refused)["code"]) == (403, "own-case")


def test_a_members_own_account_stands_for_the_member(town: Town) -> None:
    own = f"m-{WORKER}"
    grants = [{"role": "duty", "area_id": None}]
    accounts = town.resources["gateway"].db["accounts"]
    accounts.update_one({"_id": own}, {"$set": {"community_id": COMMUNITY, "own.grants": grants}}, upsert=True)
    ticket = complain(town, "account", own)
    assert town.get(DESK, f"/tickets/{ticket}")["subject"] == {"kind": "member", "id": WORKER}
    assert not LOOKS["order"](town, staff_who_is(WORKER), ticket)


@pytest.mark.parametrize("id", ["a-nobody", REPORTER.account_id, "a name"])
def test_only_staff_can_be_named(town: Town, id: str) -> None:
    body = {**ORDER, "item_id": "complaint", "subject_kind": "account", "subject_id": id}
    refused = town.ask("POST", f"{API}/tickets", REPORTER, body)
    assert (refused.status_code, json_of(refused)["code"]) == (422, "unknown-subject")
