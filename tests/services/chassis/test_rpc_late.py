"""A request whose caller has given up never starts, wherever it lay; and no clock of another machine is trusted."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import amqp
import eventlet
import pytest
from eventlet.event import Event

from chassis import rpc_wire
from chassis.clock import elapsed_seconds
from chassis.metrics import RPC_LATE
from chassis.rpc import RpcClient
from chassis.settings import Settings
from contracts.commands import Call
from contracts.errors import TooLate
from contracts.schemas.wire import write_call
from tests.services.chassis.proxy import Proxy, proxied
from tests.services.chassis.rpc_probe import (
    Ask,
    Probe,
    channel_of,
    meta,
    probe_class,
    serving,
    waiting_requests,
)
from tests.waiting import wait_until

HOUR = 3_600.0
SOON = 0.8
"""Seconds that a call of these tests has."""


class Steady:
    """A steady clock that began to count at another moment, and may stand still for a while."""

    def __init__(self, apart: float) -> None:
        self.apart = apart

    def __call__(self) -> float:
        return elapsed_seconds() + self.apart


@pytest.fixture(params=[0.0, HOUR, -HOUR])
def steady(request: pytest.FixtureRequest) -> Steady:
    return Steady(request.param)


@pytest.fixture
def client(settings: Settings, steady: Steady) -> Iterator[RpcClient]:
    rpc = RpcClient(settings, "test", steady)
    rpc.start()
    wait_until(lambda: rpc.connected)
    yield rpc
    rpc.stop()


@pytest.fixture
def network(settings: Settings) -> Iterator[Proxy]:
    """Between the broker and the service."""
    with proxied(settings) as proxy:
        yield proxy


def refused_late() -> float:
    """How many requests were refused so far."""
    samples: list[Any] = [sample for metric in RPC_LATE.collect() for sample in metric.samples]
    return sum(float(sample.value) for sample in samples if sample.name.endswith("_total"))


def test_a_request_that_lay_on_a_frozen_network_is_refused(
    settings: Settings, network: Proxy, client: RpcClient
) -> None:
    """The broker had handed it out in time, so its expiration says nothing; only its way was long."""
    service = probe_class()
    with serving(network.settings, service):
        assert client.call(Ask(text="quick"), meta(), service.name).result == {"echo": "quick"}
        before = refused_late()
        network.freeze()
        with pytest.raises(TooLate):
            client.call(Ask(text="frozen"), meta(), service.name, seconds=SOON)
        eventlet.sleep(SOON)
        network.thaw()
        wait_until(lambda: refused_late() == before + 1)
        assert client.call(Ask(text="fresh"), meta(), service.name).result == {"echo": "fresh"}
    assert [line for line in service.log if "frozen" in line] == []


def test_a_request_that_waited_for_a_worker_is_refused(settings: Settings, client: RpcClient) -> None:
    """Workers of a lost connection hold the pool while the new one hands requests out."""
    service, leave = probe_class(), Event()
    before = refused_late()
    with serving(replace(settings, rpc_workers=2), service) as container:
        for _ in range(2):
            container._worker_pool.spawn(leave.wait)
        with pytest.raises(TooLate):
            client.call(Ask(text="late"), meta(), service.name, seconds=SOON)
        waiting = eventlet.spawn(client.call, Ask(text="in time"), meta(), service.name)
        wait_until(lambda: client.pending and waiting_requests(settings, service.name) == 0)
        leave.send(None)
        assert waiting.wait().result == {"echo": "in time"}
        wait_until(lambda: refused_late() == before + 1)
    assert service.log == ["began in time", "ended in time"]


def test_a_caller_whose_clock_stood_still_is_refused_once(
    settings: Settings, client: RpcClient, steady: Steady
) -> None:
    service = probe_class()
    with serving(settings, service):
        client.call(Ask(text="quick"), meta(), service.name)
        steady.apart -= 60.0
        with pytest.raises(TooLate):
            client.call(Ask(text="odd"), meta(), service.name)
        assert client.call(Ask(text="again"), meta(), service.name).result == {"echo": "again"}


@pytest.fixture
def probe(settings: Settings) -> Iterator[type[Probe]]:
    service = probe_class()
    with serving(settings, service):
        yield service


def test_a_request_without_stamps_or_end_is_served(settings: Settings, probe: type[Probe]) -> None:
    """From the framework's own shell, or from a version of ours that stated a moment of its wall clock."""
    wire = write_call(Call(Ask(text="plain"), meta()))
    wire["meta"]["deadline"] = 1.0
    body = json.dumps({"args": [wire], "kwargs": {}}).encode()
    with channel_of(settings) as channel:
        channel.basic_publish(amqp.Message(body, reply_to="x"), rpc_wire.EXCHANGE, f"{probe.name}.ask")
    wait_until(lambda: probe.log == ["began plain", "ended plain"])
