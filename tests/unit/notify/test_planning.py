"""What an event plans: what lies in the inbox, what goes out and when, what the group hears, what is overtaken."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.catalogue import Wanted
from contracts.counter import ServedAt
from contracts.events.counter import TicketAppointed
from contracts.events.seat_visits import AssignmentSafetyAlarm
from contracts.events.tickets import TicketAccepted, TicketAssigned, TicketCancelled, TicketOverdue, TicketSeatFreed
from contracts.events.visits import TicketVisited
from contracts.events.volunteers import AssignmentMade, OfferDeclined, OfferMade
from contracts.recusal import Recusal
from contracts.visits import VisitResult
from contracts.words import DeadlineKind, OfferStatus, Urgency
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.domain.audience import OF_MANY, TELL_NOBODY
from services.notify.domain.category import Category
from services.notify.domain.message import GROUP, IN_APP, OUTWARD, DeliveryStatus, Message
from services.notify.domain.overtaking import overtakings_of
from services.notify.domain.planning import messages_for
from services.notify.domain.template import Form
from tests.builders import (
    AREA_PATH,
    ASSIGNMENT_ID,
    COMMUNITY,
    MEMBER_ID,
    NOON,
    SAMPLE_BODIES,
    a_demand_snapshot,
    a_ticket_holder,
    a_ticket_snapshot,
    an_offer_change,
    received,
    some_terms,
)

RULES, TEMPLATES = read_rules(), YamlTemplates()
BY_ID = {rule.id: rule for rule in RULES}
CANCELLED = TicketCancelled(by_role="resident", reason_code="other", go_to=None, released=())


def planned(body: Any, snapshot: Any = None, version: int = 1) -> dict[tuple[str, str], Message]:
    told = messages_for(RULES, received(body, snapshot, version))
    return {(one.rule, one.id.split(one.recipient)[1]): one for one in told}


def test_what_reaches_out_waits_so_many_minutes_for_whoever_reads_it_in_the_app() -> None:
    snapshot = a_ticket_snapshot(holders=(a_ticket_holder(),))
    told = planned(TicketAssigned(assignment_ids=(ASSIGNMENT_ID,), lead=MEMBER_ID), snapshot)
    inside, outside = told["somebody-comes", ":in_app"], told["somebody-comes", ":outward"]
    event = received(TicketAssigned(assignment_ids=(ASSIGNMENT_ID,), lead=MEMBER_ID), snapshot)

    assert (inside.channel, inside.status, inside.not_before) == (IN_APP, DeliveryStatus.DELIVERED, event.time)
    assert (outside.channel, outside.status) == (OUTWARD, DeliveryStatus.QUEUED)
    assert outside.not_before == event.time + timedelta(minutes=BY_ID["somebody-comes"].reach or 0)
    assert (outside.category, outside.recipient) == (Category.VISIT, inside.recipient)
    assert (inside.overtakes, outside.overtakes) == (BY_ID["somebody-comes"].cancels, ())


def test_an_offer_goes_out_with_its_id_until_it_runs_out() -> None:
    offer = an_offer_change(member_id="m-1")
    told = planned(OfferMade(offers=(offer,)))["please-help", ":outward"]

    assert (told.offer_id, told.until, told.category, told.urgent) == (offer.id, offer.expires_at, "offer", False)


def test_who_is_asked_in_an_emergency_is_asked_whatever_the_hour() -> None:
    body = OfferMade(offers=(an_offer_change(member_id="m-1"),))
    told = planned(body, a_demand_snapshot(urgency=Urgency.EMERGENCY))

    assert told["please-help", ":outward"].urgent
    assert not planned(body, a_demand_snapshot(urgency=Urgency.ORDINARY))["please-help", ":outward"].urgent


def test_a_group_hears_an_alarm_without_anybody_in_it() -> None:
    told = planned(AssignmentSafetyAlarm(assignment_id=ASSIGNMENT_ID, member_id=MEMBER_ID))
    group = told["no-answer-from-visit", ":group"]

    assert (group.channel, group.recipient, group.area_path) == (GROUP, f"group:{COMMUNITY}", AREA_PATH)
    assert not {"names", "member_ids", "why", "papers"} & group.params.keys()
    assert told["no-answer-from-visit", ":in_app"].params["names"] is not None


def test_no_group_hears_of_a_complaint() -> None:
    """Whom it is about may be in it."""
    recused = Recusal(members=frozenset({"m-1"}), staff=frozenset(), areas=frozenset())
    told = planned(TicketOverdue(kind=DeadlineKind.RESPOND), a_ticket_snapshot(recused=recused))

    assert [one.channel for one in told.values() if one.rule == "answer-overdue"] == [IN_APP]


@pytest.mark.parametrize("body", SAMPLE_BODIES, ids=lambda body: body.TYPE)
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_message_to_a_group_can_be_said_without_anybody(body: Any, locale: str) -> None:
    for message in messages_for(RULES, received(body)):
        if message.channel == GROUP:
            said = TEMPLATES.render(message.template, locale, message.params, form=Form.GROUP)
            assert "None" not in said.body
            assert "马师傅" not in said.body


def test_harm_leaves_the_platform_by_no_way() -> None:
    harm = [rule for rule in RULES if "harm" in rule.event]

    assert harm
    assert not [rule.id for rule in harm if rule.reach is not None or rule.group]


def test_every_urgent_rule_reaches_somebody_outside() -> None:
    """Whoever hears of danger is not waiting at a screen."""
    urgent = [rule for rule in RULES if rule.urgent and "harm" not in rule.event and rule.id not in WITHOUT]

    assert [rule.id for rule in urgent if rule.reach is None and not rule.group] == []
    assert [rule.id for rule in RULES if rule.reach is not None and rule.audience in OF_MANY] == []
    assert [rule.id for rule in RULES if (rule.template is None) != (rule.audience in TELL_NOBODY)] == []


WITHOUT = {"please-decide-now"}
"""Those who decide are chiefs, whom their desks tell."""

APPOINTED = NOON + timedelta(days=3)


def appointed(at: Any = APPOINTED) -> TicketAppointed:
    return TicketAppointed(at=at, local="2026-11-24 12:00", where=ServedAt.COUNTER)


def test_an_appointment_is_called_to_mind_before_it_in_the_app_and_outside() -> None:
    told = planned(appointed())
    day, hours = told["appointment-soon", ":in_app:1440"], told["appointment-soon", ":outward:120"]

    assert (day.status, day.not_before, day.at) == (DeliveryStatus.QUEUED, *[APPOINTED - timedelta(days=1)] * 2)
    assert (hours.not_before, hours.until) == (APPOINTED - timedelta(hours=2), APPOINTED)
    assert hours.params["minutes"] == 120


def test_what_would_lie_behind_the_event_is_not_planned() -> None:
    at = received(appointed()).time + timedelta(hours=3)

    assert {key[1] for key in planned(appointed(at)) if key[0] == "appointment-soon"} == {":in_app:120", ":outward:120"}


def test_whoever_comes_at_a_wanted_time_and_who_waits_for_them_are_reminded() -> None:
    snapshot = a_ticket_snapshot(wanted=Wanted(start=APPOINTED), holders=(a_ticket_holder(),))
    body = TicketAssigned(assignment_ids=(ASSIGNMENT_ID,), lead=MEMBER_ID)
    reminded = {(one.rule, one.recipient) for one in planned(body, snapshot).values() if one.before}

    assert reminded == {("visit-soon", "account:a-resident"), ("visit-soon-crew", f"member:{MEMBER_ID}")}
    assert not [one for one in planned(body).values() if one.before], "no time was wanted"


def stops(newer: Any, older: Any, newer_snapshot: Any = None, older_snapshot: Any = None) -> set[str]:
    """The older event's messages that the newer one overtakes, by rule."""
    event = received(newer, newer_snapshot, 2)
    overtakings = overtakings_of(RULES, event)
    told = messages_for(RULES, event)
    by_message = [one for one in told if one.overtakes]
    planned_before = messages_for(RULES, received(older, older_snapshot))
    waiting = [one for one in planned_before if one.status is DeliveryStatus.QUEUED]
    found = {one.rule for one in waiting if any(overtaking.stops(one) for overtaking in overtakings)}
    return found | {
        one.rule
        for one in waiting
        for newer_one in by_message
        if one.rule in newer_one.overtakes and one.recipient == newer_one.recipient
    }


