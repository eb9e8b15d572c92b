"""One person's rights in tickets: everything of theirs and nothing of another's; then nothing any more, for good."""

import json
from typing import Any

import pytest

from chassis.gear import offline
from chassis.person import NAMELESS, PersonRights, Whom
from contracts.actor import Role
from contracts.catalogue import GivenAnswer
from contracts.commands.people import GiveConsent, RegisterPerson, RevealPerson
from contracts.commands.tickets import CompleteTicket, NewPerson, ReadPrivate, ReadReveals
from contracts.languages import Language
from contracts.words import Given, Origin, Purpose, ResultCode
from services.tickets.service import NAME, build
from tests.builders import an_actor
from tests.services.tickets.kit import Running
from tests.services.tickets.test_flow import MEMBER, OFFICER, RESIDENT, taken
from tests.waiting import wait_until

ELDER = NewPerson(name="阿依古丽·买买提", phone="000-1234", address="3号楼502", form_of_address="阿依古丽阿姨")
NEIGHBOUR = an_actor(Role.RESIDENT, account_id="a-neighbour")
HER = Whom(accounts=(RESIDENT.account_id,))


def exported(service: Running, whom: Whom) -> Any:
    with offline(build, service.settings, NAME) as (_, parts):
        return json.loads(json.dumps(rights(parts).export(whom, "keeper")))


def erased(service: Running, whom: Whom) -> Any:
    with offline(build, service.settings, NAME) as (_, parts):
        return rights(parts).erase(whom)


def rights(parts: Any) -> PersonRights:
    found: PersonRights = parts.person
    return found


def test_an_export_holds_all_of_one_person_and_nothing_of_another(service: Running) -> None:
    own = service.place(RESIDENT, description="我家的水管漏了")
    service.place(NEIGHBOUR, description="邻居的话")
    for_elder = service.place(OFFICER, beneficiary=ELDER, requester_id=RESIDENT.account_id, description="我妈家的灯")
    service.call(OFFICER, ReadPrivate(ticket_id=own, reason="核实地址"))
    held = exported(service, HER)
    (order,) = held["orders"]
    assert (order["id"], order["description"], order["exact_place"]) == (own, "我家的水管漏了", "heping-1")
    read = [(row["role"], row["account_id"], row["reason"]) for row in held["read_by_others"]]
    assert read == [("staff", OFFICER.account_id, "核实地址"), ("operator", "operator:keeper", "export")]
    assert len(held["orders_for_others"]) == 1
    assert "我妈家的灯" not in str(held)
    assert "邻居的话" not in str(held)
    of_elder = exported(service, Whom(persons=(f"{for_elder}.p",)))
    assert of_elder["persons"][0]["name"] == ELDER.name
    assert [order["description"] for order in of_elder["orders"]] == ["我妈家的灯"]


def test_an_erasure_ends_what_runs_and_leaves_nothing_to_read(service: Running) -> None:
    access = GivenAnswer(question="access", text="敲两下门")
    own = service.place(RESIDENT, description="我家的水管漏了", answers=(access,))
    other = service.place(NEIGHBOUR, description="邻居的话")
    seen = service.call(OFFICER, ReadPrivate(ticket_id=own, reason="核实地址")).result
    assert [one["value"] for one in seen["answers"]] == ["敲两下门"]
    keys = service.db["person_keys"]
    assert keys.count_documents({"keyAltNames": RESIDENT.account_id}) == 1
    done = erased(service, HER)
    assert (done["orders_ended"], done["orders"], done["reasons"]) == (1, 1, 1)
    assert keys.count_documents({"keyAltNames": RESIDENT.account_id}) == 0
    assert keys.count_documents({"keyAltNames": NEIGHBOUR.account_id}) == 1
    assert service.hears("shiliu.ticket.cancelled.v1", own)["data"]["reason_code"] == "no_longer_needed"
    assert set(erased(service, HER).values()) == {0}, "doing it again finds nothing"
    after = service.ticket(own)
    assert after["status"] == "cancelled"
    assert {name: value for name, value in after["private"].items() if value} == {}, "nothing of it is left"
    assert after["requester_id"] == RESIDENT.account_id, "the record stays, and is nobody's"
    assert service.call(OFFICER, ReadPrivate(ticket_id=own, reason="再看")).result["description"] is None
    reveals = service.call(OFFICER, ReadReveals(ticket_id=own)).result["reveals"]
    assert reveals[0]["reason"] is None
    assert service.call(OFFICER, ReadPrivate(ticket_id=other, reason="看")).result["description"] == "邻居的话"


