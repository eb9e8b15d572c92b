"""Where the tests find their brokers, and what they ask of the message broker directly."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import amqp
from amqp.exceptions import NotFound

from chassis.counts import Count, count
from chassis.rpc_wire import request_queue
from contracts.topology import RETRIES, SERVICES, dead_queue, inbox_queue, retry_queue
from deploy.stack.brokers import TEST_VHOSTS, BrokerPorts, Brokers
from deploy.stack.ports import free_ports
from tests.waiting import wait_until

AMQP_BASE = "SHILIU_TEST_AMQP_BASE"
MONGO_URL = "SHILIU_TEST_MONGO_URL"
WORKER = "SHILIU_TEST_WORKER"
WORKERS = 8
"""Workers 0 to 7 have a virtual host each; test-8, test-9 and test-x are for tests with processes or topologies."""


@dataclass(frozen=True)
class Site:
    """A pair of brokers that has the virtual hosts of the tests."""

    amqp_base: str
    """Up to and with the slash before the virtual host."""
    mongo_url: str

    def amqp_url(self, vhost: str) -> str:
        """The address of one virtual host."""
        return self.amqp_base + quote(vhost, safe="")


def worker_number() -> int:
    """Which virtual host and databases are ours: xdist's number, or the one the environment names, or 0."""
    for text in (os.environ.get("PYTEST_XDIST_WORKER", ""), os.environ.get(WORKER, ""), _own_vhost()):
        if found := re.search(r"\d+$", text):
            return int(found[0]) % WORKERS
    return 0


def _own_vhost() -> str:
    vhost = urlsplit(os.environ.get("SHILIU_AMQP_URL", "")).path[1:]
    return vhost if vhost.startswith("test-") else ""


@contextmanager
def find_site(folder: Path) -> Iterator[Site]:
    """The pair that the environment names, else one of our own under *folder* for as long as this lasts."""
    given = _given_site()
    if given:
        yield given
        return
    ports = BrokerPorts(*free_ports(4))
    brokers = Brokers(folder, ports)
    brokers.start(TEST_VHOSTS)
    try:
        yield Site(brokers.amqp_url(""), brokers.mongo_url())
    finally:
        brokers.stop()


def _given_site() -> Site | None:
    env = os.environ
    if AMQP_BASE in env and MONGO_URL in env:
        return Site(env[AMQP_BASE], env[MONGO_URL])
    if "SHILIU_AMQP_URL" in env and "SHILIU_MONGO_URL" in env:
        base, _, _ = env["SHILIU_AMQP_URL"].rpartition("/")
        return Site(base + "/", env["SHILIU_MONGO_URL"])
    return None


class Rabbit:
    """One virtual host, seen from outside the services."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection: amqp.Connection | None = None

    def connect(self) -> amqp.Connection:
        """A new connection; the caller closes it."""
        parts = urlsplit(self.url)
        connection = amqp.Connection(
            host=f"{parts.hostname}:{parts.port or 5672}",
            userid=unquote(parts.username or "guest"),
            password=unquote(parts.password or "guest"),
            virtual_host=unquote(parts.path[1:]),
            connect_timeout=5,
        )
        connection.connect()
        return connection

    def channel(self) -> amqp.Channel:
        """A new channel on a connection kept for the whole session."""
        if self._connection is None or not self._connection.connected:
            self._connection = self.connect()
        return self._connection.channel()

    def depth(self, queue: str) -> int | None:
        """How many messages wait in *queue*; None where there is no such queue."""
        channel = self.channel()
        try:
            return _counted(channel, queue).waiting
        except NotFound:
            return None
        finally:
            channel.close()

    def consumers(self, queue: str) -> int:
        """How many consume from *queue*; those of a closed connection count until the queue heard of its end."""
        channel = self.channel()
        try:
            return _counted(channel, queue).consumers
        finally:
            channel.close()

    def purge(self, queues: Sequence[str]) -> int:
        """Empty those of *queues* that exist and hold something; how many messages went.

        Asked on one channel, and first how many there are: emptying is a write of the whole queue, most are empty.
        """
        channel = self.channel()
        try:
            return sum(_emptied(channel, queue) for queue in queues)
        finally:
            channel.close()

    def purge_house(self) -> None:
        """Empty all queues of the house; each service declares all of them, so where one lacks, all do."""
        if self.depth(inbox_queue(SERVICES[0])) is not None:
            self.purge(house_queues())

    def get(self, queue: str) -> amqp.Message | None:
        """Take one message off *queue*, or None."""
        channel = self.channel()
        try:
            return channel.basic_get(queue, no_ack=True)
        finally:
            channel.close()

    def close(self) -> None:
        """End the session's connection."""
        if self._connection is not None:
            self._connection.close()


def _emptied(channel: amqp.Channel, queue: str) -> int:
    try:
        found = count(channel, queue)
    except NotFound:
        return 0  # the broker closed the channel over it, and the driver has opened it again
    return int(channel.queue_purge(queue)) if found is None or found.waiting else 0


def _counted(channel: amqp.Channel, queue: str) -> Count:
    return wait_until(lambda: count(channel, queue), 30, f"the broker hears from {queue}")


def house_queues() -> list[str]:
    """Every queue that the services declare, their RPC queues among them."""
    return [
        queue
        for service in SERVICES
        for queue in (
            inbox_queue(service),
            *(retry_queue(service, step) for step in RETRIES),
            dead_queue(service),
            request_queue(service),
        )
    ]
