"""A process whose wall clock is an hour off is like any other: it serves, and agrees on business time."""

import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import eventlet
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.mongo import Document
from chassis.rpc import RpcClient
from chassis.rpc_wire import request_queue
from chassis.settings import Settings
from contracts.errors import TooLate
from tests.brokers import Rabbit
from tests.faked_clock import HOUR, faked_clock, needs_libfaketime
from tests.fakes.clock import MORNING
from tests.services.chassis.http_client import client
from tests.services.chassis.rpc_probe import meta
from tests.services.chassis.small_service import NAME, Join
from tests.services.chassis.test_runner import on_free_ports, run, serving

SPEED = 3_000.0

pytestmark = [needs_libfaketime, pytest.mark.slow]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        on_free_ports(settings),
        due_interval=0.05,
        clock_origin=MORNING.isoformat(),
        clock_started=datetime.now(UTC).isoformat(),
        clock_speed=SPEED,
    )


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings, amqp: Rabbit) -> Iterator[Database[Document]]:
    mongo.drop_database(settings.db_prefix + NAME)
    yield mongo[settings.db_prefix + NAME]
    mongo.drop_database(settings.db_prefix + NAME)
    amqp.channel().queue_delete(request_queue(NAME))


@pytest.fixture
def rpc(settings: Settings) -> Iterator[RpcClient]:
    calling = RpcClient(settings, "test")
    calling.start()
    yield calling
    calling.stop()


def business_time(settings: Settings) -> datetime:
    """As it is now, by the clock of this test."""
    passed = datetime.now(UTC) - datetime.fromisoformat(settings.clock_started)
    return MORNING + SPEED * passed


@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_a_service_an_hour_off_takes_calls_and_tells_the_time_of_all(
    settings: Settings, db: Database[Document], rpc: RpcClient, off: int
) -> None:
    with serving(settings, faked_clock(off)):
        before = business_time(settings)
        outcome = rpc.call(Join(crew_id="crew-1", member="m1"), meta())
        told = datetime.fromisoformat(outcome.envelopes[0].time)
        slack = timedelta(seconds=0.5) * SPEED
        assert before - slack <= told <= business_time(settings) + slack


@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_a_service_that_stood_still_refuses_what_came_too_late(
    settings: Settings, db: Database[Document], rpc: RpcClient, off: int
) -> None:
    """The broker had put the request into its socket in time; nothing but its age tells that the caller is gone."""
    with serving(settings, faked_clock(off)) as started:
        rpc.call(Join(crew_id="crew-1", member="m1"), meta())
        started.send_signal(signal.SIGSTOP)
        with pytest.raises(TooLate):
            rpc.call(Join(crew_id="crew-late", member="m1"), meta(), seconds=1.0)
        eventlet.sleep(1.0)
        started.send_signal(signal.SIGCONT)
        rpc.call(Join(crew_id="crew-2", member="m1"), meta())
        with client(settings.ops_port) as browser:
            assert b'shiliu_rpc_late_total{method="join"} 1.0' in browser.get("/metrics").body
    assert sorted(db["crews"].distinct("_id")) == ["crew-1", "crew-2"]


@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_an_operators_verb_an_hour_off_tells_the_time_of_all(
    settings: Settings, db: Database[Document], off: int
) -> None:
    assert run(settings, "migrate")[0] == 0
    before = business_time(settings)
    code, said = run(settings, "load", "crew-9", env=faked_clock(off))
    assert code == 0, said
    stored = db["events"].find_one({"thread": "crew-9"})
    assert stored is not None
    slack = timedelta(seconds=0.5) * SPEED
    assert before - slack <= stored["at"] <= business_time(settings) + slack
