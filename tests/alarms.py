"""A RabbitMQ of one's own, to raise its alarms: a shared one would stop every other test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.stack.brokers import BrokerPorts, Brokers
from deploy.stack.ports import free_ports

NORMAL = "0.4"
NO_MEMORY = "0.000001"
NO_DISK = "100000GB"
SOME_DISK = "200MB"


def _ports() -> BrokerPorts:
    amqp, dist, epmd = free_ports(3)
    return BrokerPorts(amqp, dist, epmd, mongo=0)


@contextmanager
def own_rabbit(folder: Path, vhost: str) -> Iterator[Brokers]:
    """A broker with one virtual host; no database."""
    brokers = Brokers(folder, _ports(), with_mongo=False)
    brokers.start((vhost,))
    try:
        yield brokers
    finally:
        clear(brokers)
        brokers.stop()


def raise_memory_alarm(brokers: Brokers) -> None:
    """From now on the broker takes no message."""
    brokers.rabbitmqctl("set_vm_memory_high_watermark", NO_MEMORY)


def raise_disk_alarm(brokers: Brokers) -> None:
    """The same, for want of disk."""
    brokers.rabbitmqctl("set_disk_free_limit", NO_DISK)


def clear(brokers: Brokers) -> None:
    """All is well again."""
    brokers.rabbitmqctl("set_vm_memory_high_watermark", NORMAL)
    brokers.rabbitmqctl("set_disk_free_limit", SOME_DISK)


@contextmanager
def memory_alarm(brokers: Brokers) -> Iterator[None]:
    """An alarm for the length of a block."""
    raise_memory_alarm(brokers)
    try:
        yield
    finally:
        clear(brokers)
