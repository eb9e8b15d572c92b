"""Sends on what failed, to its next try or to the dead queue, and acks the old message when the broker has the new.

On a connection of its own. A broker with an alarm stops reading from whoever publishes: on the consuming connection
one failed event would hold back the acks of all that succeeded, their queue would never become shorter, and an alarm
that the queue itself has caused would never end. Until the broker takes them, failed events are kept unacked, and the
others go on.
"""

from collections.abc import Sequence

import eventlet
from eventlet.greenthread import GreenThread

from chassis import metrics
from chassis.bell import Bell
from chassis.confirms import Outgoing
from chassis.intake import Delivery
from chassis.link import BROKER_AWAY, LinkLost
from chassis.logging import get_logger
from chassis.publisher import Poisoned, Publisher
from chassis.settings import Settings

log = get_logger(__name__)

PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds between tries while the broker is away or refuses."""


class Onward:
    """One per inbox; it connects with the first event that fails."""

    def __init__(self, settings: Settings, service: str) -> None:
        self._publisher = Publisher(settings, f"shiliu {service} retries")
        self._waiting: dict[Delivery, Outgoing] = {}
        self._bell = Bell()
        self._idle = Bell()
        self._greenlet: GreenThread | None = None

    @property
    def held(self) -> int:
        """Failed events that the broker has not taken yet."""
        return len(self._waiting)

    def start(self) -> None:
        """Begin to wait for what fails."""
        self._greenlet = eventlet.spawn(self._work)

    def add(self, failed: Sequence[tuple[Delivery, Outgoing]]) -> None:
        """Have these published, and their deliveries acked then. Never blocks."""
        self._waiting.update(failed)
        self._count()
        self._bell.ring()

    def stop(self, seconds: float) -> bool:
        """Send on what there is within *seconds*, and close; the rest is delivered again. Says whether it was all.

        A broker that takes nothing is not waited for.
        """
        with eventlet.Timeout(0.0 if self._publisher.blocked else seconds, False):
            while self._waiting:
                self._idle.wait()
        if self._greenlet is not None:
            self._greenlet.kill()
        self._publisher.close()
        return not self._waiting

    def _work(self) -> None:
        failures = 0
        while True:
            if not self._waiting:
                self._idle.ring()
                self._bell.wait()
            failures = 0 if self._round() else failures + 1
            if failures:
                eventlet.sleep(PAUSES[min(failures, len(PAUSES)) - 1])

    def _round(self) -> bool:
        """Publish all that waits; says whether the broker took it."""
        # What its own connection cannot ack any more the broker delivers again, and it fails again.
        self._forget([delivery for delivery in self._waiting if not delivery.owed])
        batch = dict(self._waiting)
        if not batch:
            return True
        try:
            verdict = self._publisher.send(list(batch.values()))
        except Poisoned as poisoned:
            log.error("inbox.cannot_be_sent_on", message=poisoned.key, reason=poisoned.reason)
            self._forget([delivery for delivery, message in batch.items() if message.key == poisoned.key])
            return False
        except BROKER_AWAY as error:
            log.warning("inbox.cannot_send_on", waiting=len(batch), error=str(error))
            return False
        except Exception:  # a greenlet that ends would keep every later failure for ever
            log.exception("inbox.cannot_send_on", waiting=len(batch))
            return False
        self._ack([delivery for delivery, message in batch.items() if message.key in verdict.confirmed])
        return not verdict.refused

    def _ack(self, taken: Sequence[Delivery]) -> None:
        self._forget(taken)
        for delivery in taken:
            try:
                if delivery.owed:
                    delivery.intake.done([delivery.tag])
            except LinkLost:
                log.info("inbox.ack_lost", message=delivery.key)

    def _forget(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            del self._waiting[delivery]
        self._count()

    def _count(self) -> None:
        metrics.INBOX_HELD.set(len(self._waiting))
