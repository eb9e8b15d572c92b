"""The use cases of those who want to hear: follow an order, let go of it, subscribe to areas and categories."""

import re
from collections.abc import Sequence

from contracts.actor import CHIEFS, STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.following import FollowTicket, ReadSubscriptions, SetSubscriptions, UnfollowTicket
from contracts.errors import Conflict, Invalid
from contracts.following import MOST_SUBSCRIPTIONS, Subscription
from contracts.words import Text
from services.notify.application.crowd_ports import Follows, Replicas, Subscriptions
from services.notify.application.ports import Clock
from services.notify.domain.crowd import Follow, Subscriber

MOST_FOLLOWED = 500
"""Orders that one account follows."""

_ORDER = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
"""What an order's id looks like (a ULID): nothing that somebody typed is kept as one."""


class FollowingCases:
    """``follow_ticket``, ``unfollow_ticket``, ``read_subscriptions``, ``set_subscriptions``: everybody their own."""

    def __init__(self, follows: Follows, subscriptions: Subscriptions, replicas: Replicas, clock: Clock) -> None:
        self._follows = follows
        self._subscriptions = subscriptions
        self._replicas = replicas
        self._clock = clock

    def follow(self, call: Call[FollowTicket]) -> Outcome:
        """From now on; done twice it is done once. Raises Invalid, Conflict ``too-many-followed``."""
        command, actor = call.command, call.meta.actor
        if _ORDER.fullmatch(command.ticket_id) is None:
            raise Invalid("no-such-ticket", Text("没有这样的工单", "no order is called so"), "ticket_id")
        known = self._follows.has(command.ticket_id, actor.account_id)
        if not known and self._follows.count(actor.account_id) >= MOST_FOLLOWED:
            sentence = Text(
                f"最多关注 {MOST_FOLLOWED} 张单,请先取消一些", f"at most {MOST_FOLLOWED} orders: let go of some first"
            )
            raise Conflict("too-many-followed", sentence)
        follow = Follow(
            ticket_id=command.ticket_id, account_id=actor.account_id, member_id=actor.member_id, by=command.by
        )
        self._follows.put(actor.community_id, follow, self._clock.now())
        return Outcome({"ticket_id": command.ticket_id, "following": True})

    def unfollow(self, call: Call[UnfollowTicket]) -> Outcome:
        """No more, also where the order is out of sight by now."""
        self._follows.remove(call.command.ticket_id, call.meta.actor.account_id)
        return Outcome({"ticket_id": call.command.ticket_id, "following": False})

    def read(self, call: Call[ReadSubscriptions]) -> Outcome:
        """The actor's own."""
        return _shown(self._subscriptions.wanted(call.meta.actor.account_id))

    def subscribe(self, call: Call[SetSubscriptions]) -> Outcome:
        """These and no others. Raises Invalid for too many, the same twice, a category that nothing has."""
        actor, wanted = call.meta.actor, tuple(call.command.subscriptions)
        self._check(actor, wanted)
        subscriber = Subscriber(
            account_id=actor.account_id,
            member_id=actor.member_id,
            staff=actor.has(STAFF),
            chief=actor.has(CHIEFS),
            wanted=wanted,
        )
        self._subscriptions.set(actor.community_id, subscriber, self._clock.now())
        return _shown(wanted)

    def _check(self, actor: Actor, wanted: tuple[Subscription, ...]) -> None:
        if len(wanted) > MOST_SUBSCRIPTIONS:
            sentence = Text(f"最多订阅 {MOST_SUBSCRIPTIONS} 条", f"at most {MOST_SUBSCRIPTIONS} of them")
            raise Invalid("too-many-subscriptions", sentence, "subscriptions")
        for place, one in enumerate(wanted):
            if one in wanted[:place]:
                sentence = Text("同一条写了两次", "the same is there twice")
                raise Invalid("subscribed-twice", sentence, f"subscriptions.{place}")
            if one.category is not None and not self._replicas.offers(actor.community_id, one.category):
                sentence = Text("没有这一类服务", "no item of the catalogue is of this category")
                raise Invalid("no-such-category", sentence, f"subscriptions.{place}.category")


def _shown(wanted: Sequence[Subscription]) -> Outcome:
    rows = [{"area_id": one.area_id, "category": one.category} for one in wanted]
    return Outcome({"subscriptions": rows})
