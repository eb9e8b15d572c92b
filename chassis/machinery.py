"""All that runs in a service's process beside its entrypoints, started and stopped in one order.

Stop: HTTP lets its requests end, the inbox finishes what it began, deadlines and jobs end, the relay brings out what
is left, and only then the connections close.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import eventlet

from chassis.arrival import ping
from chassis.backlog import Backlog
from chassis.bus import TopologyMismatch
from chassis.depths import DepthWatch
from chassis.due import DueLoop
from chassis.http_host import HttpHost
from chassis.inbox import Inbox
from chassis.jobs import Job, JobLoop
from chassis.logging import get_logger
from chassis.resources import Loop, Parts, Resources
from chassis.sweeper import Sweeper
from contracts.actor import Role

FLUSH_SECONDS = 3.0
"""Kept free of the time for a stop, for the relay's last batch."""
AGREE_SECONDS = 60.0
"""Between two looks at the database's clock."""
ERASED_AGAIN_SECONDS = 900.0
"""Between two looks whether a restored backup brought keys of erased persons back; the first is at the start."""

SYSTEM = frozenset({Role.SYSTEM})

log = get_logger(__name__)


class Machinery:
    """Relay, sweeper, inbox, deadlines, jobs and HTTP of one service."""

    def __init__(self, resources: Resources, parts: Parts) -> None:
        """Raises ValueError when the handlers are not those of the topology."""
        settings = resources.settings
        self._resources = resources
        self._settings = settings
        self.http = (
            HttpHost(settings, parts.wsgi, resources.health, uploads=parts.uploads, door=parts.door)
            if parts.wsgi is not None
            else None
        )
        self.inbox = Inbox(settings, resources.service, parts.handlers) if parts.handlers else None
        self._loops: list[Loop] = [*parts.loops]
        jobs = [Job("clock", AGREE_SECONDS, resources.real.agree), *parts.jobs]
        if parts.retention:
            keep = resources.retention(parts.retention).run
            jobs.append(Job("retention", settings.retention_interval, keep, leased=True))
        if parts.sealed:
            jobs.append(Job("erased_again", ERASED_AGAIN_SECONDS, resources.vault.destroy_again, leased=True))
        self._loops += [JobLoop(job, resources.leases, settings.lease_ttl) for job in jobs]
        if parts.handlers:
            self._loops.append(DepthWatch(settings, resources.service, resources.db, resources.leases))
        if parts.due:
            self._loops.append(
                DueLoop(
                    resources.db,
                    resources.clock,
                    resources.leases,
                    parts.due,
                    settings.due_interval,
                    lease_seconds=settings.lease_ttl,
                )
            )
        if parts.aggregates:
            db, relay, interval = resources.db, resources.relay, settings.sweep_interval
            self._loops.append(Sweeper(db, parts.aggregates, relay, resources.leases, interval))
            backlog = Backlog(db, parts.aggregates, relay, settings.backlog_bound, interval)
            resources.journal.admit = lambda meta: backlog.admit(reaction=meta.actor.has(SYSTEM))
            self._loops.append(backlog)

    def on_mismatch(self, tell: Callable[[TopologyMismatch], object]) -> None:
        """Call *tell* when the topology cannot be declared any more: trying again will not help."""
        self._resources.relay.on_mismatch = tell
        if self.inbox is not None:
            self.inbox.on_mismatch = tell

    def start(self) -> None:
        """Begin. The port is taken first (StartError when it is another's) and served last."""
        if self.http is not None:
            self.http.open()
        self._resources.rpc.start()
        self._resources.relay.start()
        for loop in self._loops:
            loop.start()
        if self.inbox is not None:
            self.inbox.start()
        if self.http is not None:
            self.http.start()
        self._watch()

    def drain(self) -> None:
        """Not ready from now on; HTTP requests in flight end."""
        self._resources.health.stopping = True
        if self.http is not None:
            self.http.drain()

    def stop(self, seconds: float) -> None:
        """Stop gently, within about *seconds*; what is not finished then is redelivered or swept."""
        end = time.monotonic() + seconds

        def left() -> float:
            return max(FLUSH_SECONDS, end - time.monotonic())

        if self.http is not None:
            _bounded("http", left(), self.http.stop)
        if self.inbox is not None:
            inbox = self.inbox
            _bounded("inbox", left(), lambda: inbox.stop(left() - FLUSH_SECONDS / 2))
        _bounded("loops", left(), lambda: _stop_all(self._loops))
        relay = self._resources.relay
        _bounded("relay", left() + 1, lambda: relay.stop(left()))
        _bounded("rpc", FLUSH_SECONDS, self._resources.rpc.stop)
        _bounded("database", FLUSH_SECONDS, self._resources.client.close)

    def _watch(self) -> None:
        health, relay = self._resources.health, self._resources.relay
        health.add("database", lambda: ping(self._resources))
        reads = self.http is not None
        away = "没有连上消息队列 / not connected to the broker"
        health.add("relay", _unless(lambda: relay.ready, away), beside=reads)
        full = "消息队列暂停收取(内存或磁盘告警) / the broker takes no messages: a memory or disk alarm"
        health.add("broker", _unless(lambda: not relay.blocked, full), beside=reads)
        if self.inbox is not None:
            inbox = self.inbox
            health.add("inbox", _unless(lambda: inbox.ready, "还没有开始收取事件 / not consuming events"), beside=reads)


def _unless(holds: Callable[[], bool], reason: str) -> Callable[[], str | None]:
    return lambda: None if holds() else reason


def _stop_all(loops: Sequence[Loop]) -> None:
    pool = eventlet.GreenPool()
    for loop in loops:
        pool.spawn_n(_stop_one, loop)
    pool.waitall()


def _stop_one(loop: Loop) -> None:
    try:
        loop.stop()
    except Exception:
        log.exception("stop.failed", part=type(loop).__name__)


def _bounded(part: str, seconds: float, act: Callable[[], Any]) -> None:
    """One part that hangs or fails must not keep the others from stopping."""
    try:
        with eventlet.Timeout(seconds):
            act()
    except eventlet.Timeout:
        log.warning("stop.took_too_long", part=part, seconds=seconds)
    except Exception:
        log.exception("stop.failed", part=part)
