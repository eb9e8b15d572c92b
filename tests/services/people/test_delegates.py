"""Family act for somebody as far as they were let, hear what they may, and are kept out where she wishes."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.actor import Role
from tests.builders import an_actor
from tests.services.people.conftest import ORDER, Family
from tests.services.permissions.people import DISPATCHER, PLACE

GRID_OFFICER = an_actor(Role.DUTY, account_id="a-officer")


def test_without_a_delegation_nobody_orders_for_her(family: Family) -> None:
    body = {**ORDER, "beneficiary_id": family.person_id}
    assert family.status(family.daughter, "/tickets", body) == 422
    family.grant(family.daughter, "see")
    assert family.status(family.daughter, "/tickets", body) == 422
    family.grant(family.daughter, "see", "order")
    assert family.status(family.daughter, "/tickets", body) == 201


def test_a_delegate_orders_sees_is_told_and_nothing_more(family: Family) -> None:
    family.grant(family.daughter, "order", "see", "be_told")
    ticket = family.order(family.daughter)
    assert (ticket["status"], ticket["origin"], ticket["requester_id"]) == ("accepted", "delegate", None)
    assert ticket["beneficiary_id"] == family.person_id
    assert family.sees(family.daughter) == [ticket["id"]]
    assert ticket["id"] in family.hears(family.daughter)
    assert family.told(family.daughter)[0] == "您家人的单已受理"
    private = family.town.do(family.daughter, f"/tickets/{ticket['id']}/reveals", {})
    assert private["description"] == "龙头滴水"
    assert (private["area_id"], private["door_word"], private["beneficiary"]["phone"]) == (None, None, None)
    assert private["beneficiary"]["name"] == "阿依古丽·买买提"
    assert family.sees(family.son) == []
    assert family.status(family.son, f"/tickets/{ticket['id']}") == 404


def test_who_may_see_the_address_sees_it(family: Family) -> None:
    family.grant(family.son, "see", "see_address")
    ticket = family.order(DISPATCHER, origin="phone")
    private = family.town.do(family.son, f"/tickets/{ticket['id']}/reveals", {})
    assert (private["area_id"], private["beneficiary"]["phone"]) == (PLACE, "000-1")
    assert ticket["id"] not in family.hears(family.son)
    assert family.told(family.son) == ["您可以替家人办事了"]


def test_a_delegate_confirms_if_they_may(family: Family) -> None:
    family.grant(family.daughter, "see", "order")
    ticket = family.order(family.daughter)["id"]
    family.take(ticket)
    family.town.do(DISPATCHER, f"/tickets/{ticket}/complete", {"result": "solved"})
    said = {"answer": "satisfied", "solved": True}
    assert family.status(family.daughter, f"/tickets/{ticket}/confirm", said) == 403
    family.grant(family.daughter, "see", "order", "confirm")
    closed = family.town.do(family.daughter, f"/tickets/{ticket}/confirm", said)
    assert (closed["status"], closed["closed_by"], closed["resolved"]) == ("closed", "delegate", True)


def test_each_reads_who_did_what(family: Family) -> None:
    family.grant(family.daughter, "see", "order")
    family.grant(family.son, "see")
    ticket = family.order(family.daughter)["id"]
    family.town.do(family.daughter, f"/tickets/{ticket}/cancel", {"reason_code": "no_need"})
    for reader in (family.son, family.daughter, GRID_OFFICER):
        acts = family.town.get(reader, f"/people/{family.person_id}/acts")["acts"]
        assert {(act["account_id"], act["action"]) for act in acts} == {
            (family.daughter.account_id, "place"),
            (family.daughter.account_id, "cancel"),
        }
    assert family.status(an_actor(account_id="a-stranger"), f"/people/{family.person_id}/acts") == 404


def test_one_sentence_to_staff_ends_it_at_once_for_everything(family: Family) -> None:
    delegation = family.grant(family.daughter, "order", "see", "be_told")
    ticket = family.order(family.daughter)["id"]
    family.town.do(GRID_OFFICER, f"/delegations/{delegation}/end", {})
    assert family.sees(family.daughter) == []
    assert family.status(family.daughter, f"/tickets/{ticket}") == 404
    assert family.status(family.daughter, f"/tickets/{ticket}/cancel", {"reason_code": "no_need"}) == 404
    assert family.status(family.daughter, "/tickets", {**ORDER, "beneficiary_id": family.person_id}) == 422
    heard = family.told(family.daughter)[0]
    family.take(ticket)
    assert family.told(family.daughter)[0] == heard == "代办委托已结束"


def test_who_named_her_first_does_not_go_on_after_a_delegation_ended(family: Family) -> None:
    named = family.town.do(family.daughter, "/tickets", {**ORDER, "beneficiary": {"name": "马大娘"}})
    person_id = named["beneficiary_id"]
    again = {**ORDER, "beneficiary_id": person_id}
    assert family.status(family.daughter, "/tickets", again) == 201
    body = {"person_id": person_id, "account_id": family.daughter.account_id, "may": ["order"], "how": "call"}
    grant = family.town.do(DISPATCHER, "/delegations", {**body, "text_version": "delegate-1"})
    family.town.do(family.daughter, f"/delegations/{grant['delegation_id']}/end", {})
    assert family.status(family.daughter, "/tickets", again) == 422


def test_the_first_proxy_order_waits_for_a_call_unless_staff_saw_her_give_it(family: Family) -> None:
    own = family.town.account(an_actor(account_id=f"a-own-{family.town.number()}"))
    entered = {"name": "陈奶奶", "area_id": PLACE, "account_id": own.account_id}
    mother = Family(
        family.town, family.town.do(DISPATCHER, "/people", entered)["person_id"], family.daughter, family.son
    )
    mother.grant(mother.daughter, "order", "see", how="tap", by=own)
    first = mother.order(mother.daughter)
    assert (first["status"], first["requester_id"]) == ("submitted", None)
    assert mother.told(DISPATCHER)[0] == "家人代点的单,先打个电话"
    assert first["id"] in mother.sees(own), "she hears of what is ordered for her"
    emergency = mother.order(mother.daughter, description="我妈昏倒了")
    assert emergency["status"] == "accepted"
    assert mother.order(mother.daughter)["status"] == "submitted"
    mother.town.do(GRID_OFFICER, f"/tickets/{first['id']}/accept")
    assert mother.order(mother.daughter)["status"] == "accepted"


@pytest.mark.parametrize(
    "hide",
    [
        lambda family: family.order(DISPATCHER, origin="phone", hidden_from=[family.son.account_id])["id"],
        lambda family: _hidden_later(family),
    ],
    ids=["when placed", "later"],
)
def test_she_hides_one_order_from_one_of_them(family: Family, hide: Callable[[Family], str]) -> None:
    family.grant(family.son, "see", "be_told")
    family.grant(family.daughter, "see", "be_told")
    open_to_both = family.order(DISPATCHER, origin="phone")["id"]
    hidden = hide(family)
    assert family.sees(family.son) == [open_to_both]
    assert set(family.sees(family.daughter)) == {open_to_both, hidden}
    for path in (f"/tickets/{hidden}", f"/tickets/{hidden}/timeline"):
        assert family.status(family.son, path) == 404
    told = len(family.told(family.son))
    family.take(hidden)
    assert len(family.told(family.son)) == told
    entries = family.town.get(family.daughter, f"/tickets/{hidden}/timeline")["items"]
    assert "delegates_changed" not in str(entries)
    seen = family.town.get(family.daughter, f"/tickets/{hidden}")
    assert (seen["hidden_from"], [one["account_id"] for one in seen["delegates"]]) == ([], [family.daughter.account_id])
    assert family.status(family.daughter, f"/tickets/{hidden}/hide", {"account_ids": [family.son.account_id]}) == 403
    family.town.do(DISPATCHER, f"/tickets/{hidden}/hide", {"account_ids": [family.son.account_id], "hidden": False})
    assert set(family.sees(family.son)) == {open_to_both, hidden}


def _hidden_later(family: Family) -> str:
    ticket: str = family.order(DISPATCHER, origin="phone")["id"]
    family.town.do(DISPATCHER, f"/tickets/{ticket}/hide", {"account_ids": [family.son.account_id]})
    return ticket


def test_an_order_of_theirs_cannot_be_hidden_from_who_placed_it(family: Family) -> None:
    family.grant(family.daughter, "order", "see")
    ticket = family.order(family.daughter)["id"]
    body = {"account_ids": [family.daughter.account_id]}
    assert family.status(DISPATCHER, f"/tickets/{ticket}/hide", body) == 409


def test_a_quarrel_or_a_complaint_is_not_the_familys_to_see(family: Family) -> None:
    family.grant(family.daughter, "see", "be_told")
    complaint = family.order(DISPATCHER, origin="phone", item_id="complaint", **_about("d1"))["id"]
    assert complaint not in family.sees(family.daughter)
    assert complaint not in family.hears(family.daughter)


def _about(member: str) -> dict[str, Any]:
    return {"subject_kind": "member", "subject_id": member}


def test_a_delegation_lapses_after_a_year_unless_it_is_renewed(family: Family) -> None:
    family.grant(family.daughter, "order", "see", "be_told")
    kept = family.grant(family.son, "see", "be_told")
    ticket = family.order(family.daughter)["id"]
    family.town.elapse(days=340)
    assert family.told(family.daughter)[0] == family.told(family.son)[0] == "代办委托快到期了"
    family.town.do(GRID_OFFICER, f"/delegations/{kept}/renew", {"how": "call", "text_version": "delegate-1"})
    family.town.elapse(days=30)
    assert family.told(family.daughter)[0] == "代办委托已结束"
    assert family.sees(family.daughter) == []
    assert ticket in family.sees(family.son)
    delegations = family.town.get(family.daughter, "/delegations")["delegations"]
    assert [(one["stands"], one["end"]) for one in delegations] == [(False, "lapsed")]
