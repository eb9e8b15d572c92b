"""The depth of a service's queues: told as it stands, each rise of dead letters once, by one instance."""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pymongo import MongoClient
from structlog.testing import capture_logs

from chassis import bus, dead, metrics
from chassis.depths import DepthWatch
from chassis.lease import Leases
from chassis.settings import Settings
from contracts.topology import dead_queue, inbox_queue, retry_queue
from tests.brokers import Rabbit
from tests.services.chassis.bus_probe import put_raw
from tests.waiting import wait_until

DEAD = dead_queue("gateway")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    bus.declare(settings)
    return replace(settings, lease_ttl=60.0, inbox_alarm=4, retry_alarm=1)


@contextmanager
def watching(settings: Settings, mongo: MongoClient[Any], owner: str = "one") -> Iterator[DepthWatch]:
    """A watch that looks when it is told to."""
    db = mongo[settings.db_prefix + "gateway"]
    watch = DepthWatch(settings, "gateway", db, Leases(db, owner))
    try:
        yield watch
    finally:
        watch._turn.give_back()
        watch._hang_up()


@pytest.fixture
def watch(settings: Settings, mongo: MongoClient[Any]) -> Iterator[DepthWatch]:
    with watching(settings, mongo) as one:
        yield one


def put(settings: Settings, amqp: Rabbit, queue: str, count: int) -> None:
    before = amqp.depth(queue) or 0
    for number in range(count):
        put_raw(settings, queue, b"{}", message_id=f"{queue}-{number}")
    wait_until(lambda: amqp.depth(queue) == before + count)


def come_back(amqp: Rabbit, count: int) -> None:
    """Nobody holds dead letters and *count* lie there: a queue hears of its consumer's end a moment later."""
    wait_until(lambda: (amqp.consumers(DEAD), amqp.depth(DEAD)) == (0, count))


def look(watch: DepthWatch) -> list[MutableMapping[str, Any]]:
    with capture_logs() as lines:
        watch.look()
    return lines


def told(watch: DepthWatch) -> list[tuple[str, str, int]]:
    return [(line["log_level"], line["event"], line.get("count", 0)) for line in look(watch)]


def gauges() -> Mapping[str, float]:
    families = {family.name: family for family in text_string_to_metric_families(metrics.expose().decode())}
    return {sample.labels["queue"]: sample.value for sample in families["shiliu_queue_messages"].samples}


def test_a_rise_of_dead_letters_is_one_error_and_their_end_one_line(
    settings: Settings, amqp: Rabbit, watch: DepthWatch
) -> None:
    assert told(watch) == []
    put(settings, amqp, DEAD, 2)
    lines = look(watch)
    assert [line["event"] for line in lines] == ["dead.more"]
    assert lines[0] == {"event": "dead.more", "log_level": "error", "service": "gateway", "count": 2, "before": 0}
    assert told(watch) == []
    assert gauges()["dead"] == 2
    put(settings, amqp, DEAD, 1)
    assert told(watch) == [("error", "dead.more", 3)]
    dead.discard(settings, "gateway", dead.Choice(ids=frozenset({f"{DEAD}-1"})), lambda letter: None)
    come_back(amqp, 2)
    assert [told(watch), told(watch)] == [[], []]
    assert gauges()["dead"] == 2
    amqp.purge([DEAD])
    assert told(watch) == [], "somebody may be holding them"
    assert gauges()["dead"] == 2
    assert told(watch) == [("info", "dead.none_left", 0)]
    assert told(watch) == []
    assert gauges()["dead"] == 0


def test_whoever_takes_over_does_not_tell_it_again(
    settings: Settings, amqp: Rabbit, mongo: MongoClient[Any], watch: DepthWatch
) -> None:
    put(settings, amqp, DEAD, 2)
    assert told(watch) == [("error", "dead.more", 2)]
    with watching(settings, mongo, "two") as other:
        assert told(other) == []
        assert gauges() == {}, "it is the other's turn"
        watch._turn.give_back()
        other._turn.give_back()
        assert told(other) == []
        assert gauges()["dead"] == 2


