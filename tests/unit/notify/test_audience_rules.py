"""The rules of the house for whom no event names, and for the person served: who hears what, by which channel."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.events.public_answers import TicketAnswerPublished
from contracts.events.seat_visits import AssignmentSafetyAlarm
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketAccepted, TicketAssigned, TicketCancelled, TicketClosed
from contracts.events.volunteers import ClaimOpened
from contracts.following import Sight, Subscription
from contracts.words import ClosedBy, Permit, TicketStatus, Urgency
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.domain.category import Category
from services.notify.domain.crowd import Crowd, Follow, Roster, Subscriber
from services.notify.domain.message import IN_APP, OUTWARD, QUIET, DeliveryStatus
from services.notify.domain.overtaking import overtakings_of, reason_to_stop
from services.notify.domain.planning import messages_for
from services.notify.domain.slip import Slip
from services.notify.domain.slip_late import SLIP_LATE, late_message
from tests.builders import (
    AREA_PATH,
    COMMUNITY,
    MEMBER_ID,
    NOON,
    TICKET_ID,
    a_ticket_holder,
    a_ticket_snapshot,
    received,
    some_terms,
)
from tests.builders_of_rosters import a_shift_state
from tests.builders_of_visits import VISIT_BODIES
from tests.fakes.messages import overtaking_by

RULES, TEMPLATES = read_rules(), YamlTemplates()
ASSIGNED = TicketAssigned(assignment_ids=("x",), lead=MEMBER_ID)
SERVED = {"requester_id": None, "beneficiary_id": "p1", "holders": (a_ticket_holder(),), "lead": MEMBER_ID}
ON_DUTY = a_shift_state(starts_at=NOON, ends_at=NOON + timedelta(hours=8), member_id="officer")
OFFICER = Crowd(rosters=(Roster(area=AREA_PATH[-1], shifts=(ON_DUTY,)),))


def told(body: Any, crowd: Crowd = Crowd(), version: int = 1, **order: Any) -> list[Any]:  # noqa: B008  frozen
    snapshot = a_ticket_snapshot(**order) if order else None
    return messages_for(RULES, received(body, snapshot, version), crowd=crowd)


def to(messages: list[Any], recipient: str) -> list[Any]:
    return [one for one in messages if one.recipient == recipient]


def test_the_person_served_is_told_out_of_the_platform_alone() -> None:
    (message,) = to(told(ASSIGNED, **SERVED), "person:p1")
    assert (message.channel, message.status, message.rule) == (OUTWARD, DeliveryStatus.QUEUED, "served-somebody-comes")
    assert message.category is Category.VISIT
    words = TEMPLATES.render(message.template, "zh-CN", message.params)
    assert "王师傅" in words.body
    assert "口令" in words.body


def test_of_a_death_they_are_told_nothing() -> None:
    (message,) = to(told(ASSIGNED, **SERVED, quiet=True), "person:p1")
    assert (message.status, message.reason) == (DeliveryStatus.SUPPRESSED, QUIET)


def test_what_ends_an_order_takes_the_waiting_news_of_it_along() -> None:
    (message,) = to(told(ASSIGNED, **SERVED), "person:p1")
    cancelled = TicketCancelled(by_role="staff", reason_code="no_longer_needed", go_to=None, released=())
    over = received(cancelled, a_ticket_snapshot(**SERVED), 2)
    assert reason_to_stop(message, overtakings_of(RULES, over)) == "overtaken"
    (newer,) = to(told(ASSIGNED, version=3, **SERVED), "person:p1")
    assert reason_to_stop(newer, overtakings_of(RULES, over)) is None
    assert reason_to_stop(message, [overtaking_by(newer)]) == "overtaken", "somebody else comes now"


def test_who_follows_hears_how_it_stands_and_nothing_more() -> None:
    crowd = Crowd(follows=(Follow(ticket_id=TICKET_ID, account_id="a-desk", member_id=None, by=Sight.STAFF),))
    closed = TicketClosed(by=ClosedBy.REQUESTER, answer=None, resolved=True)
    (message,) = to(told(closed, crowd, status=TicketStatus.CLOSED), "watcher:a-desk")
    assert (message.channel, set(message.params)) == (IN_APP, {"number", "item", "status"})
    words = TEMPLATES.render(message.template, "en", message.params)
    assert words.body == "NC-261121-0042 (Small water and electric repairs): closed."


def test_a_delegate_who_is_told_anyway_is_not_told_twice() -> None:
    delegate = TicketDelegate("a-daughter", (Permit.SEE, Permit.BE_TOLD))
    crowd = Crowd(follows=(Follow(ticket_id=TICKET_ID, account_id="a-daughter", member_id=None, by=Sight.DELEGATE),))
    heard = to(told(ASSIGNED, crowd, delegates=(delegate,)), "account:a-daughter")
    assert {one.rule for one in heard} == {"family-somebody-comes"}


def test_a_public_answer_is_told_without_saying_of_which_order() -> None:
    wanted = (Subscription(AREA_PATH[0]),)
    crowd = Crowd(
        subscribers=(Subscriber(account_id="a-neighbour", member_id=None, staff=False, wanted=wanted),),
        category="maintenance",
    )
    (message,) = to(told(TicketAnswerPublished(version=1), crowd), "account:a-neighbour")
    assert (message.rule, message.number, set(message.params)) == ("answer-nearby", "", {"item"})
    assert message.category is Category.COMMUNITY
    assert "NC-" not in str(TEMPLATES.render(message.template, "zh-CN", message.params))
    assert to(told(TicketAccepted(terms=some_terms()), crowd), "account:a-neighbour") == [], "an order is not public"


def test_members_hear_of_seats_that_anybody_may_claim_and_staff_of_new_orders() -> None:
    wanted = (Subscription(AREA_PATH[-1], "maintenance"),)
    subscriber = Subscriber(account_id="a-x", member_id="m-x", staff=True, wanted=wanted)
    crowd = Crowd(subscribers=(subscriber,), category="maintenance")
    assert [one.rule for one in to(told(ClaimOpened(until=NOON), crowd), "member:m-x")] == ["seat-nearby"]
    accepted = told(TicketAccepted(terms=some_terms()), crowd)
    assert [one.rule for one in to(accepted, "watcher:a-x")] == ["new-nearby"]
    assert to(accepted, "member:m-x") == []


@pytest.mark.parametrize(
    ("body", "order"),
    [
        (TicketAccepted(terms=some_terms()), {"urgency": Urgency.EMERGENCY}),
        (next(one for one in VISIT_BODIES if isinstance(one, AssignmentSafetyAlarm)), {}),
    ],
    ids=["emergency", "no-answer"],
)
def test_of_danger_whoever_is_on_duty_hears_in_person_at_once(body: Any, order: Any) -> None:
    heard = to(told(body, OFFICER, **order), "member:officer")
    assert {(one.channel, one.urgent, one.category) for one in heard} == {
        (IN_APP, True, Category.ALARM),
        (OUTWARD, True, Category.ALARM),
    }
    assert to(told(TicketAccepted(terms=some_terms()), OFFICER), "member:officer") == []


def test_a_late_slip_is_told_to_the_dispatchers_of_its_area_in_both_languages() -> None:
    slip = Slip(
        id="s1",
        message_id="e1:x",
        event_id="e1",
        event_type=TicketAssigned.TYPE,
        correlation_id="c",
        community_id=COMMUNITY,
        area_path=AREA_PATH,
        person_id="p1",
        ticket_id=TICKET_ID,
        number="NC-1",
        template="served-somebody-comes",
        version=0,
        locale="zh-CN",
        params={"number": "NC-1", "item": {"zh": "灯", "en": "lamp"}, "names": ["王师傅"]},
        at=NOON,
        due_at=NOON,
    )
    message = late_message(slip, NOON, 1)
    assert message.id == late_message(slip, NOON + timedelta(hours=1), 2).id, "said twice it is said once"
    assert (message.recipient, message.area_path, message.template) == (
        f"dispatchers:{COMMUNITY}",
        AREA_PATH,
        SLIP_LATE,
    )
    assert "NC-1" in TEMPLATES.render(SLIP_LATE, "zh-CN", message.params).body
    assert "lamp" in TEMPLATES.render(SLIP_LATE, "en", message.params).body
    assert "names" not in message.params
