"""The process as the stack starts it: its verbs, its first sentence when it cannot start, its gentle end."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import eventlet
import eventlet.tpool
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import base_indexes, is_migrated
from chassis.mongo import Document
from chassis.rpc import RpcClient
from chassis.rpc_wire import request_queue
from chassis.settings import Settings
from contracts.topology import inbox_queue, retry_queue
from deploy.stack.ports import free_ports
from tests.brokers import Rabbit
from tests.services.chassis.http_client import Client, client
from tests.services.chassis.proxy import proxied
from tests.services.chassis.rpc_probe import meta
from tests.services.chassis.small_service import BEGUN, GATE, NAME, Join
from tests.waiting import wait_until

MODULE = "tests.services.chassis.small_service"
ROOT = Path(__file__).parents[3]
SECONDS = 45
NO_ENV: Mapping[str, str] = {}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(on_free_ports(settings), sweep_interval=0.5, stop_grace=10.0)


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings, amqp: Rabbit) -> Iterator[Database[Document]]:
    mongo.drop_database(settings.db_prefix + NAME)
    yield mongo[settings.db_prefix + NAME]
    mongo.drop_database(settings.db_prefix + NAME)
    amqp.channel().queue_delete(request_queue(NAME))


@contextmanager
def process(
    settings: Settings, *arguments: str, env: Mapping[str, str] = NO_ENV, module: str = MODULE
) -> Iterator["subprocess.Popen[str]"]:
    """``python -m chassis.runner MODULE ...`` with these settings, and *env* beside them."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SHILIU_")}
    started = subprocess.Popen(
        [sys.executable, "-m", "chassis.runner", module, *arguments],
        cwd=ROOT,
        env=own | settings.to_env() | {"PYTHONUNBUFFERED": "1", **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            started.kill()
        started.communicate()


def run(settings: Settings, *arguments: str, env: Mapping[str, str] = NO_ENV, module: str = MODULE) -> tuple[int, str]:
    """Exit code and output of a verb that ends by itself."""
    with process(settings, *arguments, env=env, module=module) as started:
        output, _ = started.communicate(timeout=SECONDS)
        return started.returncode, output


def readiness(settings: Settings) -> int:
    """The status of /readyz; 0 while nobody listens."""
    try:
        with client(settings.ops_port) as browser:
            return browser.get("/readyz").status
    except (OSError, AssertionError):
        return 0


@contextmanager
def serving(
    settings: Settings, env: Mapping[str, str] = NO_ENV, module: str = MODULE
) -> Iterator["subprocess.Popen[str]"]:
    """The migrated service, ready."""
    assert run(settings, "migrate", module=module)[0] == 0
    with process(settings, "serve", env=env, module=module) as started:
        wait_until(lambda: started.poll() is not None or readiness(settings) == 200, SECONDS)
        assert started.poll() is None, started.communicate()[0]
        yield started


def sentences(output: str) -> list[str]:
    """What was said beside the log."""
    return [line for line in output.splitlines() if not line.startswith("{")]


def on_free_ports(settings: Settings) -> Settings:
    """Not where the system takes ports for connections: one of the other tests' could have it before the service."""
    ops, http = free_ports(2)
    return replace(settings, ops_port=ops, http_port=http)


def test_a_term_signal_lets_everything_in_flight_end(settings: Settings, db: Database[Document], amqp: Rabbit) -> None:
    """Stock: both HTTP requests are cut off, and the call's message stays in the queue to be run again."""
    rpc = RpcClient(settings, "test")
    rpc.start()
    with serving(settings) as started, client(settings.http_port) as slow, client(settings.http_port) as stream:
        caller = eventlet.spawn(rpc.call, Join(crew_id="crew-1", member="m1", waits=True), meta(), seconds=30)
        slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        stream.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        stream.until(b": still here\n\n")
        wait_until(lambda: db[BEGUN].distinct("what") == ["join", "slow"])
        started.send_signal(signal.SIGTERM)
        refused = wait_until(lambda: _refused(settings))
        assert refused == "3"
        db[GATE].insert_one({})
        assert slow.answer().body == b"fine"
        assert caller.wait().result == {"count": 1}
        stream.until(b": closing\n\n")
        output, _ = started.communicate(timeout=SECONDS)
    rpc.stop()
    assert started.returncode == 0, output
    wait_until(lambda: amqp.depth(request_queue(NAME)) is None, message="no call waits where nobody comes")
    assert amqp.depth(inbox_queue("gateway")) == 1, "the event was not brought out"
    assert db["crews"].count_documents({"pending": True}) == 0
    assert sentences(output) == []
    assert {json.loads(line)["service"] for line in output.splitlines()} == {NAME}


def test_a_term_signal_while_it_waits_for_its_broker_ends_it(settings: Settings) -> None:
    away = replace(settings, mongo_url="mongodb://127.0.0.1:1/")
    with process(away, "serve") as started:
        wait_until(lambda: readiness(away) == 503, SECONDS)
        started.send_signal(signal.SIGTERM)
        output, _ = started.communicate(timeout=SECONDS)
    assert started.returncode == 0, output


def test_migrate_builds_the_indexes(settings: Settings, db: Database[Document]) -> None:
    assert not is_migrated(db, base_indexes(["crews"]))
    assert run(settings, "migrate")[0] == 0
    assert is_migrated(db, base_indexes(["crews"]))


def test_the_collector_spares_what_was_imported_and_works_from_then_on(settings: Settings) -> None:
    assert run(settings, "collector") == (0, "True True\n")


def test_an_operator_s_verb_runs_and_its_events_are_out_when_it_ends(
    settings: Settings, db: Database[Document], amqp: Rabbit
) -> None:
    run(settings, "migrate")
    code, output = run(settings, "load", "crew-1", "crew-2")
    assert code == 0, output
    assert amqp.depth(inbox_queue("gateway")) == 2


def test_a_taken_port_is_one_sentence_and_exit_code_1(settings: Settings, db: Database[Document]) -> None:
    run(settings, "migrate")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.http_port))
        taken.listen()
        code, output = run(settings, "serve")
    said = sentences(output)
    assert (code, len(said)) == (1, 1), output
    assert f"{settings.http_port} 已被占用" in said[0]


