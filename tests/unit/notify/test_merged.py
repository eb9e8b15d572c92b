"""Who hears what of orders that are done together: each requester as ever, nobody of anybody else."""

from typing import Any

import pytest

from contracts.events.merging import TicketMerged, TicketSplit
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketAccepted, TicketCompleted, TicketReworked
from contracts.words import Permit, ResultCode, TicketStatus
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.domain.planning import messages_for
from tests.builders import a_ticket_holder, a_ticket_snapshot, received, some_terms
from tests.builders_of_merging import a_primary

RULES, TEMPLATES = read_rules(), YamlTemplates()
DAUGHTER = TicketDelegate("a-daughter", (Permit.SEE, Permit.BE_TOLD))
MERGED = a_ticket_snapshot(status=TicketStatus.MERGED, delegates=(DAUGHTER,), primary=a_primary())


def told(body: Any, snapshot: Any = MERGED) -> dict[str, str]:
    """Recipient and rule."""
    return {message.recipient: message.rule for message in messages_for(RULES, received(body, snapshot))}


def test_who_ordered_hears_with_which_order_theirs_is_done_and_who_had_it_that_they_need_not_go() -> None:
    body = TicketMerged(primary=a_primary(), released=(a_ticket_holder(member_id="m-1"),))
    assert told(body) == {
        "account:a-resident": "done-together",
        "account:a-daughter": "family-done-together",
        "member:m-1": "others-do-it",
    }


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_other_order_is_named_by_its_number_alone(locale: str) -> None:
    messages = messages_for(RULES, received(TicketMerged(primary=a_primary()), MERGED))
    assert messages
    for message in messages:
        assert a_primary().number in TEMPLATES.render(message.template, locale, message.params).body
        assert a_primary().id not in str(message.params)


def test_who_ordered_hears_that_it_goes_on_by_itself() -> None:
    assert told(TicketSplit(primary=a_primary()))["account:a-resident"] == "by-itself"


def test_an_order_that_is_merged_at_birth_is_told_once() -> None:
    assert told(TicketAccepted(terms=some_terms())) == {}


def test_whoever_answered_before_is_not_asked_again_for_another() -> None:
    done = TicketCompleted(result=ResultCode.SOLVED, by_member=None, headcount=None)
    closed = a_ticket_snapshot(status=TicketStatus.CLOSED, delegates=(DAUGHTER,))
    asked = a_ticket_snapshot(status=TicketStatus.COMPLETED, delegates=(DAUGHTER,))
    assert told(done, closed) == {}
    assert told(done, asked) == {"account:a-resident": "how-did-it-go", "account:a-daughter": "family-done"}


@pytest.mark.parametrize("for_another", [True, False])
def test_the_crew_hears_that_it_goes_again_and_the_requester_only_of_their_own_word(for_another: bool) -> None:
    going = a_ticket_snapshot(status=TicketStatus.IN_PROGRESS, holders=(a_ticket_holder(member_id="m-1"),))
    rules = told(TicketReworked(rework=1, for_another=for_another), going)
    assert rules["member:m-1"] == "once-more"
    assert ("account:a-resident" in rules) is not for_another
