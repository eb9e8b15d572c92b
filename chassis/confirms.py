"""Publishing in batches with confirms on a raw channel: one dialogue for many messages.

Confirmed one by one, each message costs a round trip of its own; a batch waits for one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import eventlet
from amqp import Message
from amqp.spec import Basic
from eventlet.event import Event
from eventlet.semaphore import Semaphore

from chassis.link import Link, LinkLost


class ConfirmTimeout(Exception):
    """The broker did not confirm in time: frozen, or blocked by an alarm. What was sent may still have arrived."""


@dataclass(frozen=True)
class Outgoing:
    """A message ready to send. ``key`` is its message id, by which a return is recognised."""

    key: str
    exchange: str
    routing_key: str
    message: Message


def outgoing(key: str, exchange: str, routing_key: str, body: bytes, **properties: Any) -> Outgoing:
    """A persistent JSON message.

    Raises ValueError when it cannot be put into frames: better here than as an error of the whole channel.
    """
    for name, text in (("message id", key), ("routing key", routing_key)):
        if len(text.encode()) > 255:
            raise ValueError(f"the {name} is longer than 255 bytes")
    message = Message(body, message_id=key, delivery_mode=2, **properties)
    return Outgoing(key, exchange, routing_key, message)


@dataclass
class Verdict:
    """What the broker said of a batch: taken, refused (nack), or returned because no queue matched."""

    confirmed: set[str] = field(default_factory=set)
    nacked: set[str] = field(default_factory=set)
    returned: dict[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Something of the batch was not taken."""
        return bool(self.nacked or self.returned)


class _Batch:
    def __init__(self) -> None:
        self.verdict = Verdict()
        self.open: set[int] = set()
        self.answered = Event()

    def settle(self, tag: int, key: str, *, taken: bool) -> None:
        self.open.discard(tag)
        if not taken:
            self.verdict.nacked.add(key)
        elif key not in self.verdict.returned:
            self.verdict.confirmed.add(key)


class ConfirmedChannel:
    """A channel in confirm mode, for any number of greenlets; made before its link runs."""

    def __init__(self, link: Link, timeout: float) -> None:
        self._link = link
        self._timeout = timeout
        self._channel = link.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._turn = Semaphore(1)
        self._tag = 0
        self._open: dict[int, tuple[_Batch, str]] = {}
        link.when_ended(self._on_end)

    def send(self, messages: Sequence[Outgoing]) -> Verdict:
        """Publish *messages* and wait for what the broker says of each.

        Raises LinkLost when the connection ends first; with ConfirmTimeout as its cause when the broker kept silent.
        """
        batch = _Batch()
        with self._turn:
            for message in messages:
                self._expect(batch, message)
            for message in messages:
                self._publish(message)
        self._wait(batch)
        return batch.verdict

    def _expect(self, batch: _Batch, message: Outgoing) -> None:
        self._tag += 1
        self._open[self._tag] = (batch, message.key)
        batch.open.add(self._tag)

    def _publish(self, message: Outgoing) -> None:
        # basic_publish would also read from the connection, which is the reader's alone.
        arguments = (0, message.exchange, message.routing_key, True, False)
        self._link.send(lambda: self._channel.send_method(Basic.Publish, "Bssbb", arguments, message.message))

    def _wait(self, batch: _Batch) -> None:
        while batch.open and not batch.answered.ready():
            turns = self._link.turns
            with eventlet.Timeout(self._timeout, False):
                batch.answered.wait()
            # A broker that says it is blocked has the batch and will answer; sending it again would only double it.
            # Freed a moment ago, it has all its time to answer before it.
            if not self._link.blocked and self._link.turns == turns:
                break
        if batch.open:
            self._link.fail(ConfirmTimeout(f"{len(batch.open)} messages unconfirmed after {self._timeout} s"))
            raise LinkLost(self._link.error or ConnectionError("closed"))

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple, taken=True)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple, taken=False)

    def _on_return(self, error: Any, _exchange: str, routing_key: str, message: Any) -> None:
        # A return precedes its ack and carries no tag: the message id is all there is to know it by.
        key = message.properties.get("message_id", "")
        for batch in {id(batch): batch for batch, open_key in self._open.values() if open_key == key}.values():
            batch.verdict.returned[key] = f"{error.reply_text} ({routing_key})"

    def _settle(self, tag: int, multiple: bool, *, taken: bool) -> None:
        for settled in self._covered(tag, multiple):
            batch, key = self._open.pop(settled, (None, ""))
            if batch is not None:
                batch.settle(settled, key, taken=taken)
                if not batch.open and not batch.answered.ready():
                    batch.answered.send(None)

    def _covered(self, tag: int, multiple: bool) -> Iterable[int]:
        return list(takewhile(lambda open_tag: open_tag <= tag, self._open)) if multiple else (tag,)

    def _on_end(self) -> None:
        for batch, _ in self._open.values():
            if not batch.answered.ready():
                batch.answered.send(None)
