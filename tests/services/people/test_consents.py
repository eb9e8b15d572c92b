"""The consent ledger: by whom, to which text, how, before whom; nothing is taken out of it."""

from typing import Any

from contracts.actor import Role
from tests.builders import an_actor
from tests.services.people.conftest import ORDER, Family
from tests.services.permissions.people import DISPATCHER, PLACE

OFFICER = an_actor(Role.DUTY, account_id="a-officer")
CARE = {"purpose": "care_list", "text_version": "care-2026-1"}
CHILD = {"purpose": "child_service", "text_version": "child-1"}


def _child(family: Family) -> str:
    entered = {"name": "小明", "area_id": PLACE, "minor": True}
    return str(family.town.do(OFFICER, "/people", entered)["person_id"])


def _ledger(family: Family, who: Any, person_id: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = family.town.get(who, f"/people/{person_id}/consents")["consents"]
    return lines


def test_a_consent_before_staff_names_the_witness_and_its_withdrawal_is_another_line(family: Family) -> None:
    body = {**CARE, "person_id": family.person_id, "how": "signature"}
    given = family.town.do(OFFICER, "/consents", body)
    assert (given["witnessed_by"], given["given_by"], given["stands"]) == ("a-officer", "self", True)
    rows = family.town.resources["tickets"].db["consents"]
    before = rows.find_one({"_id": given["consent_id"]})
    back = family.town.do(DISPATCHER, f"/consents/{given['consent_id']}/withdraw", {"how": "call"})
    assert (back["stands"], back["withdrawn_how"], back["withdrawal_witnessed_by"]) == (False, "call", "a-desk")
    assert rows.find_one({"_id": given["consent_id"]}) == before
    assert [line["consent_id"] for line in _ledger(family, OFFICER, family.person_id)] == [given["consent_id"]]
    again = family.town.do(OFFICER, f"/consents/{given['consent_id']}/withdraw", {"how": "signature"})
    assert again == back


def test_a_person_with_an_account_agrees_and_takes_back_by_their_own_tap(family: Family) -> None:
    own = family.town.account(an_actor(account_id=f"a-own-{family.town.number()}"))
    given = family.town.do(own, "/consents", {**CARE, "person_id": own.account_id})
    assert (given["how"], given["witnessed_by"]) == ("tap", None)
    assert family.town.do(own, f"/consents/{given['consent_id']}/withdraw", {})["stands"] is False
    assert len(_ledger(family, own, own.account_id)) == 1


def test_nobody_agrees_for_somebody_else(family: Family) -> None:
    family.grant(family.daughter, "order", "see", "confirm", "see_address")
    body = {**CARE, "person_id": family.person_id}
    assert family.status(family.daughter, "/consents", body) == 403
    assert family.status(family.son, "/consents", body) == 404
    assert family.status(OFFICER, "/consents", {**body, "how": "tap"}) == 403
    assert family.status(family.daughter, f"/people/{family.person_id}/consents") == 404


def test_a_guardian_consents_for_a_minor_and_only_then_is_the_child_served(family: Family) -> None:
    child = _child(family)
    order = {**ORDER, "beneficiary_id": child, "origin": "phone"}
    assert family.status(OFFICER, "/tickets", order) == 403
    urgent = {**order, "description": "孩子触电了"}
    assert family.status(OFFICER, "/tickets", urgent) == 201, "danger waits for no paper"
    assert family.status(OFFICER, "/consents", {**CHILD, "person_id": child, "how": "signature"}) == 422
    body = {**CHILD, "person_id": child, "how": "signature", "guardian": "小明的妈妈 古丽"}
    given = family.town.do(OFFICER, "/consents", body)
    assert (given["given_by"], given["guardian"]) == ("guardian", "小明的妈妈 古丽")
    assert "古丽" not in str(family.town.resources["tickets"].db["consents"].find_one({"_id": given["consent_id"]}))
    assert family.status(OFFICER, "/tickets", order) == 201
    family.town.do(OFFICER, f"/consents/{given['consent_id']}/withdraw", {"how": "call"})
    assert family.status(OFFICER, "/tickets", order) == 403


def test_an_adult_has_no_guardian(family: Family) -> None:
    body = {**CARE, "person_id": family.person_id, "how": "call", "guardian": "女儿"}
    assert family.status(OFFICER, "/consents", body) == 422


def test_every_grant_and_renewal_of_a_delegation_is_in_the_ledger(family: Family) -> None:
    delegation = family.grant(family.daughter, "see", how="call")
    family.town.do(OFFICER, f"/delegations/{delegation}/renew", {"how": "signature", "text_version": "delegate-2"})
    lines = _ledger(family, OFFICER, family.person_id)
    assert {(line["purpose"], line["text_version"], line["how"], line["about"]) for line in lines} == {
        ("delegate", "delegate-1", "call", delegation),
        ("delegate", "delegate-2", "signature", delegation),
    }
    assert family.status(OFFICER, f"/consents/{lines[0]['consent_id']}/withdraw", {"how": "call"}) == 409


def test_a_repeated_command_writes_one_line_and_another_body_is_refused(family: Family) -> None:
    town, key = family.town, f"same-{family.town.number()}"
    body = {**CARE, "person_id": family.person_id, "how": "call"}
    first = town.post(OFFICER, "/consents", body, key=key)
    assert town.post(OFFICER, "/consents", body, key=key) == first
    headers = {"Idempotency-Key": key, **town.signed(OFFICER)}
    other = {**body, "text_version": "care-2"}
    assert town.app.test_client().post("/api/v1/consents", json=other, headers=headers).status_code == 422
    assert len(_ledger(family, OFFICER, family.person_id)) == 1


def test_a_name_is_read_on_purpose_and_the_reading_is_on_record(family: Family) -> None:
    path = f"/people/{family.person_id}/reveals"
    assert family.status(OFFICER, path, {}) == 403
    who = family.town.do(OFFICER, path, {"reason": "上门前核对"})
    assert (who["name"], who["phone"]) == ("阿依古丽·买买提", "000-1")
    family.grant(family.daughter, "see")
    who = family.town.do(family.daughter, path, {})
    assert (who["name"], who["phone"]) == ("阿依古丽·买买提", None)
    rows = list(family.town.resources["tickets"].db["reveals"].find({"concerns": family.person_id}))
    assert [(row["account_id"], row["role"]) for row in rows] == [
        ("a-officer", "staff"),
        (family.daughter.account_id, "delegate"),
    ]
