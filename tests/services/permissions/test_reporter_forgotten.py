"""A year after a complaint ended nobody knows any more who made it: not its owner, no copy, no log, no event."""

from collections.abc import Iterator
from typing import Any

import pytest

from chassis.retention import Retention
from chassis.settings import Settings
from contracts.actor import Role
from contracts.events.tickets import TicketReporterForgotten
from contracts.schemas.wire import read_event
from deploy.audit.audit import CLAUSES, audit
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from tests.builders import COMMUNITY, a_member_actor, an_actor
from tests.services.permissions.people import DISPATCHER
from tests.services.permissions.rows.orders import ORDER, REASON
from tests.services.permissions.town import Town, a_town

REPORTER = an_actor(Role.RESIDENT, account_id="a-reporter")
COMPLAINT = {**ORDER, "item_id": "complaint", "subject_kind": "other", "beneficiary": {"name": "马大娘"}}
NOT_HERE = {"queues", "dead_letters", "at_end"}
KEPT_ELSEWHERE = {("gateway", "stream")}
"""For a shorter period of its own."""


@pytest.fixture(scope="module")
def town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(house_settings, tmp_path_factory.mktemp("forgotten"), "forgotten_") as town:
        yield town


def run(town: Town) -> Any:
    rules = [rule for rule in town.parts["tickets"].retention if rule.name == "reporter"]
    clock = town.clock
    done = Retention(town.resources["tickets"].db, rules, clock.now, lambda: clock.now().timestamp()).run()
    town.run()
    return done["reporter"]


def served(town: Town, ticket: str) -> None:
    town.do(DISPATCHER, f"/tickets/{ticket}/accept")
    offer = town.resources["gateway"].db["offers"].find_one({"offer.demand_id": ticket, "offer.status": "open"})
    assert offer is not None
    worker = a_member_actor(offer["offer"]["member_id"])
    seat = town.do(worker, f"/offers/{offer['_id']}/accept")["assignment_id"]
    town.do(worker, f"/assignments/{seat}/arrive")
    town.do(worker, f"/tickets/{ticket}/complete", {"result": "solved"})
    town.do(REPORTER, f"/tickets/{ticket}/confirm", {"answer": "satisfied", "solved": True})


def where(town: Town, ticket: str) -> set[tuple[str, str]]:
    """In which collections something both of the complaint and of its reporter is."""
    found = set()
    for service, opened in town.resources.items():
        for name in opened.db.list_collection_names():
            for doc in opened.db[name].find():
                text = str(doc)
                if ticket in text and REPORTER.account_id in text:
                    found.add((service, name))
    return found


def test_who_made_it_is_known_for_a_year_and_then_to_nobody(town: Town) -> None:
    ticket = town.do(REPORTER, "/tickets", COMPLAINT)["id"]
    other = town.do(REPORTER, "/tickets", ORDER)["id"]
    served(town, ticket)
    town.do(REPORTER, f"/tickets/{ticket}/reveals")
    town.do(DISPATCHER, f"/tickets/{ticket}/reporter", REASON)
    town.do(REPORTER, f"/tickets/{other}/cancel", {"reason_code": "withdrawn"})
    known = where(town, ticket)
    assert {("tickets", "tickets"), ("tickets", "events"), ("volunteers", "demands"), ("gateway", "tickets")} <= known
    town.elapse(days=364)
    assert run(town) == 0
    town.elapse(days=2)
    assert run(town) == 1
    assert where(town, ticket) - KEPT_ELSEWHERE == set()
    assert run(town) == 0
    shown = town.get(DISPATCHER, f"/tickets/{ticket}")
    assert (shown["status"], shown["subject"]["kind"], shown["requester_id"]) == ("closed", "other", None)
    assert town.ask("GET", f"/api/v1/tickets/{ticket}", REPORTER).status_code == 404
    assert town.ask("POST", f"/api/v1/tickets/{ticket}/reporter", DISPATCHER, REASON).json["requester_id"] is None
    assert town.resources["tickets"].db["persons"].find_one({"_id": f"{ticket}.p"}) is None
    assert where(town, other), "other orders keep whose they are"


def test_what_was_cut_off_goes_on_and_twice_is_once(town: Town) -> None:
    ticket = town.do(REPORTER, "/tickets", COMPLAINT)["id"]
    town.do(DISPATCHER, f"/tickets/{ticket}/reject", {"reason_code": "not_ours", "go_to": "property"})
    town.elapse(days=366)
    events = town.resources["tickets"].db["events"]
    events.update_many({"thread": ticket}, {"$set": {"wire.data.snapshot.requester_id": None}})
    assert run(town) == 1
    told = events.find_one({"thread": ticket, "wire.type": TicketReporterForgotten.TYPE})
    assert told is not None
    event = read_event(told["wire"])
    for _ in range(2):
        town.parts["volunteers"].handlers["forget_reporter"]([event, event])
    demand = town.resources["volunteers"].db["demands"].find_one({"_id": ticket})
    assert demand is not None
    assert (demand["requester_id"], demand["status"]) == (None, "ended")


def test_who_is_somebody_by_now_stays(town: Town) -> None:
    ticket = town.do(REPORTER, "/tickets", COMPLAINT)["id"]
    town.do(REPORTER, f"/tickets/{ticket}/cancel", {"reason_code": "withdrawn"})
    town.do(REPORTER, "/tickets", {**ORDER, "beneficiary_id": f"{ticket}.p"})
    town.elapse(days=366)
    assert run(town) == 1
    assert town.resources["tickets"].db["persons"].find_one({"_id": f"{ticket}.p"}) is not None


def test_the_audit_finds_nothing_wrong_with_it(town: Town) -> None:
    town.deliver()
    settings = town.resources["tickets"].settings
    clauses = {name: clause for name, clause in CLAUSES.items() if name not in NOT_HERE}
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        found = audit(databases, Scope(COMMUNITY), clauses)
    assert {name: some for name, some in found.items() if some} == {}
