"""Calls between services: every call has an end, and a stop loses and repeats nothing."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import amqp
import eventlet
import pytest
from eventlet.event import Event

from chassis import rpc_wire
from chassis.rpc import RpcClient, ServiceFault
from chassis.settings import Settings
from contracts.commands import Call, Outcome
from contracts.errors import Busy, Conflict, Invalid, TooLate
from tests.services.chassis.rpc_probe import (
    SECRET,
    Ask,
    Probe,
    Unserved,
    channel_of,
    consumer_of,
    delete_queue,
    meta,
    probe_class,
    serving,
    waiting_requests,
)
from tests.waiting import wait_until


@pytest.fixture
def client(settings: Settings) -> Iterator[RpcClient]:
    rpc = RpcClient(settings, "test")
    rpc.start()
    wait_until(lambda: rpc.connected)
    yield rpc
    rpc.stop()


@pytest.fixture
def probe(settings: Settings) -> Iterator[type[Probe]]:
    service = probe_class()
    with serving(settings, service):
        yield service


def test_an_outcome_comes_back(client: RpcClient, probe: type[Probe]) -> None:
    assert client.call(Ask(text="你好"), meta(), probe.name).result == {"echo": "你好"}
    assert client.pending == 0


def test_a_refusal_comes_back_as_what_it_was(client: RpcClient, probe: type[Probe]) -> None:
    with pytest.raises(Conflict) as caught:
        client.call(Ask(text="refuse"), meta(), probe.name)
    refusal = caught.value
    assert (refusal.code, refusal.sentence.zh, refusal.field) == ("seat-taken", "名额已满", "seat")


def test_an_unexpected_error_tells_an_id_and_nothing_else_and_the_service_goes_on(
    client: RpcClient, probe: type[Probe], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ServiceFault) as caught:
        client.call(Ask(text="break"), meta(), probe.name)
    assert len(caught.value.id) == 26
    assert SECRET not in str(caught.value)
    assert client.call(Ask(text="again"), meta(), probe.name).result == {"echo": "again"}


def test_a_database_that_is_away_is_no_fault_of_the_service(client: RpcClient, probe: type[Probe]) -> None:
    with pytest.raises(Busy) as caught:
        client.call(Ask(text="away"), meta(), probe.name)
    assert caught.value.code == "database-away"
    assert SECRET not in str(caught.value)


def test_an_answer_that_is_no_json_is_a_fault_and_the_service_goes_on(client: RpcClient, probe: type[Probe]) -> None:
    with pytest.raises(ServiceFault):
        client.call(Ask(text="unspeakable"), meta(), probe.name)
    assert client.call(Ask(text="again"), meta(), probe.name).result == {"echo": "again"}


def test_the_fault_on_the_wire_holds_no_text_of_the_error(settings: Settings, probe: type[Probe]) -> None:
    with channel_of(settings) as channel:
        queue = channel.queue_declare(exclusive=True).queue
        channel.queue_bind(queue, rpc_wire.EXCHANGE, queue)
        call = Call(Ask(text="break"), meta())
        request = rpc_wire.request(call, reply_to=queue, correlation_id="x", seconds=5)
        channel.basic_publish(request, rpc_wire.EXCHANGE, f"{probe.name}.ask")
        answer = wait_until(lambda: channel.basic_get(queue, no_ack=True))
    assert "13800001111" not in str(answer.body)
    assert "ValueError" not in str(answer.body)


def test_what_breaks_the_command_s_schema_is_invalid(settings: Settings, client: RpcClient, probe: type[Probe]) -> None:
    with pytest.raises(Invalid) as caught:
        client.call(Ask(text="a\x00b"), meta(), probe.name)
    assert caught.value.field == "text"
    assert probe.log == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b'{"args": []}', b'{"args": [{"meta": 1}]}', b'{"args": 5}'])
def test_a_malformed_request_is_answered_and_taken_off_the_queue(
    settings: Settings, probe: type[Probe], client: RpcClient, body: bytes
) -> None:
    with channel_of(settings) as channel:
        queue = channel.queue_declare(exclusive=True).queue
        channel.queue_bind(queue, rpc_wire.EXCHANGE, queue)
        channel.basic_publish(amqp.Message(body, reply_to=queue), rpc_wire.EXCHANGE, f"{probe.name}.ask")
        answer = wait_until(lambda: channel.basic_get(queue, no_ack=True))
    assert json.loads(answer.body)["result"]["error"]["kind"] == "internal"
    assert client.call(Ask(text="again"), meta(), probe.name).result == {"echo": "again"}


def test_a_method_nobody_serves_is_a_fault(client: RpcClient, probe: type[Probe]) -> None:
    with pytest.raises(ServiceFault):
        client.call(Unserved(), meta(), probe.name)


def test_a_service_that_never_was_is_said_at_once(client: RpcClient) -> None:
    with pytest.raises(Busy) as caught:  # had the broker's return not been heard, it were too late instead
        client.call(Ask(), meta(), f"nobody-{uuid4().hex}")
    assert caught.value.code == "service-away"
    assert client.pending == 0


def test_a_broker_that_is_away_is_said_soon(settings: Settings) -> None:
    away = RpcClient(Settings(amqp_url="amqp://shiliu:shiliu@127.0.0.1:1/none"), "test")
    away.start()
    with pytest.raises(Busy) as caught:
        away.call(Ask(), meta())
    away.stop()
    assert caught.value.code == "broker-away"


def test_a_time_out_is_an_unknown_outcome_and_leaves_nothing_waiting(client: RpcClient, probe: type[Probe]) -> None:
    with pytest.raises(TooLate) as caught:
        client.call(Ask(text="slow", seconds=1.5), meta(), probe.name, seconds=1.0)
    assert caught.value.code == "outcome-unknown"
    assert client.pending == 0
    wait_until(lambda: "ended slow" in probe.log)
    assert client.call(Ask(text="next"), meta(), probe.name).result == {"echo": "next"}


def test_a_call_that_has_no_time_left_is_not_sent(client: RpcClient, probe: type[Probe]) -> None:
    with pytest.raises(TooLate):
        client.call(Ask(text="late"), meta(), probe.name, seconds=-1)
    assert probe.log == []


def test_a_request_nobody_took_in_time_is_dropped_by_the_broker(settings: Settings, client: RpcClient) -> None:
    """Without AMQP expiration it would run when the service comes back, long after the caller was told 504."""
    service = probe_class()
    with channel_of(settings) as channel:
        queue = rpc_wire.request_queue(service.name)
        expiry = {"x-expires": rpc_wire.ABANDONED_MS}
        channel.queue_declare(queue, durable=True, auto_delete=True, arguments=expiry)
        channel.queue_bind(queue, rpc_wire.EXCHANGE, f"{service.name}.*")
    try:
        with pytest.raises(TooLate):
            client.call(Ask(text="expired"), meta(), service.name, seconds=0.3)
        wait_until(lambda: waiting_requests(settings, service.name) == 0)
        with serving(settings, service):
            assert client.call(Ask(text="fresh"), meta(), service.name).result == {"echo": "fresh"}
        assert service.log == ["began fresh", "ended fresh"]
    finally:
        delete_queue(settings, service.name)


def test_requests_carry_expiration_and_are_transient() -> None:
    message = rpc_wire.request(Call(Ask(), meta()), reply_to="r", correlation_id="c", seconds=1.5)
    assert message.properties["expiration"] == "1500"
    assert message.properties["delivery_mode"] == 1
    assert rpc_wire.answer({}, correlation_id="c").properties["delivery_mode"] == 1


def test_a_stop_lets_the_call_in_flight_end_and_acknowledges_it(settings: Settings, client: RpcClient) -> None:
    """The stock framework closes the connection first: the ack is dropped and the command runs again elsewhere."""
    service = probe_class()
    other = probe_class(name=service.name, log=[])
    with serving(settings, service) as container:
        caller = eventlet.spawn(client.call, Ask(text="in flight", seconds=0.5), meta(), service.name)
        wait_until(lambda: "began in flight" in service.log)
        with serving(settings, other):
            container.stop()
            assert service.log == ["began in flight", "ended in flight"]
            assert caller.wait().result == {"echo": "in flight"}
            client.call(Ask(text="fresh"), meta(), service.name)
            assert other.log == ["began fresh", "ended fresh"], "the call ran again"


def test_a_request_that_comes_during_the_stop_is_left_to_another_instance(
    settings: Settings, client: RpcClient
) -> None:
    service = probe_class()
    other = probe_class(name=service.name, log=[])
    with serving(settings, service) as old:
        first = eventlet.spawn(client.call, Ask(text="first", seconds=0.6), meta(), service.name)
        wait_until(lambda: "began first" in service.log)
        with serving(settings, other):
            stopping = eventlet.spawn(old.stop)
            wait_until(lambda: not consumer_of(old).connected)
            for number in range(5):
                assert client.call(Ask(text=f"{number}"), meta(), service.name).result == {"echo": f"{number}"}
            assert first.wait().result == {"echo": "first"}
            stopping.wait()
    assert service.log == ["began first", "ended first"], "a stopping instance took new work"


def test_a_request_handed_to_an_instance_that_just_began_to_stop_is_asked_of_the_next(
    settings: Settings, client: RpcClient
) -> None:
    service = probe_class()
    other = probe_class(name=service.name, log=[])
    with serving(settings, service) as old, serving(settings, other):
        # As in the moment between the word to stop and the broker's hearing of it: still handed requests.
        consumer_of(old)._quiet = True
        for number in range(4):
            assert client.call(Ask(text=f"{number}"), meta(), service.name).result == {"echo": f"{number}"}
    assert service.log == []


def test_when_the_last_instance_goes_callers_hear_at_once_and_never_wait_where_nobody_comes(
    settings: Settings, client: RpcClient
) -> None:
    service = probe_class()
    with serving(settings, service) as only:
        first = eventlet.spawn(client.call, Ask(text="first", seconds=0.6), meta(), service.name)
        wait_until(lambda: "began first" in service.log)
        stopping = eventlet.spawn(only.stop)
        wait_until(lambda: is_gone(settings, service.name))
        for number in range(5):
            with pytest.raises(Busy):
                client.call(Ask(text=f"{number}"), meta(), service.name)
        assert first.wait().result == {"echo": "first"}, "what was taken is answered, though its queue is gone"
        stopping.wait()
        with pytest.raises(Busy):
            client.call(Ask(text="later"), meta(), service.name)
    assert service.log == ["began first", "ended first"]


def test_an_instance_that_pauses_leaves_the_requests_to_another_and_takes_them_again(
    settings: Settings, client: RpcClient
) -> None:
    service = probe_class()
    other = probe_class(name=service.name, log=[])
    with serving(settings, service) as one:
        consumer = consumer_of(one)
        running = eventlet.spawn(client.call, Ask(text="running", seconds=0.6), meta(), service.name)
        wait_until(lambda: "began running" in service.log)
        consumer.pause()
        assert not consumer.connected
        wait_until(lambda: is_gone(settings, service.name))
        with pytest.raises(Busy):
            client.call(Ask(text="nobody"), meta(), service.name)
        with serving(settings, other):
            for number in range(5):
                client.call(Ask(text=f"{number}"), meta(), service.name)
            assert running.wait().result == {"echo": "running"}
            assert service.log == ["began running", "ended running"]
        consumer.resume()
        consumer.resume()
        again = wait_until(lambda: answered(client, service.name))
        assert again == {"echo": "again"}
    assert service.log[-1] == "ended again"


def answered(client: RpcClient, service: str) -> Any:
    """What the service says, or None while nobody serves."""
    try:
        return client.call(Ask(text="again"), meta(), service).result
    except Busy:
        return None


def is_gone(settings: Settings, service: str) -> bool:
    """Is there no queue of requests to the service?"""
    with channel_of(settings) as channel:
        try:
            channel.queue_declare(rpc_wire.request_queue(service), passive=True)
        except amqp.exceptions.NotFound:
            return True
        return False


def test_an_instance_that_connects_while_it_pauses_takes_nothing(settings: Settings, client: RpcClient) -> None:
    service = probe_class()
    with serving(settings, service) as one:
        consumer = consumer_of(one)
        consumer.pause()
        cut(consumer)
        wait_until(lambda: is_gone(settings, service.name))
        with pytest.raises(Busy):
            client.call(Ask(text="nobody"), meta(), service.name)
        consumer.resume()
        assert wait_until(lambda: answered(client, service.name)) == {"echo": "again"}


def test_a_queue_of_former_versions_takes_no_requests(settings: Settings, client: RpcClient) -> None:
    service = probe_class()
    former = f"rpc-{service.name}"
    with channel_of(settings) as channel:
        rpc_wire.declare_exchange(channel)
        channel.queue_declare(former, durable=True, auto_delete=False)
        channel.queue_bind(former, rpc_wire.EXCHANGE, f"{service.name}.*")
        try:
            with serving(settings, service):
                client.call(Ask(text="hello"), meta(), service.name)
            assert channel.queue_declare(former, passive=True).message_count == 0
            with pytest.raises(Busy):
                client.call(Ask(text="nobody"), meta(), service.name)
        finally:
            channel.queue_delete(former)


def test_calls_run_side_by_side(settings: Settings, client: RpcClient) -> None:
    leave = Event()

    def answer(_service: Probe, call: Call[Ask]) -> Outcome:
        leave.wait()
        return Outcome({"echo": call.command.text})

    service = probe_class(answer=answer)
    with serving(settings, service):
        calls = [eventlet.spawn(client.call, Ask(text=str(n)), meta(), service.name, seconds=30) for n in range(10)]
        wait_until(lambda: len([line for line in service.log if line.startswith("began")]) == 10)
        leave.send(None)
        assert sorted(call.wait().result["echo"] for call in calls) == sorted(map(str, range(10)))


def test_calls_in_flight_end_when_the_connection_breaks_and_later_ones_work(
    settings: Settings, client: RpcClient, probe: type[Probe]
) -> None:
    caller = eventlet.spawn(client.call, Ask(text="cut", seconds=1.0), meta(), probe.name)
    wait_until(lambda: "began cut" in probe.log)
    cut(client)
    with pytest.raises(TooLate):
        caller.wait()
    assert client.pending == 0
    assert client.call(Ask(text="again"), meta(), probe.name).result == {"echo": "again"}


def test_a_service_whose_connection_breaks_serves_again(settings: Settings, client: RpcClient) -> None:
    service = probe_class()
    with serving(settings, service) as container:
        consumer = consumer_of(container)
        cut(consumer)
        wait_until(lambda: consumer.connected)
        assert client.call(Ask(text="again"), meta(), service.name).result == {"echo": "again"}


def test_logs_of_a_call_carry_its_correlation_id(client: RpcClient, probe: type[Probe]) -> None:
    one = meta(correlation_id="corr-42", command_id="cmd-42")
    result = client.call(Ask(text="bound"), one, probe.name).result
    assert result == {"correlation_id": "corr-42", "command_id": "cmd-42", "method": "ask"}


def cut(holder: Any) -> None:
    """Break its connection under it."""
    holder._link._link._connection.transport.sock.shutdown(2)
    wait_until(lambda: not holder._link.connected)