@pytest.mark.parametrize(
    ("change", "verb", "code", "words"),
    [
        ({"clock_speed": -1.0}, "serve", 1, "SHILIU_CLOCK_SPEED"),
        ({"mongo_url": "mongodb://user@:name@host"}, "migrate", 1, "SHILIU_MONGO_URL"),
        ({}, "unheard-of", 2, "serve, migrate, dead, keys, retention, person, load, collector"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    settings: Settings, change: dict[str, Any], verb: str, code: int, words: str
) -> None:
    seen, output = run(replace(settings, **change), verb)
    assert seen == code
    (sentence,) = sentences(output)
    assert words in sentence


def test_arguments_that_changed_under_a_running_process_end_it_as_they_would_have_at_its_start(
    settings: Settings, db: Database[Document], amqp: Rabbit
) -> None:
    """Somebody made a queue anew meanwhile; whoever only logs that and tries again hangs for ever."""
    queue, channel = retry_queue("notify", 1), amqp.channel()
    with proxied(settings) as proxy, serving(proxy.settings) as started:
        channel.queue_delete(queue)
        channel.queue_declare(queue, durable=True, auto_delete=False)
        try:
            proxy.cut()
            output = eventlet.tpool.execute(started.communicate, timeout=SECONDS)[0]
        finally:
            channel.queue_delete(queue)
    assert started.returncode == 1
    [sentence] = sentences(output)
    assert queue in sentence
    assert "new queue name" in sentence


def _refused(settings: Settings) -> str:
    """Retry-After of a new request's 503."""
    try:
        browser = Client(settings.http_port)
    except OSError:
        return ""
    with browser.sock:
        answer = browser.get("/plain")
        return answer.headers["retry-after"] if answer.status == 503 else ""
