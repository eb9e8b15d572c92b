"""Following and subscribing: limits, mistakes, and that only what is wanted is looked up."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.following import FollowTicket, ReadSubscriptions, SetSubscriptions, UnfollowTicket
from contracts.errors import Conflict, Invalid
from contracts.events.tickets import TicketAccepted, TicketOverdue
from contracts.events.volunteers import ClaimOpened
from contracts.following import MOST_SUBSCRIPTIONS, Sight, Subscription
from contracts.words import DeadlineKind
from services.notify.application.crowding import Crowding
from services.notify.application.following import MOST_FOLLOWED, FollowingCases
from services.notify.domain.audience import Audience
from services.notify.domain.category import Category
from services.notify.domain.crowd import Follow, Subscriber
from services.notify.domain.rule import Rule
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor, received, some_terms
from tests.fakes.clock import FixedClock
from tests.fakes.rules import TheseRules

RESIDENT = an_actor(Role.RESIDENT, account_id="a-x")


class Follows:
    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Follow] = {}

    def put(self, community_id: str, follow: Follow, at: Any) -> None:
        self.rows[follow.ticket_id, follow.account_id] = follow

    def remove(self, ticket_id: str, account_id: str) -> None:
        self.rows.pop((ticket_id, account_id), None)

    def count(self, account_id: str) -> int:
        return sum(account == account_id for _, account in self.rows)

    def has(self, ticket_id: str, account_id: str) -> bool:
        return (ticket_id, account_id) in self.rows

    def of(self, ticket_ids: Iterable[str]) -> Mapping[str, Sequence[Follow]]:
        wanted = set(ticket_ids)
        return {id: [row for row in self.rows.values() if row.ticket_id == id] for id in wanted}


class Subscriptions:
    def __init__(self) -> None:
        self.rows: dict[str, Subscriber] = {}

    def set(self, community_id: str, subscriber: Subscriber, at: Any) -> None:
        self.rows[subscriber.account_id] = subscriber

    def wanted(self, account_id: str) -> Sequence[Subscription]:
        return self.rows[account_id].wanted if account_id in self.rows else ()

    def around(self, community_id: str, area_path: Sequence[str], blocks: Sequence[str]) -> Sequence[Subscriber]:
        return list(self.rows.values())


class Replicas:
    """One item of the category care, on a shelf without a roster."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def category(self, item_id: str) -> str | None:
        self.asked.append(item_id)
        return "care"

    def offers(self, community_id: str, category: str) -> bool:
        return category == "care"

    def rosters(self, area_path: Sequence[str], at: Any) -> Sequence[Any]:
        self.asked.append("roster")
        return ()


def cases() -> tuple[FollowingCases, Follows, Subscriptions]:
    follows, subscriptions = Follows(), Subscriptions()
    made = FollowingCases(follows, subscriptions, Replicas(), FixedClock(NOON))  # type: ignore[arg-type]
    return made, follows, subscriptions


def test_to_follow_twice_is_to_follow_once_and_to_let_go_is_always_done() -> None:
    made, follows, _ = cases()
    call = Call(FollowTicket(ticket_id=TICKET_ID, by=Sight.REQUESTER), a_meta(RESIDENT))
    assert made.follow(call).result == made.follow(call).result == {"ticket_id": TICKET_ID, "following": True}
    assert len(follows.rows) == 1
    gone = Call(UnfollowTicket(ticket_id=TICKET_ID), a_meta(RESIDENT))
    assert made.unfollow(gone).result == made.unfollow(gone).result == {"ticket_id": TICKET_ID, "following": False}
    assert follows.rows == {}


@pytest.mark.parametrize("typed", ["我妈瘫痪在床", "t1", "", TICKET_ID.lower(), TICKET_ID + "0"])
def test_only_an_order_can_be_followed(typed: str) -> None:
    made, follows, _ = cases()
    with pytest.raises(Invalid) as caught:
        made.follow(Call(FollowTicket(ticket_id=typed, by=Sight.REQUESTER), a_meta(RESIDENT)))
    assert caught.value.field == "ticket_id"
    assert follows.rows == {}


def test_nobody_follows_everything() -> None:
    made, _, _ = cases()
    for number in range(MOST_FOLLOWED):
        made.follow(Call(FollowTicket(ticket_id=f"{number:026d}", by=Sight.REQUESTER), a_meta(RESIDENT)))
    made.follow(Call(FollowTicket(ticket_id=f"{1:026d}", by=Sight.REQUESTER), a_meta(RESIDENT)))
    with pytest.raises(Conflict):
        made.follow(Call(FollowTicket(ticket_id="9" * 26, by=Sight.REQUESTER), a_meta(RESIDENT)))


