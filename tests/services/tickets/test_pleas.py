"""What somebody writes by SMS in a real database: sealed, theirs to have, gone with them; found however it comes."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.gear import offline
from chassis.person import PersonRights, Whom
from contracts.actor import Role, notify_actor
from contracts.commands.people import RegisterPerson
from contracts.commands.pleas import HandlePlea, ReadPleas, RevealPlea, TakePlea
from contracts.pleas import PleaOutcome
from services.tickets.adapters.pleas import forgetting_pleas
from services.tickets.service import NAME, build
from tests.builders import COMMUNITY, an_actor
from tests.services.tickets.kit import Running

OFFICER = an_actor(Role.DUTY, account_id="a-officer")
NOTIFY = notify_actor("")
PHONE, WORDS = "13800138000", "我妈摔了,3号楼502"


def wrote(service: Running, sequence: str, text: str = WORDS, phone: str = PHONE) -> str:
    command = TakePlea(phone=phone, text=text, sequence=sequence)
    return str(service.call(NOTIFY, command, key=f"sms-{sequence}").result["plea_id"])


def rights(parts: object) -> PersonRights:
    found: PersonRights = parts.person  # type: ignore[attr-defined]
    return found


def test_it_is_sealed_and_is_one_plea_until_it_is_answered(service: Running) -> None:
    plea = wrote(service, "1")
    assert wrote(service, "1") == plea, "pushed again"
    assert wrote(service, "2", "快点", phone=f"+86 {PHONE}") == plea
    stored = str(service.db["pleas"].find_one({"_id": plea}))
    assert WORDS not in stored
    assert PHONE not in stored
    shown = service.call(OFFICER, RevealPlea(plea_id=plea)).result
    assert (shown["phone"], [one["text"] for one in shown["texts"]]) == (PHONE, [WORDS, "快点"])
    service.call(OFFICER, HandlePlea(plea_id=plea, outcome=PleaOutcome.ANSWERED))
    again = wrote(service, "3")
    assert again != plea
    listed = service.call(OFFICER, ReadPleas(limit=1)).result
    (newest,) = listed["items"]
    assert (newest["id"], newest["texts"]) == (again, 1)
    (older,) = service.call(OFFICER, ReadPleas(limit=1, cursor=listed["next"])).result["items"]
    assert (older["id"], older["outcome"]) == (plea, "answered")
    assert [one["id"] for one in service.call(OFFICER, ReadPleas(open_only=True)).result["items"]] == [again]
    told = service.hears("shiliu.plea.handled.v1", plea)
    assert told["data"]["snapshot"]["community_id"] == COMMUNITY


@pytest.mark.parametrize("by_phone", [True, False])
def test_they_have_it_and_it_goes_with_them(service: Running, *, by_phone: bool) -> None:
    registered = RegisterPerson(name="阿依古丽", phone=f"86{PHONE}", area_id="heping-1")
    person = service.call(OFFICER, registered).result["person_id"]
    plea = wrote(service, "1")
    another = wrote(service, "9", "别人的话", phone="13900139000")
    with offline(build, service.settings, NAME) as (_, parts):
        named = (PHONE,) if by_phone else ()
        whom = Whom() if by_phone else Whom(persons=(person,))
        known = whom | rights(parts).known(whom, named)
        assert plea in known.persons
        (own,) = rights(parts).export(known, "keeper")["texts_by_sms"]
        assert (own["phone"], [one["text"] for one in own["texts"]]) == (PHONE, [WORDS])
        read = [row["account_id"] for row in service.db["reveals"].find({"ticket_id": plea})]
        assert read == ["operator:keeper"]
        assert rights(parts).erase(known)["pleas"] == 1
        assert rights(parts).erase(known)["pleas"] == 0
    after = service.db["pleas"].find_one({"_id": plea})
    assert after is not None
    assert (after["state"], after["outcome"], after["texts"], after["phone"]) == ("handled", "erased", [], None)
    assert service.call(OFFICER, RevealPlea(plea_id=plea)).result["texts"] == []
    (other,) = service.call(OFFICER, ReadPleas(open_only=True)).result["items"]
    assert other["id"] == another


def test_what_is_answered_is_forgotten_in_time_and_what_waits_never(service: Running) -> None:
    answered, waits = wrote(service, "1"), wrote(service, "2", phone="13900139000")
    service.call(OFFICER, HandlePlea(plea_id=answered, outcome=PleaOutcome.NOTHING))
    rule = forgetting_pleas(service.db, service.settings)
    later = datetime.now(UTC) + timedelta(days=36_500)
    assert rule.how.forget(later, 10) == 1
    kept = {row["_id"]: row["forgotten"] for row in service.db["pleas"].find()}
    assert kept == {answered: True, waits: False}