def test_a_completed_order_is_closed_by_nobody_and_counts_as_unresolved(service: Running) -> None:
    ticket_id = service.place(OFFICER, beneficiary=ELDER)
    taken(service, ticket_id)
    service.reaches(ticket_id, "assigned")
    service.call(MEMBER, CompleteTicket(ticket_id=ticket_id, result=ResultCode.SOLVED))
    assert erased(service, Whom(persons=(f"{ticket_id}.p",)))["orders_ended"] == 1
    after = service.ticket(ticket_id)
    assert (after["status"], after["resolved"], after["closed_by"]) == ("closed", False, "nobody")
    person = service.db["persons"].find_one({"_id": f"{ticket_id}.p"}) or {}
    assert [person[field] for field in ("name", "phone", "address", "form_of_address")] == [None] * 4


def test_a_restored_backup_is_made_to_forget_again(service: Running) -> None:
    ticket_id = service.place(RESIDENT, description="我家的水管漏了")
    collections = ("tickets", "person_keys", "persons_erased", "people", "reveals")
    backup = {name: list(service.db[name].find()) for name in collections}
    erased(service, HER)
    for name, docs in backup.items():
        service.db[name].delete_many({})
        if docs:
            service.db[name].insert_many(docs)
    assert exported(service, HER)["orders"][0]["description"] == "我家的水管漏了"
    erased(service, HER)
    assert service.ticket(ticket_id)["private"]["description"] is None


@pytest.mark.parametrize("again", [False, True])
def test_a_member_who_is_erased_is_named_nowhere(service: Running, again: bool) -> None:
    ticket_id = service.place(RESIDENT)
    taken(service, ticket_id)
    service.reaches(ticket_id, "assigned")
    service.stored(ticket_id, 2)
    (holder,) = service.ticket(ticket_id)["holders"]
    whom = Whom(members=(holder["member_id"],))
    done = erased(service, whom)
    assert done["names"] >= 2
    if again:
        assert set(erased(service, whom).values()) == {0}
    assert [one["display_name"] for one in service.ticket(ticket_id)["holders"]] == [NAMELESS]
    told = [event["wire"]["data"]["snapshot"]["holders"] for event in service.db["events"].find({"thread": ticket_id})]
    assert {one["display_name"] for holders in told for one in holders} == {NAMELESS}


def test_a_member_is_named_no_more_in_what_could_not_be_told(service: Running) -> None:
    """Parked, or brought back by a backup before it was told."""
    ticket_id = service.place(RESIDENT)
    taken(service, ticket_id)
    service.reaches(ticket_id, "assigned")
    told = service.stored(ticket_id, 2)
    (holder,) = service.ticket(ticket_id)["holders"]
    service.db["tickets"].update_one({"_id": ticket_id}, {"$set": {"outbox_dead": told}})
    assert holder["display_name"] in str(service.ticket(ticket_id)["outbox_dead"])
    erased(service, Whom(members=(holder["member_id"],)))
    assert holder["display_name"] not in str(service.ticket(ticket_id))
    assert len(service.ticket(ticket_id)["outbox_dead"]) == len(told)


