"""A whole stack with real brokers and stand-in services: started, stopped, cut off, started again."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import amqp
import psutil
import pytest
from pymongo import MongoClient

from deploy.demo.beside import Beside
from deploy.stack.failure import StackError
from deploy.stack.ports import is_free, listener
from deploy.stack.report import parts
from deploy.stack.services import Instance, Service
from deploy.stack.stack import Stack
from tests.brokers import Rabbit, Site
from tests.rooms import MakeStack
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(240)]

MODULE = "tests.stack.echo"
ONE = Service("one", MODULE, 8801, launcher=("-m", MODULE))
TWO = Service("two", MODULE, 8802, http_port=8800, launcher=("-m", MODULE))
ENV = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


def remains(root: Path) -> list[str]:
    """The processes that were started with *root* somewhere in their command or environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and str(root) in " ".join([*process.cmdline(), *process.environ().values()]):
                found.append(f"{process.pid} {process.name()}")
        except psutil.Error:
            continue
    return found


def outside(site: Site) -> dict[str, str]:
    """The run's own brokers, for what is not about brokers."""
    return {"amqp_url": site.amqp_url("test-9"), "mongo_url": site.mongo_url}


def longest_transaction(stack: Stack) -> int:
    """Seconds for which the database keeps locked what a killed process had begun to write."""
    with MongoClient[dict[str, Any]](stack.mongo_url) as client:
        name = "transactionLifetimeLimitSeconds"
        return int(client.admin.command({"getParameter": 1, name: 1})[name])


def write_something(stack: Stack) -> None:
    with MongoClient[dict[str, Any]](stack.mongo_url, w="majority") as client:
        client["shop"]["things"].insert_one({"_id": "yesterday"})
    rabbit = Rabbit(stack.amqp_url)
    channel = rabbit.channel()
    channel.queue_declare("kept", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    channel.confirm_select()
    channel.basic_publish_confirm(amqp.Message("yesterday", delivery_mode=2), routing_key="kept")
    rabbit.close()
    # RabbitMQ 3.10 writes a new quorum queue's name down within a second; cut off before that, the queue is lost.
    (names,) = (stack.root / "rabbitmq" / "mnesia").glob("*/quorum/*/names.dets")
    wait_until(lambda: b"kept" in names.read_bytes(), message="the queue's name on disk")


def read_something(stack: Stack) -> tuple[int, str]:
    with MongoClient[dict[str, Any]](stack.mongo_url) as client:
        count = client["shop"]["things"].count_documents({"_id": "yesterday"})
    rabbit = Rabbit(stack.amqp_url)
    found = wait_until(lambda: rabbit.get("kept"), message="yesterday's message")
    rabbit.close()
    return count, str(found and found.body)


def test_a_second_start_finds_yesterday_s_data_and_a_stop_leaves_nothing(make_stack: MakeStack) -> None:
    stack = make_stack(services=(ONE, TWO), env=ENV, counts={"one": 2})
    started = stack.up()
    assert set(started.names) == {"epmd", "rabbitmq", "mongod", "one", "one.2", "two"}
    assert all(part.ready and part.pid and part.memory for part in parts(stack))
    assert stack.up().names == ()
    assert longest_transaction(stack) <= 5
    write_something(stack)
    epmd = stack.ports["epmd"]
    assert listener(epmd) is not None
    beside = Beside.anew()
    stack.await_ready(beside.start(stack))
    played = {part.name: part for part in parts(stack)[len(started.names) :]}
    assert [part.ready for part in played.values()] == [True, True]

    again = make_stack(services=(ONE, TWO), env=ENV, counts={"one": 2})
    assert set(again.down()) == {*started.names, "providers", "receiver"} == {*started.names, *played}
    assert all(map(is_free, (beside.providers_port, beside.mail_port, beside.receiver_port)))
    assert remains(stack.root) == []
    assert is_free(epmd)
    assert again.down() == []

    again.up()
    assert again.ports == stack.ports
    assert read_something(again) == (1, "yesterday")


def test_what_was_cut_off_is_started_again(make_stack: MakeStack) -> None:
    stack = make_stack(services=(ONE,), env=ENV)
    stack.up()
    write_something(stack)
    for record in stack.brokers.processes.records():
        if record.name != "mongod":
            os.kill(record.pid, signal.SIGKILL)
    wait_until(lambda: stack.running(Instance(ONE)) is None)
    assert [part.name for part in parts(stack) if not part.ready] == ["epmd", "rabbitmq", "one"]
    assert set(stack.up().names) == {"epmd", "rabbitmq", "one"}
    assert read_something(stack) == (1, "yesterday")
    running = stack.running(Instance(ONE))
    assert running
    os.kill(running.pid, signal.SIGKILL)
    assert stack.start_one(Instance(ONE)).pid != running.pid


@pytest.mark.slow
def test_data_moved_to_another_port_is_found(make_stack: MakeStack, tmp_path: Path) -> None:
    first = make_stack(services=(), env=ENV)
    first.up()
    write_something(first)
    first.down()
    ports = json.loads((first.root / "ports.json").read_text(encoding="utf-8"))
    second = make_stack(services=(), env=ENV, ports={"mongo": ports["mongo"] + 1})
    second.up()
    assert read_something(second) == (1, "yesterday")


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"ECHO_FAIL": "migrate"}, "the database or the queues of one could not be prepared"),
        ({"ECHO_FAIL": "serve"}, "service one ended by itself"),
    ],
)
def test_a_service_that_fails_takes_everything_down(
    make_stack: MakeStack, site: Site, trouble: dict[str, str], sentence: str
) -> None:
    stack = make_stack(services=(ONE,), env=ENV | trouble, **outside(site))
    with pytest.raises(StackError, match=sentence) as raised:
        stack.up()
    assert "cannot be done today" in raised.value.text.zh
    assert remains(stack.root) == []
    assert stack.brokers.processes.records() == []


def test_a_service_that_does_not_wake_up_says_why(make_stack: MakeStack, site: Site) -> None:
    stack = make_stack(services=(ONE,), env=ENV | {"ECHO_READY": "no"}, **outside(site))
    with pytest.raises(StackError, match=r"not ready in time.*still asleep"):
        stack.start_one(Instance(ONE), bound=5.0)


def test_a_verb_needs_a_running_stack(make_stack: MakeStack) -> None:
    with pytest.raises(StackError, match=r"run \./shiliu up first"):
        make_stack(services=(ONE,), env=ENV).run(MODULE, "settings")


def test_a_verb_runs_with_the_stack_s_settings(make_stack: MakeStack, site: Site) -> None:
    stack = make_stack(
        services=(ONE,), env=ENV, **outside(site), clock_origin="2030-01-01T08:00:00+08:00", clock_speed=360.0
    )
    stack.up()
    seen = json.loads(stack.run(MODULE, "settings", capture=True).stdout)
    assert seen["SHILIU_AMQP_URL"] == stack.amqp_url
    assert seen["SHILIU_CLOCK_SPEED"] == "360.0"
    assert len(seen["SHILIU_MASTER_KEY"]) == 44
    reached = stack.business_clock()
    stack.down()
    assert stack.business_clock().stopped
    later = make_stack(services=(ONE,), env=ENV, **outside(site))
    later.up()
    assert later.business_clock().origin > reached.origin
    assert later.business_clock().speed == 1.0
