"""A whole service in a real container: waits for what it needs, does its work, brings everything out at its end."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import eventlet
import pytest
from eventlet.greenio import shutdown_safe
from pymongo import MongoClient
from pymongo.database import Database

from chassis import bus
from chassis.arrival import Arrival
from chassis.errors import StartError
from chassis.gear import Gear, Job, Parts, offline
from chassis.health import Health
from chassis.http_server import listen
from chassis.jobs import JobLoop
from chassis.lease import Leases
from chassis.machinery import Machinery
from chassis.migrations import base_indexes, migrate
from chassis.mongo import Document
from chassis.resources import open_resources
from chassis.rpc import Container, RpcClient, container_config
from chassis.rpc_wire import request_queue
from chassis.settings import Settings
from contracts.commands.reads import History
from contracts.events import AnyReceived
from contracts.topology import inbox_queue
from deploy.stack.ports import free_ports
from tests.brokers import Rabbit
from tests.builders import COMMUNITY
from tests.services.chassis import small_service
from tests.services.chassis.bus_probe import gateway_handlers
from tests.services.chassis.http_client import client
from tests.services.chassis.rpc_probe import meta
from tests.services.chassis.small_service import BEGUN, GATE, NAME, Join, SmallService, build
from tests.waiting import wait_until


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, http_port=0, sweep_interval=0.5, lease_ttl=1.0, due_interval=0.05)


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings, amqp: Rabbit) -> Iterator[Database[Document]]:
    mongo.drop_database(settings.db_prefix + NAME)
    yield mongo[settings.db_prefix + NAME]
    mongo.drop_database(settings.db_prefix + NAME)
    amqp.channel().queue_delete(request_queue(NAME))


@contextmanager
def running(settings: Settings) -> Iterator[Gear]:
    """The service in a container whose start is not waited for."""
    container = Container(SmallService, {**container_config(settings), "ops_port": 0})
    starting = eventlet.spawn(container.start)
    gear = next(iter(dep for dep in container.dependencies if isinstance(dep, Gear)))
    try:
        wait_until(lambda: gear.ops_port)
        yield gear
        if starting.dead:
            starting.wait()
            gear.drain()
            container.stop()
    finally:
        starting.kill()
        gear.kill()


def readiness(gear: Gear) -> tuple[int, list[str]]:
    """What the ops port says."""
    with client(gear.ops_port) as browser:
        answer = browser.get("/readyz")
    return answer.status, json.loads(answer.body)["reasons"]


def is_ready(gear: Gear) -> bool:
    return readiness(gear)[0] == 200


@contextmanager
def calling(settings: Settings) -> Iterator[RpcClient]:
    rpc = RpcClient(settings, "test")
    rpc.start()
    yield rpc
    rpc.stop()


@pytest.fixture
def migrated(db: Database[Document]) -> Database[Document]:
    migrate(db, base_indexes(["crews"]))
    return db


def test_a_command_s_event_is_stored_published_and_readable(
    settings: Settings, migrated: Database[Document], amqp: Rabbit
) -> None:
    with running(settings) as gear, calling(settings) as rpc:
        wait_until(lambda: is_ready(gear))
        outcome = rpc.call(Join(crew_id="crew-1", member="m1"), meta())
        assert outcome.result == {"count": 1}
        wait_until(lambda: amqp.depth(inbox_queue("gateway")) == 1)
        actor = replace(meta().actor, community_id=COMMUNITY)

        def stored() -> list[str]:
            """It is stored while it is published: either may come first."""
            history = rpc.call(History(thread="crew-1"), meta(actor=actor), NAME)
            return [event["id"] for event in history.result["events"]]

        wait_until(lambda: stored() == [outcome.envelopes[0].id])
        with client(gear.ops_port) as browser:
            assert b"shiliu_events_published_total" in browser.get("/metrics").body
            assert browser.get("/healthz").status == 200


def test_a_deadline_fires(settings: Settings, migrated: Database[Document]) -> None:
    with running(settings) as gear, calling(settings) as rpc:
        wait_until(lambda: is_ready(gear))
        rpc.call(Join(crew_id="crew-1", member="m1", meet=True), meta())
        wait_until(lambda: migrated["crews"].find_one({"_id": "crew-1", "note": "met"}))
        assert "next_due" not in (migrated["crews"].find_one("crew-1") or {})


def test_a_stop_brings_out_what_a_call_in_flight_still_writes(
    settings: Settings, migrated: Database[Document], amqp: Rabbit
) -> None:
    with calling(settings) as rpc:
        with running(settings) as gear:
            wait_until(lambda: is_ready(gear))
            caller = eventlet.spawn(rpc.call, Join(crew_id="crew-1", member="m1", waits=True), meta(), seconds=30)
            wait_until(lambda: migrated[BEGUN].find_one())
            eventlet.spawn_after(0.3, migrated[GATE].insert_one, {})
        assert caller.wait().result == {"count": 1}
    stored = migrated["crews"].find_one("crew-1") or {}
    assert stored["outbox"] == []
    assert "pending" not in stored
    assert amqp.depth(inbox_queue("gateway")) == 1


def test_a_failing_job_goes_on(settings: Settings, migrated: Database[Document]) -> None:
    with running(settings) as gear:
        wait_until(lambda: is_ready(gear))
        wait_until(lambda: gear.parts is not None and gear.parts.app.runs >= 4)


def test_start_waits_for_the_migration_and_says_so(settings: Settings, db: Database[Document]) -> None:
    with running(settings) as gear:
        status, reasons = wait_until(lambda: _unready_for(gear, "migrate"))
        assert status == 503
        assert gear.get_dependency(None) is None, "the service took work before its database was ready"
        migrate(db, base_indexes(["crews"]))
        wait_until(lambda: is_ready(gear))
        assert reasons[0].startswith("start: ")


def test_start_waits_for_a_broker_that_comes_later(
    settings: Settings, migrated: Database[Document], caplog: pytest.LogCaptureFixture
) -> None:
    (port,) = free_ports(1)
    away = replace(settings, amqp_url=moved(settings.amqp_url, port))
    with running(away) as gear:
        wait_until(lambda: _unready_for(gear, "message broker"))
        with forwarded(port, settings.amqp_url):
            wait_until(lambda: is_ready(gear), 20)
            assert gear.get_dependency(None) is not None


def test_start_waits_for_a_database_that_is_away(settings: Settings) -> None:
    away = replace(settings, mongo_url="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200")
    with running(away) as gear:
        status, _ = wait_until(lambda: _unready_for(gear, "database"))
        assert status == 503
        with client(gear.ops_port) as browser:
            assert browser.get("/healthz").status == 200, "alive, though not ready"


def test_a_topology_that_cannot_be_declared_is_an_error_and_no_waiting(settings: Settings) -> None:
    def mismatch(_: Settings) -> None:
        raise bus.TopologyMismatch("队列参数不符 / other arguments")

    with pytest.raises(StartError, match="队列参数不符"):
        Arrival().broker(settings, mismatch)


def test_operators_verbs_leave_nothing_in_the_outbox(
    settings: Settings, migrated: Database[Document], amqp: Rabbit
) -> None:
    assert small_service.load(settings, ["crew-1", "crew-2"]) == 0
    assert amqp.depth(inbox_queue("gateway")) == 2
    assert migrated["crews"].count_documents({"pending": True}) == 0


def test_operators_verbs_wait_for_a_migration_only_so_long(
    settings: Settings, db: Database[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.gear.OFFLINE_PATIENCE", 0.1)
    with pytest.raises(StartError, match="migrate"), offline(build, settings, NAME):
        raise AssertionError("a service without its indexes must not be used")


def test_handlers_get_events_and_others_than_the_topology_s_are_refused(
    settings: Settings, mongo: MongoClient[Document], amqp: Rabbit
) -> None:
    seen: list[AnyReceived] = []
    resources = open_resources(settings, "gateway", Health())
    with pytest.raises(ValueError, match="stream"):
        Machinery(resources, Parts(app=None, handlers={"project": seen.extend}))
    handlers = gateway_handlers(project=seen.extend)
    bus.declare(settings)
    machinery = Machinery(resources, Parts(app=None, handlers=handlers))
    machinery.start()
    wait_until(lambda: resources.health.ready() == [])
    migrate(mongo[settings.db_prefix + NAME], base_indexes(["crews"]))
    small_service.load(settings, ["crew-9"])
    wait_until(lambda: [event.envelope.subject for event in seen] == ["crew-9"])
    machinery.stop(5)
    wait_until(lambda: amqp.depth(inbox_queue("gateway")) == 0)


def test_a_leased_job_runs_in_one_instance_only(settings: Settings, db: Database[Document]) -> None:
    runs: list[str] = []
    first = JobLoop(Job("sweep", 60, lambda: runs.append("first"), leased=True), Leases(db, "one"), 1.0)
    second = JobLoop(Job("sweep", 60, lambda: runs.append("second"), leased=True), Leases(db, "two"), 1.0)
    first.run_once()
    second.run_once()
    assert runs == ["first"]


def _unready_for(gear: Gear, word: str) -> Any:
    status, reasons = readiness(gear)
    return (status, reasons) if any(word in reason for reason in reasons) else None


def moved(url: str, port: int) -> str:
    """The same address with another port."""
    head, _, path = url.rpartition("/")
    return f"{head.rpartition(':')[0]}:{port}/{path}"


@contextmanager
def forwarded(port: int, url: str) -> Iterator[None]:
    """Let *port* lead to the broker of *url*."""
    target = ("127.0.0.1", int(url.rpartition("/")[0].rpartition(":")[2]))
    door = listen("127.0.0.1", port)

    def copy(source: Any, sink: Any) -> None:
        with suppress(OSError, EOFError):
            while part := source.recv(65_536):
                sink.sendall(part)
        shutdown_safe(sink)

    def accept() -> None:
        while True:
            near, _ = door.accept()
            far = eventlet.connect(target)
            eventlet.spawn(copy, near, far)
            eventlet.spawn(copy, far, near)

    acceptor = eventlet.spawn(accept)
    yield
    acceptor.kill()
    door.close()
