"""Whom no event can name: followers while they may see, subscribers of an area and a category, whoever is on duty."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketAccepted, TicketAssigned
from contracts.following import Sight, Subscription
from contracts.recusal import Recusal
from contracts.roster import ShiftRole, ShiftStatus
from contracts.words import Nature, Permit
from services.notify.domain.audience import RECIPIENTS, Audience
from services.notify.domain.category import Category
from services.notify.domain.crowd import CROWDS, Crowd, Follow, Roster, Subscriber, heard, said
from services.notify.domain.rule import Rule
from tests.builders import (
    AREA_PATH,
    MEMBER_ID,
    NOON,
    TICKET_ID,
    a_ticket_holder,
    a_ticket_snapshot,
    received,
    some_terms,
)
from tests.builders_of_rosters import a_shift_state

ASSIGNED = TicketAssigned(assignment_ids=("x",), lead=MEMBER_ID)
GRID = AREA_PATH[-1]


def told(audience: Audience, event, crowd: Crowd = Crowd()) -> tuple[str, ...]:  # noqa: B008  frozen
    looked_up = CROWDS.get(audience)
    return RECIPIENTS[audience](event) if looked_up is None else looked_up(event, crowd)


def a_follow(by: Sight, account: str = "a-x", member: str | None = None) -> Follow:
    return Follow(ticket_id=TICKET_ID, account_id=account, member_id=member, by=by)


def a_subscriber(*wanted: Subscription, staff: bool = False, member: str | None = None) -> Subscriber:
    return Subscriber(account_id="a-x", member_id=member, staff=staff, wanted=wanted)


def following(follow: Follow, **order) -> tuple[str, ...]:
    return told(Audience.FOLLOWERS, received(ASSIGNED, a_ticket_snapshot(**order)), Crowd(follows=(follow,)))


def test_the_person_served_hears_where_nobody_hears_in_their_name() -> None:
    alone = a_ticket_snapshot(requester_id=None, beneficiary_id="p1")
    assert told(Audience.BENEFICIARY, received(ASSIGNED, alone)) == ("person:p1",)
    for order in (
        a_ticket_snapshot(beneficiary_id="p1"),
        a_ticket_snapshot(requester_id=None),
        replace(alone, nature=Nature.COMPLAINT),
    ):
        assert told(Audience.BENEFICIARY, received(ASSIGNED, order)) == ()


def test_a_crew_and_who_leads_it_are_told_apart() -> None:
    mate = a_ticket_holder(member_id="m-mate", assignment_id="x2")
    event = received(ASSIGNED, a_ticket_snapshot(holders=(a_ticket_holder(), mate), lead=MEMBER_ID, seats=2))
    assert told(Audience.CREW_LEAD, event) == (f"member:{MEMBER_ID}",)
    assert told(Audience.CREW, event) == ("member:m-mate",)
    alone = received(ASSIGNED, a_ticket_snapshot(holders=(a_ticket_holder(),), lead=MEMBER_ID))
    assert (told(Audience.CREW, alone), told(Audience.CREW_LEAD, alone)) == ((), ())


@pytest.mark.parametrize(
    ("follow", "seen", "unseen", "recipient"),
    [
        (a_follow(Sight.REQUESTER), {"requester_id": "a-x"}, {"requester_id": "a-y"}, "account:a-x"),
        (
            a_follow(Sight.DELEGATE),
            {"delegates": (TicketDelegate("a-x", (Permit.SEE,)),)},
            {"delegates": (TicketDelegate("a-x", (Permit.ORDER,)),)},
            "account:a-x",
        ),
        (a_follow(Sight.DELEGATE), {"delegates": (TicketDelegate("a-x", (Permit.SEE,)),)}, {}, "account:a-x"),
        (
            a_follow(Sight.CREW, "m-m1", "m1"),
            {"holders": (a_ticket_holder(member_id="m1"),)},
            {"holders": (a_ticket_holder(member_id="m2"),)},
            "member:m1",
        ),
        (a_follow(Sight.STAFF), {}, {"recused": Recusal(staff=("a-x",))}, "watcher:a-x"),
    ],
    ids=["requester", "delegate", "hidden", "crew", "staff"],
)
def test_a_follower_hears_while_they_may_see_and_no_longer(follow, seen, unseen, recipient: str) -> None:
    assert following(follow, **seen) == (recipient,)
    assert following(follow, **unseen) == ()


def test_of_a_quiet_order_nobody_of_the_family_hears_though_they_follow() -> None:
    assert following(a_follow(Sight.REQUESTER), requester_id="a-x", quiet=True) == ()
    assert following(a_follow(Sight.STAFF), quiet=True) == ("watcher:a-x",)


@pytest.mark.parametrize(
    ("wanted", "hears"),
    [
        (Subscription(GRID, "maintenance"), True),
        (Subscription(AREA_PATH[0]), True),
        (Subscription(GRID, "care"), False),
        (Subscription("elsewhere", "maintenance"), False),
    ],
)
def test_a_subscriber_hears_of_their_area_and_category(wanted: Subscription, hears: bool) -> None:
    event = received(TicketAccepted(terms=some_terms()))
    crowd = Crowd(subscribers=(a_subscriber(wanted, staff=True, member="m1"),), category="maintenance")
    assert (told(Audience.STAFF_SUBSCRIBERS, event, crowd) == ("watcher:a-x",)) is hears
    assert (told(Audience.PUBLIC_SUBSCRIBERS, event, crowd) == ("account:a-x",)) is hears
    assert (told(Audience.MEMBER_SUBSCRIBERS, event, crowd) == ("member:m1",)) is hears


def test_staff_subscribers_are_staff_and_member_subscribers_are_members() -> None:
    event, everywhere = received(TicketAccepted(terms=some_terms())), Subscription(AREA_PATH[0])
    crowd = Crowd(subscribers=(a_subscriber(everywhere),))
    assert told(Audience.STAFF_SUBSCRIBERS, event, crowd) == told(Audience.MEMBER_SUBSCRIBERS, event, crowd) == ()


def test_the_duty_officer_is_whoever_has_the_shift_in_the_nearest_area_at_that_moment() -> None:
    event = received(ASSIGNED)
    now = a_shift_state(starts_at=NOON, ends_at=NOON + timedelta(hours=8), member_id="near")
    wider = Roster(area=AREA_PATH[-2], shifts=(replace(now, member_id="wider"),))
    near = Roster(area=GRID, shifts=(now, replace(now, member_id="second", status=ShiftStatus.ON)))
    elsewhere = Roster(area="elsewhere", shifts=(replace(now, member_id="far"),))
    rosters = (wider, elsewhere, near)
    assert told(Audience.DUTY_OFFICER, event, Crowd(rosters=rosters)) == ("member:near", "member:second")
    for change in (
        {"ends_at": NOON},
        {"starts_at": NOON + timedelta(minutes=1)},
        {"member_id": None, "status": ShiftStatus.EMPTY},
        {"status": ShiftStatus.REMOVED},
        {"role": ShiftRole.COUNTER},
    ):
        empty = Roster(area=GRID, shifts=(replace(now, **change),))
        assert told(Audience.DUTY_OFFICER, event, Crowd(rosters=(wider, empty))) == ("member:wider",), change


def test_the_shift_is_found_whichever_day_of_the_roster_it_began_on() -> None:
    event = received(ASSIGNED)
    day = timedelta(days=1)
    now = a_shift_state(starts_at=NOON, ends_at=NOON + timedelta(hours=8), member_id="today")
    days = [replace(now, starts_at=NOON + step, ends_at=NOON + step + day / 3) for step in (-day, 0 * day, day)]
    rosters = tuple(
        Roster(area=GRID, shifts=(replace(one, member_id=name),))
        for one, name in zip(days, ("yesterday", "today", "tomorrow"), strict=True)
    )
    for order in (rosters, rosters[::-1]):
        assert told(Audience.DUTY_OFFICER, event, Crowd(rosters=order)) == ("member:today",)


def test_a_duty_officer_hears_nothing_of_a_complaint_about_themselves() -> None:
    now = a_shift_state(starts_at=NOON, ends_at=NOON + timedelta(hours=8), member_id="near")
    event = received(ASSIGNED, a_ticket_snapshot(recused=Recusal(members=("near",))))
    assert told(Audience.DUTY_OFFICER, event, Crowd(rosters=(Roster(area=GRID, shifts=(now,)),))) == ()


def a_rule(id: str, audience: Audience) -> Rule:
    return Rule(id=id, event=TicketAssigned.TYPE, audience=audience, template="x", category=Category.ORDER, when={})


def test_whoever_hears_anyway_is_not_told_again_because_they_follow() -> None:
    rules = (a_rule("followed", Audience.FOLLOWERS), a_rule("own", Audience.REQUESTER))
    crowd = Crowd(follows=(a_follow(Sight.REQUESTER, "a-resident"), a_follow(Sight.STAFF, "a-desk")))
    whom = {rule.id: recipients for rule, recipients in heard(rules, received(ASSIGNED), crowd)}
    assert whom == {"followed": ("watcher:a-desk",), "own": ("account:a-resident",)}


def test_in_public_nobody_hears_which_order_it_is() -> None:
    event = received(ASSIGNED)
    params = {"number": "NC-1", "item": {"zh": "灯", "en": "lamp"}, "names": ["王师傅"], "member_ids": ["m1"]}
    assert said(Audience.PUBLIC_SUBSCRIBERS, event, params) == {"item": params["item"]}
    assert said(Audience.FOLLOWERS, event, params) == {
        "number": "NC-1",
        "item": params["item"],
        "status": "accepted",
    }
    assert said(Audience.REQUESTER, event, params) == params


def a_chief(*wanted: Subscription, staff: bool = False) -> Subscriber:
    return Subscriber(account_id="a-x", member_id=None, staff=staff, wanted=wanted, chief=True)


@pytest.mark.parametrize(
    ("subscriber", "blocks", "heard"),
    [
        (a_chief(Subscription("b1")), ("b1",), ("overseer:a-x",)),
        (a_chief(Subscription("b1", "care")), ("b1",), ()),
        (a_chief(Subscription(GRID)), ("b1",), ("overseer:a-x",)),
        (a_chief(Subscription(GRID)), (), ()),
        (a_chief(Subscription("b2")), ("b1",), ()),
        (a_chief(Subscription("b1"), Subscription(GRID), staff=True), ("b1",), ("watcher:a-x",)),
        (a_chief(Subscription("b1"), staff=True), ("b1",), ("overseer:a-x",)),
        (a_subscriber(Subscription("b1"), staff=True), ("b1",), ()),
    ],
)
def test_a_chief_hears_of_new_orders_of_their_blocks_once(subscriber, blocks, heard) -> None:
    order = a_ticket_snapshot(blocks=blocks, category="maintenance")
    crowd = Crowd(subscribers=(subscriber,), category="maintenance")
    assert told(Audience.STAFF_SUBSCRIBERS, received(TicketAccepted(terms=some_terms()), order), crowd) == heard


def test_a_chief_follows_as_chief_but_not_their_own_case() -> None:
    assert following(a_follow(Sight.CHIEF), blocks=("b1",)) == ("overseer:a-x",)
    assert following(a_follow(Sight.CHIEF), blocks=("b1",), recused=Recusal(staff=("a-x",))) == ()
