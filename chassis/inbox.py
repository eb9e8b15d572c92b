"""A service's one queue of events: takes what is there in batches, acks what is done, and survives its broker.

Design, section 4 points 3 and 5. Messages are spread over a few workers by their subject, so one aggregate's events
stay in order and one slow event holds up only its own worker. Nothing is acked before its effect is stored.
When the database or the broker is away the inbox keeps what it has, unacked, and tries again: giving it back to the
queue would count as a delivery each time, and walk healthy events to the delivery limit.
"""

import random
import time
import zlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import eventlet
from eventlet.greenpool import GreenPool
from eventlet.greenthread import GreenThread

from chassis import metrics
from chassis.bell import Bell
from chassis.bus import TopologyMismatch, go_on_trying
from chassis.confirms import Outgoing
from chassis.intake import Delivery, Intake
from chassis.link import BROKER_AWAY, LinkLost
from chassis.logging import get_logger
from chassis.onward import PAUSES, Onward
from chassis.reactions import (
    Failure,
    Handler,
    Reactions,
    Undecodable,
    Unheard,
    decode,
    is_no_fault_of_an_event,
    unheard,
)
from chassis.retry import SUBJECT, Ladder
from chassis.settings import Settings
from contracts.events import AnyReceived
from contracts.topology import TOPOLOGY, Row

log = get_logger(__name__)

WORKERS = 4

SUSPECT = 3
"""Deliveries after which a message may be the one that kills whoever handles it."""
SIFTING = 0.2
"""Seconds in which suspects come together before the first of them is drawn."""


