"""What goes out, when, by which way, and what is kept back and why: the whole of sending on fakes."""

import random
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from contracts.events.tickets import TicketAssigned, TicketOverdue
from contracts.events.volunteers import AssignmentMade, DemandUnserved, OfferDeclined, OfferMade
from contracts.notices import Every
from contracts.topology import handlers_of
from contracts.words import DeadlineKind, OfferStatus
from services.notify.adapters.rules import read_rules
from services.notify.application.notify import NotifyApplication
from services.notify.application.parcels import MOST_TRIES, RETRY_SECONDS
from services.notify.application.sending_ports import Limit, Sent
from services.notify.domain.attempts import Attempt
from services.notify.domain.category import Category
from services.notify.domain.message import OUTWARD, DeliveryStatus
from services.notify.domain.quiet import QuietHours
from tests.builders import ASSIGNMENT_ID, MEMBER_ID, a_ticket_holder, a_ticket_snapshot, an_offer_change, received
from tests.fakes.clock import FixedClock
from tests.fakes.messages import FakeMessages, Row
from tests.fakes.resting import FakeResting
from tests.fakes.rules import TheseRules
from tests.fakes.sending import TEMPLATES, FakeOutside, FakePost, sending

RULES = read_rules()
NO_NUMBER = Sent(status=DeliveryStatus.FAILED_PERMANENT, reason="no-such-number")
BUSY = Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason="busy", retry_after=900.0)
NO_CONSENT = Sent(status=DeliveryStatus.SUPPRESSED, reason="no-consent")
COMES = received(
    TicketAssigned(assignment_ids=(ASSIGNMENT_ID,), lead=MEMBER_ID), a_ticket_snapshot(holders=(a_ticket_holder(),)), 2
)
ALARM = received(DemandUnserved(gates={}))


def comes_to(number: int) -> Any:
    """Somebody comes to another order of theirs."""
    order = replace(COMES.snapshot, id=f"01KAJ5ZX000000000000ORDER{number:02}")
    return received(COMES.body, order, 2, id=f"01KAJ5ZX000000000000EVENT{number:02}")


class House:
    """notify with its sending; ``at`` moves business time to a moment after the events."""

    def __init__(self, *events: Any, posts: tuple[FakePost, ...] = (), **outside: Any) -> None:
        self.messages, self.clock, self.resting = FakeMessages(), FixedClock(COMES.time), FakeResting()
        self.posts = {post.way: post for post in posts or (FakePost("sms"),)}
        self.outside = FakeOutside(posts=self.posts, **{"ways": tuple(self.posts), **outside})
        self.sending = sending(self.messages, self.outside, self.clock, self.resting)
        self.app = NotifyApplication(
            rules=TheseRules(RULES), messages=self.messages, templates=TEMPLATES, resting=self.resting, clock=self.clock
        )
        self.hear(*events)

    def hear(self, *events: Any) -> None:
        """Each by its own handler, as the topology has it."""
        for event in events:
            for name in handlers_of("notify", event.envelope.type):
                getattr(self.app, name, lambda _: None)([event])

    def after(self, **by: float) -> "House":
        self.clock.advance(**by)
        self.messages.elapse(timedelta(**by).total_seconds())
        self.sending.run_inside()
        self.sending.run()
        return self

    def row(self, rule: str = "somebody-comes", channel: str = OUTWARD) -> Row:
        rows = self.messages.rows.values()
        (row,) = [one for one in rows if (one.message.rule, one.message.channel) == (rule, channel)]
        return row

    def status(self, rule: str = "somebody-comes", channel: str = OUTWARD) -> tuple[str, str | None]:
        row = self.row(rule, channel)
        return row.message.status.value, row.reason


def test_what_nobody_read_goes_out_in_its_time_and_once() -> None:
    house = House(COMES).after(minutes=4)
    assert (house.status(), house.posts["sms"].letters) == (("queued", None), [])
    house.after(minutes=2).after(minutes=2)

    assert house.status() == ("sent", None)
    (letter,) = house.posts["sms"].letters
    assert (letter.title, letter.number, letter.category) == ("有人来帮您了", "NC-261121-0042", "visit")
    assert house.posts["sms"].addresses[0].value == "sms:account:a-resident"
    assert house.row().late == pytest.approx(60.0)


