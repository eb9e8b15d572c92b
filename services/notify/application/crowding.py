"""Looks up, for events that are about to be planned, who follows, who subscribed and whose shift it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.events import AnyReceived
from services.notify.application.crowd_ports import Follows, Replicas, Subscriptions, Wishing
from services.notify.application.word_ports import Rules
from services.notify.domain.audience import Audience
from services.notify.domain.crowd import CROWDS, SUBSCRIBERS, Crowd, Follow, Subscriber
from services.notify.domain.preferences import one_key
from services.notify.domain.recipients import account, member


class Crowding:
    """A ``Crowds``. Of an event whose rules want nobody of a crowd, nothing is asked."""

    def __init__(
        self, rules: Rules, follows: Follows, subscriptions: Subscriptions, replicas: Replicas, wishes: Wishing
    ) -> None:
        self._rules = rules
        self._wishes = wishes
        self._follows = follows
        self._subscriptions = subscriptions
        self._replicas = replicas

    def around(self, events: Sequence[AnyReceived]) -> Mapping[str, Crowd]:
        """See ``Crowds``."""
        wanted = {event.envelope.id: self._wanted(event) for event in events}
        followed = {event.envelope.subject for event in events if Audience.FOLLOWERS in wanted[event.envelope.id]}
        follows = self._follows.of(followed) if followed else {}
        return {
            event.envelope.id: self._crowd(event, wanted[event.envelope.id], follows.get(event.envelope.subject, ()))
            for event in events
            if wanted[event.envelope.id]
        }

    def _wanted(self, event: AnyReceived) -> frozenset[Audience]:
        now = self._rules.of(event.envelope.communityid).rules
        rules = (rule for rule in now if rule.event == event.envelope.type and rule.audience in CROWDS)
        return frozenset(rule.audience for rule in rules if rule.holds_for(event))

    def _crowd(self, event: AnyReceived, wanted: frozenset[Audience], follows: Sequence[Follow]) -> Crowd:
        said, path = event.snapshot, event.snapshot.area_path
        community = event.envelope.communityid
        subscribed = bool(wanted & SUBSCRIBERS)
        subscribers = self._subscriptions.around(community, path, getattr(said, "blocks", ())) if subscribed else ()
        return Crowd(
            follows=follows,
            subscribers=subscribers,
            outward=self._wishing((*follows, *subscribers)),
            rosters=self._replicas.rosters(path, event.time) if Audience.DUTY_OFFICER in wanted else (),
            category=self._category(said) if subscribed else None,
        )

    def _wishing(self, asked: Sequence[Follow | Subscriber]) -> frozenset[str]:
        members = {member(one.member_id) for one in asked if one.member_id is not None}
        keys = members | {one_key(account(one.account_id)) for one in asked}
        return self._wishes.wishing(keys) if keys else frozenset()

    def _category(self, said: Any) -> str | None:
        """An order says it; a search for people names the item alone."""
        own: str | None = getattr(said, "category", None)
        return own if own is not None else self._replicas.category(said.item_id)
