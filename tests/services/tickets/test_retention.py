"""Orders lose their place after 30 days and their words after 180; nobody loses them while an order goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.collection import Collection

from chassis.clock import Clock
from chassis.retention import Retention
from contracts.catalogue import GivenAnswer
from contracts.commands.people import RegisterPerson
from contracts.commands.tickets import CancelTicket, NewPerson, ReadPrivate
from contracts.languages import Language
from services.tickets.adapters.retention import Persons, rules
from tests.fakes.clock import FixedClock
from tests.services.tickets.kit import Running
from tests.services.tickets.test_flow import OFFICER, RESIDENT
from tests.waiting import wait_until

ELDER = NewPerson(name="阿依古丽", phone="000-1234", address="3号楼502", form_of_address="阿依古丽阿姨")
AN_HOUR = timedelta(hours=1)

ACCESS = GivenAnswer(question="access", text="钥匙在门卫")


def retention(service: Running, clock: Clock) -> Retention:
    return Retention(service.db, rules(service.db, service.settings), clock.now, lambda: clock.now().timestamp())


def ended(service: Running, **changes: Any) -> str:
    ticket_id = service.place(OFFICER, beneficiary=ELDER, **changes)
    service.call(OFFICER, CancelTicket(ticket_id=ticket_id, reason_code="withdrawn", note="不用了"))
    return ticket_id


def read(service: Running, ticket_id: str) -> Any:
    return service.call(OFFICER, ReadPrivate(ticket_id=ticket_id, reason="回访")).result


def test_an_order_is_forgotten_step_by_step(service: Running) -> None:
    clock = FixedClock(datetime.now(UTC) + AN_HOUR)
    ticket_id = ended(service)
    going_on = service.place(OFFICER, beneficiary=ELDER, answers=(ACCESS,))
    whole = read(service, ticket_id)
    assert retention(service, clock).run().keys() >= {"address", "words", "person_contact", "person_name"}
    assert read(service, ticket_id) == whole
    clock.advance(days=30)
    done = retention(service, clock).run()
    assert (done["address"], done["words"], done["person_contact"], done["person_name"]) == (1, 0, 1, 0)
    after = read(service, ticket_id)
    assert (after["area_id"], after["description"]) == (None, whole["description"])
    assert after["beneficiary"] == {**whole["beneficiary"], "phone": None, "address": None}
    clock.advance(days=150)
    done = retention(service, clock).run()
    assert (done["address"], done["words"], done["person_contact"], done["person_name"]) == (0, 1, 0, 1)
    after = read(service, ticket_id)
    assert {name: value for name, value in after.items() if value} == {}, "nothing of it is left"
    assert read(service, going_on)["beneficiary"]["phone"] == ELDER.phone
    assert read(service, going_on)["area_id"] == "heping-1"
    assert [one["value"] for one in read(service, going_on)["answers"]] == [ACCESS.text]


def test_a_person_with_another_order_keeps_what_it_needs(service: Running) -> None:
    clock = FixedClock(datetime.now(UTC) + AN_HOUR)
    first = ended(service)
    person = f"{first}.p"
    second = service.place(OFFICER, beneficiary_id=person)
    clock.advance(days=400)
    assert retention(service, clock).run()["person_contact"] == 0
    service.call(OFFICER, CancelTicket(ticket_id=second, reason_code="withdrawn"))
    assert retention(service, clock).run()["person_contact"] == 1


def test_what_is_entered_of_a_person_just_when_the_old_is_forgotten_stays(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Staff take down a new phone between the job's look and its write."""
    clock = FixedClock(datetime.now(UTC) + AN_HOUR)
    person = f"{ended(service)}.p"
    clock.advance(days=31)
    looking, bulk, newer = Persons(service.db, ("phone", "address")), Collection.bulk_write, b"a newer phone"

    def late(self: Any, requests: Any, **options: Any) -> Any:
        if self.name == "persons":  # the running service writes elsewhere meanwhile
            service.db["persons"].update_one({"_id": person}, {"$set": {"phone": newer}})
        return bulk(self, requests, **options)

    monkeypatch.setattr(Collection, "bulk_write", late)
    looking.forget(clock.now() - timedelta(days=30), 10)
    assert (service.db["persons"].find_one({"_id": person}) or {})["phone"] == newer


def test_who_has_read_is_forgotten_after_three_years(service: Running) -> None:
    clock = FixedClock(datetime.now(UTC) + AN_HOUR)
    ticket_id = service.place(RESIDENT)
    read(service, ticket_id)
    clock.advance(days=1_095)
    assert retention(service, clock).run()["reveals"] == 0
    clock.advance(days=2)
    assert retention(service, clock).run()["reveals"] == 1


def test_the_looks_use_their_indexes(service: Running) -> None:
    ended(service)
    for rule, index in (("private.area", "kept_address"), ("private.description", "kept_words")):
        past = {"times.ended_at": {"$lt": datetime.now(UTC), "$type": "date"}, rule: {"$type": "binData"}}
        plan = service.db["tickets"].find(past).explain()["queryPlanner"]["winningPlan"]
        assert index in str(plan)


def test_what_somebody_speaks_goes_with_the_words_of_their_order(service: Running) -> None:
    clock = FixedClock(datetime.now(UTC) + AN_HOUR)
    her = service.call(OFFICER, RegisterPerson(name="阿依古丽", area_id="heping-1", languages=(Language.UG,)))
    person_id = her.result["person_id"]
    ticket_id, going_on = (service.place(OFFICER, beneficiary_id=person_id) for _ in range(2))
    service.call(OFFICER, CancelTicket(ticket_id=ticket_id, reason_code="withdrawn"))
    told = {"wire.data.terms.languages": "ug"}
    wait_until(lambda: service.db["events"].count_documents(told) == 2)
    clock.advance(days=180)
    assert retention(service, clock).run()["languages"] == 1
    assert service.ticket(ticket_id)["terms"]["languages"] == []
    assert service.ticket(going_on)["terms"]["languages"] == ["ug"]
    assert [event["thread"] for event in service.db["events"].find(told)] == [going_on]
    assert retention(service, clock).run()["languages"] == 0
