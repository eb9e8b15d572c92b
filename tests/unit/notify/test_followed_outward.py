"""What somebody only follows, or subscribed to, goes out of the platform by the ways that they wish for it, or not."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.commands.preferences import ChangePreferences
from contracts.events.tickets import TicketAccepted
from contracts.following import Sight, Subscription
from contracts.notices import Way
from services.notify.adapters.rules import read_rules
from services.notify.application.ports import Delivery
from services.notify.application.routing import Router
from services.notify.domain.crowd import Crowd, Follow, Subscriber
from services.notify.domain.message import OUTWARD, Message
from services.notify.domain.planning import messages_for
from services.notify.domain.preferences import Change, Preferences, one_key
from tests.builders import COMMUNITY, NOON, TICKET_ID, received, some_terms
from tests.fakes.sending import TEMPLATES, WISH, FakeOutside, FakePost

RULES = read_rules()
EVENT = received(TicketAccepted(terms=some_terms()))


def planned(outward: frozenset[str], by: Sight = Sight.STAFF) -> list[Message]:
    follow = Follow(ticket_id=TICKET_ID, account_id="a-x", member_id=None, by=by)
    near = Subscriber(
        account_id="a-y", member_id=None, staff=True, wanted=(Subscription(EVENT.snapshot.area_path[-1]),)
    )
    crowd = Crowd(follows=(follow,), subscribers=(near,), category="maintenance", outward=outward)
    asked = (one for one in messages_for(RULES, EVENT, crowd=crowd) if one.asked)
    return [one for one in asked if one.recipient in ("watcher:a-x", "watcher:a-y")]


def test_who_said_nothing_hears_in_the_app_alone() -> None:
    assert {one.channel for one in planned(frozenset())} == {"in_app"}


def test_who_wishes_it_hears_out_of_the_platform_where_they_leave_it_unread() -> None:
    out = [one for one in planned(frozenset({"account:a-x"})) if one.channel == OUTWARD]
    assert [(one.recipient, one.rule) for one in out] == [("watcher:a-x", "followed-accepted")]
    assert out[0].not_before > EVENT.time
    assert (one_key("watcher:m-li"), one_key("overseer:a-x")) == ("member:li", "account:a-x")


def route(wish: Any, **outside: Any) -> Any:
    posts = {way: FakePost(way) for way in ("sms", "email", "wechat")}
    message = next(one for one in planned(frozenset({"account:a-x"})) if one.channel == OUTWARD)
    delivery = Delivery(message=message, status=message.status, reason=None, tries=0, wait_until=message.not_before)
    found = FakeOutside(posts=posts, ways=tuple(posts), wish=wish, **outside)
    return Router(TEMPLATES, found.outside).route(delivery, NOON, 0.5)


def test_only_ways_that_were_wished_for_it_are_tried() -> None:
    parcel = route(replace(WISH, followed=frozenset({"email"})))
    assert [one.way for one in parcel.addresses] == ["email"]


@pytest.mark.parametrize(
    "wish",
    [WISH, replace(WISH, followed=frozenset({"email"}), muted=frozenset({("order", "email")}))],
    ids=["taken-back", "muted"],
)
def test_a_wish_that_was_taken_back_meanwhile_or_a_muted_category_keeps_it_back(wish: Any) -> None:
    assert route(wish).reason == "muted"


def test_who_sees_the_order_no_more_is_told_nothing_and_while_nobody_can_say_it_waits() -> None:
    wish = replace(WISH, followed=frozenset({"email"}))
    assert (route(wish, sight=False).status, route(wish, sight=False).reason) == ("suppressed", "no-longer-told")
    assert (route(wish, away=True).status, route(wish, away=True).reason) == ("queued", "contacts-away")


def test_it_is_said_once_and_taken_back() -> None:
    change = Change(at=NOON, by="a-x", staff=False)
    said = Preferences(recipient="account:a-x", community_id=COMMUNITY)
    after = said.changed(ChangePreferences(revision="0", followed=(Way.SMS, Way.SMS)), change)
    assert after.followed == {Way.SMS}
    assert after.changed(ChangePreferences(revision="1", digest_at="07:00"), change).followed == {Way.SMS}
    assert after.changed(ChangePreferences(revision="1", followed=()), change).followed == frozenset()
