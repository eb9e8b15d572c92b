"""The whole platform on one machine: brokers and services, started, stopped and looked at together."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from chassis.settings import Secret, Settings
from contracts.words import Text
from deploy.stack import business_time, outside
from deploy.stack.brokers import BROKER_NAMES, BrokerPorts, Brokers
from deploy.stack.business_time import StackClock
from deploy.stack.failure import StackError
from deploy.stack.folder import keys, locked, retired_masters, settle_ports
from deploy.stack.plan import Plan
from deploy.stack.ports import HOST, require_free
from deploy.stack.processes import Processes, Record
from deploy.stack.service_processes import READY_BOUND, ServiceProcesses
from deploy.stack.services import PROJECT, Instance

STOP_GRACE = 30.0

Say = Callable[[Text], None]


def silent(_step: Text) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Started:
    """What a start did."""

    names: tuple[str, ...]
    """The processes that it started; empty when all were running."""
    seconds: float


class Stack:
    """The stack that a plan describes.

    Its state is in its folder, so any object with the same plan sees the same stack.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.root = plan.root

    @cached_property
    def ports(self) -> dict[str, int]:
        """Every port by name."""
        return settle_ports(
            self.root,
            self.plan.default_ports(),
            self.plan.ports,
            any_free=self.plan.any_ports,
            in_use=Processes.of(self.root).any_alive,
        )

    @cached_property
    def brokers(self) -> Brokers:
        """The private brokers, as far as the plan wants them."""
        numbers = {name: self.ports.get(name, 0) for name in ("amqp", "dist", "epmd", "mongo")}
        return Brokers(
            self.root,
            BrokerPorts(**numbers),
            with_rabbit=not self.plan.amqp_url,
            with_mongo=not self.plan.mongo_url,
        )

    @cached_property
    def _services(self) -> ServiceProcesses:
        return ServiceProcesses(self.brokers.processes)

    @property
    def amqp_url(self) -> str:
        """Where the services find the message broker."""
        return self.plan.amqp_url or self.brokers.amqp_url(self.plan.vhosts[0])

    @property
    def mongo_url(self) -> str:
        """Where the services find the database."""
        return self.plan.mongo_url or self.brokers.mongo_url()

    @property
    def http_url(self) -> str:
        """The address of the (first) gateway."""
        return f"http://{HOST}:{self.ports['http']}"

    @property
    def http_urls(self) -> list[str]:
        """The addresses of all gateways, the first one first."""
        names = [instance.http_name for instance in self.plan.processes() if instance.http_name]
        return [f"http://{HOST}:{self.ports[name]}" for name in names]

    def settings(self, instance: Instance | None = None) -> Settings:
        """The settings of a service process, or (None) of an operator's command."""
        clock = business_time.load(self.root)
        fixed: dict[str, object] = {
            "amqp_url": self.amqp_url,
            "mongo_url": self.mongo_url,
            "clock_origin": clock.origin,
            "clock_started": clock.started,
            "clock_speed": clock.speed,
            "ops_port": 0,
            **business_time.paced(clock.speed, {*self.plan.env, *self.plan.settings}),
        }
        if instance is not None:
            fixed |= {"ops_port": self.ports[instance.name], "instance": str(instance.number)}
            if instance.http_name:
                fixed["http_port"] = self.ports[instance.http_name]
            fixed |= self.plan.settings_of.get(instance.name, {})
        settings = self.plan.service_settings(**fixed)
        own = {name: Secret(value) for name, value in keys(self.root).items() if not getattr(settings, name)}
        retired = settings.master_keys_retired or tuple(map(Secret, retired_masters(self.root)))
        return replace(settings, master_keys_retired=retired, **own)  # type: ignore[arg-type]

    def up(self, say: Say = silent, before_serving: Callable[["Stack", Say], None] | None = None) -> Started:
        """Start what does not run, in order, and wait until all of it is ready.

        *before_serving* is done when the brokers run and the databases are migrated, and no service does yet. Raises
        StackError; whatever this call started is stopped again first.
        """
        begun = time.monotonic()
        with locked(self.root):
            started: list[Record] = []
            try:
                self._up(started, say, before_serving)
            except BaseException:
                if started:
                    say(Text(zh="没有成功,正在收拾", en="that failed, cleaning up"))
                    self._stop(started)
                raise
        return Started(tuple(record.name for record in started), time.monotonic() - begun)

    def down(self, say: Say = silent) -> list[str]:
        """Stop services, then brokers, then the broker's name server; returns the names of what ran.

        Ends only processes that this folder's stack started, by their number and start time.
        """
        with locked(self.root):
            records = self.brokers.processes.records()
            ran = [record.name for record in records if record.process()]
            if ran:
                say(Text(zh="正在停止", en="stopping"))
            self._stop(records)
            return ran

    def running(self, instance: Instance) -> Record | None:
        """The record of a service process that lives."""
        return self.brokers.processes.find(instance.name)

    def start_one(self, instance: Instance, bound: float = READY_BOUND) -> Record:
        """Start one service process (again) and wait until it is ready; for tests that kill one."""
        record = self.launch(instance)
        self.await_ready([record], bound)
        return record

    def launch(self, instance: Instance, env: Mapping[str, str] | None = None) -> Record:
        """Start one service process, with *env* added to its environment, and wait for nothing."""
        environment = self.plan.environment(self.settings(instance)) | dict(env or {})
        return self._services.launch(instance, self.ports, environment)

    def await_ready(self, records: Sequence[Record], bound: float = READY_BOUND) -> None:
        """Wait until all of *records* are ready; StackError naming one that ended, or took longer than *bound*."""
        self._services.await_ready(records, bound)

    def run(
        self, module: str, *args: str, stdin: str | None = None, capture: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run an operator's verb of a service (`import`, `token`, ...) against this stack's brokers.

        Raises StackError when the stack does not run. The verb's own exit code is in the result.
        """
        self.require_brokers()
        service = next(service for service in self.plan.services if service.module == module)
        return subprocess.run(
            service.command(*args),
            cwd=PROJECT,
            env=self.plan.environment(self.settings()),
            input=stdin,
            capture_output=capture,
            text=True,
            check=False,
        )

    def migrate(self, say: Say = silent) -> None:
        """Bring databases and queues of all services to this version; StackError naming the service that failed."""
        self.require_brokers()
        self._migrate(say)

    def _up(self, started: list[Record], say: Say, before_serving: Callable[["Stack", Say], None] | None) -> None:
        if self.plan.wants_clock:
            self._stop(self._services_alive())
        missing = [instance for instance in self.plan.processes() if not self.running(instance)]
        self.settings()
        outside.require(self.plan.amqp_url, self.plan.mongo_url)
        require_free({name: self.ports[name] for instance in missing for name in instance.default_ports()})
        say(Text(zh="启动数据库和消息服务器", en="starting the database and the message broker"))
        self.brokers.launch(started, self.plan.vhosts)
        self.brokers.await_mongo()
        self.brokers.await_rabbit(self.plan.vhosts[0])
        if missing:
            self._migrate(say)
            self._settle_clock()
            if before_serving is not None:
                before_serving(self, say)
            say(Text(zh="启动各项服务", en="starting the services"))
        for instance in missing:
            started.append(self.launch(instance))
        self._services.await_ready([record for i in self.plan.processes() if (record := self.running(i))])

    def _settle_clock(self) -> None:
        if self._services_alive():
            return
        previous = business_time.load(self.root, business_time.last_sign_of_life(self.root))
        now = datetime.now(UTC)
        clock = business_time.next_clock(previous, self.plan.clock_origin, self.plan.clock_speed, now)
        if clock != business_time.REAL_TIME or previous.origin:
            business_time.save(self.root, clock)

    def business_clock(self) -> StackClock:
        """The clock as it stands: of the running services, or of the last run."""
        alive = self._services_alive()
        return business_time.load(self.root, None if alive else business_time.last_sign_of_life(self.root))

    def _services_alive(self) -> list[Record]:
        processes = self.brokers.processes
        return [r for r in processes.records() if r.name not in BROKER_NAMES and processes.living(r)]

    def _migrate(self, say: Say) -> None:
        say(Text(zh="准备数据库和消息队列", en="preparing the databases and the queues"))
        owners = [service for service in self.plan.services if not service.role_of]
        self._services.migrate(owners, self.plan.environment(self.settings()))

    def require_brokers(self) -> None:
        """StackError where a broker of its own does not run, or one from outside cannot be used."""
        outside.require(self.plan.amqp_url, self.plan.mongo_url)
        for name, wanted in (("mongod", not self.plan.mongo_url), ("rabbitmq", not self.plan.amqp_url)):
            if wanted and not self.brokers.processes.find(name):
                raise StackError(
                    "平台没有在运行:请先运行 ./shiliu up", "the stack is not running: run ./shiliu up first"
                )

    def _stop(self, records: Sequence[Record]) -> None:
        services = [record for record in records if record.name not in BROKER_NAMES]
        self.brokers.processes.stop(services, STOP_GRACE)
        if services and not self._services_alive():
            business_time.mark_stopped(self.root, datetime.now(UTC))
        self.brokers.stop([record for record in records if record.name in BROKER_NAMES])
