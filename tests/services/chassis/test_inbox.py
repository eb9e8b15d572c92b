"""The inbox against the real broker: every event's effects are stored before its ack, whatever ends in between."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import eventlet
import pytest
from eventlet.event import Event

from chassis import bus
from chassis.inbox import Inbox
from chassis.intake import AckBook
from chassis.settings import Settings
from contracts.events import AnyReceived
from contracts.topology import inbox_queue, retry_queue
from tests.brokers import Rabbit
from tests.services.chassis.bus_probe import (
    ACCEPTED,
    MEMBER,
    Recorder,
    a_wire,
    gateway_handlers,
    handlers_of,
    ids_of,
    put,
    receiving,
    wires,
)
from tests.services.chassis.proxy import proxied
from tests.waiting import wait_until

INBOX = inbox_queue("gateway")


class Held(Recorder):
    """A handler that does not return before it is let go; what waits in it is in ``begun``."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Event()
        self.begun: list[str] = []

    def __call__(self, events: Sequence[AnyReceived]) -> None:
        self.begun += [event.envelope.id for event in events]
        self.gate.wait()
        super().__call__(events)

    def let_go(self) -> None:
        self.gate.send(None)


def test_events_reach_their_handlers_decoded_and_are_acked(settings: Settings, amqp: Rabbit) -> None:
    got: list[AnyReceived] = []
    event = a_wire(ACCEPTED)
    with receiving(settings, "gateway", gateway_handlers(project=got.extend)):
        put(settings, [event])
        wait_until(lambda: got)
    assert got[0].envelope.to_wire() == event
    assert got[0].body == ACCEPTED
    wait_until(lambda: amqp.depth(INBOX) == 0)


def test_the_handlers_of_an_event_run_in_the_order_of_the_topology(settings: Settings) -> None:
    calls: list[str] = []
    names = ("project", "keep_account", "stream")

    def note(name: str) -> Any:
        return lambda events: calls.append(name)

    noted = {name: note(name) for name in reversed(names)}
    with receiving(settings, "gateway", {**noted, **gateway_handlers(**noted)}):
        put(settings, [a_wire(MEMBER)])
        wait_until(lambda: len(calls) == 3)
    assert calls == list(names)


def test_a_handler_gets_only_what_its_rows_name(settings: Settings) -> None:
    project, keep_account = Recorder(), Recorder()
    order, member = a_wire(ACCEPTED), a_wire(MEMBER)
    with receiving(settings, "gateway", gateway_handlers(project=project, keep_account=keep_account)):
        put(settings, [order, member])
        wait_until(lambda: len(project.seen) == 2)
    assert keep_account.seen == [member["id"]]


def test_handlers_are_those_of_the_topology_no_more_no_less(settings: Settings) -> None:
    for wrong in ({}, gateway_handlers(more=Recorder())):
        with pytest.raises(ValueError, match="gateway"):
            Inbox(settings, "gateway", wrong)


def test_what_is_there_comes_in_batches_and_each_subject_in_order(settings: Settings) -> None:
    events = [a_wire(ACCEPTED, subject=f"t-{number % 3}") for number in range(240)]
    with receiving(settings, "gateway", gateway_handlers()):
        pass
    put(settings, events)
    recorder = Recorder()
    with receiving(replace(settings, inbox_batch=20), "gateway", gateway_handlers(project=recorder)):
        wait_until(lambda: len(recorder.seen) == 240)
    assert 1 < max(map(len, recorder.batches)) <= 20
    for subject in ("t-0", "t-1", "t-2"):
        mine = ids_of([wire for wire in events if wire["subject"] == subject])
        assert [event_id for event_id in recorder.seen if event_id in set(mine)] == mine


def test_nothing_is_acked_before_its_effect_is_stored(settings: Settings, amqp: Rabbit) -> None:
    held = Held()
    with receiving(settings, "gateway", gateway_handlers(project=held)) as inbox:
        put(settings, wires(3))
        wait_until(lambda: held.begun)
        inbox.stop(0.0)
        wait_until(lambda: amqp.depth(INBOX) == 3)


def test_a_gentle_stop_finishes_and_acks_what_has_begun(settings: Settings, amqp: Rabbit) -> None:
    held = Held()
    inbox = Inbox(settings, "gateway", gateway_handlers(project=held), workers=1)
    inbox.start()
    wait_until(lambda: inbox.ready)
    put(settings, wires(1))
    wait_until(lambda: held.begun)
    put(settings, wires(2))
    stopping = eventlet.spawn(inbox.stop, 10.0)
    eventlet.spawn_after(0.2, held.let_go)
    assert stopping.wait() is True
    assert len(held.seen) == 1
    # The stock consumer closes before it acks: all three would be here again.
    wait_until(lambda: amqp.depth(INBOX) == 2)


def test_what_a_lost_connection_delivered_comes_again(settings: Settings, amqp: Rabbit) -> None:
    held = Held()
    events = wires(4)
    with proxied(settings) as proxy, receiving(proxy.settings, "gateway", gateway_handlers(project=held)) as inbox:
        put(settings, events)
        wait_until(lambda: held.begun)
        proxy.cut()
        wait_until(lambda: not inbox.ready)
        twice = list(held.begun)
        wait_until(lambda: inbox.ready)
        held.let_go()
        wait_until(lambda: len(held.seen) == 4 + len(twice))
        put(settings, [last := a_wire()])
        wait_until(lambda: last["id"] in held.seen)
    assert sorted(held.seen) == sorted([*ids_of(events), *twice, last["id"]])
    wait_until(lambda: amqp.depth(INBOX) == 0)


