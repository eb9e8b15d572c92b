"""From the tail to the subscribers of this process: found by index, each with a bounded queue."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import eventlet

from contracts.actor import Actor
from contracts.errors import Busy
from contracts.recusal import recusal_of
from contracts.words import Text
from gateway.stream.hearing import ACCOUNT, audience_keys, keys_of, may_hear
from gateway.stream.subscriber import QUEUE, Subscriber, Told
from gateway.stream.wanted import EVERYTHING, Lane, Wanted, lanes_of

PER_ACCOUNT = 20
TOGETHER = 32
"""Subscribers that are told in one go: then requests have their turn, however many are to hear of an event."""


class TooManyStreams(Exception):
    """The account has as many open as it may have."""


def _let_others() -> None:
    eventlet.sleep(0)


class Fanout:
    """All subscribers of this process, by what they may and want to hear."""

    def __init__(
        self, queue: int = QUEUE, per_account: int = PER_ACCOUNT, rest: Callable[[], None] = _let_others
    ) -> None:
        """*rest* lets others have their turn."""
        self._queue = queue
        self._per_account = per_account
        self._rest = rest
        self._places: dict[tuple[Hashable, Lane], set[Subscriber]] = defaultdict(set)
        self._of_account: dict[str, set[Subscriber]] = defaultdict(set)
        self._of_session: dict[str, set[Subscriber]] = defaultdict(set)
        self._closed = False

    def subscribe(self, actor: Actor, wanted: Wanted = EVERYTHING, session: str | None = None) -> Subscriber:
        """From now on; raises TooManyStreams, or Busy when the process is stopping.

        *session*: in which the token was issued, so that it hears of that session's end.
        """
        if self._closed:
            raise Busy("restarting", Text(zh="系统正在重启", en="the service is restarting"))
        if len(self._of_account.get(actor.account_id, ())) >= self._per_account:
            raise TooManyStreams
        subscriber = Subscriber(actor, wanted, session, self._queue)
        self._of_account[actor.account_id].add(subscriber)
        if session is not None:
            self._of_session[session].add(subscriber)
        self._place(subscriber)
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget a subscriber."""
        self._displace(subscriber)
        _discard(self._of_account, subscriber.actor.account_id, subscriber)
        if subscriber.session is not None:
            _discard(self._of_session, subscriber.session, subscriber)

    def accounts(self) -> list[str]:
        """Whose streams are open here."""
        return list(self._of_account)

    def listens(self, account_id: str) -> bool:
        """Has the account a stream open here?"""
        return account_id in self._of_account

    def renew(self, account_id: str, actor: Actor | None) -> None:
        """The account is *actor* from now on; None: it may hear nothing any more."""
        for subscriber in list(self._of_account.get(account_id, ())):
            if actor is None:
                subscriber.bar()
            elif actor != subscriber.actor:
                self._displace(subscriber)
                subscriber.renew(actor)
                self._place(subscriber)

    def wake_account(self, account_id: str) -> None:
        """Its tokens may have ended: let its streams look."""
        for subscriber in list(self._of_account.get(account_id, ())):
            subscriber.wake()

    def wake_session(self, session: str) -> None:
        """It has ended: let its streams look."""
        for subscriber in list(self._of_session.get(session, ())):
            subscriber.wake()

    def deliver(self, stored: Mapping[str, Any]) -> None:
        """Give one stored document of the stream to everyone who may and wants to hear it, once each."""
        told = Told(stored)
        for number, (subscriber, actor) in enumerate(self._heard_by(stored).items(), 1):
            # While others had their turn, an account may have become somebody else.
            if subscriber.actor is actor or may_hear(subscriber.actor, stored):
                subscriber.put(told)
            if not number % TOGETHER:
                self._rest()

    def lose(self) -> None:
        """The tail was cut: everyone has to look for themselves."""
        for subscriber in self._all():
            subscriber.lose()

    def close(self) -> None:
        """End all streams; nobody subscribes any more."""
        self._closed = True
        for subscriber in self._all():
            subscriber.close()

    def __len__(self) -> int:
        return len(self._all())

    def _heard_by(self, stored: Mapping[str, Any]) -> dict[Subscriber, Actor]:
        recused = recusal_of(stored["audience"])
        lanes = lanes_of(stored)
        heard: dict[Subscriber, Actor] = {}
        for key in audience_keys(stored):
            apart = recused if key[0] != ACCOUNT else None
            for lane in lanes:
                found = self._places.get((key, lane), ())
                heard.update(
                    (one, one.actor)
                    for one in found
                    if (one.wanted is EVERYTHING or one.wanted.lets(stored))
                    and (apart is None or not apart.concerns(one.actor))
                )
        return heard

    def _place(self, subscriber: Subscriber) -> None:
        for place in _places(subscriber):
            self._places[place].add(subscriber)

    def _displace(self, subscriber: Subscriber) -> None:
        for place in _places(subscriber):
            _discard(self._places, place, subscriber)

    def _all(self) -> set[Subscriber]:
        return set().union(*self._of_account.values())


def _places(subscriber: Subscriber) -> Iterable[tuple[Hashable, Lane]]:
    lanes = tuple(subscriber.wanted.lanes())
    return ((key, lane) for key in keys_of(subscriber.actor) for lane in lanes)


def _discard(index: dict[Any, set[Subscriber]], place: Any, subscriber: Subscriber) -> None:
    some = index.get(place)
    if some is not None:
        some.discard(subscriber)
        if not some:
            del index[place]
