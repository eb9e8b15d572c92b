"""One RabbitMQ and one mongod, started together and waited for until they really serve."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pymongo.errors import PyMongoError

from deploy.stack import mongo, rabbit
from deploy.stack.failure import StackError
from deploy.stack.folder import broker_password
from deploy.stack.ports import require_free
from deploy.stack.processes import Processes, Record

START_BOUND = 60.0
STOP_GRACE = 20.0
LOOK_EVERY = 0.1
MAIN_VHOST = "shiliu"
TEST_VHOSTS = (*(f"test-{number}" for number in range(10)), "test-x")
BrokerName = Literal["rabbitmq", "mongod"]
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
        self.processes = Processes.of(self.root)

    @cached_property
    def _password(self) -> str:
        return broker_password(self.root)

    def amqp_url(self, vhost: str = MAIN_VHOST) -> str:
        """The address of a virtual host of this pair."""
        return rabbit.url(self.ports.rabbit, vhost, self._password)

    def mongo_url(self) -> str:
        """The address of this pair's replica set."""
        return mongo.url(self.ports.mongo)

    def start(self, vhosts: Sequence[str] = (MAIN_VHOST,), bound: float = START_BOUND) -> list[Record]:
        """Start what does not run yet and wait until both serve; returns what was started.

        Raises StackError after ending again whatever this call started.
        """
        started: list[Record] = []
        try:
            self.launch(started, vhosts)
            self.await_mongo(bound)
            self.await_rabbit(vhosts[0], bound)
        except BaseException:
            self.stop(started)
            raise
        return started

    def rabbitmqctl(self, *arguments: str) -> str:
        """What the broker's own control program answers; raises StackError when it refuses."""
        return rabbit.control(self.root / "rabbitmq", self.ports.rabbit, *arguments)

    def stop(self, records: Sequence[Record] | None = None) -> list[str]:
        """End *records* (all brokers if None), and only then the epmd that outlives them.

        Names those that had to be forced.
        """
        chosen = self.processes.records() if records is None else records
        mine = [record for record in chosen if record.name in BROKER_NAMES]
        last = [record for record in mine if record.name == "epmd"]
        first = [record for record in mine if record.name != "epmd"]
        return self.processes.stop(first, STOP_GRACE) + self.processes.stop(last, STOP_GRACE)

    def launch(self, started: list[Record], vhosts: Sequence[str]) -> None:
        """Start what does not run yet, adding it to *started*, and wait for nothing."""
        self.launch_mongo(started)
        self.launch_rabbit(started, vhosts)

    def launch_mongo(self, started: list[Record]) -> None:
        """The database's share of `launch`."""
        if self._with_mongo and not self.processes.find("mongod"):
            require_free({"mongo": self.ports.mongo})
            started.append(mongo.start(self.processes, self.root / "mongod", self.ports.mongo))

    def launch_rabbit(self, started: list[Record], vhosts: Sequence[str]) -> None:
        """The message broker's share of `launch`."""
        if self._with_rabbit and not self.processes.find("rabbitmq"):
            leftover = [record for record in self.processes.records() if record.name == "epmd"]
            self.processes.stop(leftover, STOP_GRACE)
            require_free({"amqp": self.ports.amqp, "dist": self.ports.dist, "epmd": self.ports.epmd})
            started += rabbit.start(self.processes, self.root / "rabbitmq", self.ports.rabbit, vhosts, self._password)

    def await_mongo(self, bound: float = START_BOUND) -> None:
        """Wait until mongod is the primary of its set; StackError after *bound* seconds or when it ends."""
        if self._with_mongo:
            self._wait_for("mongod", lambda: mongo.elect(self.ports.mongo), bound)

    def await_rabbit(self, vhost: str = MAIN_VHOST, bound: float = START_BOUND) -> None:
        """Wait until one can log in to *vhost*; StackError after *bound* seconds or when the broker ends."""
        if self._with_rabbit:
            self._wait_for("rabbitmq", lambda: _logs_in(self.amqp_url(vhost)), bound)

    def bring_back(self, which: BrokerName, vhosts: Sequence[str]) -> None:
        """Start one of the pair again and wait until it serves; StackError when it does not."""
        if which == "mongod":
            self.launch_mongo([])
            self.await_mongo()
        else:
            self.launch_rabbit([], vhosts)
            self.await_rabbit(vhosts[0])

    def _wait_for(self, name: str, ready: Callable[[], bool], bound: float) -> None:
        deadline = time.monotonic() + bound
        error: Exception | None = None
        while True:
            try:
                if ready():
                    return
            except (*rabbit.BROKER_ERRORS, PyMongoError) as problem:
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
