"""A broker with a memory or disk alarm: publishing waits, consuming goes on, nothing is lost, nobody spins."""

from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import eventlet
import pytest
from pymongo.database import Database
from structlog.testing import capture_logs

from chassis import metrics
from chassis.event_store import EventStore
from chassis.relay import Relay
from chassis.rpc import RpcClient
from chassis.settings import Settings
from contracts.errors import Busy, TooLate
from contracts.topology import dead_queue, inbox_queue
from deploy.stack.brokers import Brokers
from tests.alarms import clear, memory_alarm, own_rabbit, raise_disk_alarm
from tests.brokers import Rabbit
from tests.services.chassis.bus_probe import (
    MEMBER,
    Recorder,
    Wire,
    a_wire,
    drain,
    gateway_handlers,
    ids_of,
    put,
    receiving,
    store,
    wires,
)
from tests.services.chassis.rpc_probe import Ask, meta, probe_class, serving
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.usefixtures("log_lines")]

INBOX, DEAD = inbox_queue("gateway"), dead_queue("gateway")


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    with own_rabbit(tmp_path_factory.mktemp("rabbit"), "test-9") as own:
        yield own


@pytest.fixture
def alarmed(settings: Settings, brokers: Brokers) -> Settings:
    """The settings of this test, with the broker whose alarms it may raise."""
    return replace(settings, amqp_url=brokers.amqp_url("test-9"), confirm_timeout=0.5)


@pytest.fixture
def rabbit(alarmed: Settings) -> Iterator[Rabbit]:
    """That broker, from outside; its queues are empty."""
    with_queues = Rabbit(alarmed.amqp_url)
    with_queues.purge_house()
    yield with_queues
    with_queues.close()


@pytest.fixture
def db(settings: Settings, mongo: Any) -> Database[Any]:
    database: Database[Any] = mongo[f"{settings.db_prefix}alarmed"]
    return database


@pytest.fixture
def log_lines() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as lines:
        yield lines


@contextmanager
def relaying(settings: Settings, db: Database[Any]) -> Iterator[Relay]:
    relay = Relay(settings, db, EventStore(db))
    relay.start()
    try:
        wait_until(lambda: relay.ready)
        yield relay
    finally:
        relay.stop(0.0)


def wake(relay: Relay, events: list[Wire]) -> None:
    for wire in events:
        relay.wake("tickets", wire["subject"], [wire])


def connections(brokers: Brokers, name: str) -> list[str]:
    """The processes of the broker that serve connections of that name: another one is another connection."""
    listed = brokers.rabbitmqctl("list_connections", "pid", "client_properties").splitlines()
    return [line.split("\t")[0] for line in listed if name in line]


def said(log_lines: list[MutableMapping[str, Any]], *events: str) -> Counter[str]:
    return Counter(line["event"] for line in log_lines if line["event"] in events)


def test_the_relay_waits_keeps_the_store_and_brings_all_out_once(
    alarmed: Settings,
    db: Database[Any],
    rabbit: Rabbit,
    brokers: Brokers,
    log_lines: list[MutableMapping[str, Any]],
) -> None:
    # 600 events are more than the broker's side of the socket holds: with the library's own patience of one second
    # for unread bytes the connection broke and was made anew, every second and a half, as long as the alarm lasted.
    events = wires(600)
    store(db, events)
    with relaying(alarmed, db) as relay:
        with memory_alarm(brokers):
            wake(relay, events)
            wait_until(lambda: relay.blocked)
            before = connections(brokers, "relay")
            wait_until(lambda: db["events"].count_documents({}) == 600)  # timelines do not wait
            assert metrics.BROKER_BLOCKED.labels(f"shiliu {db.name} relay")._value.get() == 1
            assert not relay.flush(3 * alarmed.confirm_timeout)
            assert connections(brokers, "relay") == before != []
            assert (relay.ready, relay.flows, relay.backlog) == (True, False, 600)
            assert db["tickets"].count_documents({"pending": True}) == 600
        assert relay.flush(20)
        assert relay.flows
    assert sorted(ids_of(drain(rabbit, INBOX))) == sorted(ids_of(events))  # once each
    assert said(log_lines, "broker.blocked", "broker.unblocked", "broker.link_lost") == {
        "broker.blocked": 1,
        "broker.unblocked": 1,
    }


