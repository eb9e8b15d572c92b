"""The chassis as a nameko dependency: ``app = Gear(build)`` in a service class injects what ``build`` made.

In the order of a container's start: ``setup`` waits for database, indexes and broker and builds the service; then
entrypoints and machinery start side by side. At its stop nameko first quiets the entrypoints and waits for their
workers, then stops this.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
from nameko.extensions import DependencyProvider

from chassis.arrival import Arrival, ping
from chassis.bus import TopologyMismatch
from chassis.errors import StartError
from chassis.event_store import EventStore
from chassis.gate import Gate
from chassis.health import Health, OpsServer
from chassis.jobs import Job
from chassis.logging import get_logger
from chassis.machinery import Machinery
from chassis.migrations import Index
from chassis.resources import Build, Loop, Parts, Resources, open_resources
from chassis.rpc import Command
from chassis.settings import Settings

OFFLINE_PATIENCE = 30.0
FLUSH_SECONDS = 60.0

log = get_logger(__name__)

__all__ = ["Gear", "Index", "Job", "Loop", "Parts", "Resources", "offline"]


class Gear(DependencyProvider):
    """Runs one service; its entrypoints get ``parts.app``."""

    def __init__(self, build: Build, database: str | None = None) -> None:
        """*database*: of the service that this process is a role of; None: it is a service, with its own."""
        self.build = build
        self.database = database
        self.health = Health()
        self._arrival = Arrival()
        self.resources: Resources | None = None
        self.parts: Parts | None = None
        self._machinery: Machinery | None = None
        self._ops: OpsServer | None = None
        self._gate: Gate | None = None
        self._stop_began: float | None = None

    def setup(self) -> None:
        """Wait for what is needed, as long as it takes; raises StartError where waiting will not help."""
        settings: Settings = self.container.config["settings"]
        arrival = self._arrival
        self.health.add("start", lambda: arrival.reason)
        self._ops = OpsServer(settings, self.health)
        self._ops.start(self.container.config.get("ops_port"))
        self.resources = resources = open_resources(
            settings, self.container.service_name, self.health, database=self.database
        )
        arrival.database(resources)
        parts = self.build(resources)
        arrival.migration(resources, parts)
        arrival.erasures(resources, parts)
        arrival.broker(settings)
        self._machinery = Machinery(resources, parts)
        self._machinery.on_mismatch(self._give_up)
        self.parts = parts

    def start(self) -> None:
        """Begin to work."""
        if self._machinery is None or self.resources is None:
            return
        resources = self.resources
        consumer = next((one.rpc_consumer for one in self.container.entrypoints if isinstance(one, Command)), None)
        if consumer is not None:
            # Who reads at the gateway asks nothing of its own requests: as with the broker itself.
            self.health.add(
                "rpc",
                lambda: None if consumer.connected else "还没有开始接收请求 / not taking requests",
                beside=self._machinery.http is not None,
            )
        self._machinery.start()
        valves = [valve for valve in (consumer, self._machinery.http) if valve is not None]
        self._gate = Gate(lambda: ping(resources), valves)
        self._gate.start()
        self._arrival.done()

    def _leave_gate(self) -> None:
        if self._gate is not None:
            self._gate.stop()

    def _give_up(self, mismatch: TopologyMismatch) -> None:
        """A queue was declared anew with other arguments: end the process with the sentence, as at its start."""
        error = StartError(str(mismatch))
        # The greenlet that found out is one of those that end here, so another must do it.
        eventlet.spawn_n(self.container.kill, (StartError, error, None))

    def stop(self) -> None:
        """Finish, bring out what is left, close; within settings.stop_grace of the drain, if that came first."""
        self._leave_gate()
        spent = time.monotonic() - self._stop_began if self._stop_began is not None else 0.0
        if self._machinery is not None:
            self._machinery.stop(self.container.config["settings"].stop_grace - spent)
        if self._ops is not None:
            self._ops.stop()

    def kill(self) -> None:
        """The container dies of an error, or before it had started: stop at once what would go on by itself."""
        self._arrival.give_up()
        self._leave_gate()
        if self._machinery is not None:
            self._machinery.stop(0.0)
        elif self.resources is not None:
            self.resources.client.close()
        if self._ops is not None:
            self._ops.stop()

    def drain(self) -> None:
        """First step of a gentle stop, before the entrypoints': not ready, HTTP requests in flight end."""
        self._stop_began = time.monotonic()
        self.health.stopping = True
        if self._machinery is not None:
            self._machinery.drain()

    @property
    def event_store(self) -> EventStore | None:
        """For the entrypoints of EventReads."""
        return self.resources.event_store if self.resources else None

    @property
    def ops_port(self) -> int:
        """Where health and metrics are answered; 0: nowhere."""
        return self._ops.port if self._ops else 0

    def get_dependency(self, worker_ctx: Any) -> Any:
        """What the service's methods call."""
        return self.parts.app if self.parts else None


@contextmanager
def offline(build: Build, settings: Settings, service: str) -> Iterator[tuple[Resources, Parts]]:
    """The service without entrypoints and loops, for operators' verbs; what it writes is relayed before the end.

    Raises StartError when database or broker do not come within half a minute, or the database is not migrated.
    """
    arrival = Arrival(OFFLINE_PATIENCE)
    resources = open_resources(settings, service)
    try:
        arrival.database(resources)
        parts = build(resources)
        arrival.migration(resources, parts)
        arrival.broker(settings)
        resources.rpc.start()
        resources.relay.start()
        yield resources, parts
    finally:
        if not resources.relay.stop(FLUSH_SECONDS):
            log.warning("offline.left_to_the_sweeper", events=resources.relay.backlog)
        resources.rpc.stop()
        resources.client.close()
