"""Whoever agrees that words are published has a line in the consent ledger; taken back there, the words are gone."""

from collections.abc import Sequence
from typing import Any

import pytest

from contracts.commands import Call
from contracts.commands.people import WithdrawConsent
from contracts.commands.public_answers import WithdrawPublicAnswer
from contracts.errors import NotFound
from contracts.events.public_answers import TicketAnswerWithdrawn
from contracts.public_answers import AnswerState
from contracts.talk import Side
from contracts.words import Given, Nature, Purpose
from services.tickets.application.people_ports import Consent
from tests.builders import COMMUNITY, TICKET_ID, a_meta
from tests.unit.tickets.house import House
from tests.unit.tickets.test_public_answers import (
    APPROVER,
    REQUESTER,
    WRITER,
    a_house,
    agree,
    approve,
    do,
    published,
    write,
)


def lines(house: House) -> Sequence[Consent]:
    return house.consents.of(COMMUNITY, REQUESTER.account_id)


def take_back(house: House, consent_id: str, by: Any = REQUESTER) -> Any:
    command = WithdrawConsent(consent_id=consent_id)
    return house.consenting.withdraw(Call(command, a_meta(by, command_id=f"take-back-{by.account_id}"))).result


@pytest.mark.parametrize(
    ("by", "given", "witness"), [(REQUESTER, Given.TAP, None), (APPROVER, Given.SIGNATURE, APPROVER.account_id)]
)
def test_an_agreement_is_a_line_of_the_ledger(by: Any, given: Given, witness: str | None) -> None:
    house = a_house(category="care")
    write(house)
    agree(house, by, given=given)
    (line,) = lines(house)
    assert (line.purpose, line.about, line.text_version) == (Purpose.PUBLISH, TICKET_ID, "answer-1")
    assert (line.how, line.witnessed_by, line.stands) == (given, witness, True)
    write(house, answer="打社区电话,物业当天来修。")
    agree(house, by, version=2, given=given)
    assert [line.text_version for line in lines(house)] == ["answer-2", "answer-1"]


def test_an_answer_that_is_taken_back_takes_its_line_with_it_and_staff_s_own_doubt_does_not() -> None:
    house = a_house(category="care")
    write(house)
    agree(house)
    do(house, APPROVER, WithdrawPublicAnswer(ticket_id=TICKET_ID))
    assert lines(house)[0].stands, "they still said so, of words that are gone"
    write(house)
    agree(house, version=2)
    do(house, REQUESTER, WithdrawPublicAnswer(ticket_id=TICKET_ID))
    assert [(line.text_version, line.stands) for line in lines(house)] == [("answer-2", False), ("answer-1", True)]


def test_a_line_that_is_taken_back_takes_the_published_words_with_it() -> None:
    house = a_house(category="care")
    write(house)
    agree(house)
    approve(house)
    assert len(published(house)) == 1
    told = take_back(house, lines(house)[0].id)
    assert (told["stands"], published(house)) == (False, [])
    assert house.tickets.events[-1] == TicketAnswerWithdrawn(side=Side.REQUESTER)
    take_back(house, lines(house)[0].id)
    assert house.tickets.events.count(TicketAnswerWithdrawn(side=Side.REQUESTER)) == 1


def test_a_line_about_older_words_leaves_the_newer_ones_alone() -> None:
    house = a_house(category="care")
    write(house)
    agree(house)
    older = lines(house)[0].id
    write(house, answer="打社区电话,物业当天来修。")
    agree(house, version=2)
    approve(house, version=2)
    take_back(house, older)
    shown = house.tickets.rows[TICKET_ID].public_answer
    assert shown is not None
    assert shown.state is AnswerState.PUBLISHED


def test_the_ledger_does_not_tell_who_made_a_complaint() -> None:
    house = a_house(category="mediation", nature=Nature.COMPLAINT)
    write(house)
    agree(house)
    assert (lines(house), len(house.consents.rows)) == ([], 0)


def test_nobody_else_takes_it_back() -> None:
    house = a_house(category="care")
    write(house)
    agree(house)
    with pytest.raises(NotFound):
        take_back(house, lines(house)[0].id, WRITER)
    assert lines(house)[0].stands
