"""From the tail to the subscribers of this process: found by index, each with a bounded queue."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from threading import Condition
from typing import Any

from contracts.actor import Actor
from contracts.errors import Busy
from contracts.recusal import recusal_of
from contracts.words import Text
from gateway.stream.frames import Document
from gateway.views.scope import chief_blocks, staff_areas

QUEUE = 500
"""Frames that wait for one subscriber; beyond, they are dropped and a gap says so."""
PER_ACCOUNT = 20
ACCOUNT = "account"


class TooManyStreams(Exception):
    """The account has as many open as it may have."""


class Subscriber:
    """One open stream or poll. ``take`` waits; ``put`` never does."""

    def __init__(self, actor: Actor, size: int = QUEUE) -> None:
        self.actor = actor
        self._size = size
        self._frames: deque[Document] = deque()
        self._gap = False
        self._closed = False
        self._change = Condition()

    @property
    def closed(self) -> bool:
        """Will nothing come any more?"""
        return self._closed

    def put(self, frame: Document) -> None:
        """Hand over a frame; a subscriber that is too slow loses what waits and hears of a gap."""
        with self._change:
            if len(self._frames) >= self._size:
                self._frames.clear()
                self._gap = True
            self._frames.append(frame)
            self._change.notify()

    def lose(self) -> None:
        """Frames may have been missed."""
        with self._change:
            self._gap = True
            self._change.notify()

    def close(self) -> None:
        """End the waiting."""
        with self._change:
            self._closed = True
            self._change.notify()

    def take(self, seconds: float) -> tuple[bool, list[Document]]:
        """(was there a gap, the frames that came), after at most *seconds*; empty when there was nothing."""
        with self._change:
            if not self._ready():
                self._change.wait_for(self._ready, seconds)
            gap, frames = self._gap, list(self._frames)
            self._gap = False
            self._frames.clear()
            return gap, frames

    def _ready(self) -> bool:
        return bool(self._frames) or self._gap or self._closed


class Fanout:
    """All subscribers of this process, by what they may hear."""

    def __init__(self, queue: int = QUEUE, per_account: int = PER_ACCOUNT) -> None:
        self._queue = queue
        self._per_account = per_account
        self._by_key: dict[tuple[str, ...], set[Subscriber]] = defaultdict(set)
        self._closed = False

    def subscribe(self, actor: Actor) -> Subscriber:
        """From now on; raises TooManyStreams, or Busy when the process is stopping."""
        account = (ACCOUNT, actor.community_id, actor.account_id)
        if self._closed:
            raise Busy("restarting", Text(zh="系统正在重启", en="the service is restarting"))
        if len(self._by_key.get(account, ())) >= self._per_account:
            raise TooManyStreams
        subscriber = Subscriber(actor, self._queue)
        for key in _keys(actor):
            self._by_key[key].add(subscriber)
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget a subscriber."""
        for key in _keys(subscriber.actor):
            some = self._by_key.get(key)
            if some is not None:
                some.discard(subscriber)
                if not some:
                    del self._by_key[key]

    def deliver(self, stored: Mapping[str, Any]) -> None:
        """Give one stored document of the stream to everyone who may hear it, once each."""
        whom = stored["audience"]
        recused = recusal_of(whom)
        heard: set[Subscriber] = set()
        for key in _audience_keys(stored["community_id"], whom):
            found = self._by_key.get(key, set())
            if recused is not None and key[0] != ACCOUNT:
                found = {subscriber for subscriber in found if not recused.concerns(subscriber.actor)}
            heard |= found
        for subscriber in heard:
            subscriber.put(stored["frame"])

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

    def _all(self) -> set[Subscriber]:
        return set().union(*self._by_key.values())


def _keys(actor: Actor) -> Iterable[tuple[str, ...]]:
    community = actor.community_id
    yield ACCOUNT, community, actor.account_id
    if actor.member_id is not None:
        yield "member", community, actor.member_id
        yield "members", community
    blocks = chief_blocks(actor)
    if blocks is None:
        yield "chief", "", community
    else:
        for block in blocks:
            yield "chief", block
    areas = staff_areas(actor)
    if areas is None:
        yield "staff", community
    else:
        for area in areas:
            yield "staff", community, area


def _audience_keys(community: str, whom: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    for account in whom["requester_ids"]:
        yield ACCOUNT, community, account
    for member in whom["member_ids"]:
        yield "member", community, member
    if whom.get("members"):
        yield "members", community
    for block in whom.get("blocks", ()):
        yield "chief", block
        yield "chief", "", community
    if whom["staff"]:
        yield "staff", community
        for area in whom["area_path"]:
            yield "staff", community, area
