"""One connection's consumption of an inbox: what it delivered, and the acks it owes.

Tags belong to the channel that delivered them, so what a lost connection delivered can never be acked: the broker
delivers it again, and its keyed effect stays the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from chassis import bus
from chassis.link import Link
from chassis.retry import message_key, whole_number
from chassis.settings import Settings
from contracts.topology import inbox_queue


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """One message as it was delivered."""

    intake: "Intake"
    tag: int
    message: Any

    @property
    def headers(self) -> dict[str, Any]:
        """The headers of the message."""
        return self.message.properties.get("application_headers") or {}

    @property
    def owed(self) -> bool:
        """It has not been acked yet, and still can be."""
        return self.intake.owes(self.tag)

    @property
    def redeliveries(self) -> int:
        """How often the queue has handed it out before."""
        return whole_number(self.headers.get("x-delivery-count"))

    @property
    def key(self) -> str:
        """The event's id."""
        return message_key(self.message)


class AckBook:
    """Which tags are done: everything up to the first that is not can be acked at once, the rest one by one."""

    def __init__(self) -> None:
        self._open: dict[int, None] = {}

    def delivered(self, tag: int) -> None:
        """A tag is owed an ack from now on; tags come in ascending order."""
        self._open[tag] = None

    def owes(self, tag: int) -> bool:
        """It has not been acked yet."""
        return tag in self._open

    def done(self, tags: Sequence[int]) -> list[tuple[int, bool]]:
        """The acks to send for *tags*, as (tag, multiple)."""
        for tag in tags:
            del self._open[tag]
        first_open = next(iter(self._open), None)
        below = [tag for tag in tags if first_open is None or tag < first_open]
        acks = [(max(below), len(below) > 1)] if below else []
        return acks + [(tag, False) for tag in tags if first_open is not None and tag > first_open]


class Intake:
    """Connects, declares the whole topology, consumes; ends once, when the connection does.

    Nothing is ever published here: see chassis.onward.
    """

    def __init__(self, settings: Settings, service: str, arrived: Callable[[Delivery], None]) -> None:
        """Raises bus.TopologyMismatch, LinkLost or one of bus.BROKER_ERRORS."""
        self._arrived = arrived
        self._book = AckBook()
        self._link = link = Link(settings, f"shiliu {service} inbox")
        try:
            bus.declare_topology(link.channel())
            self._channel = link.channel()
            self._channel.auto_decode = False
            self._channel.basic_qos(0, settings.inbox_prefetch, False)
            self._tag = self._channel.basic_consume(
                inbox_queue(service), callback=self._on_deliver, on_cancel=self._on_cancel
            )
        except BaseException as error:
            link.fail(error)
            raise
        link.run()

    @property
    def alive(self) -> bool:
        """What it delivered can still be acked."""
        return self._link.alive

    def owes(self, tag: int) -> bool:
        """Is this delivery still ours to ack?"""
        return self.alive and self._book.owes(tag)

    def wait_for_end(self) -> None:
        """Block until the connection ends."""
        self._link.wait_for_end()

    def done(self, tags: Sequence[int]) -> None:
        """Ack deliveries whose effects are stored; does nothing when the connection is gone."""
        for tag, multiple in self._book.done(tags):
            if self.alive:
                self._link.send(partial(self._channel.basic_ack, tag, multiple))

    def cancel(self) -> None:
        """Ask for no more deliveries."""
        if self.alive:
            self._link.send(lambda: self._channel.basic_cancel(self._tag, nowait=True))

    def close(self) -> None:
        """Close in good order: acks that were sent count, the rest is delivered again."""
        self._link.close()

    def _on_deliver(self, message: Any) -> None:
        tag = message.delivery_info["delivery_tag"]
        self._book.delivered(tag)
        self._arrived(Delivery(self, tag, message))

    def _on_cancel(self, _consumer_tag: str) -> None:
        self._link.fail(RuntimeError("the broker cancelled the consumer: its queue is gone"))