def test_what_was_read_in_the_app_goes_out_by_no_other_way() -> None:
    house = House(COMES)
    inside = house.row(channel="in_app")
    house.messages.mark_read(inside.message.id, {"account:a-resident": None}, "a-resident", house.clock.now())

    assert house.after(minutes=6).status() == ("suppressed", "read")


def test_what_is_overtaken_is_not_sent_whatever_came_first() -> None:
    asked = received(OfferMade(offers=(an_offer_change(member_id="m-1"),)), version=1)
    refused = an_offer_change(member_id="m-1", status=OfferStatus.DECLINED)
    no = received(OfferDeclined(offers=(refused,)), version=2)
    for events in ((asked, no), (no, asked)):
        house = House(*events, posts=(FakePost("sms"),)).after(minutes=2)
        assert house.status("please-help") == ("suppressed", "overtaken")
        assert house.posts["sms"].letters == []


def test_an_offer_that_ran_out_is_not_sent_late() -> None:
    house = House(received(OfferMade(offers=(an_offer_change(member_id="m-1"),))))

    assert house.after(days=3).status("please-help") == ("suppressed", "too-late")


def test_nobody_who_died_is_sent_anything() -> None:
    house = House(COMES)
    house.resting.holds = lambda recipient: recipient == "account:a-resident"  # type: ignore[method-assign]

    assert house.after(minutes=6).status() == ("suppressed", "quiet")


def wish(house: House, **changes: Any) -> None:
    house.outside.wish = replace(house.outside.wish, **changes)


@pytest.mark.parametrize(("category", "kept_back"), [("visit", True), ("order", False)])
def test_what_is_muted_is_kept_back_and_says_so(category: str, kept_back: bool) -> None:
    house = House(COMES)
    wish(house, muted=frozenset((category, way) for way in ("wechat", "sms", "email")))

    assert house.after(minutes=6).status() == (("suppressed", "muted") if kept_back else ("sent", None))


def test_a_way_that_is_muted_leaves_the_others() -> None:
    house = House(COMES, posts=(FakePost("sms"), FakePost("email")))
    wish(house, muted=frozenset({("visit", "sms")}))
    house.after(minutes=6)

    assert [len(house.posts[way].letters) for way in ("sms", "email")] == [0, 1]


def test_quiet_hours_put_off_to_their_end() -> None:
    house = House(COMES)
    local = house.clock.now().astimezone(house.outside.zone("")).time()
    start = local.replace(minute=0)
    end = (local.hour + 3) % 24
    wish(house, quiet=QuietHours(start, time(end)))
    house.after(minutes=6)
    row = house.row()
    assert (house.status(), row.put_off) == (("queued", None), "quiet-hours")
    assert row.wait_until.astimezone(house.outside.zone("")).hour == end

    assert house.after(hours=4).status() == ("sent", None)


def test_what_is_urgent_goes_out_in_quiet_hours_and_the_try_says_so() -> None:
    house = House(received(TicketOverdue(kind=DeadlineKind.RESOLVE), a_ticket_snapshot(owner="m-k-001")))
    wish(house, quiet=QuietHours(time(0), time(23, 59)))
    house.after(minutes=1)

    assert house.status("solution-overdue-owner") == ("sent", None)
    assert [one.override for one in house.row("solution-overdue-owner").attempts] == [True]


def test_a_digest_collects_what_can_wait_into_one_letter() -> None:
    other = comes_to(9)
    house = House(COMES, other)
    wish(house, digests={Category.VISIT: Every.DAY}, digest_at=time(18))
    house.after(minutes=6)
    assert {row.put_off for row in house.messages.rows.values() if row.message.channel == OUTWARD} == {"digest"}
    house.after(days=1)
    (letter,) = house.posts["sms"].letters

    assert (letter.template, letter.title) == ("digest", "2 条消息")
    assert letter.body.count("有人来帮您了") == 2
    sent = [row for row in house.messages.rows.values() if row.message.channel == OUTWARD]
    assert [(row.message.status.value, len(row.attempts)) for row in sent] == [("sent", 1)] * 2


