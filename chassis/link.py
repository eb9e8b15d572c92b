"""A connection to the broker that is alive: read by a greenlet of its own, with heartbeats, given up when silent.

Dialogues (declare, qos, consume) come first, then ``run()``; from then on only the reader reads, and everybody else
only sends. Whatever goes wrong on the connection or on one of its channels ends the whole link, once.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import eventlet
from eventlet.event import Event
from eventlet.greenthread import GreenThread
from greenlet import GreenletExit

from chassis import bus, metrics
from chassis.logging import get_logger
from chassis.settings import Settings

log = get_logger(__name__)

FRAMES_PER_TURN = 60
"""Frames read before the other greenlets get their turn, also when more is there already."""

CLOSE_TIMEOUT = 2.0


class LinkLost(Exception):
    """The connection ended; what was on its way may or may not have arrived. ``cause`` says why."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.cause = cause


BROKER_AWAY: tuple[type[Exception], ...] = (LinkLost, bus.TopologyMismatch, *bus.BROKER_ERRORS)
"""Everything that making and using a link may raise."""


class Link:
    """One connection, from its opening to its end."""

    def __init__(self, settings: Settings, name: str) -> None:
        """Connect; raises one of bus.BROKER_ERRORS."""
        self._connection = bus.connect(settings, name)
        self._greenlets: list[GreenThread] = []
        self._ended = Event()
        self._on_end: list[Callable[[], None]] = []
        self.name = name
        self.error: BaseException | None = None
        self.blocked = False
        """The broker takes no messages at the moment (memory or disk alarm).

        It says so after the first message that it did not take, and until then to nobody; it also reads nothing else
        from this connection any more, no acks either. What it delivers goes on.
        """
        self.turns = 0
        """How often it was blocked or freed again."""
        self._flows = Event()
        self._flows.send(None)
        self._connection.on_blocked = self._block
        self._connection.on_unblocked = self._unblock

    def channel(self) -> Any:
        """A new channel; only before run()."""
        return self._connection.channel()

    def run(self) -> None:
        """Begin to read and to send heartbeats."""
        self._greenlets = [eventlet.spawn(self._read), eventlet.spawn(self._beat)]

    @property
    def alive(self) -> bool:
        """Nothing has gone wrong on it yet."""
        return not self._ended.ready()

    def when_ended(self, callback: Callable[[], None]) -> None:
        """Call *callback* when the link ends; at once if it has ended."""
        if self.alive:
            self._on_end.append(callback)
        else:
            callback()

    def wait_for_end(self) -> None:
        """Block this greenlet until the link ends."""
        self._ended.wait()

    def wait_until_it_flows(self) -> None:
        """Block this greenlet while the broker takes no messages, and the link lives."""
        self._flows.wait()

    def check(self) -> None:
        """Raise LinkLost if the link has ended."""
        if not self.alive:
            raise LinkLost(self.error or ConnectionError("closed"))

    def send(self, act: Callable[[], object]) -> None:
        """Do something that writes to the connection; raises LinkLost when that is or becomes impossible."""
        self.check()
        try:
            act()
        except Exception as error:
            self.fail(error)
            raise LinkLost(error) from error

    def fail(self, error: BaseException) -> None:
        """Give the connection up: the socket is closed, whoever waits for it is told."""
        if self.alive:
            if not isinstance(error, GreenletExit):  # who was opening it was told to stop: nothing is lost
                log.warning("broker.link_lost", link=self.name, error=f"{type(error).__name__}: {error}")
            self._end(error)
            with suppress(*bus.BROKER_ERRORS):
                self._connection.collect()

    def close(self) -> None:
        """Close in good order: the broker has taken everything that was sent before."""
        if not self.alive:
            return
        self._end(None)
        with suppress(*bus.BROKER_ERRORS):
            self._connection.transport.sock.settimeout(CLOSE_TIMEOUT)
        bus.close_quietly(self._connection)

    def _end(self, error: BaseException | None) -> None:
        self.error = error
        self._ended.send(None)
        if self.blocked:
            self._turn(blocked=False)
        current = eventlet.getcurrent()
        for greenlet in self._greenlets:
            if greenlet is not current:
                greenlet.kill()
        for callback in self._on_end:
            callback()

    def _read(self) -> None:
        try:
            while self.alive:
                self._read_frames()
                eventlet.sleep(0)
        except Exception as error:  # noqa: BLE001  whatever it is, this connection is of no more use
            self.fail(error)

    def _read_frames(self) -> None:
        for _ in range(FRAMES_PER_TURN):
            # A frame may end the link; a closed py-amqp connection that is read again would connect anew.
            if not self.alive:
                return
            with suppress(TimeoutError):
                self._connection.blocking_read()

    def _beat(self) -> None:
        try:
            while True:
                eventlet.sleep(bus.HEARTBEAT / 4)
                self._connection.heartbeat_tick()
        except Exception as error:  # noqa: BLE001  a missed heartbeat is the same as any other end
            self.fail(error)

    def _block(self, reason: str) -> None:
        log.warning("broker.blocked", link=self.name, reason=reason)
        self._turn(blocked=True)

    def _unblock(self) -> None:
        log.info("broker.unblocked", link=self.name)
        self._turn(blocked=False)

    def _turn(self, *, blocked: bool) -> None:
        self.blocked = blocked
        self.turns += 1
        metrics.BROKER_BLOCKED.labels(self.name).set(int(blocked))
        if blocked and self._flows.ready():
            self._flows = Event()
        elif not blocked and not self._flows.ready():
            self._flows.send(None)