def subscribe(made: FollowingCases, *wanted: Subscription, actor: Any = RESIDENT) -> Any:
    return made.subscribe(Call(SetSubscriptions(subscriptions=wanted), a_meta(actor))).result


def test_subscriptions_are_set_whole_and_read_back() -> None:
    made, _, subscriptions = cases()
    care = {"area_id": "g1", "category": "care"}
    assert subscribe(made, Subscription("g1", "care")) == {"subscriptions": [care]}
    assert made.read(Call(ReadSubscriptions(), a_meta(RESIDENT))).result == {"subscriptions": [care]}
    assert (subscriptions.rows["a-x"].staff, subscriptions.rows["a-x"].member_id) == (False, None)
    subscribe(made, Subscription("g1"), actor=an_actor(Role.DUTY, account_id="a-d"))
    subscribe(made, Subscription("g1"), actor=a_member_actor("m1"))
    assert [(one.staff, one.member_id) for one in subscriptions.rows.values()][1:] == [(True, None), (False, "m1")]
    assert subscribe(made) == {"subscriptions": []}


@pytest.mark.parametrize(
    ("wanted", "code", "field"),
    [
        ((Subscription("g1"), Subscription("g1", "dragons")), "no-such-category", "subscriptions.1.category"),
        ((Subscription("g1"), Subscription("g1")), "subscribed-twice", "subscriptions.1"),
        (
            tuple(Subscription(f"g{number}") for number in range(MOST_SUBSCRIPTIONS + 1)),
            "too-many-subscriptions",
            "subscriptions",
        ),
    ],
)
def test_what_matches_nothing_names_its_field(wanted: Any, code: str, field: str) -> None:
    made, _, subscriptions = cases()
    with pytest.raises(Invalid) as refusal:
        subscribe(made, *wanted)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert subscriptions.rows == {}


def rule(event: Any, audience: Audience) -> Rule:
    return Rule(id="r", event=event.TYPE, audience=audience, template="x", category=Category.ORDER, when={})


def crowding(*rules: Rule) -> tuple[Crowding, Replicas]:
    follows, subscriptions, replicas = Follows(), Subscriptions(), Replicas()
    follows.put("c", Follow(ticket_id=TICKET_ID, account_id="a-x", member_id=None, by=Sight.STAFF), NOON)
    subscriber = Subscriber(account_id="a-y", member_id="m1", staff=False, wanted=(Subscription("sll-g1", "care"),))
    subscriptions.set("c", subscriber, NOON)
    made = Crowding(TheseRules(rules), follows, subscriptions, replicas, Wishing())  # type: ignore[arg-type]
    return made, replicas


class Wishing:
    """One member wishes to hear by phone."""

    def wishing(self, keys: Iterable[str]) -> frozenset[str]:
        return frozenset(keys) & {"member:m1"}


def test_of_an_event_that_wants_nobody_nothing_is_looked_up() -> None:
    made, replicas = crowding(rule(TicketAccepted, Audience.REQUESTER))
    assert made.around([received(TicketAccepted(terms=some_terms()))]) == {}
    assert replicas.asked == []


def test_only_what_the_rules_of_an_event_want_is_looked_up() -> None:
    made, replicas = crowding(
        rule(TicketAccepted, Audience.FOLLOWERS),
        rule(ClaimOpened, Audience.MEMBER_SUBSCRIBERS),
        rule(TicketOverdue, Audience.DUTY_OFFICER),
    )
    accepted = received(TicketAccepted(terms=some_terms()))
    claim = received(ClaimOpened(until=NOON))
    found = made.around([accepted, claim])
    assert [one.account_id for one in found[accepted.envelope.id].follows] == ["a-x"]
    assert found[accepted.envelope.id].subscribers == ()
    assert [one.account_id for one in found[claim.envelope.id].subscribers] == ["a-y"]
    assert [found[one.envelope.id].outward for one in (accepted, claim)] == [frozenset(), {"member:m1"}]
    assert (found[claim.envelope.id].category, replicas.asked) == ("care", [claim.snapshot.item_id])
    made.around([received(TicketOverdue(kind=DeadlineKind.RESOLVE))])
    assert replicas.asked[-1] == "roster"
