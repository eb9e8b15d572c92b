"""How many messages lie in a service's queues: gauges for machines, log lines for people.

Counters say what a process did; only the queues themselves say what the broker did: it moves to dead what killed its
consumers, and holds what nobody fetches. One instance of a service looks, by a lease; of dead letters each rise is told
once, also when another instance takes over, since what was told stands in the database.
"""

from typing import Any

from amqp.exceptions import NotFound
from pymongo.database import Database

from chassis import bus, metrics
from chassis.counts import Count, count
from chassis.jobs import Job, JobLoop
from chassis.lease import Leases
from chassis.logging import get_logger
from chassis.mongo import Document
from chassis.settings import Settings
from contracts.topology import RETRIES, SERVICES, dead_queue, inbox_queue, retry_queue

DEAD, INBOX = "dead", "inbox"
COLLECTION = "depths"
AGAIN = 0.5
"""An alarm is over at this share of its bound, so that a depth just around it does not tell it again and again."""

log = get_logger(__name__)


class DepthWatch:
    """Looks every ``settings.depth_interval`` seconds; a loop of the gear."""

    def __init__(self, settings: Settings, service: str, db: Database[Document], leases: Leases) -> None:
        self._settings = settings
        self._service = service
        self._told = db[COLLECTION]
        self._queues = {INBOX: inbox_queue(service), DEAD: dead_queue(service)}
        self._queues |= {f"retry.{step}": retry_queue(service, step) for step in RETRIES}
        self._others = {f"{other}.inbox": inbox_queue(other) for other in SERVICES if other != service}
        self._bounds = dict.fromkeys(self._queues, settings.retry_alarm)
        self._bounds |= dict.fromkeys((INBOX, *self._others), settings.inbox_alarm)
        self._alarmed: set[str] = set()
        self._fewer = False
        self._connection: Any = None
        self._turn = leases.turn("depths", max(settings.lease_ttl, 3 * settings.depth_interval))
        self._loop = JobLoop(Job("depths", settings.depth_interval, self.look), leases, settings.lease_ttl)

    def start(self) -> None:
        """Begin, with the first look at once."""
        self._loop.start()

    def stop(self) -> None:
        """End; another instance may look from now on."""
        self._loop.stop()
        self._turn.give_back()
        self._hang_up()

    def look(self) -> None:
        """One look, if it is this process's turn; else it says nothing, so that two do not say it twice."""
        if self._turn.take() is None:
            metrics.QUEUE_MESSAGES.clear()
            self._hang_up()
            return
        try:
            depths = self._depths()
        except bus.BROKER_ERRORS as error:
            metrics.QUEUE_MESSAGES.clear()
            self._hang_up()
            log.warning("depths.broker_away", error=str(error))
            return
        for name in self._queues.keys() - depths.keys():
            metrics.QUEUE_MESSAGES.remove(name)
        for name, depth in depths.items():
            if depth is None:
                continue  # what was told of it stands until the broker hears from it
            if name == DEAD:
                self._tell_of_dead(depth)
            elif name in self._others:
                # Of a service that is down nobody else would tell; one that is up tells of itself.
                self._tell_of(name, 0 if depth.consumers else depth.waiting)
            else:
                metrics.QUEUE_MESSAGES.labels(name).set(depth.waiting)
                self._tell_of(name, depth.waiting)

    def _tell_of_dead(self, depth: Count) -> None:
        # Nobody but an operator who is looking consumes there, and what they hold does not count as waiting.
        if depth.consumers:
            return
        known = self._told.find_one({"_id": DEAD}) or {"count": 0}
        # Fewer is believed when it is seen twice: somebody may hold them for a moment without consuming.
        self._fewer = depth.waiting < known["count"] and not self._fewer
        if self._fewer:
            return
        metrics.QUEUE_MESSAGES.labels(DEAD).set(depth.waiting)
        if depth.waiting == known["count"]:
            return
        self._told.update_one({"_id": DEAD}, {"$set": {"count": depth.waiting}}, upsert=True)
        if depth.waiting > known["count"]:
            log.error("dead.more", service=self._service, count=depth.waiting, before=known["count"])
        elif not depth.waiting:
            log.info("dead.none_left", service=self._service, before=known["count"])

    def _tell_of(self, name: str, waiting: int) -> None:
        bound = self._bounds[name]
        if waiting > bound and name not in self._alarmed:
            self._alarmed.add(name)
            log.warning("queue.deep", service=self._service, queue=name, count=waiting, bound=bound)
        elif waiting <= AGAIN * bound and name in self._alarmed:
            self._alarmed.discard(name)
            log.info("queue.no_longer_deep", service=self._service, queue=name, count=waiting)

    def _depths(self) -> dict[str, Count | None]:
        if self._connection is not None:
            try:
                return self._ask()
            except bus.BROKER_ERRORS:
                self._hang_up()
        self._connection = bus.connect(self._settings, f"shiliu {self._service} depths")
        return self._ask()

    def _ask(self) -> dict[str, Count | None]:
        """Every queue that there is; a new channel for each look, since asking for an absent queue closes it."""
        self._connection.heartbeat_tick()
        found: dict[str, Count | None] = {}
        for name, queue in (self._queues | self._others).items():
            channel = self._connection.channel()
            try:
                found[name] = count(channel, queue)
            except NotFound:
                continue
            finally:
                if channel.is_open:
                    channel.close()
        return found

    def _hang_up(self) -> None:
        if self._connection is not None:
            bus.close_quietly(self._connection)
            self._connection = None