class Inbox:
    """One per process and service; several processes may share the queue."""

    def __init__(
        self,
        settings: Settings,
        service: str,
        handlers: Mapping[str, Handler],
        rows: Sequence[Row] = TOPOLOGY,
        workers: int = WORKERS,
    ) -> None:
        """Raises ValueError when the handlers are not those of the topology."""
        self._settings = settings
        self._service = service
        self._reactions = Reactions(service, handlers, rows)
        self._lanes: list[deque[Delivery]] = [deque() for _ in range(workers)]
        self._bells = [Bell() for _ in range(workers)]
        self._suspects: list[Delivery] = []
        self._suspected = Bell()
        self._pool = GreenPool(workers + 1)
        self._ladder = Ladder(settings, service)
        self._onward = Onward(settings, service)
        self._intake: Intake | None = None
        self._connecting: GreenThread | None = None
        self.on_mismatch: Callable[[TopologyMismatch], object] = go_on_trying
        self._stopping = False
        self._troubled: set[int] = set()

    @property
    def ready(self) -> bool:
        """Consuming, and neither database nor broker is known to be away."""
        return self._intake is not None and self._intake.alive and not self._troubled

    @property
    def paused(self) -> bool:
        """Waiting for a database that is away, or for events that are not out."""
        return bool(self._troubled)

    @property
    def held(self) -> int:
        """Failed events that the broker has not taken for another try yet."""
        return self._onward.held

    def start(self) -> None:
        """Begin; the broker may come later."""
        for number in range(len(self._lanes)):
            self._pool.spawn(self._work, number)
        self._pool.spawn(self._sift, len(self._lanes))
        self._onward.start()
        self._connecting = eventlet.spawn(self._stay_connected)

    def stop(self, seconds: float) -> bool:
        """Take nothing new, finish and ack what has begun within *seconds*, close. Says whether all was finished.

        What was delivered and not begun goes back to the queue, as does what could not be finished.
        """
        end = time.monotonic() + seconds
        self._stopping = True
        if self._intake is not None:
            with suppress(LinkLost):
                self._intake.cancel()
        for bell in (*self._bells, self._suspected):
            bell.ring()
        with eventlet.Timeout(seconds, False):
            self._pool.waitall()
        sent = self._onward.stop(max(0.0, end - time.monotonic()))
        finished = sent and not self._pool.running()
        for greenlet in (self._connecting, *self._pool.coroutines_running):
            if greenlet is not None:
                eventlet.kill(greenlet)
        if self._intake is not None:
            self._intake.close()
        return finished

    def _stay_connected(self) -> None:
        failures = 0
        while True:
            try:
                self._intake = intake = Intake(self._settings, self._service, self._arrived)
                failures = 0
                intake.wait_for_end()
            except TopologyMismatch as error:
                log.error("inbox.topology_mismatch", service=self._service, error=str(error))
                self.on_mismatch(error)
            except BROKER_AWAY as error:
                log.warning("inbox.broker_away", service=self._service, error=str(error))
            eventlet.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1

    def _arrived(self, delivery: Delivery) -> None:
        subject = delivery.headers.get(SUBJECT) or delivery.key
        lane = zlib.crc32(str(subject).encode(errors="replace")) % len(self._lanes)
        self._lanes[lane].append(delivery)
        self._bells[lane].ring()

    def _work(self, number: int) -> None:
        lane, bell = self._lanes[number], self._bells[number]
        while not self._stopping:
            if not lane:
                bell.wait()
                continue
            batch = [lane.popleft() for _ in range(min(len(lane), self._settings.inbox_batch))]
            suspects = [delivery for delivery in batch if delivery.redeliveries >= SUSPECT]
            if suspects:
                self._suspects += suspects
                self._suspected.ring()
            self._until_done(number, [one for one in batch if one.redeliveries < SUSPECT and one.owed])

    def _sift(self, number: int) -> None:
        """Handle and ack suspects one at a time, each drawn at random from all that this process has.

        A process that dies over one message gives back all it was delivered, each time, and all their counts climb.
        Handled beside each other, none would be done when the killer ends them all; drawn like this, on average half
        of the healthy ones are done each time, and soon the killer alone reaches the limit.
        """
        while not self._stopping:
            if not self._suspects:
                self._suspected.wait()
                eventlet.sleep(0 if self._stopping else SIFTING)
                continue
            one = self._suspects.pop(random.randrange(len(self._suspects)))
            self._until_done(number, [one] if one.owed else [])

    def _until_done(self, number: int, batch: Sequence[Delivery]) -> None:
        tries = 0
        while batch:
            try:
                self._handle(batch)
                break
            except Exception as error:  # a worker that ends would leave its lane for ever
                self._troubled.add(number)
                expected = is_no_fault_of_an_event(error)
                log.warning("inbox.paused", service=self._service, error=str(error), exc_info=not expected)
                if self._stopping:
                    break
                eventlet.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
                tries += 1
                batch = [delivery for delivery in batch if delivery.owed]
        self._troubled.discard(number)

    def _handle(self, batch: Sequence[Delivery]) -> None:
        metrics.INBOX_BATCH.observe(len(batch))
        events: dict[int, AnyReceived] = {}
        onward: dict[int, Outgoing] = {}
        for delivery in batch:
            try:
                events[delivery.tag] = decode(delivery.message.body)
            except Unheard as error:
                log.warning("inbox.unheard", service=self._service, message=delivery.key, error=str(error))
                onward[delivery.tag] = self._ladder.failed(delivery.message, unheard(error))
            except Undecodable as error:
                log.error("inbox.undecodable", service=self._service, message=delivery.key, error=str(error))
                onward[delivery.tag] = self._ladder.undecodable(delivery.message, error)
        failures: Mapping[int, Failure] = self._reactions.react(events)
        for delivery in batch:
            if delivery.tag in failures:
                onward[delivery.tag] = self._ladder.failed(delivery.message, failures[delivery.tag])
        batch[0].intake.done([delivery.tag for delivery in batch if delivery.tag not in onward])
        # Last, since what is handed over is no business of this worker any more, whatever becomes of the connection.
        self._onward.add([(delivery, onward[delivery.tag]) for delivery in batch if delivery.tag in onward])
