"""What is slow holds up only itself: handlers not the calls, calls not the handlers; nothing grows without bound."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import eventlet
import pytest
from eventlet.event import Event

from chassis.rpc import RpcClient
from chassis.settings import Settings
from contracts.commands import Call, Outcome
from contracts.errors import TooLate
from contracts.events import AnyReceived
from tests.services.chassis.bus_probe import Recorder, gateway_handlers, put, receiving, wires
from tests.services.chassis.rpc_probe import Ask, Probe, meta, probe_class, serving, waiting_requests
from tests.waiting import wait_until


class Standstill:
    """A database that does not answer, as a handler or a command meets it."""

    def __init__(self) -> None:
        self._gate = Event()
        self.entered = 0

    def __call__(self, _events: Sequence[AnyReceived] = ()) -> None:
        self.entered += 1
        self._gate.wait()

    def end(self) -> None:
        if not self._gate.ready():
            self._gate.send(None)


@pytest.fixture
def standstill() -> Iterator[Standstill]:
    still = Standstill()
    yield still
    still.end()


@pytest.fixture
def client(settings: Settings) -> Iterator[RpcClient]:
    caller = RpcClient(settings, "caller")
    caller.start()
    yield caller
    caller.stop()


def test_handlers_that_stand_still_hold_up_no_call(
    settings: Settings, client: RpcClient, standstill: Standstill
) -> None:
    service = probe_class()
    with (
        receiving(settings, "gateway", gateway_handlers(project=standstill)) as inbox,
        serving(settings, service),
    ):
        put(settings, wires(400))
        wait_until(lambda: standstill.entered == 4)  # every worker of the inbox, and its whole prefetch behind them
        answers = [client.call(Ask(text=str(number)), meta(), service.name).result for number in range(100)]
        assert answers == [{"echo": str(number)} for number in range(100)]
        assert standstill.entered == 4
        assert not inbox.paused
        standstill.end()


def test_calls_that_stand_still_hold_up_no_event_and_are_no_more_than_there_are_workers(
    settings: Settings, standstill: Standstill
) -> None:
    class Frozen(Probe):
        def answer(self, call: Call[Ask]) -> Outcome:
            standstill()
            return super().answer(call)

    few = replace(settings, rpc_workers=4, rpc_timeout=2.0)
    service: type[Probe] = type("FrozenProbe", (Frozen,), {"name": probe_class().name, "log": []})
    client = RpcClient(few, "caller")
    client.start()
    project = Recorder()
    try:
        with receiving(few, "gateway", gateway_handlers(project=project)), serving(few, service):
            wait_until(lambda: client.connected)
            calls = [eventlet.spawn(_kind_of_end, client, service, number) for number in range(40)]
            wait_until(lambda: standstill.entered == 4)
            put(few, wires(50))
            wait_until(lambda: len(project.seen) == 50)
            assert {call.wait() for call in calls} == {"outcome-unknown"}
            assert (standstill.entered, client.pending) == (4, 0)
            # The broker drops the other 36 when their time is over by its own clock: nobody waits for them any more.
            wait_until(lambda: waiting_requests(few, service.name) == 0)
            standstill.end()
            assert client.call(Ask(text="after"), meta(), service.name, seconds=10).result == {"echo": "after"}
            assert len([line for line in service.log if line.startswith("began")]) == 5
    finally:
        client.stop()


def _kind_of_end(client: RpcClient, service: Any, number: int) -> str:
    try:
        client.call(Ask(text=str(number)), meta(), service.name)
    except TooLate as error:
        return error.code
    return "answered"
