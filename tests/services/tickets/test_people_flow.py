"""On real brokers: an order follows its person by the event alone, whatever became of the command that told it."""

from uuid import uuid4

from chassis.publisher import Publisher
from contracts.actor import Role
from contracts.commands.people import GrantDelegation, MarkDeceased, ReadConsents, RegisterPerson
from contracts.events.people import DelegationGranted, PersonDeceased
from contracts.schemas.fields import time_text
from contracts.words import Given, Origin, Permit
from tests.builders import NOON, an_actor, an_envelope
from tests.builders_of_people import a_person_snapshot
from tests.services.tickets.kit import Running
from tests.waiting import wait_until

OFFICER = an_actor(Role.DUTY)
SEES = (Permit.SEE, Permit.BE_TOLD)


def _person(service: Running) -> str:
    entered = RegisterPerson(name="阿依古丽·买买提", area_id="heping-1", phone="000-1")
    return str(service.call(OFFICER, entered).result["person_id"])


def _grant(service: Running, person_id: str) -> None:
    grant = GrantDelegation(
        person_id=person_id, account_id="a-daughter", may=SEES, how=Given.CALL, text_version="delegate-1"
    )
    service.call(OFFICER, grant)


def _tell(service: Running, body: object, person_id: str) -> None:
    wire = an_envelope(body, a_person_snapshot(id=person_id), 99, id=uuid4().hex, time=time_text(NOON)).to_wire()
    publisher = Publisher(service.settings, "test")
    try:
        assert not publisher.publish([wire]).refused
    finally:
        publisher.close()


def test_the_event_alone_brings_an_order_up_to_its_person(service: Running) -> None:
    person_id = _person(service)
    ticket_id = service.place(OFFICER, beneficiary_id=person_id, origin=Origin.PHONE)
    _grant(service, person_id)
    whole = service.ticket(ticket_id)["delegates"]
    assert whole == [{"account_id": "a-daughter", "may": ["see", "be_told"]}]
    # As if the process had died between the person's write and its orders'.
    service.db["tickets"].update_one({"_id": ticket_id}, {"$set": {"delegates": []}})
    body = DelegationGranted(delegation_id=f"{person_id}.d1", account_id="a-daughter", may=SEES, renew_by=NOON)
    _tell(service, body, person_id)
    wait_until(lambda: service.ticket(ticket_id)["delegates"] == whole, message="the delegates are back")
    told = service.hears("shiliu.ticket.delegates_changed.v1", ticket_id)
    assert told["data"]["snapshot"]["delegates"] == whole
    assert "阿依古丽" not in str(service.wires)


def test_a_late_word_of_a_death_changes_nobody_who_lives(service: Running) -> None:
    person_id = _person(service)
    ticket_id = service.place(OFFICER, beneficiary_id=person_id, origin=Origin.PHONE)
    _tell(service, PersonDeceased(), person_id)
    _grant(service, person_id)
    wait_until(lambda: service.ticket(ticket_id)["delegates"], message="the delegate")
    assert service.ticket(ticket_id)["status"] == "accepted"


def test_a_repeated_command_of_a_death_answers_the_same_and_is_done_once(service: Running) -> None:
    person_id = _person(service)
    ticket_id = service.place(OFFICER, beneficiary_id=person_id, origin=Origin.PHONE)
    first = service.call(OFFICER, MarkDeceased(person_id=person_id), "a-key").result
    assert first["stopped"] == [ticket_id]
    version = service.ticket(ticket_id)["version"]
    assert service.call(OFFICER, MarkDeceased(person_id=person_id), "a-key").result == first
    assert service.ticket(ticket_id)["version"] == version
    assert service.call(OFFICER, ReadConsents(person_id=person_id)).result == {"consents": []}


def test_whom_an_order_is_for_is_found_by_an_index(service: Running) -> None:
    """A partial index by type is not used for what equals a text: each order placed would read every person."""
    person_id = _person(service)
    community = {"community_id": OFFICER.community_id}
    looks = {
        "people": [{**community, "account_id": "a-mother"}, {**community, "delegations.account_id": "a-daughter"}],
        "tickets": [
            {**community, "beneficiary_id": person_id},
            {**community, "requester_id": "a", "beneficiary_id": None},
        ],
        "consents": [{**community, "person_id": person_id}],
    }
    for name, queries in looks.items():
        for query in queries:
            plan = str(service.db[name].find(query).explain()["queryPlanner"]["winningPlan"])
            assert "IXSCAN" in plan, (name, query)
            assert "COLLSCAN" not in plan, (name, query)