def test_a_stop_in_an_alarm_is_quick_and_leaves_all_in_the_outboxes(
    alarmed: Settings, db: Database[Any], brokers: Brokers, rabbit: Rabbit
) -> None:
    events = wires(3)
    store(db, events)
    with relaying(alarmed, db) as relay, memory_alarm(brokers):
        wake(relay, events)
        wait_until(lambda: relay.blocked)
        with eventlet.Timeout(10):
            assert relay.stop(60.0) is False
    assert db["tickets"].count_documents({"pending": True}) == 3


def test_consuming_goes_on_while_failed_events_wait(
    alarmed: Settings, rabbit: Rabbit, brokers: Brokers, log_lines: list[MutableMapping[str, Any]]
) -> None:
    # A queue may be why there is an alarm: were acks held back by one failed event, it would never end.
    keep_account, project = Recorder(), Recorder()
    failing = [a_wire(MEMBER) for _ in range(8)]
    for wire in failing:
        keep_account.refuses[wire["id"]] = ValueError("no")
    handlers = gateway_handlers(keep_account=keep_account, project=project)
    with receiving(alarmed, "gateway", gateway_handlers()):
        pass
    put(alarmed, [*failing, *(good := wires(2_000))])
    with memory_alarm(brokers), receiving(alarmed, "gateway", handlers) as inbox:
        wait_until(lambda: inbox.held == 8)
        wait_until(lambda: set(ids_of(good)) <= set(project.seen))
        assert inbox.ready
        wait_until(lambda: unacked(brokers, INBOX) == (0, 8), 40)  # the broker counts these every five seconds
        tries = project.seen.count(failing[0]["id"])
        clear(brokers)
        wait_until(lambda: (rabbit.depth(DEAD), inbox.held) == (8, 0))
    assert tries == 1  # an alarm is no reason to try again
    assert rabbit.depth(INBOX) == 0
    assert said(log_lines, "broker.blocked", "broker.link_lost") == {"broker.blocked": 1}


def unacked(brokers: Brokers, queue: str) -> tuple[int, int]:
    """Messages that are ready, and that are with a consumer."""
    columns = ("name", "messages_ready", "messages_unacknowledged")
    for line in brokers.rabbitmqctl("list_queues", "-p", "test-9", *columns).splitlines():
        name, *counts = line.split("\t")
        if name == queue:
            return int(counts[0]), int(counts[1])
    raise AssertionError(queue)


def test_calls_are_refused_at_once_and_work_again_afterwards(
    alarmed: Settings, rabbit: Rabbit, brokers: Brokers
) -> None:
    service = probe_class()
    client = RpcClient(alarmed, "caller")
    client.start()
    try:
        with serving(alarmed, service):
            assert ask(client, service, "before") == {"echo": "before"}
            raise_disk_alarm(brokers)
            # The broker tells with the first message that it does not take: what became of that call nobody knows.
            with pytest.raises(TooLate):
                ask(client, service, "first", seconds=1.0)
            with eventlet.Timeout(0.5), pytest.raises(Busy) as caught:
                ask(client, service, "second")
            assert caught.value.code == "broker-blocked"
            clear(brokers)
            wait_until(lambda: asked(client, service, "after"))
            assert [line for line in service.log if "began" in line] == ["began before", "began after"]
    finally:
        clear(brokers)
        client.stop()


def ask(client: RpcClient, service: Any, text: str, seconds: float = 10.0) -> Any:
    return client.call(Ask(text=text), meta(), service.name, seconds=seconds).result


def asked(client: RpcClient, service: Any, text: str) -> bool:
    try:
        return bool(ask(client, service, text))
    except Busy:
        return False