def test_what_is_read_meanwhile_drops_out_of_a_digest_and_what_is_muted_by_then_too() -> None:
    others = [comes_to(number) for number in range(2)]
    house = House(COMES, *others)
    wish(house, digests={Category.VISIT: Every.DAY}, digest_at=time(18))
    house.after(minutes=6)
    inside = f"{COMES.envelope.id}:somebody-comes:account:a-resident:in_app"
    house.messages.mark_read(inside, {"account:a-resident": None}, "a-resident", house.clock.now())
    house.after(days=1)
    (letter,) = house.posts["sms"].letters
    assert letter.title == "2 条消息"

    house = House(COMES, *others)
    wish(house, digests={Category.VISIT: Every.DAY}, digest_at=time(18))
    house.after(minutes=6)
    wish(house, muted=frozenset(("visit", way) for way in ("wechat", "sms", "email")))
    house.after(days=1)
    assert house.posts["sms"].letters == []


def test_who_has_no_other_way_than_the_one_they_muted_has_muted_it() -> None:
    house = House(COMES)
    wish(house, muted=frozenset({("visit", "sms")}))

    assert house.after(minutes=6).status() == ("suppressed", "muted")


def test_whom_nobody_can_reach_is_not_reached_and_it_says_so() -> None:
    assert House(COMES, ways=()).after(minutes=6).status() == ("suppressed", "no-contact")
    assert House(COMES, ways=("pigeon",)).after(minutes=6).status() == ("suppressed", "no-contact")


def test_an_outage_of_who_keeps_the_contacts_loses_nothing() -> None:
    house = House(COMES, away=True)
    for _ in range(9):
        assert house.after(minutes=6).status() == ("queued", "contacts-away")
    house.outside.away = False

    assert house.after(minutes=1).status() == ("sent", None)


@pytest.mark.parametrize("refusal", [NO_NUMBER, NO_CONSENT], ids=["refused", "no-consent"])
def test_a_way_that_is_closed_leads_to_the_next_at_once(refusal: Sent) -> None:
    house = House(COMES, posts=(FakePost("wechat", refusal), FakePost("sms"))).after(minutes=6)

    assert house.status() == ("sent", None)
    assert [(one.way, one.reason) for one in house.row().attempts] == [("wechat", refusal.reason), ("sms", None)]


def test_where_every_way_is_closed_the_last_reason_stands() -> None:
    both = (FakePost("sms", NO_NUMBER), FakePost("email", Sent(status=DeliveryStatus.FAILED_PERMANENT)))

    assert House(COMES, posts=both).after(minutes=6).status() == ("failed_permanent", "refused")


RAISED = (ZeroDivisionError(), "ZeroDivisionError")


@pytest.mark.parametrize(("answer", "reason"), [(replace(BUSY, retry_after=None), "busy"), RAISED])
def test_what_fails_for_now_is_tried_again_and_ends_in_a_named_state(answer: Any, reason: str) -> None:
    house = House(COMES, posts=(FakePost("sms", answer),)).after(minutes=6)
    for wait in RETRY_SECONDS:
        assert house.status() == ("failed_temporary", reason)
        house.after(seconds=wait * 0.7)
        assert len(house.posts["sms"].letters) < MOST_TRIES
        house.after(seconds=wait * 0.4)

    assert house.status() == ("failed_permanent", reason)
    assert (len(house.row().attempts), house.row().tries) == (MOST_TRIES, MOST_TRIES)


def test_a_provider_that_says_when_to_come_back_is_left_alone_until_then() -> None:
    house = House(COMES, posts=(FakePost("sms", BUSY, NO_NUMBER),)).after(minutes=6)
    house.after(seconds=899)
    assert len(house.posts["sms"].letters) == 1
    assert house.after(seconds=2).status() == ("failed_permanent", "no-such-number")


def test_what_is_urgent_does_not_wait_for_a_way_that_fails_for_now() -> None:
    late = received(TicketOverdue(kind=DeadlineKind.RESOLVE), a_ticket_snapshot(owner="m-k-001"))
    house = House(late, posts=(FakePost("wechat", BUSY), FakePost("sms")))

    assert house.after(minutes=1).status("solution-overdue-owner") == ("sent", None)


