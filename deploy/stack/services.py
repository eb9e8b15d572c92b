"""The services of the platform, as the local stack starts them."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import deploy

PROJECT = Path(deploy.__file__).resolve().parents[1]
"""Where the packages lie: services run there, whatever folder their data is in."""

INSTANCE_STRIDE = 10
"""A second instance of a service listens this many ports above the first."""

BROKER_PORTS = {"amqp": 5673, "dist": 25673, "epmd": 4373, "mongo": 27018}
"""The brokers' default ports; Debian's own broker may hold 5672, so ours stays off it."""


@dataclass(frozen=True)
class Service:
    """One service: its module, and the default ports of its first instance."""

    name: str
    module: str
    ops_port: int
    http_port: int = 0
    """0: it serves no requests from outside."""
    launcher: tuple[str, ...] = ("-m", "chassis.runner")
    role_of: str = ""
    """The service whose database and queues it works with, and which sees to them; empty: its own."""

    def command(self, verb: str, *args: str) -> list[str]:
        """The command line that runs one of its verbs."""
        return [sys.executable, *self.launcher, self.module, verb, *args]


SERVICES = (
    Service("tickets", "services.tickets.service", 8701),
    Service("volunteers", "services.volunteers.service", 8702),
    Service("dispatcher", "services.volunteers.dispatcher", 8705, role_of="volunteers"),
    Service("notify", "services.notify.service", 8703),
    Service("gateway", "gateway.service", 8704, http_port=8700),
)


@dataclass(frozen=True)
class Instance:
    """One process of a service."""

    service: Service
    number: int = 1

    @property
    def name(self) -> str:
        """`tickets`, `tickets.2`: the name of its process, log and health port."""
        return self.service.name + self._suffix

    @property
    def http_name(self) -> str:
        """The name of its port for requests; empty where it has none."""
        return f"http{self._suffix}" if self.service.http_port else ""

    def default_ports(self) -> dict[str, int]:
        """Name of each of its ports, and where it is unless somebody says otherwise."""
        higher = INSTANCE_STRIDE * (self.number - 1)
        found = {self.name: self.service.ops_port + higher}
        if self.http_name:
            found[self.http_name] = self.service.http_port + higher
        return found

    @property
    def _suffix(self) -> str:
        return f".{self.number}" if self.number > 1 else ""


def instances(services: Sequence[Service], counts: Mapping[str, int]) -> list[Instance]:
    """All processes to run: one of each service unless *counts* names another number."""
    return [Instance(service, number) for service in services for number in range(1, counts.get(service.name, 1) + 1)]