def test_a_moved_appointment_moves_its_reminders_and_a_cancelled_one_takes_them_away() -> None:
    assert "appointment-soon" in stops(appointed(APPOINTED + timedelta(hours=1)), appointed())
    assert "appointment-soon" in stops(CANCELLED, appointed())


def test_a_freed_seat_takes_away_what_would_remind_of_the_visit() -> None:
    snapshot = a_ticket_snapshot(wanted=Wanted(start=APPOINTED), holders=(a_ticket_holder(),))
    freed = TicketSeatFreed(assignment_ids=(ASSIGNMENT_ID,))
    assigned = TicketAssigned(assignment_ids=(ASSIGNMENT_ID,), lead=MEMBER_ID)

    assert stops(freed, assigned, snapshot, snapshot) >= {"visit-soon", "visit-soon-crew"}


@pytest.mark.parametrize(
    "newer",
    [
        OfferDeclined(offers=(an_offer_change(member_id="m-1", status=OfferStatus.DECLINED),)),
        AssignmentMade(
            assignment_id="s1",
            member_id="m-1",
            offer_id="o-1",
            offers=(an_offer_change(member_id="m-1", status=OfferStatus.ACCEPTED),),
        ),
        OfferMade(offers=(an_offer_change(member_id="m-1", status=OfferStatus.WITHDRAWN),)),
    ],
    ids=lambda body: body.TYPE,
)
def test_whose_offer_is_over_is_asked_by_no_other_way(newer: Any) -> None:
    assert stops(newer, OfferMade(offers=(an_offer_change(member_id="m-1"),))) == {"please-help"}
    assert stops(newer, OfferMade(offers=(an_offer_change(member_id="m-2"),))) == set()


def test_a_team_whose_deputy_said_yes_has_its_lead_asked_no_more() -> None:
    team = {"team_id": "t-1", "deputy_id": "m-deputy", "member_id": "m-lead"}
    asked = OfferMade(offers=(an_offer_change(**team),))
    taken = AssignmentMade(
        assignment_id="s1",
        member_id="m-3",
        offer_id="o-1",
        named_by="m-deputy",
        offers=(an_offer_change(**team, status=OfferStatus.ACCEPTED),),
    )

    assert stops(taken, asked) == {"please-help-as-a-team"}


def test_an_end_takes_away_what_was_on_its_way() -> None:
    nobody = TicketVisited(assignment_id="s1", member_id="m-1", visit=1, result=VisitResult.REFUSED)

    assert stops(CANCELLED, nobody) == {"visit-refused-you"}
    assert stops(TicketAccepted(terms=some_terms()), nobody) == set()