def test_a_sender_that_died_leaves_its_message_to_the_next_which_says_so() -> None:
    house = House(COMES)
    house.clock.advance(minutes=6)
    (taken,) = house.messages.take([house.row().message.id], 120.0)
    house.messages.begin([(taken, Attempt(way="sms"))], 60.0)
    house.sending.run()
    assert house.posts["sms"].letters == []
    house.after(minutes=3)

    assert house.status() == ("sent", None)
    assert [(one.reason, one.again) for one in house.row().attempts] == [("lost", False), (None, True)]


def test_a_group_is_told_by_every_robot_once_whatever_becomes_of_the_others() -> None:
    post = FakePost("wecom", Sent(status=DeliveryStatus.SENT), BUSY, Sent(status=DeliveryStatus.SENT))
    house = House(ALARM, posts=(post,), robots=("r-1", "r-2")).after(seconds=1)
    assert house.status("nobody-takes-it", "group") == ("failed_temporary", "busy")
    house.after(hours=1)

    assert house.status("nobody-takes-it", "group") == ("sent", None)
    assert [one.value for one in post.addresses] == ["r-1", "r-2", "r-2"]
    assert [one.robot for one in house.row("nobody-takes-it", "group").attempts] == ["r-1", "r-2", "r-2"]


def test_what_a_robot_cannot_take_waits_and_goes_out_in_one() -> None:
    events = [received(ALARM.body, version=number, id=f"01KAJ5ZX0000000000000EVENT{number}") for number in range(1, 5)]
    post = FakePost("wecom")
    limits = {"wecom": (Limit(most=20, seconds=60, each_address=True),)}
    house = House(*events, posts=(post,), robots=("r-1",), limits=limits, room=40.0).after(seconds=1)
    waiting = [row for row in house.messages.rows.values() if row.message.channel == "group"]
    assert ([row.put_off for row in waiting], post.letters) == (["overflow"] * 4, [])
    assert set(house.outside.taken) == {"wecom:r-1/60"}
    house.outside.room = 0.0
    house.after(seconds=41)

    assert [letter.title for letter in post.letters] == ["4 条消息"]
    assert [row.message.status.value for row in waiting] == ["sent"] * 4


def test_an_alarm_that_goes_out_at_once_goes_out_though_it_was_read() -> None:
    late = received(TicketOverdue(kind=DeadlineKind.RESOLVE), a_ticket_snapshot(owner="m-k-001"))
    house = House(late)
    house.messages.rows[house.row("solution-overdue-owner", "in_app").message.id].read["m-k-001"] = late.time

    assert house.after(minutes=1).status("solution-overdue-owner") == ("sent", None)


HISTORY = [
    received(
        OfferMade(offers=(an_offer_change(member_id="m-1"), an_offer_change(id="o-2", member_id="m-2"))), version=1
    ),
    received(OfferDeclined(offers=(an_offer_change(member_id="m-1", status=OfferStatus.DECLINED),)), version=2),
    received(OfferMade(offers=(an_offer_change(id="o-3", member_id="m-1"),)), version=3),
    received(
        AssignmentMade(
            assignment_id="s1",
            member_id="m-2",
            offer_id="o-2",
            offers=(an_offer_change(id="o-2", member_id="m-2", status=OfferStatus.ACCEPTED),),
        ),
        version=4,
    ),
    COMES,
    ALARM,
]


def ends(house: House) -> dict[str, tuple[str, str | None]]:
    return {id: (row.message.status.value, row.reason) for id, row in house.messages.rows.items()}


def told(house: House) -> list[str]:
    return sorted(letter.message_id for post in house.posts.values() for letter in post.letters)


@pytest.mark.parametrize("seed", range(8))
def test_a_history_told_twice_and_shuffled_ends_the_same(seed: int) -> None:
    shuffled = HISTORY * 2
    random.Random(seed).shuffle(shuffled)
    once, other = House(*HISTORY, robots=("r-1",)), House(*shuffled, robots=("r-1",))
    for house in (once, other):
        house.after(minutes=6)

    assert ends(once) == ends(other)
    assert told(once) == told(other) != []
    outward = {id: row.message for id, row in once.messages.rows.items() if row.message.channel == OUTWARD}
    asked = {message.offer_id: ends(once)[id] for id, message in outward.items()}
    assert asked["o-3"] == ("sent", None), "asked again after the refusal"
    assert (asked[HISTORY[0].body.offers[0].id], asked["o-2"]) == (("suppressed", "overtaken"),) * 2
