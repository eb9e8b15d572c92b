"""notify in a real container on the real brokers: an event comes in, a person reads about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.event_store import EventStore
from chassis.gear import Gear
from chassis.migrations import base_indexes, migrate
from chassis.relay import Relay
from chassis.rpc import Container, RpcClient, container_config
from chassis.rpc_wire import request_queue
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.actor import Role
from contracts.commands.notify import MarkRead, ReadDeliveries, ReadInbox, ReadMyNotices, ReadPunctuality
from contracts.errors import NotFound
from contracts.events.tickets import TicketAccepted
from contracts.events.volunteers import DemandUnserved
from contracts.groups import GroupAudience
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.robot_store import MongoRobots
from services.notify.application.robot_ports import Access, Typed
from services.notify.service import NotifyService
from tests.brokers import Rabbit
from tests.builders import AREA_PATH, TICKET_ID, a_demand_snapshot, a_meta, an_actor, an_envelope, some_terms
from tests.builders_of_robots import KEY, a_robot
from tests.fakes.far import Far
from tests.fakes.group_robots import Groups, a_wecom
from tests.waiting import wait_until

RESIDENT = an_actor(Role.RESIDENT, account_id="a-resident")
DISPATCHER = an_actor(Role.DISPATCHER)


@pytest.fixture
def wecom() -> Iterator[tuple[Groups, Far]]:
    with a_wecom(KEY) as groups:
        yield groups


@pytest.fixture
def settings(settings: Settings, wecom: tuple[Groups, Far]) -> Settings:
    return replace(settings, lease_ttl=1.0, wecom_url=wecom[1].url, robot_interval=0.05)


@pytest.fixture
def rpc(settings: Settings, mongo: MongoClient[dict[str, Any]], amqp: Rabbit) -> Iterator[RpcClient]:
    migrate(mongo[settings.db_prefix + "notify"], (*base_indexes(()), *INDEXES))
    client = RpcClient(settings, "test")
    client.start()
    with _running(settings):
        wait_until(lambda: client.connected)
        yield client
    client.stop()
    amqp.channel().queue_delete(request_queue("notify"))


@contextmanager
def _running(settings: Settings) -> Iterator[None]:
    container = Container(NotifyService, {**container_config(settings), "ops_port": 0})
    container.start()
    gear = next(dependency for dependency in container.dependencies if isinstance(dependency, Gear))
    try:
        wait_until(lambda: not gear.health.ready())
        yield
        gear.drain()
        container.stop()
    finally:
        gear.kill()


@pytest.fixture
def tell(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Iterator[Any]:
    database = mongo[settings.db_prefix + "elsewhere"]
    relay = Relay(settings, database, EventStore(database))
    relay.start()
    yield lambda *envelopes: relay.wake("tickets", TICKET_ID, [envelope.to_wire() for envelope in envelopes])
    relay.stop(5.0)


def inbox(rpc: RpcClient, actor: Any, **values: Any) -> dict[str, Any]:
    return dict(rpc.call(ReadInbox(**values), a_meta(actor)).result)


def test_an_event_becomes_one_message_however_often_it_comes(rpc: RpcClient, tell: Any) -> None:
    envelope = an_envelope(TicketAccepted(terms=some_terms()))
    alarm = an_envelope(DemandUnserved(gates={"skill": 2}))
    tell(envelope, envelope)
    tell(envelope, alarm)
    wait_until(lambda: inbox(rpc, DISPATCHER)["unread"])
    items = wait_until(lambda: inbox(rpc, RESIDENT)["items"])

    assert [(item["title"], item["number"], item["ticket_id"]) for item in items] == [
        ("已受理,正在找人", "NC-261121-0042", TICKET_ID)
    ]


def test_a_person_reads_marks_and_reads_again(rpc: RpcClient, tell: Any) -> None:
    tell(an_envelope(TicketAccepted(terms=some_terms())))
    item = wait_until(lambda: inbox(rpc, RESIDENT, locale="en")["items"])[0]
    rpc.call(MarkRead(message_id=item["id"]), a_meta(RESIDENT, "command-2"))

    assert item["title"] == "Accepted, we are looking for someone"
    assert inbox(rpc, RESIDENT)["unread"] == 0
    with pytest.raises(NotFound):
        rpc.call(MarkRead(message_id=item["id"]), a_meta(DISPATCHER, "command-3"))


def test_an_alarm_is_also_told_to_the_group_of_the_area_and_the_log_says_so(
    rpc: RpcClient, tell: Any, settings: Settings, mongo: MongoClient[dict[str, Any]], wecom: tuple[Groups, Far]
) -> None:
    db = mongo[settings.db_prefix + "notify"]
    robots = MongoRobots(db, Vault(mongo, db, settings.master_key))
    robots.add(a_robot(area_id=AREA_PATH[0]), Typed(label="值班群", access=Access(key=KEY)), ("c", "h"))
    tell(an_envelope(DemandUnserved(gates={}), a_demand_snapshot(groups=(GroupAudience.STAFF,))))

    def sent() -> list[dict[str, Any]]:
        log = rpc.call(ReadDeliveries(ticket_id=TICKET_ID), a_meta(DISPATCHER)).result["deliveries"]
        return [line for line in log if line["channel"] == "group" and line["status"] == "sent"]

    (line,) = wait_until(sent)
    assert (line["rule"], line["audience"], line["tries"]) == ("nobody-takes-it", "group", 1)
    (attempt,) = line["attempts"]
    assert (attempt["way"], attempt["status"], attempt["again"]) == ("group", "sent", False)
    (day,) = rpc.call(ReadPunctuality(), a_meta(DISPATCHER)).result["days"]
    assert (day["way"], day["sent"], day["share"]) == ("group", 1, 0.0), "the event is of the day before yesterday"
    (told,) = wait_until(lambda: wecom[0].all_of(KEY))
    assert told.splitlines()[0] == '<font color="warning">【急】没有人接这一单</font>'
    assert told.endswith("NC-261121-0042")


def test_a_person_asks_why_and_is_told_in_both_languages(rpc: RpcClient, tell: Any) -> None:
    tell(an_envelope(TicketAccepted(terms=some_terms())))
    wait_until(lambda: inbox(rpc, RESIDENT)["items"])
    (notice,) = rpc.call(ReadMyNotices(ticket_id=TICKET_ID), a_meta(RESIDENT)).result["notices"]

    assert notice["why"]["zh"].endswith("在应用里告诉了您")
    assert notice["why"]["en"].startswith("told in the app at 2026-11-21")
    assert rpc.call(ReadMyNotices(ticket_id=TICKET_ID), a_meta(DISPATCHER)).result["notices"] == []
