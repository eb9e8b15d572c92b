"""One RabbitMQ and one mongod, started together and waited for until they really serve."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import amqp
from pymongo.errors import PyMongoError

from deploy.stack import mongo, rabbit
from deploy.stack.failure import StackError
from deploy.stack.ports import require_free
from deploy.stack.processes import Processes, Record

START_BOUND = 60.0
STOP_GRACE = 20.0
LOOK_EVERY = 0.1
MAIN_VHOST = "shiliu"
TEST_VHOSTS = (*(f"test-{number}" for number in range(10)), "test-x")
BROKER_NAMES = ("epmd", "rabbitmq", "mongod")


@dataclass(frozen=True)
class BrokerPorts:
    """Where a pair of brokers listens."""

    amqp: int
    dist: int
    epmd: int
    mongo: int

    @property
    def rabbit(self) -> rabbit.RabbitPorts:
        """The broker's share."""
        return rabbit.RabbitPorts(self.amqp, self.dist, self.epmd)


class Brokers:
    """The pair under one folder: data in `rabbitmq/` and `mongod/`, records in `run/`, output in `logs/`."""

    def __init__(self, root: Path, ports: BrokerPorts, *, with_rabbit: bool = True, with_mongo: bool = True) -> None:
        self.root = root.resolve()
        self.ports = ports
        self._with_rabbit = with_rabbit
        self._with_mongo = with_mongo
        self.processes = Processes(self.root / "run", self.root / "logs")

    def amqp_url(self, vhost: str = MAIN_VHOST) -> str:
        """The address of a virtual host of this pair."""
        return rabbit.url(self.ports.rabbit, vhost)

    def mongo_url(self) -> str:
        """The address of this pair's replica set."""
        return mongo.url(self.ports.mongo)

    def start(self, vhosts: Sequence[str] = (MAIN_VHOST,), bound: float = START_BOUND) -> list[Record]:
        """Start what does not run yet and wait until both serve; returns what was started.

        Raises StackError after ending again whatever this call started.
        """
        started: list[Record] = []
        try:
            self._spawn(started, vhosts)
            self._wait(vhosts, time.monotonic() + bound)
        except BaseException:
            self.processes.stop(started[::-1], STOP_GRACE)
            raise
        return started

    def stop(self) -> list[str]:
        """End the brokers, and then the epmd that outlives them; names those that had to be forced."""
        mine = {record.name: record for record in self.processes.records() if record.name in BROKER_NAMES}
        epmd = [mine.pop("epmd")] if "epmd" in mine else []
        return self.processes.stop(list(mine.values()), STOP_GRACE) + self.processes.stop(epmd, STOP_GRACE)

    def _spawn(self, started: list[Record], vhosts: Sequence[str]) -> None:
        if self._with_mongo and not self.processes.find("mongod"):
            require_free({"mongo": self.ports.mongo})
            started.append(mongo.start(self.processes, self.root / "mongod", self.ports.mongo))
        if self._with_rabbit and not self.processes.find("rabbitmq"):
            leftover = [record for record in self.processes.records() if record.name == "epmd"]
            self.processes.stop(leftover, STOP_GRACE)
            require_free({"amqp": self.ports.amqp, "dist": self.ports.dist, "epmd": self.ports.epmd})
            started += rabbit.start(self.processes, self.root / "rabbitmq", self.ports.rabbit, vhosts)

    def _wait(self, vhosts: Sequence[str], deadline: float) -> None:
        waits: dict[str, Callable[[], bool]] = {}
        if self._with_mongo:
            waits["mongod"] = lambda: mongo.elect(self.ports.mongo)
        if self._with_rabbit:
            waits["rabbitmq"] = lambda: _logs_in(self.amqp_url(vhosts[0]))
        for name, ready in waits.items():
            self._wait_for(name, ready, deadline)

    def _wait_for(self, name: str, ready: Callable[[], bool], deadline: float) -> None:
        error: Exception | None = None
        while True:
            try:
                if ready():
                    return
            except (OSError, amqp.AMQPError, PyMongoError) as problem:
                error = problem
            if not self.processes.find(name):
                raise self._failure(name, "自己退出了", "ended by itself", error)
            if time.monotonic() > deadline:
                raise self._failure(name, "没有按时就绪", "was not ready in time", error)
            time.sleep(LOOK_EVERY)

    def _failure(self, name: str, zh: str, en: str, error: Exception | None) -> StackError:
        log = self.processes.log_of(name)
        last = self.processes.tail(name, 1)[:300] or str(error or "")[:300]
        return StackError(f"{name} {zh}:请看日志 {log}({last})", f"{name} {en}: read {log} ({last})")


def _logs_in(amqp_url: str) -> bool:
    rabbit.login(amqp_url)
    return True