def test_the_same_event_is_never_handled_twice_at_once(settings: Settings) -> None:
    # A redelivery while the first run goes on would meet its own half-done effect.
    held = Held()
    with proxied(settings) as proxy, receiving(proxy.settings, "gateway", gateway_handlers(project=held)) as inbox:
        put(settings, [event := a_wire()])
        wait_until(lambda: held.begun)
        for _ in range(2):
            proxy.cut()
            wait_until(lambda: not inbox.ready)
            wait_until(lambda: inbox.ready)
        assert held.begun == [event["id"]]
        held.let_go()
        wait_until(lambda: len(held.seen) == 2)


def test_a_broker_that_falls_silent_is_given_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "HEARTBEAT", 1)
    recorder = Recorder()
    with proxied(settings) as proxy, receiving(proxy.settings, "gateway", gateway_handlers(project=recorder)) as inbox:
        proxy.freeze()
        wait_until(lambda: not inbox.ready)
        put(settings, [event := a_wire()])
        proxy.thaw()
        wait_until(lambda: event["id"] in recorder.seen, 20)


def test_a_quiet_connection_is_kept_alive(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # The broker gives up a client that is silent for two heartbeats.
    monkeypatch.setattr(bus, "HEARTBEAT", 2)
    recorder = Recorder()
    with proxied(settings) as proxy, receiving(proxy.settings, "gateway", gateway_handlers(project=recorder)):
        wait_until(lambda: proxy.heartbeats > 8, 20)
        put(settings, [a_wire()])
        wait_until(lambda: recorder.seen)
        assert proxy.accepted == 1


def test_a_deleted_queue_is_declared_and_consumed_again(settings: Settings, amqp: Rabbit) -> None:
    recorder = Recorder()
    with receiving(settings, "gateway", gateway_handlers(project=recorder)) as inbox:
        amqp.channel().queue_delete(INBOX)
        wait_until(lambda: not inbox.ready)
        wait_until(lambda: inbox.ready)
        put(settings, [event := a_wire()])
        wait_until(lambda: recorder.seen)
    assert recorder.seen == [event["id"]]


def test_a_queue_with_other_arguments_is_told_to_whoever_can_end_the_process(settings: Settings, amqp: Rabbit) -> None:
    told: list[bus.TopologyMismatch] = []
    retry, channel = retry_queue("notify", 2), amqp.channel()
    with proxied(settings) as proxy, receiving(proxy.settings, "gateway", gateway_handlers()) as inbox:
        inbox.on_mismatch = told.append
        channel.queue_delete(retry)
        channel.queue_declare(retry, durable=True, auto_delete=False)
        try:
            proxy.cut()
            wait_until(lambda: told)
        finally:
            channel.queue_delete(retry)
        assert retry in str(told[0])
        wait_until(lambda: inbox.ready)


def test_instances_share_the_work_and_each_event_goes_to_one(settings: Settings, amqp: Rabbit) -> None:
    some = replace(settings, inbox_prefetch=5, inbox_batch=5)
    one, other = Recorder(), Recorder()
    with (
        receiving(some, "gateway", gateway_handlers(project=one)),
        receiving(some, "gateway", gateway_handlers(project=other)),
    ):
        put(settings, events := wires(100))
        wait_until(lambda: len(one.seen) + len(other.seen) >= 100)
    assert sorted(one.seen + other.seen) == sorted(ids_of(events))
    assert one.seen
    assert other.seen
    wait_until(lambda: amqp.depth(INBOX) == 0)


def test_a_slow_event_holds_up_neither_other_subjects_nor_other_services(settings: Settings) -> None:
    slow = Held()
    quick, notified = Recorder(), Recorder()

    def project(events: Sequence[AnyReceived]) -> None:
        (slow if any(event.envelope.subject == "t-slow" for event in events) else quick)(events)

    with (
        receiving(replace(settings, inbox_batch=1), "gateway", gateway_handlers(project=project)),
        receiving(settings, "notify", handlers_of("notify", notify=notified)),
    ):
        put(settings, [a_wire(subject="t-slow"), *(a_wire(subject=f"t-{number}") for number in range(300))])
        wait_until(lambda: len(notified.seen) == 301)
        wait_until(lambda: len(quick.seen) > 200)  # more than the prefetch: acks do not wait for the slow one
        assert slow.seen == []
        slow.let_go()
        wait_until(lambda: len(quick.seen) == 300 and slow.seen)


def test_acks_cover_many_only_where_nothing_is_left_out() -> None:
    book = AckBook()
    for tag in range(1, 11):
        book.delivered(tag)
    assert book.done([1, 2, 3]) == [(3, True)]
    assert book.done([5, 7]) == [(5, False), (7, False)]
    assert book.done([4, 6, 9]) == [(6, True), (9, False)]
    assert book.done([8, 10]) == [(10, True)]
