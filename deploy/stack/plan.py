"""What one stack is to be: where it lives, what it runs, and which brokers it uses."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from chassis.settings import Settings, SettingsError
from deploy.stack.brokers import MAIN_VHOST
from deploy.stack.business_time import require_clock
from deploy.stack.failure import StackError
from deploy.stack.ports import PORTS
from deploy.stack.services import BROKER_PORTS, PROJECT, SERVICES, Instance, Service, instances

FOLDER = "SHILIU_FOLDER"
"""Names another folder for the stack of the command line than `.shiliu`."""

ALL_FROM_HERE = {"unlimited_addresses": ("127.0.0.0/8", "::1")}
"""On one machine all who are simulated have one address; limits hold for whoever comes from elsewhere."""

NOT_FOR_SERVICES = ("SHILIU_", "PYTEST_")
"""Services get their settings from the stack alone, and never take a test's surroundings for their own."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One stack. Two stacks live beside each other when their roots and ports differ."""

    root: Path
    amqp_url: str = ""
    """A broker from outside; empty: a private one under the root."""
    mongo_url: str = ""
    """A replica set from outside; empty: a private one under the root."""
    vhosts: Sequence[str] = (MAIN_VHOST,)
    """Made by the private broker; the services use the first."""
    ports: Mapping[str, int] = field(default_factory=dict)
    """Ports by name (amqp, dist, epmd, mongo, http, tickets, ...) that are asked for; they are remembered."""
    any_ports: bool = False
    """Choose free ports where none were settled before, instead of the default ones."""
    services: Sequence[Service] = SERVICES
    counts: Mapping[str, int] = field(default_factory=dict)
    """Number of processes by service, where it is not one."""
    clock_origin: str = ""
    """Business time at the start, ISO 8601 with zone; empty: now, or where it stood last time."""
    clock_speed: float = 1.0
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Further settings of the services, by field name of chassis.settings.Settings."""
    settings_of: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings of single processes (`tickets`, `tickets.2`) that go before all others: a broker's address by
    another way, for example."""
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    """The environment whose `SHILIU_` settings the services shall have, apart from what the plan fixes."""

    def __post_init__(self) -> None:
        """Refuse what is no plan, before anything of the stack is touched: StackError."""
        known = [service.name for service in self.services]
        for name in self.counts:
            if name not in known:
                raise StackError(
                    f"没有叫 {name!r} 的服务:有 {', '.join(known)}",
                    f"no service is called {name!r}, only {', '.join(known)}",
                )
        require_clock(self.clock_origin, self.clock_speed)

    @classmethod
    def for_command_line(cls, env: Mapping[str, str] | None = None, **overrides: Any) -> "Plan":
        """The stack of this checkout: `.shiliu`, or the folder that SHILIU_FOLDER names, and brokers as
        SHILIU_AMQP_URL and SHILIU_MONGO_URL say."""
        env = dict(os.environ) if env is None else env
        given: dict[str, Any] = {
            "root": Path(env.get(FOLDER) or PROJECT / ".shiliu").resolve(),
            "amqp_url": env.get("SHILIU_AMQP_URL", ""),
            "mongo_url": env.get("SHILIU_MONGO_URL", ""),
            "env": env,
        }
        if "SHILIU_HTTP_PORT" in env:
            given["ports"] = {"http": _read(env).http_port}
        return cls(**(given | overrides))

    def with_ports(self, asked: Mapping[str, int]) -> "Plan":
        """This plan, with *asked* ports (by name) before others; StackError for a name that no part has, or no port."""
        unknown = [name for name in asked if name not in self.default_ports()]
        if unknown:
            known = ", ".join(self.default_ports())
            raise StackError(
                f"没有叫 {unknown[0]!r} 的端口:有 {known}", f"no port is called {unknown[0]!r}, only {known}"
            )
        for port in asked.values():
            if port not in PORTS:
                raise StackError(
                    f"没有端口 {port}:要在 1 到 65535 之间", f"{port} is no port: it is between 1 and 65535"
                )
        return replace(self, ports={**self.ports, **asked})

    @property
    def wants_clock(self) -> bool:
        """Whether this start asks for a business time of its own."""
        return bool(self.clock_origin) or self.clock_speed != 1.0

    def processes(self) -> list[Instance]:
        """The service processes to run."""
        return instances(self.services, self.counts)

    def default_ports(self) -> dict[str, int]:
        """Name of every port the stack needs, and its default."""
        found: dict[str, int] = {}
        if not self.amqp_url:
            found |= {name: port for name, port in BROKER_PORTS.items() if name != "mongo"}
        if not self.mongo_url:
            found["mongo"] = BROKER_PORTS["mongo"]
        for instance in self.processes():
            found |= instance.default_ports()
        return found

    def service_settings(self, **fixed: Any) -> Settings:
        """The environment's settings, changed by the plan's and then by *fixed*; StackError where one is wrong."""
        local = {} if "SHILIU_UNLIMITED_ADDRESSES" in self.env else ALL_FROM_HERE
        return _read(self.env, **(local | dict(self.settings) | fixed))

    def environment(self, settings: Settings) -> dict[str, str]:
        """The whole environment of a service process with *settings*."""
        kept = {name: value for name, value in self.env.items() if not name.startswith(NOT_FOR_SERVICES)}
        return kept | settings.to_env() | {"PYTHONUNBUFFERED": "1"}


def _read(env: Mapping[str, str], **fixed: Any) -> Settings:
    try:
        return Settings.from_env(env, **fixed)
    except SettingsError as problem:
        raise StackError(
            f"环境变量设置有误:请改正({problem})", f"a setting is wrong, correct it: {problem}"
        ) from problem
