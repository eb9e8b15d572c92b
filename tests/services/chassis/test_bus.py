"""The topology on the real broker: declared whole, never half, and never under old arguments."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from amqp.exceptions import PreconditionFailed

from chassis import bus
from chassis.settings import Settings
from contracts.topology import RETRIES, SERVICES, TOPOLOGY, Row, dead_queue, inbox_queue, retry_queue
from tests.brokers import Rabbit
from tests.services.chassis.bus_probe import ACCEPTED, a_wire, drain, ids_of, put, wires


@pytest.fixture
def channel(settings: Settings) -> Iterator[Any]:
    with bus.connected(settings, "test") as connection:
        yield connection.channel()


@pytest.fixture
def invented(channel: Any) -> Iterator[str]:
    """A service of which the broker knows nothing yet."""
    name = f"invented-{uuid4().hex[:8]}"
    yield name
    for queue in bus.queue_table((name,)):
        channel.queue_delete(queue)


def test_the_topology_is_declared_whole_and_again(settings: Settings, amqp: Rabbit) -> None:
    bus.declare(settings)
    bus.declare(settings)
    for service in SERVICES:
        for queue in (inbox_queue(service), dead_queue(service), *(retry_queue(service, step) for step in RETRIES)):
            assert amqp.depth(queue) == 0


def test_an_event_goes_to_every_service_that_reacts_and_to_no_other(settings: Settings, amqp: Rabbit) -> None:
    events = wires(3, ACCEPTED)
    put(settings, events)
    for service in ("volunteers", "notify", "gateway"):
        assert [wire["id"] for wire in drain(amqp, inbox_queue(service))] == ids_of(events)
    assert amqp.depth(inbox_queue("tickets")) == 0


NEW_ROW = Row(ACCEPTED.TYPE, "tickets", "follow_accepted")
"""Of the next version."""


def test_the_version_before_leaves_the_rows_of_the_next_one_alone(
    settings: Settings, amqp: Rabbit, channel: Any
) -> None:
    """A rolling update: processes of both run side by side, and reconnect whenever they must."""
    bus.declare_topology(channel, (*TOPOLOGY, NEW_ROW))
    bus.declare(settings)
    try:
        put(settings, [a_wire(ACCEPTED)])
        assert amqp.depth(inbox_queue("tickets")) == 1
    finally:
        bus.migrate(settings, "tickets")


def test_migrating_a_service_unbinds_what_is_no_row_of_it_any_more(
    settings: Settings, amqp: Rabbit, channel: Any
) -> None:
    bus.declare_topology(channel, (*TOPOLOGY, NEW_ROW))
    bus.migrate(settings, "volunteers")
    put(settings, [a_wire(ACCEPTED)])
    assert amqp.depth(inbox_queue("tickets")) == 1, "a row of another service, which may be a version ahead"
    bus.migrate(settings, "tickets")
    put(settings, [a_wire(ACCEPTED)])
    assert amqp.depth(inbox_queue("tickets")) == 1
    assert amqp.depth(inbox_queue("volunteers")) == 2


def test_a_service_of_which_the_broker_knows_nothing_can_be_migrated(channel: Any, invented: str) -> None:
    bus.unbind_removed(channel, invented)
    bus.declare_topology(channel, (), (invented,))


@pytest.mark.parametrize("missing", ["x-dead-letter-strategy", "x-overflow"])
def test_waiting_messages_survive_an_absent_target(channel: Any, invented: str, missing: str) -> None:
    # With the default strategy a message whose target is absent at its expiry is lost (5 of 5); the broker keeps
    # arguments to itself, but refuses to be told others.
    bus.declare_topology(channel, (), (invented,))
    arguments = bus.queue_table((invented,))[retry_queue(invented, 1)]
    channel.queue_declare(retry_queue(invented, 1), durable=True, auto_delete=False, arguments=arguments)
    del arguments[missing]
    with pytest.raises(PreconditionFailed):
        channel.queue_declare(retry_queue(invented, 1), durable=True, auto_delete=False, arguments=arguments)


def test_no_queue_has_a_length_limit_or_a_fixed_delay() -> None:
    # A limit on one inbox refuses the publisher although the others took their copies, and floods those.
    arguments = set().union(*bus.queue_table().values())
    assert not arguments & {"x-max-length", "x-max-length-bytes", "x-message-ttl"}


def test_another_queue_under_our_name_is_told_in_a_sentence(channel: Any, invented: str) -> None:
    channel.queue_declare(inbox_queue(invented), durable=True, auto_delete=False)
    with pytest.raises(bus.TopologyMismatch) as caught:
        bus.declare_topology(channel, (), (invented,))
    sentence = str(caught.value)
    assert inbox_queue(invented) in sentence
    assert "new queue name" in sentence
    assert "新的队列名称" in sentence


def test_a_broker_that_is_away_is_an_error_of_its_own_kind(settings: Settings) -> None:
    nowhere = Settings(amqp_url="amqp://guest:guest@127.0.0.1:1/none")
    with pytest.raises(bus.BROKER_ERRORS):
        bus.declare(nowhere)