def test_a_guardians_name_is_handed_to_the_child_and_is_gone_when_either_is_erased(service: Running) -> None:
    mother = "a-mother"
    child, consent = _guarded(service, mother)
    held = exported(service, Whom(persons=(child,)))
    assert [one["guardian"] for one in held["consents"]] == ["古丽"]
    of_mother = exported(service, Whom(accounts=(mother,)))
    (as_guardian,) = of_mother["consents_as_guardian"]
    assert (as_guardian["id"], as_guardian["guardian"]) == (consent, "古丽")
    assert "小明" not in str(of_mother), "who the child is, is the child's"
    assert erased(service, Whom(accounts=(mother,)))["guardians"] == 1
    assert exported(service, Whom(persons=(child,)))["consents"][0]["guardian"] is None
    other, _ = _guarded(service, mother="a-another")
    assert erased(service, Whom(persons=(other,)))["guardians"] == 1
    assert service.db["consents"].count_documents({"guardian": {"$ne": None}, "line": "given"}) == 0


def _guarded(service: Running, mother: str) -> tuple[str, str]:
    """A child whose mother has agreed, and her consent."""
    child = service.call(OFFICER, RegisterPerson(name="小明", area_id="heping-1", minor=True)).result["person_id"]
    given = GiveConsent(
        person_id=child,
        purpose=Purpose.CHILD_SERVICE,
        text_version="child-1",
        how=Given.SIGNATURE,
        guardian="古丽",
        guardian_account=mother,
    )
    return child, service.call(OFFICER, given).result["consent_id"]


def test_who_read_what_is_known_of_a_person_is_in_their_export_too(service: Running) -> None:
    entered = RegisterPerson(name="阿依古丽", area_id="heping-1", phone="000-1")
    person = service.call(OFFICER, entered).result["person_id"]
    service.call(OFFICER, RevealPerson(person_id=person, reason="核对电话"))
    held = exported(service, Whom(persons=(person,)))
    assert [(row["account_id"], row["reason"]) for row in held["read_by_others"]] == [
        (OFFICER.account_id, "核对电话"),
        ("operator:keeper", "export"),
    ]
    assert erased(service, Whom(persons=(person,)))["reasons"] == 2


@pytest.mark.parametrize("by_number", [False, True])
def test_an_order_that_named_nobody_is_erased_by_its_own_number(service: Running, by_number: bool) -> None:
    """Somebody called, and said neither name nor account: what they said is theirs all the same."""
    ticket_id = service.place(OFFICER, origin=Origin.PHONE, description="我妈瘫痪在床,3号楼502")
    name = service.ticket(ticket_id)["number"] if by_number else ticket_id
    with offline(build, service.settings, NAME) as (_, parts):
        whom = rights(parts).known(Whom(), [name])
    assert whom == Whom(persons=(ticket_id,))
    assert [one["description"] for one in exported(service, whom)["orders"]] == ["我妈瘫痪在床,3号楼502"]
    assert erased(service, whom)["orders_ended"] == 1
    assert service.ticket(ticket_id)["private"]["description"] is None


def test_an_orders_number_names_nobody_where_it_is_somebodys(service: Running) -> None:
    """Whoever knows the number of an order must not have its person erased by mistake."""
    ticket_id = service.place(RESIDENT)
    with offline(build, service.settings, NAME) as (_, parts):
        assert rights(parts).known(Whom(), [service.ticket(ticket_id)["number"], ticket_id]) == Whom()


def test_what_somebody_speaks_is_theirs_to_take_along_and_gone_with_them(service: Running) -> None:
    her = service.call(OFFICER, RegisterPerson(name="阿依古丽", area_id="heping-1", languages=(Language.UG,)))
    whom = Whom(persons=(her.result["person_id"],))
    ticket_id = service.place(OFFICER, beneficiary_id=whom.persons[0])
    told = {"thread": ticket_id, "wire.data.terms.languages": "ug"}
    wait_until(lambda: service.db["events"].count_documents(told) == 1)
    assert exported(service, whom)["persons"][0]["languages"] == ["ug"]
    assert erased(service, whom)["languages"] == 2, "of them, and with their order"
    assert service.ticket(ticket_id)["terms"]["languages"] == []
    assert exported(service, whom)["persons"][0]["languages"] == []
    assert service.db["events"].count_documents(told) == 0
    assert erased(service, whom)["languages"] == 0
