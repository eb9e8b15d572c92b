"""What was found broken when the house was attacked: whose person it is, who reads of them, who made a complaint."""

from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from tests.builders import an_actor
from tests.services.people.conftest import ORDER, Family
from tests.services.permissions.people import DISPATCHER, OTHER_GRID, PLACE

OFFICER = an_actor(Role.DUTY, account_id="a-officer")
ELSEWHERE = an_actor(Role.DUTY, account_id="a-other", grants=(Grant(Role.DUTY, OTHER_GRID),))
WHY = {"reason": "上门前核对"}
ABOUT_NOBODY = {"item_id": "complaint", "subject_kind": "other"}


def _own(family: Family, role: Role = Role.RESIDENT) -> Actor:
    return family.town.account(an_actor(role, account_id=f"a-own-{family.town.number()}"))


def _entered(family: Family, by: Actor = DISPATCHER, **more: Any) -> str:
    return str(
        family.town.do(by, "/people", {"name": "陈爷爷", "area_id": PLACE, "phone": "000-5", **more})["person_id"]
    )


def test_staff_do_not_draw_somebody_into_their_area_by_the_account(family: Family) -> None:
    """An officer of another grid entered a known account anew: the person moved to their grid, name and phone open."""
    own = _own(family)
    person_id = _entered(family, account_id=own.account_id)
    again = {"name": "别人", "area_id": OTHER_GRID, "account_id": own.account_id}
    refused = family.town.ask("POST", "/api/v1/people", ELSEWHERE, again)
    nobody = family.town.ask("POST", "/api/v1/people", ELSEWHERE, {**again, "account_id": "a-nobody-at-all"})
    assert (refused.status_code, refused.json["code"]) == (nobody.status_code, nobody.json["code"])
    assert family.status(ELSEWHERE, f"/people/{person_id}/reveals", WHY) == 404
    assert family.status(OFFICER, f"/people/{person_id}/reveals", WHY) == 200
    assert _entered(family, OFFICER, account_id=own.account_id) == person_id


def test_nobody_makes_their_own_account_another_person_s(family: Family) -> None:
    """As the person, staff read without a reason and without a row, and agreed by tap."""
    officer = _own(family, Role.DUTY)
    mine = {"account_id": officer.account_id}
    assert family.status(officer, f"/people/{family.person_id}/details", mine) == 403
    assert family.status(officer, "/people", {"name": "陈爷爷", "area_id": PLACE, **mine}) == 403
    assert family.status(DISPATCHER, "/people", {"name": "陈爷爷", "area_id": PLACE, **mine}) == 201


@pytest.mark.parametrize("over", ["grown up", "taken back"])
def test_who_was_a_guardian_reads_no_more(family: Family, over: str) -> None:
    child = _entered(family, OFFICER, minor=True)
    agreed = {"person_id": child, "purpose": "child_service", "text_version": "child-1", "how": "signature"}
    given = family.town.do(OFFICER, "/consents", {**agreed, "guardian_account": family.son.account_id})
    assert family.status(family.son, f"/people/{child}/consents") == 200
    if over == "grown up":
        family.town.do(OFFICER, f"/people/{child}/details", {"minor": False})
    else:
        family.town.do(OFFICER, f"/consents/{given['consent_id']}/withdraw", {"how": "call"})
    assert family.status(family.son, f"/people/{child}/consents") == 404


def test_who_is_staff_no_more_does_not_order_for_whom_they_entered(family: Family) -> None:
    """As whoever ordered they read name, phone and address of everybody they had ever entered."""
    officer = _own(family, Role.DUTY)
    person_id = _entered(family, officer)
    assert family.status(officer, "/tickets", {**ORDER, "beneficiary_id": person_id}) == 201
    former = an_actor(Role.RESIDENT, account_id=officer.account_id)
    assert family.status(former, "/tickets", {**ORDER, "beneficiary_id": person_id}) == 422


def test_what_delegates_did_tells_staff_of_no_complaint(family: Family) -> None:
    family.grant(family.daughter, "order", "see")
    complaint = family.order(family.daughter, **ABOUT_NOBODY)["id"]
    order = family.order(family.daughter)["id"]
    acts = f"/people/{family.person_id}/acts"
    assert [act["ticket_id"] for act in family.town.get(DISPATCHER, acts)["acts"]] == [order]
    assert {act["ticket_id"] for act in family.town.get(family.daughter, acts)["acts"]} == {complaint, order}


def test_who_enters_a_death_learns_of_no_complaint(family: Family) -> None:
    own = _own(family)
    person_id = _entered(family, account_id=own.account_id)
    complaint, order = (family.town.do(own, "/tickets", {**ORDER, **more})["id"] for more in (ABOUT_NOBODY, {}))
    fate = family.town.do(OFFICER, f"/people/{person_id}/deceased", {})
    assert fate["stopped"] == [order]
    assert family.town.get(DISPATCHER, f"/tickets/{complaint}")["status"] == "cancelled"


def test_who_handles_a_complaint_finds_nobody_by_its_id(family: Family) -> None:
    """The person named with an order has its id and ``.p``: name and phone of the reporter were open to all staff."""
    named = {"beneficiary": {"name": "马大娘", "phone": "000-9"}, "origin": "phone"}
    complaint = family.town.do(DISPATCHER, "/tickets", {**ORDER, **ABOUT_NOBODY, **named})["id"]
    reporter = f"{complaint}.p"
    assert family.status(OFFICER, f"/people/{reporter}") == 404
    assert family.status(OFFICER, f"/people/{reporter}/reveals", WHY) == 404
    assert family.status(OFFICER, f"/people/{reporter}/deceased", {}) == 404
    assert family.status(OFFICER, "/tickets", {**ORDER, "origin": "phone", "beneficiary_id": reporter}) == 422
    told = family.town.do(DISPATCHER, f"/tickets/{complaint}/reporter", WHY)
    assert told["beneficiary"]["phone"] == "000-9"


def test_who_made_a_complaint_for_somebody_orders_for_them_again(family: Family) -> None:
    complaint = family.town.do(family.son, "/tickets", {**ORDER, **ABOUT_NOBODY, "beneficiary": {"name": "马大娘"}})
    again = {**ORDER, "beneficiary_id": complaint["beneficiary_id"]}
    assert family.status(family.son, "/tickets", again) == 201


def test_a_delegation_that_staff_end_after_a_death_is_told_to_nobody(family: Family) -> None:
    delegation = family.grant(family.daughter, "order", "see", "be_told")
    family.town.do(OFFICER, f"/people/{family.person_id}/deceased", {})
    told, heard = family.told(family.daughter), family.hears(family.daughter)
    family.town.do(OFFICER, f"/delegations/{delegation}/end", {})
    assert (family.told(family.daughter), family.hears(family.daughter)) == (told, heard)