def test_what_an_operator_is_looking_at_has_not_gone(settings: Settings, amqp: Rabbit, watch: DepthWatch) -> None:
    put(settings, amqp, DEAD, 3)
    look(watch)
    with dead._look(settings, "gateway") as held:
        assert len(list(held.messages())) == 3
        wait_until(lambda: amqp.depth(DEAD) == 0)
        assert told(watch) == []
        assert gauges()["dead"] == 3
    for _ in range(20):
        assert told(watch) == [], "neither gone nor come back"
    come_back(amqp, 3)
    held_for_a_moment = amqp.channel()
    while held_for_a_moment.basic_get(DEAD):
        continue
    assert told(watch) == []
    held_for_a_moment.close()
    come_back(amqp, 3)
    assert [told(watch), told(watch)] == [[], []]


def test_a_deep_inbox_or_retry_queue_is_a_warning_until_it_is_shallow_again(
    settings: Settings, amqp: Rabbit, watch: DepthWatch
) -> None:
    put(settings, amqp, inbox_queue("gateway"), 5)
    put(settings, amqp, retry_queue("gateway", 2), 2)
    assert told(watch) == [("warning", "queue.deep", 5), ("warning", "queue.deep", 2)]
    assert told(watch) == []
    assert gauges() == {"inbox": 5, "retry.1": 0, "retry.2": 2, "retry.3": 0, "dead": 0}
    for _ in range(2):
        amqp.get(inbox_queue("gateway"))
    assert told(watch) == [], "3 of 4 is not shallow yet"
    amqp.purge([inbox_queue("gateway"), retry_queue("gateway", 2)])
    assert told(watch) == [("info", "queue.no_longer_deep", 0)] * 2


def test_what_a_queue_does_not_tell_its_broker_in_time_is_not_taken_for_nothing(
    settings: Settings, amqp: Rabbit, watch: DepthWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(settings, amqp, DEAD, 2)
    put(settings, amqp, inbox_queue("gateway"), 5)
    assert len(told(watch)) == 2
    amqp.purge([DEAD, inbox_queue("gateway")])
    with monkeypatch.context() as silent:
        silent.setattr("chassis.counts.SILENCE", 0.0)
        assert [told(watch) for _ in range(3)] == [[]] * 3
        assert gauges() == {"inbox": 5, "retry.1": 0, "retry.2": 0, "retry.3": 0, "dead": 2}
    assert told(watch) == [("info", "queue.no_longer_deep", 0)]
    assert told(watch) == [("info", "dead.none_left", 0)]


def test_queues_that_are_not_there_and_a_broker_that_goes_do_not_end_the_watch(
    settings: Settings, amqp: Rabbit, watch: DepthWatch
) -> None:
    look(watch)
    amqp.channel().queue_delete(retry_queue("gateway", 1))
    watch._connection.transport.sock.close()
    try:
        assert told(watch) == []
        assert set(gauges()) == {"inbox", "retry.2", "retry.3", "dead"}
    finally:
        bus.declare(settings)
    away = replace(settings, amqp_url="amqp://127.0.0.1:1/x")
    watch._settings = away
    watch._hang_up()
    assert [line["event"] for line in look(watch)] == ["depths.broker_away"]
    assert gauges() == {}


def test_the_queue_of_a_service_that_is_down_is_told_of_by_the_others(
    settings: Settings, amqp: Rabbit, watch: DepthWatch
) -> None:
    put(settings, amqp, inbox_queue("notify"), 5)
    lines = look(watch)
    assert [(line["event"], line["queue"], line["count"]) for line in lines] == [("queue.deep", "notify.inbox", 5)]
    assert told(watch) == []
    assert "notify.inbox" not in gauges()
    amqp.purge([inbox_queue("notify")])
    assert told(watch) == [("info", "queue.no_longer_deep", 0)]


def test_a_deep_queue_that_its_own_service_fetches_is_left_to_it(
    settings: Settings, amqp: Rabbit, watch: DepthWatch
) -> None:
    put(settings, amqp, inbox_queue("notify"), 8)
    channel = amqp.channel()
    channel.basic_qos(0, 1, False)
    channel.basic_consume(inbox_queue("notify"), callback=lambda _: None)
    assert told(watch) == []
    channel.close()
