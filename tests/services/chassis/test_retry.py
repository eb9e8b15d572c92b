"""Failure has an address: what fails climbs, what cannot be read is dead at once, what is no fault of its own waits."""

import json
import subprocess
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

import amqp as amqplib
import eventlet
import pytest
from pymongo.errors import AutoReconnect, ServerSelectionTimeoutError
from structlog.testing import capture_logs

from chassis import bus, metrics
from chassis.dead import list_dead
from chassis.inbox import SUSPECT
from chassis.outage import TRY_AGAIN
from chassis.settings import Settings
from contracts.errors import Conflict
from contracts.events import AnyReceived
from contracts.topology import RETRIES, TOPOLOGY, dead_queue, inbox_queue, retry_queue
from contracts.words import Text
from tests.brokers import Rabbit
from tests.services.chassis.bus_probe import (
    MADE,
    MEMBER,
    Recorder,
    a_wire,
    gateway_handlers,
    handlers_of,
    ids_of,
    put,
    put_raw,
    receiving,
    wires,
)
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("log_lines")

INBOX, DEAD = inbox_queue("gateway"), dead_queue("gateway")


@pytest.fixture
def log_lines() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged: kept instead of printed, since a pretty traceback takes a second."""
    with capture_logs() as lines:
        yield lines


def test_a_failing_event_climbs_three_retries_then_is_dead_with_its_handler(settings: Settings, amqp: Rabbit) -> None:
    keep_account, stream = Recorder(), Recorder()
    bad = a_wire(MEMBER)
    keep_account.refuses[bad["id"]] = Conflict("not-so", Text(zh="不是这样", en="not so"))
    with receiving(settings, "gateway", gateway_handlers(keep_account=keep_account, stream=stream)):
        put(settings, [bad])
        wait_until(lambda: amqp.depth(DEAD) == 1)
    (letter,) = list_dead(settings, "gateway")
    assert (letter.id, letter.reason, letter.handler, letter.attempts) == (
        bad["id"],
        "handler-failed",
        "keep_account",
        4,
    )
    assert letter.error == "Conflict: not-so: not so"
    assert letter.first_failed < letter.last_failed
    assert json.loads(letter.body) == bad
    # The other handlers ran, each time: theirs are keyed effects.
    assert stream.seen == [bad["id"]] * 4
    assert [amqp.depth(queue) for queue in (INBOX, *(retry_queue("gateway", step) for step in RETRIES))] == [0] * 4


def test_one_bad_event_does_not_take_its_batch_along(settings: Settings, amqp: Rabbit) -> None:
    events = [a_wire(subject="t-1") for _ in range(20)]
    bad = events[7]["id"]
    project = Recorder()
    project.refuses[bad] = ValueError("not this one")
    with receiving(settings, "gateway", gateway_handlers()):
        pass
    put(settings, events)
    with receiving(settings, "gateway", gateway_handlers(project=project)):
        wait_until(lambda: amqp.depth(DEAD) == 1)
    assert project.seen == [event_id for event_id in ids_of(events) if event_id != bad]


def test_what_succeeds_on_a_retry_is_dispatched_by_its_type_and_done(settings: Settings, amqp: Rabbit) -> None:
    # A message from a retry queue comes with that queue's key: only its body says what it is.
    keep_account = Recorder()
    keep_account.errors = [RuntimeError("once"), RuntimeError("twice")]
    with receiving(settings, "gateway", gateway_handlers(keep_account=keep_account)):
        put(settings, [event := a_wire(MEMBER)])
        wait_until(lambda: keep_account.seen)
    assert keep_account.seen == [event["id"]]
    wait_until(lambda: (amqp.depth(INBOX), amqp.depth(DEAD)) == (0, 0))


def test_the_delays_are_those_of_the_settings(settings: Settings, amqp: Rabbit) -> None:
    keep_account = Recorder()
    keep_account.errors = [RuntimeError("once")]
    slow = replace(settings, retry_delays=(600.0, 600.0, 600.0))
    with receiving(slow, "gateway", gateway_handlers(keep_account=keep_account)):
        put(settings, [a_wire(MEMBER)])
        wait_until(lambda: amqp.depth(retry_queue("gateway", 1)) == 1)
    message = amqp.get(retry_queue("gateway", 1))
    assert message is not None
    assert message.properties["expiration"] == "600000"
    assert message.properties["application_headers"]["shiliu-attempts"] == 1
    assert keep_account.seen == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff\xfe no text", "undecodable"),
        (b"[1, 2]", "undecodable"),
        (b'{"id": "half an envelope"}', "undecodable"),
        (b"[" * 100_000, "undecodable"),
        (json.dumps(a_wire(MEMBER, data={"snapshot": {"id": 5}})).encode(), "schema"),
        (json.dumps(a_wire(time="yesterday")).encode(), "undecodable"),
    ],
)
def test_what_cannot_be_read_is_dead_at_once_with_the_reason(
    settings: Settings, amqp: Rabbit, body: bytes, reason: str
) -> None:
    stream = Recorder()
    with receiving(settings, "gateway", gateway_handlers(stream=stream)):
        put_raw(settings, INBOX, body, content_type="application/json", content_encoding="utf-8")
        wait_until(lambda: amqp.depth(DEAD) == 1)
        put(settings, [event := a_wire()])
        wait_until(lambda: stream.seen == [event["id"]])
    (letter,) = list_dead(settings, "gateway")
    assert (letter.reason, letter.body, letter.attempts) == (reason, body, 0)
    assert letter.error
    wait_until(lambda: amqp.depth(INBOX) == 0)


@pytest.mark.parametrize(
    ("event", "reason"), [(a_wire(type="shiliu.never.heard.v1"), "unknown-type"), (a_wire(MADE), "no-row")]
)
def test_what_another_version_may_hear_climbs_the_ladder_before_it_is_dead(
    settings: Settings, amqp: Rabbit, event: dict[str, Any], reason: str
) -> None:
    """While two versions of a service share its queue, the older one must not swallow what only the newer hears."""
    rows = tuple(row for row in TOPOLOGY if row.event != MADE.TYPE)
    with receiving(settings, "gateway", gateway_handlers(), rows=rows):
        put_raw(settings, INBOX, json.dumps(event).encode(), message_id=event["id"])
        wait_until(lambda: amqp.depth(DEAD) == 1)
    (letter,) = list_dead(settings, "gateway")
    assert (letter.id, letter.reason, letter.handler, letter.attempts) == (event["id"], reason, "-", 4)


def test_the_next_version_gets_what_the_one_before_could_not_hear(
    settings: Settings,
) -> None:
    rows = tuple(row for row in TOPOLOGY if row.event != MADE.TYPE)
    project, slow, before = Recorder(), replace(settings, retry_delays=(0.5, 0.5, 0.5)), retried()
    with receiving(slow, "gateway", gateway_handlers(), rows=rows):
        put_raw(settings, INBOX, json.dumps(event := a_wire(MADE)).encode())
        wait_until(lambda: retried() > before)  # it may come back at once: where it lies now is not certain
    with receiving(slow, "gateway", gateway_handlers(project=project)):
        wait_until(lambda: project.seen)
    assert project.seen == [event["id"]]


def retried() -> float:
    """How many events of this process were given a second try so far."""
    return metrics.INBOX_RETRIED.labels("1")._value.get()


HELD = Conflict(TRY_AGAIN, Text(zh="有人占着", en="held by somebody who died"))


@pytest.mark.parametrize(
    "error", [AutoReconnect("gone"), ServerSelectionTimeoutError("none"), ConnectionResetError(), HELD]
)
def test_while_the_database_is_away_or_held_events_wait_and_do_not_climb(
    settings: Settings, amqp: Rabbit, error: Exception
) -> None:
    project = Recorder()
    project.errors = [error] * 3
    events = wires(5)
    with receiving(settings, "gateway", gateway_handlers(project=project), workers=1) as inbox:
        put(settings, events)
        wait_until(lambda: inbox.paused)
        assert not inbox.ready
        # They are held, not given back: that would count towards the delivery limit.
        wait_until(lambda: amqp.depth(INBOX) == 0)
        assert [amqp.depth(retry_queue("gateway", step)) for step in RETRIES] == [0, 0, 0]
        wait_until(lambda: len(project.seen) == 5, 20)
        wait_until(lambda: inbox.ready)
    assert project.seen == ids_of(events)
    wait_until(lambda: (amqp.depth(INBOX), amqp.depth(DEAD)) == (0, 0))


def test_a_failed_event_is_not_acked_before_its_retry_queue_has_it(settings: Settings, amqp: Rabbit) -> None:
    keep_account, project = Recorder(), Recorder()
    bad, good = a_wire(MEMBER), a_wire()
    keep_account.refuses[bad["id"]] = ValueError("no")
    with receiving(settings, "gateway", gateway_handlers(keep_account=keep_account, project=project)) as inbox:
        with bus.connected(settings, "test") as connection:
            # The queue refuses everything, as one whose leader is away does.
            full = connection.channel()
            full.queue_delete(retry_queue("gateway", 1))
            limits = {"x-max-length": 0, "x-overflow": "reject-publish"}
            full.queue_declare(retry_queue("gateway", 1), durable=True, auto_delete=False, arguments=limits)
            put_raw(settings, INBOX, json.dumps(bad).encode(), message_id=bad["id"])
            wait_until(lambda: inbox.held == 1)
            put_raw(settings, INBOX, json.dumps(good).encode(), message_id=good["id"])
            wait_until(lambda: good["id"] in project.seen)  # others go on
            assert not inbox.paused
            full.queue_delete(retry_queue("gateway", 1))
        wait_until(lambda: (amqp.depth(DEAD), inbox.held) == (1, 0))
    wait_until(lambda: amqp.depth(INBOX) == 0)
    bus.declare(settings)


def test_a_handler_that_kills_its_process_ends_in_dead(settings: Settings, amqp: Rabbit) -> None:
    bus.declare(settings)
    killer, healthy = a_wire(MADE), a_wire(MADE)
    put(settings, [killer])
    inbox = inbox_queue("tickets")
    for _ in range(bus.DELIVERY_LIMIT - 1):
        hand_out_and_take_back(amqp, inbox)
    put(settings, [healthy])
    for _ in range(2):
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "tests.services.chassis.killed",
            settings.amqp_url,
            killer["id"],
        ]
        assert subprocess.run(command, timeout=45, check=False).returncode == -9
    wait_until(lambda: amqp.depth(dead_queue("tickets")) == 1)
    (letter,) = list_dead(settings, "tickets")
    assert (letter.id, letter.reason) == (killer["id"], "delivery-limit")
    follow = Recorder()
    with receiving(settings, "tickets", handlers_of("tickets", follow_demand=follow)):
        wait_until(lambda: amqp.depth(inbox) == 0)
    assert set(follow.seen) <= {healthy["id"]}


def test_what_may_kill_is_handled_apart_from_its_neighbours(settings: Settings, amqp: Rabbit) -> None:
    # A dying process gives back all it was delivered: in one batch the healthy would reach the limit with the killer.
    bus.declare(settings)
    inbox = inbox_queue("tickets")
    put(settings, suspects := [a_wire(MADE, subject="t-1") for _ in range(2)])
    for _ in range(SUSPECT):
        hand_out_and_take_back(amqp, inbox, len(suspects))
    put(settings, [a_wire(MADE, subject="t-1") for _ in range(8)])
    follow = Recorder()
    with receiving(replace(settings, inbox_batch=2), "tickets", handlers_of("tickets", follow_demand=follow)):
        wait_until(lambda: len(follow.seen) == 10)
    alone = {event_id for batch in follow.batches for event_id in batch if len(batch) == 1}
    assert alone >= set(ids_of(suspects))


def test_what_may_kill_is_handled_one_at_a_time_in_the_whole_process(settings: Settings, amqp: Rabbit) -> None:
    # Beside each other, all would be under way when the killer among them ends the process, and none done.
    bus.declare(settings)
    put(settings, suspects := [a_wire(MADE, subject=f"t-{number}") for number in range(12)])
    for _ in range(SUSPECT):
        hand_out_and_take_back(amqp, inbox_queue("tickets"), len(suspects))
    running, most, done = 0, 0, []

    def follow(events: Sequence[AnyReceived]) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        eventlet.sleep(0.01)
        running -= 1
        done.extend(event.envelope.id for event in events)

    with receiving(settings, "tickets", handlers_of("tickets", follow_demand=follow)):
        wait_until(lambda: len(done) == len(suspects))
    assert (most, sorted(done)) == (1, sorted(ids_of(suspects)))


def hand_out_and_take_back(amqp: Rabbit, queue: str, count: int = 1) -> None:
    """One delivery of each message whose consumer vanished, as the broker counts them."""
    channel: amqplib.Channel = amqp.channel()
    for _ in range(count):
        wait_until(lambda: channel.basic_get(queue))
    channel.close()
