"""The dead queue of a service, for the people who look after it: list, replay, discard; and reword, for an erasure.

Nothing leaves the queue unless it was named: what is only looked at is held unacked and goes back, in its place, when
the connection closes. While somebody holds it nobody else could see it, so one looks at a time: an exclusive queue of
the broker is the lock, and ends with its holder's connection whatever becomes of that. A replayed message is published
with a confirm before the dead one is acked; who is interrupted between leaves it twice, which is harmless.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from amqp.exceptions import NotFound, ResourceLocked

from chassis import bus
from chassis.confirms import ConfirmedChannel, Verdict
from chassis.dead_letter import DeadLetter, kept_over_a_change, kept_over_a_replay, read_letter
from chassis.link import Link
from chassis.retry import NotTaken, again, message_key
from chassis.settings import Settings
from contracts.topology import dead_look, dead_queue, inbox_queue

__all__ = ["Choice", "DeadLetter", "LookedAt", "NotTaken", "discard", "list_dead", "oldest", "replay", "reword"]

PATIENCE = 15.0
"""Seconds to wait for another who is looking."""
LOOK_EVERY = 0.2
HELD = 50_000
"""Messages that one consumer may hold."""
BATCH = 100
"""Messages replayed together: published, confirmed, acked."""


class LookedAt(Exception):
    """Somebody else is looking at this dead queue, and did not end in time."""


@dataclass(frozen=True)
class Choice:
    """Which dead letters are meant; what is left open holds for all of them."""

    ids: frozenset[str] | None = None
    reason: str | None = None
    type: str | None = None

    def holds(self, letter: DeadLetter) -> bool:
        """Is this one meant? A type is also known without the house's name and its version."""
        return (
            (self.ids is None or letter.id in self.ids)
            and self.reason in (None, letter.reason)
            and (self.type is None or self.type in (letter.type, *_short(letter.type)))
        )


EVERY = Choice()


@dataclass
class Done:
    """What became of those that were meant: how many there were, and how many are through."""

    found: int = 0
    through: int = 0
    ids: set[str] = field(default_factory=set)


def list_dead(settings: Settings, service: str, choice: Choice = EVERY) -> list[DeadLetter]:
    """All that *choice* means, oldest first; all of them stay. Raises what ``oldest`` raises."""
    return oldest(settings, service, choice)[0]


def oldest(
    settings: Settings, service: str, choice: Choice = EVERY, limit: int | None = None
) -> tuple[list[DeadLetter], int]:
    """The oldest *limit* of those that *choice* means, and how many it means in all; all of them stay.

    Raises LookedAt, or one of link.BROKER_AWAY.
    """
    letters: list[DeadLetter] = []
    count = 0
    with _look(settings, service) as look:
        for message in look.messages():
            letter = read_letter(service, message)
            if choice.holds(letter):
                count += 1
                if limit is None or count <= limit:
                    letters.append(letter)
    return letters, count


def replay(
    settings: Settings, service: str, choice: Choice = EVERY, tell: Callable[[Done], None] = lambda done: None
) -> Done:
    """Give messages back to the inbox: their tries count anew, their first failure stays known.

    *tell* hears after each batch. Of several with one id all go. What fails again meanwhile is not taken twice.
    Raises NotTaken when the broker would not take one: it and those after it stay dead, those before are replayed.
    """
    done = Done()
    with _look(settings, service) as look, _confirming(settings, service) as channel:
        meant = _meant(look, service, choice, done)
        while batch := list(islice(meant, BATCH)):
            verdict = channel.send([again(message, inbox_queue(service), headers) for message, headers in batch])
            for message, _ in batch:
                if _taken(verdict, message_key(message)):
                    look.ack(message)
                    done.through += 1
            tell(done)
            if verdict.refused:
                raise NotTaken(RuntimeError(f"nacked {verdict.nacked}, returned {verdict.returned}"))
    return done


def discard(settings: Settings, service: str, choice: Choice, note: Callable[[DeadLetter], None]) -> Done:
    """Throw the named messages away; *note* keeps a record of each before it goes."""
    done = Done()
    with _look(settings, service) as look:
        for message in look.messages():
            letter = read_letter(service, message)
            if choice.holds(letter):
                note(letter)
                look.ack(message)
                done.ids.add(letter.id)
                done.found += 1
                done.through += 1
    return done


