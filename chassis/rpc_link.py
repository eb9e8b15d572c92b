"""A link that comes back: a greenlet connects, prepares the channel, waits for its end, and begins again.

py-amqp's ``basic_publish`` cannot be used beside a reader, because it first drains events from the same socket; hence
``send_method``.
"""

from collections.abc import Callable
from typing import Any

import amqp
import eventlet
from amqp import spec
from eventlet.event import Event
from eventlet.greenthread import GreenThread

from chassis.bus import BROKER_ERRORS
from chassis.link import Link, LinkLost
from chassis.logging import get_logger
from chassis.settings import Settings

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0

log = get_logger(__name__)


class NotConnected(Exception):
    """There is no connection to the broker now."""


class RpcLink:
    """Keeps one connection named *name*; ``prepare`` gets each new channel, ``lost`` is told when it is gone."""

    def __init__(
        self,
        settings: Settings,
        name: str,
        prepare: Callable[[Any], None],
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._name = name
        self._prepare = prepare
        self._lost = lost
        self._link: Link | None = None
        self._channel: Any = None
        self._stopping = False
        self._keeper: GreenThread | None = None
        self._waiting: set[Event] = set()

    @property
    def connected(self) -> bool:
        """Is there a prepared channel?"""
        return self._channel is not None

    @property
    def blocked(self) -> bool:
        """Does the broker take no messages from it at the moment (a memory or disk alarm)?"""
        return self._link is not None and self._link.blocked

    def start(self) -> None:
        """Begin to connect; does not wait for it."""
        if self._keeper is None:
            self._keeper = eventlet.spawn(self._keep)

    def stop(self) -> None:
        """Close the connection; what was written before has been sent."""
        self._stopping = True
        # First the keeper: it may be in the middle of its dialogue, and only one greenlet can read a socket.
        if self._keeper is not None:
            self._keeper.kill()
        if self._link is not None:
            self._link.close()
        self._forget()

    def wait_connected(self, seconds: float) -> bool:
        """Wait at most *seconds* for a prepared channel."""
        if self._channel is None and not self._stopping and seconds > 0:
            arrival = Event()
            self._waiting.add(arrival)
            arrival.wait(seconds)
            self._waiting.discard(arrival)
        return self._channel is not None

    def publish(self, message: amqp.Message, exchange: str, routing_key: str, *, mandatory: bool = False) -> None:
        """Write one message; whether the broker got it is not known afterwards. Raises NotConnected."""
        arguments = (0, exchange, routing_key, mandatory, False)
        self._write(self._channel, spec.Basic.Publish, "Bssbb", arguments, message)

    def ack(self, delivery: amqp.Message) -> None:
        """Acknowledge; raises NotConnected if the connection it came on is gone: the broker has taken it back."""
        self._write(delivery.channel, spec.Basic.Ack, "Lb", (delivery.delivery_tag, False))

    def give_back(self, delivery: amqp.Message) -> None:
        """Put a delivery back into its queue for somebody else. Raises NotConnected."""
        self._write(delivery.channel, spec.Basic.Reject, "Lb", (delivery.delivery_tag, True))

    def cancel(self, consumer_tag: str) -> None:
        """Ask for no more deliveries; those on their way still come. Raises NotConnected."""
        self._write(self._channel, spec.Basic.Cancel, "sb", (consumer_tag, True))

    def send(self, act: Callable[[Any], None]) -> None:
        """Do something on the channel that only sends. Raises NotConnected."""
        channel = self._channel
        if self._link is None or channel is None:
            raise NotConnected
        try:
            self._link.send(lambda: act(channel))
        except LinkLost as lost:
            raise NotConnected from lost

    def _write(
        self, channel: Any, method: Any, signature: str, arguments: tuple[Any, ...], content: Any = None
    ) -> None:
        if self._link is None or channel is None or channel is not self._channel:
            raise NotConnected
        try:
            self._link.send(lambda: channel.send_method(method, signature, arguments, content))
        except LinkLost as lost:
            raise NotConnected from lost

    def _keep(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping:
            try:
                link = self._open()
                pause = FIRST_PAUSE
                link.wait_for_end()
            except BROKER_ERRORS as error:
                log.warning("rpc.no_connection", link=self._name, reason=str(error), again_in_seconds=pause)
            except Exception:  # whatever it was, the next connection may do without it
                log.exception("rpc.no_connection", link=self._name, again_in_seconds=pause)
            self._forget()
            eventlet.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _open(self) -> Link:
        self._link = link = Link(self._settings, self._name)
        try:
            channel = link.channel()
            self._prepare(channel)
        except Exception as error:
            link.fail(error)
            raise
        link.run()
        self._channel = channel
        log.info("rpc.connected", link=self._name)
        for arrival in self._waiting:
            if not arrival.ready():
                arrival.send()
        return link

    def _forget(self) -> None:
        self._channel = None
        self._lost()
