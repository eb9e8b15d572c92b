"""An order for a child goes on only with a guardian's consent on record: for the child, or for this order."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.tickets import AcceptTicket, RedispatchTicket
from contracts.errors import Invalid
from contracts.words import Given, Purpose, WhoMay
from services.tickets.application.people_ports import Consent, Withdrawal
from services.tickets.domain.person import Person
from tests.builders import COMMUNITY, NOON, TICKET_ID, a_meta, an_actor
from tests.unit.tickets.builders import an_item
from tests.unit.tickets.house import House

DESK = an_actor(Role.DISPATCHER, account_id="a-desk")
MOTHER = an_actor(Role.RESIDENT, account_id="a-mother")
CHILD = Person(id="p-child", community_id=COMMUNITY, minor=True)
BY_MOTHER = Consent(
    id="c-1",
    community_id=COMMUNITY,
    person_id="p-child",
    purpose=Purpose.CHILD_SERVICE,
    text_version="child-1",
    how=Given.SIGNATURE,
    given_at=NOON,
    witnessed_by="a-desk",
    guardian="古丽",
)
FOR_THIS = replace(BY_MOTHER, about=TICKET_ID)
BY_TAP = replace(FOR_THIS, witnessed_by=None, guardian=None, how=Given.TAP)


@pytest.fixture
def house() -> House:
    house = House()
    house.items["tap-and-lamp"] = an_item(for_child=True, who_may=WhoMay.CERTIFIED, adult_only=True)
    house.people.rows["p-child"] = CHILD
    return house


def accept(house: House) -> Any:
    return house.steps.accept(Call(AcceptTicket(ticket_id=TICKET_ID), a_meta(DESK, command_id="accept"))).result


def test_a_childs_order_without_a_consent_waits_and_says_what_is_missing(house: House) -> None:
    assert house.place(MOTHER)["status"] == "submitted"
    with pytest.raises(Invalid) as refusal:
        accept(house)
    assert (refusal.value.code, refusal.value.field) == ("guardian-consent-needed", "ticket_id")
    assert "child_service" in refusal.value.sentence.zh


def test_what_staff_write_down_about_this_order_is_enough(house: House) -> None:
    house.place(MOTHER)
    house.consents.add(FOR_THIS)
    assert accept(house)["status"] == "accepted"


@pytest.mark.parametrize(
    "line",
    [
        replace(FOR_THIS, about="another-order"),
        replace(FOR_THIS, community_id="elsewhere"),
        replace(FOR_THIS, guardian=None),
        replace(FOR_THIS, purpose=Purpose.HEALTH_NOTES),
        replace(BY_TAP, guardian_account="a-stranger"),
    ],
)
def test_another_word_is_none(house: House, line: Consent) -> None:
    """For another order, elsewhere, by no guardian, for something else, by a stranger's tap."""
    house.place(MOTHER)
    house.consents.add(line)
    with pytest.raises(Invalid, match="guardian-consent-needed"):
        accept(house)


def test_a_guardian_agrees_by_their_own_tap_to_their_own_order(house: House) -> None:
    house.place(MOTHER)
    house.consents.add(replace(BY_TAP, guardian_account=MOTHER.account_id))
    assert accept(house)["status"] == "accepted"


def test_with_a_consent_for_the_child_its_orders_go_on_at_once(house: House) -> None:
    house.consents.add(BY_MOTHER)
    assert house.place(DESK, beneficiary_id="p-child")["status"] == "accepted"


def test_danger_waits_for_no_paper(house: House) -> None:
    assert house.place(MOTHER, description="孩子触电了")["status"] == "accepted"


def test_taken_back_nobody_else_is_sent(house: House) -> None:
    house.consents.add(BY_MOTHER)
    house.place(DESK, beneficiary_id="p-child")
    house.consents.withdraw(Withdrawal(consent=BY_MOTHER, how=Given.CALL, at=NOON, witnessed_by="a-desk"))
    with pytest.raises(Invalid, match="guardian-consent-needed"):
        house.steps.redispatch(Call(RedispatchTicket(ticket_id=TICKET_ID), a_meta(DESK, command_id="again")))


def test_what_is_for_no_child_asks_for_nothing() -> None:
    assert House().place(MOTHER)["status"] == "accepted"