def reword(settings: Settings, service: str, worded: Callable[[bytes], bytes | None]) -> int:
    """Put another body in the place of each for which *worded* gives one; how many. What is known of them stays.

    The new one is confirmed before the old one is acked: who is interrupted leaves both, until it is done again.
    Raises NotTaken when the broker would not take one.
    """
    count = 0
    with _look(settings, service) as look, _confirming(settings, service) as channel:
        for message in look.messages():
            letter = read_letter(service, message)
            body = worded(letter.body)
            if body is None:
                continue
            message.body = body
            verdict = channel.send([again(message, dead_queue(service), kept_over_a_change(letter, message))])
            if verdict.refused:
                raise NotTaken(RuntimeError(f"nacked {verdict.nacked}, returned {verdict.returned}"))
            look.ack(message)
            count += 1
    return count


class _Look:
    """What lay in a dead queue when looking began, oldest first; held until the connection closes."""

    def __init__(self, connection: Any, service: str) -> None:
        self._connection = connection
        self._queue = dead_queue(service)
        self._channel = connection.channel()
        self._channel.auto_decode = False
        self._arrived: deque[Any] = deque()

    def messages(self) -> Iterator[Any]:
        """Each message that was there at the start; what a replay brings back meanwhile is not among them."""
        to_come = self._depth() or self._told_by_the_first()
        wanted = len(self._arrived) + to_come
        if to_come:
            self._channel.basic_qos(0, min(to_come, HELD), False)
        for _ in range(-(-to_come // HELD)):
            self._channel.basic_consume(self._queue, callback=self._arrived.append)
        for number in range(wanted):
            if number % BATCH == 0:
                self._connection.heartbeat_tick()
            while not self._arrived:
                self._connection.drain_events(timeout=bus.IO_TIMEOUT)
            yield self._arrived.popleft()

    def ack(self, message: Any) -> None:
        """This one leaves the queue."""
        self._channel.basic_ack(message.delivery_tag)

    def _depth(self) -> int:
        try:
            return int(self._connection.channel().queue_declare(self._queue, passive=True).message_count)
        except NotFound:
            return 0

    def _told_by_the_first(self) -> int:
        """How many come after the first, which is taken for it.

        That there is none the broker says also of a queue that did not answer it in time (see chassis.counts), and
        before those are back that another look, just closed, has held: the queue itself knows.
        """
        try:
            first = self._channel.basic_get(self._queue)
        except NotFound:
            return 0
        if first is None:
            return 0
        self._arrived.append(first)
        return int(first.delivery_info["message_count"])


@contextmanager
def _look(settings: Settings, service: str) -> Iterator[_Look]:
    with bus.connected(settings, f"shiliu {service} dead") as connection:
        _lock(connection, service)
        yield _Look(connection, service)


def _lock(connection: Any, service: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection.channel().queue_declare(dead_look(service), durable=False, exclusive=True)
        except ResourceLocked as error:
            if time.monotonic() > end:
                raise LookedAt(service) from error
            time.sleep(LOOK_EVERY)
        else:
            return


@contextmanager
def _confirming(settings: Settings, service: str) -> Iterator[ConfirmedChannel]:
    link = Link(settings, f"shiliu {service} replay")
    try:
        channel = ConfirmedChannel(link, settings.confirm_timeout)
        link.run()
        yield channel
    finally:
        link.close()


def _meant(look: _Look, service: str, choice: Choice, done: Done) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    for message in look.messages():
        letter = read_letter(service, message)
        if choice.holds(letter):
            done.found += 1
            done.ids.add(letter.id)
            yield message, kept_over_a_replay(letter)


def _taken(verdict: Verdict, key: str) -> bool:
    return key in verdict.confirmed and key not in verdict.nacked and key not in verdict.returned


def _short(event_type: str) -> Sequence[str]:
    """``shiliu.ticket.accepted.v1`` is also meant by ``ticket.accepted.v1`` and ``ticket.accepted``."""
    name = event_type.removeprefix("shiliu.")
    return name, name.rpartition(".")[0]
