"""A death stops everything at once and tells nobody; a mistake can be taken back for a while."""

from collections.abc import Iterator

import pytest

from chassis.settings import Settings
from contracts.actor import Grant, Role
from deploy.audit.audit import CLAUSES, audit
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from tests.builders import COMMUNITY, an_actor
from tests.services.people.conftest import ORDER, WORKING, Family
from tests.services.permissions.people import DISPATCHER, OTHER_GRID
from tests.services.permissions.town import Town, a_town

OFFICER = an_actor(Role.DUTY, account_id="a-officer")
NOT_HERE = {"queues", "dead_letters", "at_end"}
"""There is no broker, and other tests leave orders that go on."""
WORDS = ("deceased", "quiet", "去世", "called_off")


@pytest.fixture(scope="module")
def people_town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town of its own: all of it is audited at the end."""
    with a_town(house_settings, tmp_path_factory.mktemp("deceased"), "deceased_") as town:
        yield town


def _a_life(family: Family) -> tuple[str, str, str]:
    """Something searched for, something at work, something done and not confirmed."""
    family.grant(family.daughter, "order", "see", "be_told", "confirm")
    searching, at_work, done = (family.order(family.daughter)["id"] for _ in range(3))
    family.take(at_work)
    family.take(done)
    family.town.do(WORKING, f"/tickets/{done}/complete", {"result": "solved"})
    return searching, at_work, done


def _status(family: Family, ticket_id: str) -> str:
    return str(family.town.get(DISPATCHER, f"/tickets/{ticket_id}")["status"])


def test_everything_stops_at_once_and_nobody_of_theirs_is_told(family: Family) -> None:
    searching, at_work, done = _a_life(family)
    before = family.told(family.daughter)
    heard = family.hears(family.daughter)
    fate = family.town.do(OFFICER, f"/people/{family.person_id}/deceased", {})
    assert (fate["deceased"], set(fate["stopped"])) == (True, {searching, at_work})
    assert [_status(family, one) for one in (searching, at_work, done)] == ["cancelled", "cancelled", "closed"]
    assert family.town.get(DISPATCHER, f"/tickets/{done}")["closed_by"] == "nobody"
    family.town.elapse(days=30)
    assert family.told(family.daughter) == before
    assert family.hears(family.daughter) <= heard
    messages = family.town.resources["notify"].db["messages"]
    theirs = {"recipient": f"account:{family.daughter.account_id}", "status": {"$nin": ["delivered", "suppressed"]}}
    assert messages.count_documents(theirs) == 0
    assert messages.count_documents({"thread": done, "rule": "callback-due"}) == 0


def test_who_was_on_the_way_hears_that_they_need_not_come(family: Family) -> None:
    _, at_work, _ = _a_life(family)
    family.town.do(OFFICER, f"/people/{family.person_id}/deceased", {})
    inbox = family.town.get(WORKING, "/inbox")["items"]
    called_off = next(message for message in inbox if message["ticket_id"] == at_work)
    assert not any(word in str(called_off) for word in WORDS)
    ended = family.town.ask("GET", f"/api/v1/tickets/{at_work}", WORKING)
    assert not any(word in ended.text for word in WORDS)


def test_who_ordered_for_them_finds_it_cancelled_and_no_word_why(family: Family) -> None:
    named = family.town.do(family.son, "/tickets", {**ORDER, "beneficiary": {"name": "马大娘"}})
    person_id, ticket = named["beneficiary_id"], named["id"]
    told = family.told(family.son)
    family.town.do(OFFICER, f"/people/{person_id}/deceased", {})
    assert family.told(family.son) == told
    shown = str(family.town.get(family.son, f"/tickets/{ticket}"))
    shown += str(family.town.get(family.son, f"/tickets/{ticket}/timeline"))
    assert "cancelled" in shown
    assert not any(word in shown for word in WORDS)
    suppressed = family.town.resources["notify"].db["messages"].find_one({"thread": ticket, "status": "suppressed"})
    assert suppressed is not None
    assert suppressed["reason"] == "quiet"
    assert family.status(family.son, f"/inbox/{suppressed['_id']}/read", {}) == 404


def test_nothing_is_ordered_for_the_dead_and_the_refusal_does_not_say_it(family: Family) -> None:
    family.grant(family.daughter, "order", "see")
    family.town.do(OFFICER, f"/people/{family.person_id}/deceased", {})
    body = {**ORDER, "beneficiary_id": family.person_id}
    assert family.status(family.daughter, "/tickets", body) == 422
    refused = family.town.ask("POST", "/api/v1/tickets", DISPATCHER, body)
    assert refused.status_code == 409
    assert not any(word in refused.text for word in WORDS)
    assert family.town.get(family.daughter, "/delegations")["delegations"] == []
    assert family.status(family.daughter, f"/people/{family.person_id}") == 404


def test_only_staff_there_enter_a_death_and_only_a_dispatcher_takes_it_back(family: Family) -> None:
    family.grant(family.daughter, "order", "see")
    elsewhere = an_actor(Role.DUTY, account_id="a-other", grants=(Grant(Role.DUTY, OTHER_GRID),))
    path = f"/people/{family.person_id}"
    assert family.status(family.daughter, f"{path}/deceased", {}) == 403
    assert family.status(elsewhere, f"{path}/deceased", {}) == 404
    assert family.status(OFFICER, f"{path}/deceased", {}) == 200
    assert family.status(OFFICER, f"{path}/restore", {}) == 403
    assert family.status(DISPATCHER, f"{path}/restore", {}) == 200


def test_a_mistake_is_taken_back_and_says_what_has_to_be_ordered_again(family: Family) -> None:
    searching, at_work, _ = _a_life(family)
    family.town.do(OFFICER, f"/people/{family.person_id}/deceased", {})
    fate = family.town.do(DISPATCHER, f"/people/{family.person_id}/restore", {})
    assert (fate["deceased"], set(fate["stopped"]), fate["restore_until"]) == (False, {searching, at_work}, None)
    assert family.order(family.daughter)["status"] == "accepted"
    assert len(family.sees(family.daughter)) == 4


def test_after_a_month_it_cannot_be_taken_back_with_a_touch(family: Family) -> None:
    family.town.do(OFFICER, f"/people/{family.person_id}/deceased", {})
    family.town.elapse(days=31)
    assert family.status(DISPATCHER, f"/people/{family.person_id}/restore", {}) == 409


def test_somebody_with_an_account_of_their_own_too(family: Family) -> None:
    own = family.town.account(an_actor(account_id=f"a-own-{family.town.number()}"))
    entered = {"name": "陈爷爷", "area_id": "heping-1", "account_id": own.account_id}
    person_id = family.town.do(DISPATCHER, "/people", entered)["person_id"]
    ticket = family.town.do(own, "/tickets", ORDER)["id"]
    messages = family.town.resources["notify"].db["messages"]
    to_them = {"recipient": f"account:{own.account_id}", "status": "delivered"}
    told = messages.count_documents(to_them)
    fate = family.town.do(OFFICER, f"/people/{person_id}/deceased", {})
    assert fate["stopped"] == [ticket]
    assert messages.count_documents(to_them) == told
    assert family.status(own, "/tickets", ORDER) == 401
    ordered = {**ORDER, "requester_id": own.account_id, "origin": "phone"}
    assert family.status(DISPATCHER, "/tickets", ordered) == 409


def test_the_audit_finds_nothing_after_all_this(family: Family) -> None:
    _a_life(family)
    family.town.do(OFFICER, f"/people/{family.person_id}/deceased", {})
    family.town.deliver()
    settings = family.town.resources["tickets"].settings
    clauses = {name: clause for name, clause in CLAUSES.items() if name not in NOT_HERE}
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        found = audit(databases, Scope(COMMUNITY), clauses)
    assert {name: some for name, some in found.items() if some} == {}
