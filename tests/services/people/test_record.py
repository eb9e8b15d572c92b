"""What is held of a person can be put right by them, and by staff; an account they get later is theirs."""

from contracts.actor import Grant, Role
from tests.builders import an_actor
from tests.services.people.conftest import ORDER, Family
from tests.services.permissions.people import DISPATCHER, OTHER_GRID, PLACE

OFFICER = an_actor(Role.DUTY, account_id="a-officer")
WHY = {"reason": "上门前核对"}


def test_staff_put_right_what_is_said_and_leave_the_rest(family: Family) -> None:
    path = f"/people/{family.person_id}"
    family.town.do(OFFICER, f"{path}/details", {"phone": "000-2", "form_of_address": ""})
    who = family.town.do(OFFICER, f"{path}/reveals", WHY)
    assert (who["name"], who["phone"], who["form_of_address"]) == ("阿依古丽·买买提", "000-2", None)
    stored = str(family.town.resources["tickets"].db["persons"].find_one({"_id": family.person_id}))
    assert "000-2" not in stored


def test_a_person_changes_their_name_but_not_where_they_are_counted(family: Family) -> None:
    own = family.town.account(an_actor(account_id=f"a-own-{family.town.number()}"))
    entered = {"name": "陈奶奶", "area_id": PLACE, "account_id": own.account_id}
    person_id = family.town.do(DISPATCHER, "/people", entered)["person_id"]
    family.town.do(own, f"/people/{own.account_id}/details", {"name": "陈秀英", "phone": "000-3"})
    assert family.town.do(own, f"/people/{person_id}/reveals", {})["name"] == "陈秀英"
    assert family.status(own, f"/people/{person_id}/details", {"minor": True}) == 403
    family.grant(family.daughter, "see", "see_address", "order")
    assert family.status(family.daughter, f"/people/{family.person_id}/details", {"phone": "1"}) == 403


def test_an_account_that_comes_later_takes_its_orders_along(family: Family) -> None:
    own = family.town.account(an_actor(account_id=f"a-own-{family.town.number()}"))
    ticket = family.town.do(own, "/tickets", ORDER)["id"]
    family.grant(family.daughter, "see")
    assert family.sees(family.daughter) == []
    family.town.do(OFFICER, f"/people/{family.person_id}/details", {"account_id": own.account_id})
    assert family.sees(family.daughter) == [ticket]
    taken = family.town.do(DISPATCHER, "/people", {"name": "另一位", "area_id": PLACE})["person_id"]
    assert family.status(DISPATCHER, f"/people/{taken}/details", {"account_id": own.account_id}) == 409


def test_staff_enter_people_only_where_they_work(family: Family) -> None:
    elsewhere = an_actor(Role.DUTY, account_id="a-other", grants=(Grant(Role.DUTY, OTHER_GRID),))
    assert family.status(elsewhere, "/people", {"name": "陈奶奶", "area_id": PLACE}) == 403
    for area, answered in (("nowhere", 422), ("sll", 422)):
        assert family.status(DISPATCHER, "/people", {"name": "陈奶奶", "area_id": area}) == answered
    for name in ("", "  ", "\u200b\u200b", "长" * 81):
        assert family.status(DISPATCHER, "/people", {"name": name, "area_id": PLACE}) == 422
    assert family.status(DISPATCHER, "/people", {"name": "ئايگۈل · ماماد", "area_id": PLACE}) == 201


def test_a_delegate_who_is_no_account_is_refused(family: Family) -> None:
    body = {"person_id": family.person_id, "account_id": "a-nobody-here", "may": ["see"], "text_version": "d1"}
    assert family.status(DISPATCHER, "/delegations", body) == 422
    theirs = {**body, "account_id": family.daughter.account_id}
    assert family.status(DISPATCHER, "/delegations", {**theirs, "may": []}) == 422
    assert family.status(DISPATCHER, "/delegations", {**theirs, "text_version": "我妈同意的"}) == 422
    officer = family.town.account(an_actor(Role.DUTY, account_id="a-officer-family"))
    own_witness = {**body, "account_id": officer.account_id, "how": "call"}
    assert family.status(officer, "/delegations", own_witness) == 422, "whoever is to act cannot be the witness"


def test_who_orders_for_somebody_says_what_they_speak_and_whoever_speaks_it_is_asked_for_that(family: Family) -> None:
    path = f"/people/{family.person_id}"
    family.grant(family.son, "see", "confirm")
    family.grant(family.daughter, "order", "see")
    assert family.status(family.son, f"{path}/details", {"languages": ["ug"]}) == 403
    assert family.status(family.daughter, f"{path}/details", {"languages": ["ug"], "phone": "1"}) == 403
    assert family.status(family.daughter, f"{path}/details", {"languages": ["维语"]}) == 422
    many = ["ug", "zh", "kk", "ky", "uz", "ru"]
    assert family.status(family.daughter, f"{path}/details", {"languages": many}) == 422
    family.town.do(family.daughter, f"{path}/details", {"languages": ["ug", "ug"]})
    said = {who: family.town.get(who, path)["languages"] for who in (DISPATCHER, family.daughter, family.son)}
    assert list(said.values()) == [["ug"], ["ug"], []], "who only looks on is not told"
    order = family.order(DISPATCHER, origin="phone")["id"]
    asked = family.town.resources["gateway"].db["offers"].find_one({"offer.demand_id": order})
    assert {"zh": "会讲合适的语言", "en": "speaks a language that is welcome there"} in asked["offer"]["why"]
    family.town.do(DISPATCHER, f"{path}/details", {"languages": []})
    later = family.order(DISPATCHER, origin="phone")["id"]
    asked = family.town.resources["gateway"].db["offers"].find_one({"offer.demand_id": later})
    assert "会讲合适的语言" not in str(asked["offer"]["why"])


def test_what_somebody_speaks_who_is_entered_or_signs_in_themselves_is_with_their_orders(family: Family) -> None:
    own = family.town.account(an_actor(account_id=f"a-own-{family.town.number()}"))
    family.town.do(own, f"/people/{own.account_id}/details", {"languages": ["kk"]})
    demands = family.town.resources["volunteers"].db["demands"]
    ordered = family.town.do(own, "/tickets", ORDER)["id"]
    assert demands.find_one({"_id": ordered})["terms"]["languages"] == ["kk"]
    entered = {"name": "阿依努尔", "area_id": PLACE, "languages": ["ug", "zh"]}
    her = family.town.do(DISPATCHER, "/people", entered)["person_id"]
    waiting = {**ORDER, "item_id": "asked-first", "beneficiary_id": her, "origin": "phone"}
    ticket = family.town.do(DISPATCHER, "/tickets", waiting)["id"]
    family.town.do(DISPATCHER, f"/tickets/{ticket}/accept", {})
    assert demands.find_one({"_id": ticket})["terms"]["languages"] == ["ug", "zh"]
    assert "languages" not in str(family.town.get(DISPATCHER, f"/tickets/{ticket}")), "nobody reads it off an order"
