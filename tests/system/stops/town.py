"""A platform with two processes of every service, whose parts are stopped, killed and brought back one by one."""

import signal
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import get_args

import psutil

from deploy.simulate.stage import Cast
from deploy.stack import readiness
from deploy.stack.brokers import BrokerName
from deploy.stack.ports import HOST
from deploy.stack.processes import Record
from deploy.stack.stack import Stack
from tests.system.stops.door import Door
from tests.waiting import wait_until

SERVICES = ("tickets", "volunteers", "notify", "gateway")
READY_SECONDS = 60.0
END_SECONDS = 40.0


class Town:
    """The running platform, its people's tokens, and the ways to end and begin its parts."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.cast = Cast()
        self.manner: Mapping[str, str] = {}
        """The environment that every process gets from now on, before its settings."""
        self.instances = {instance.name: instance for instance in stack.plan.processes()}
        self.doors = [Door(stack.ports[it.http_name]) for it in self.instances.values() if it.http_name]

    def token(self, who: str) -> str:
        """By login or external number."""
        badge = self.cast.members.get(who) or self.cast.accounts[who]
        return badge.token

    @property
    def services(self) -> set[str]:
        """All services that run, by name."""
        return {instance.service.name for instance in self.instances.values()}

    def names(self, service: str) -> list[str]:
        """The processes of *service*."""
        return [name for name, instance in self.instances.items() if instance.service.name == service]

    def record(self, name: str) -> Record | None:
        """The living process called *name*."""
        return self.stack.brokers.processes.find(name)

    def log(self, name: str) -> str:
        """All that a process (and those before it under the name) wrote."""
        return self.stack.brokers.processes.log_of(name).read_text(encoding="utf-8")

    def kill(self, names: Iterable[str]) -> None:
        """SIGKILL; returns when they are gone."""
        self._end(names, signal.SIGKILL)

    def term(self, names: Iterable[str]) -> float:
        """SIGTERM; how long until all are gone."""
        return self._end(names, signal.SIGTERM)

    def launch(self, names: Iterable[str], env: Mapping[str, str] | None = None) -> list[Record]:
        """Start processes, with *env* before their settings, and wait for nothing."""
        return [self.stack.launch(self.instances[name], {**self.manner, **(env or {})}) for name in names]

    def begin(self, names: Iterable[str], env: Mapping[str, str] | None = None) -> float:
        """Start processes and wait until they are ready; how long that took."""
        begun = time.monotonic()
        self.stack.await_ready(self.launch(names, env), READY_SECONDS)
        return time.monotonic() - begun

    def begin_broker(self, which: BrokerName) -> None:
        """Start a broker again and wait until it serves."""
        self.stack.brokers.bring_back(which, self.stack.plan.vhosts)

    def all_ready(self, seconds: float = READY_SECONDS) -> None:
        """Bring back whatever is down and wait until all is ready."""
        for broker in get_args(BrokerName):
            if self.record(broker) is None:
                self.begin_broker(broker)
        self.launch(name for name in self.instances if self.record(name) is None)
        records = [record for name in self.instances if (record := self.record(name))]
        self.stack.await_ready(records, seconds)

    def readiness(self, name: str) -> readiness.Answer:
        """What a process says on its ops port."""
        return readiness.ask(f"{self.ops(name)}/readyz")

    def alive(self, name: str) -> bool:
        """Does a process answer ``/healthz``?"""
        return readiness.ask(f"{self.ops(name)}/healthz").ready

    def ops(self, name: str) -> str:
        """The address of a process's ops port."""
        return f"http://{HOST}:{self.stack.ports[name]}"

    def _end(self, names: Iterable[str], how: signal.Signals) -> float:
        begun = time.monotonic()
        records = [record for name in names if (record := self.record(name))]
        for record in records:
            with suppress(psutil.NoSuchProcess):
                psutil.Process(record.pid).send_signal(how)
        living = self.stack.brokers.processes.living
        wait_until(lambda: not any(living(record) for record in records), END_SECONDS, f"{records} still run")
        return time.monotonic() - begun
