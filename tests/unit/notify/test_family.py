"""Who acts for somebody hears of their orders; of a death no machine tells anybody on their side."""

from datetime import timedelta

import pytest

from contracts.catalogue import Wanted
from contracts.events.people import DelegationEnded, DelegationGranted, PersonDeceased
from contracts.events.public_answers import TicketAnswerPublished, TicketAnswerWritten
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import (
    TicketAccepted,
    TicketAssigned,
    TicketCancelled,
    TicketDelegatesChanged,
    TicketOverdue,
    TicketReworked,
)
from contracts.recusal import Recusal
from contracts.topology import handlers_of
from contracts.words import DeadlineKind, DelegationEnd, Permit
from services.notify.adapters.rules import read_rules
from services.notify.domain.message import QUIET, DeliveryStatus
from services.notify.domain.overtaking import circle_overtaking
from services.notify.domain.planning import messages_for
from tests.builders import (
    ASSIGNMENT_ID,
    MEMBER_ID,
    NOON,
    a_ticket_holder,
    a_ticket_snapshot,
    received,
    some_terms,
)
from tests.builders_of_people import PERSON_BODIES, a_person_snapshot

RULES = read_rules()
TOLD = TicketDelegate("a-daughter", (Permit.SEE, Permit.BE_TOLD))
SEES = TicketDelegate("a-son", (Permit.SEE,))
CANCELLED = TicketCancelled(
    by_role="staff", reason_code="no_longer_needed", go_to=None, released=(a_ticket_holder(member_id="m-1"),)
)


def whom(body, snapshot=None) -> set[str]:
    return {message.recipient for message in messages_for(RULES, received(body, snapshot))}


def test_a_delegate_is_told_if_they_may_be() -> None:
    accepted = TicketAccepted(terms=some_terms())
    order = a_ticket_snapshot(delegates=(TOLD, SEES))
    assert whom(accepted, order) == {"account:a-resident", "account:a-daughter"}


def test_who_acts_for_somebody_hears_nothing_of_a_complaint_about_themselves() -> None:
    mate = TicketDelegate("m-mate", (Permit.SEE, Permit.BE_TOLD))
    order = a_ticket_snapshot(delegates=(TOLD, mate), recused=Recusal(members=("mate",)))
    assert whom(TicketAccepted(terms=some_terms()), order) == {"account:a-resident", "account:a-daughter"}
    complained = a_ticket_snapshot(requester_id="m-mate", delegates=(mate,), recused=Recusal(members=("mate",)))
    assert whom(TicketAccepted(terms=some_terms()), complained) == {"account:m-mate"}


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (TicketOverdue(kind=DeadlineKind.RESOLVE), "family-we-are-late"),
        (TicketReworked(rework=1), "family-once-more"),
        (TicketAnswerWritten(version=1), "family-answer-to-read"),
        (TicketAnswerPublished(version=1), "family-answer-published"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_family_of_somebody_without_account_hears_what_nobody_else_on_their_side_would(body, rule: str) -> None:
    order = a_ticket_snapshot(requester_id=None, delegates=(TOLD, SEES))
    heard = {(message.rule, message.recipient) for message in messages_for(RULES, received(body, order))}
    assert {one for one in heard if one[1].startswith("account:")} == {(rule, "account:a-daughter")}


def test_who_ordered_is_told_once() -> None:
    order = a_ticket_snapshot(requester_id="a-daughter", delegates=(TOLD,))
    rules = [message.rule for message in messages_for(RULES, received(TicketAccepted(terms=some_terms()), order))]
    assert rules == ["order-received"]


def test_of_a_quiet_order_the_crew_hears_and_the_family_does_not() -> None:
    messages = messages_for(RULES, received(CANCELLED, a_ticket_snapshot(quiet=True)))
    kept_back = {message.recipient for message in messages if message.status is DeliveryStatus.SUPPRESSED}
    assert kept_back == {"account:a-resident"}
    assert {message.reason for message in messages if message.recipient in kept_back} == {QUIET}
    assert {message.recipient for message in messages} - kept_back == {"member:m-1"}


def test_a_delegation_is_told_to_the_two_whom_it_concerns() -> None:
    (granted,) = (body for body in PERSON_BODIES if isinstance(body, DelegationGranted))
    assert whom(granted, a_person_snapshot(account_id="a-mother")) == {"account:a-daughter", "account:a-mother"}
    assert whom(granted) == {"account:a-daughter"}
    over = DelegationEnded(delegation_id="p.d1", account_id="a-daughter", reason=DelegationEnd.ENDED)
    assert whom(over) == {"account:a-daughter"}


def test_of_a_death_nobody_is_told() -> None:
    assert "notify" not in handlers_of("notify", PersonDeceased.TYPE)
    dead = a_person_snapshot(account_id="a-mother", deceased=True)
    over = DelegationEnded(delegation_id="p.d1", account_id="a-daughter", reason=DelegationEnd.ENDED)
    for body in (PersonDeceased(), over):
        assert {one.status for one in messages_for(RULES, received(body, dead))} <= {DeliveryStatus.SUPPRESSED}


@pytest.mark.parametrize(
    ("still", "stopped"),
    [((), {"account:a-daughter"}), ((SEES,), {"account:a-daughter"}), ((TOLD,), set())],
    ids=["nobody", "may see, not be told", "still told"],
)
def test_what_waits_is_kept_from_who_may_be_told_no_more(still: tuple[TicketDelegate, ...], stopped: set[str]) -> None:
    wanted = Wanted(start=NOON + timedelta(days=3))
    order = a_ticket_snapshot(delegates=(TOLD,), wanted=wanted, holders=(a_ticket_holder(),))
    older = received(TicketAssigned(assignment_ids=(ASSIGNMENT_ID,), lead=MEMBER_ID), order, 3)
    waiting = [one for one in messages_for(RULES, older) if one.status is DeliveryStatus.QUEUED]
    assert {(one.rule, one.before > 0) for one in waiting if one.recipient == "account:a-daughter"} >= {
        ("family-somebody-comes", False),
        ("family-visit-soon", True),
    }
    changed = received(TicketDelegatesChanged(), a_ticket_snapshot(delegates=still), 4)
    over = circle_overtaking(RULES, changed)
    assert {one.recipient for one in waiting if over.stops(one)} == stopped
    assert [over.stops(one) for one in waiting if one.recipient == "account:a-daughter"].count(not stopped) == 0
    before = circle_overtaking(RULES, received(TicketDelegatesChanged(), a_ticket_snapshot(delegates=still), 2))
    assert not [one for one in waiting if before.stops(one)], "what was planned after it knew of it"
