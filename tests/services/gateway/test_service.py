"""The gateway whole, in its container on the real brokers: events come in, people read and listen over HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest
from pymongo import MongoClient

from chassis import stored_events
from chassis.clock import wall_seconds
from chassis.event_store import EventStore
from chassis.gear import Gear
from chassis.lease import Leases
from chassis.process import migrate_service
from chassis.relay import Relay
from chassis.rpc import Container, RpcClient, container_config
from chassis.rpc_wire import request_queue
from chassis.settings import Settings
from contracts.actor import Actor, Role, notify_actor
from contracts.commands.contacts import ReadAccountContacts
from contracts.errors import NotFound
from contracts.events.masters import MemberPublished
from contracts.events.tickets import TicketAccepted
from contracts.events.volunteers import OfferMade
from contracts.topology import TOPOLOGY
from deploy.stack.ports import free_ports
from gateway import operations
from gateway.identity.accounts import NewAccount
from gateway.identity.identity import make_identity
from gateway.identity.reached import email_context
from gateway.identity.tokens import Tokens
from gateway.operations import rebuild_view
from gateway.service import GatewayService
from tests.brokers import Rabbit
from tests.builders import (
    COMMUNITY,
    MEMBER_ID,
    OFFER_ID,
    TICKET_ID,
    a_meta,
    a_ticket_snapshot,
    an_actor,
    an_envelope,
    an_offer_change,
    every_sample,
    some_terms,
)
from tests.waiting import wait_until

DAUGHTER = an_actor(Role.RESIDENT, account_id="a-daughter")
STAFF = an_actor(Role.SECRETARY)
ACCEPTED = an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot(requester_id="a-daughter"))


class Running:
    """A gateway that serves, and whoever speaks to it."""

    def __init__(self, settings: Settings, gear: Gear) -> None:
        self.settings = settings
        self.gear = gear
        self._tokens = Tokens(settings.token_key, settings.token_minutes, now=wall_seconds)

    def ask(self, who: Actor, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
        """One request on a connection of its own; the answer is not read yet."""
        connection = HTTPConnection("127.0.0.1", self.settings.http_port, timeout=30)
        token, _ = self._tokens.issue(who)
        key = {"Idempotency-Key": "key-1"} if method == "POST" else {}
        connection.request(method, path, headers={"Authorization": f"Bearer {token}"} | key | headers)
        return connection.getresponse()

    def read(self, who: Actor, path: str, status: int = 200) -> Any:
        """The JSON of one answer."""
        response = self.ask(who, f"/api/v1{path}")
        body = response.read()
        assert response.status == status, body
        return json.loads(body)


@contextmanager
def serving(settings: Settings) -> Iterator[Running]:
    container = Container(GatewayService, {**container_config(settings), "ops_port": 0})
    container.start()
    gear = next(dependency for dependency in container.dependencies if isinstance(dependency, Gear))
    try:
        wait_until(lambda: not gear.health.ready())
        yield Running(settings, gear)
    finally:
        gear.drain()
        container.stop()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    (port,) = free_ports(1)
    return replace(settings, http_port=port, http_stop_grace=2.0, rpc_timeout=5.0)


@pytest.fixture
def gateway(settings: Settings, amqp: Rabbit) -> Iterator[Running]:
    assert migrate_service(GatewayService, settings) == 0
    with serving(settings) as running:
        yield running


@pytest.fixture
def tell(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Iterator[Any]:
    database = mongo[settings.db_prefix + "elsewhere"]
    relay = Relay(settings, database, EventStore(database))
    relay.start()
    yield lambda *envelopes: relay.wake("tickets", TICKET_ID, [envelope.to_wire() for envelope in envelopes])
    relay.stop(5.0)


def test_an_event_is_seen_in_the_views_by_its_account_and_on_the_stream(gateway: Running, tell: Any) -> None:
    stream = gateway.ask(DAUGHTER, "/api/v1/stream")
    assert stream.readline().startswith(b"retry:")
    tell(ACCEPTED, ACCEPTED, an_envelope(MemberPublished()))
    lines = (stream.readline().decode().strip() for _ in range(20))
    assert next(line for line in lines if line.startswith("event:")) == f"event: {TicketAccepted.TYPE}"
    assert gateway.read(DAUGHTER, f"/tickets/{TICKET_ID}")["status"] == "accepted"
    member = an_actor(Role.MEMBER, account_id=f"m-{MEMBER_ID}", member_id=MEMBER_ID)
    wait_until(lambda: gateway.ask(member, "/api/v1/me").status == 200)
    tell(an_envelope(OfferMade(offers=(an_offer_change(),))))
    wait_until(lambda: [offer["id"] for offer in gateway.read(member, "/offers?status=open")["items"]] == [OFFER_ID])


def test_every_event_of_the_house_is_taken(gateway: Running, tell: Any, mongo: Any) -> None:
    tell(*(replace(envelope, id=kind) for kind, envelope in every_sample().items()))
    database = mongo[gateway.settings.db_prefix + "gateway"]
    expected = {row.event for row in TOPOLOGY if row.service == "gateway"}
    wait_until(lambda: {doc["frame"]["type"] for doc in database["stream"].find()} == expected)


def test_a_stop_ends_streams_with_a_last_word_and_refuses_what_is_new(gateway: Running) -> None:
    stream = gateway.ask(STAFF, "/api/v1/stream")
    assert stream.readline().startswith(b"retry:")
    gateway.gear.drain()
    assert b": closing" in stream.read()
    response = gateway.ask(STAFF, "/api/v1/tickets")
    assert (response.status, response.headers["Retry-After"] is not None) == (503, True)
    assert gateway.gear.health.ready()


def test_a_service_that_is_away_is_a_503_and_a_body_too_large_a_413(gateway: Running, amqp: Rabbit) -> None:
    amqp.channel().queue_delete(request_queue("tickets"))
    path = f"/api/v1/tickets/{TICKET_ID}/accept"
    response = gateway.ask(STAFF, path, "POST")
    assert (response.status, json.loads(response.read())["code"]) == (503, "service-away")
    assert response.headers["X-Correlation-Id"]
    response = gateway.ask(STAFF, path, "POST", **{"Content-Length": "999999999", "Content-Type": "application/json"})
    assert response.status == 413


def test_a_rebuild_without_the_services_says_so(
    gateway: Running, amqp: Rabbit, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_events, "PAUSES", (0.01,))
    monkeypatch.setattr(operations, "SETTLE", 0.0)
    amqp.channel().queue_delete(request_queue("tickets"))
    assert rebuild_view(gateway.settings, ["tickets"]) == 1
    told = capsys.readouterr().err
    assert "service-away" in told
    assert "run it again to go on" in told


def test_two_rebuilds_at_once_are_one_too_many(
    gateway: Running, mongo: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    database = mongo[gateway.settings.db_prefix + "gateway"]
    assert Leases(database, "somebody").acquire("rebuild", 60.0) is not None
    assert rebuild_view(gateway.settings, ["tickets"]) == 1
    assert "another rebuild is under way" in capsys.readouterr().err


def test_notify_and_nobody_else_asks_by_rpc_where_accounts_are_reached(gateway: Running, amqp: Rabbit) -> None:
    resources = gateway.gear.resources
    assert resources is not None
    vault = resources.vault
    identity = make_identity(resources.db, gateway.settings, rpc=resources.rpc, seals=lambda: vault, now=wall_seconds)
    account = identity.accounts.open(NewAccount(community_id=COMMUNITY, login="reached", grants=()))
    sealed = identity.seals().seal(account.id, "a@example.org", email_context(account.id))
    identity.credentials.set_email(account.id, sealed)
    client = RpcClient(gateway.settings, "test")
    client.start()
    wait_until(lambda: client.connected)
    wanted = ReadAccountContacts(account_ids=(account.id, "nobody"))
    found = client.call(wanted, a_meta(notify_actor(COMMUNITY))).result["contacts"]
    assert found == {account.id: {"phone": None, "email": "a@example.org", "openid": None}}
    with pytest.raises(NotFound):
        client.call(wanted, a_meta(STAFF))
    client.stop()
    amqp.channel().queue_delete(request_queue("gateway"))
