"""The relay against the real broker and database: nothing in an outbox is lost, whatever happens on the way out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import eventlet
import pytest
from eventlet.event import Event
from pymongo.database import Database
from pymongo.errors import AutoReconnect

from chassis import bus
from chassis.confirms import ConfirmedChannel
from chassis.event_store import EventStore
from chassis.link import Link
from chassis.publisher import Publisher, encode
from chassis.relay import Relay
from chassis.settings import Settings
from contracts.topology import EXCHANGE, inbox_queue
from tests.brokers import Rabbit
from tests.services.chassis.bus_probe import Wire, a_wire, drain, ids_of, store, wires
from tests.services.chassis.proxy import proxied
from tests.waiting import wait_until

INBOX = inbox_queue("volunteers")


@pytest.fixture
def db(settings: Settings, mongo: Any) -> Database[Any]:
    database: Database[Any] = mongo[f"{settings.db_prefix}relayed"]
    return database


@contextmanager
def relaying(settings: Settings, db: Database[Any], event_store: Any = None, **options: Any) -> Iterator[Relay]:
    relay = Relay(settings, db, event_store or EventStore(db), **options)
    relay.start()
    try:
        yield relay
    finally:
        relay.stop(0.0)


def wake(relay: Relay, events: Sequence[Wire]) -> None:
    for wire in events:
        relay.wake("tickets", wire["subject"], [wire])


def outbox(db: Database[Any], wire: Wire) -> list[str]:
    doc = db["tickets"].find_one({"_id": wire["subject"]})
    assert doc is not None
    assert bool(doc["outbox"]) == doc.get("pending", False)
    return ids_of(doc["outbox"])


class Meddling:
    """An event store that does something of its own first, once."""

    def __init__(self, db: Database[Any], *acts: Callable[[], object]) -> None:
        self._store = EventStore(db)
        self._acts = list(acts)

    def meddle(self, act: Callable[[], object]) -> None:
        """Do this, too."""
        self._acts.append(act)

    def add(self, events: Sequence[Wire]) -> None:
        if self._acts:
            self._acts.pop(0)()
        self._store.add(events)


class Blocked(Link):
    """A link whose broker said that it takes nothing at the moment."""

    asked = 0

    @property
    def blocked(self) -> bool:
        self.asked += 1
        return True

    @blocked.setter
    def blocked(self, _: bool) -> None:
        """It stays so."""


def away() -> None:
    raise AutoReconnect("the database is away")


def test_events_are_stored_published_and_taken_out(settings: Settings, db: Database[Any], amqp: Rabbit) -> None:
    events = wires(250)
    store(db, events)
    with relaying(settings, db) as relay:
        wake(relay, events)
        assert relay.flush(10)
        assert relay.backlog == 0
    assert sorted(wire["id"] for wire in drain(amqp, INBOX)) == sorted(ids_of(events))
    assert db["events"].count_documents({"_id": {"$in": ids_of(events)}}) == 250
    left = db["tickets"].find_one({"$or": [{"pending": True}, {"outbox": {"$ne": []}}, {"rev": {"$ne": 3}}]})
    assert left is None


def test_what_travels_is_the_envelope_as_it_was_stored(settings: Settings, db: Database[Any], amqp: Rabbit) -> None:
    wire = a_wire()
    with relaying(settings, db) as relay:
        wake(relay, [wire])
        assert relay.flush(10)
    message = amqp.get(INBOX)
    assert message is not None
    assert message.properties["message_id"] == wire["id"]
    assert message.properties["content_type"] == "application/cloudevents+json"
    assert message.properties["delivery_mode"] == 2
    stored = db["events"].find_one({"_id": wire["id"]})
    assert stored is not None
    assert stored["wire"] == wire


def test_an_event_pushed_between_reading_and_taking_out_stays(settings: Settings, db: Database[Any]) -> None:
    first, second = a_wire(subject="t-1"), a_wire(subject="t-1")
    store(db, [first])
    push = {"$push": {"outbox": second}, "$set": {"pending": True}, "$inc": {"rev": 1}}
    meddling = Meddling(db, lambda: db["tickets"].update_one({"_id": "t-1"}, push))
    with relaying(settings, db, meddling) as relay:
        wake(relay, [first])
        assert relay.flush(10)
        assert outbox(db, first) == [second["id"]]


def test_nothing_is_published_before_the_topology_stands(settings: Settings, db: Database[Any], amqp: Rabbit) -> None:
    stands: list[bool] = []

    def declare(channel: Any) -> None:
        if not stands:
            raise bus.TopologyMismatch("a queue has other arguments")
        bus.declare_topology(channel)

    wire = a_wire()
    store(db, [wire])
    with relaying(settings, db, publisher=Publisher(settings, "test", declare=declare)) as relay:
        wake(relay, [wire])
        assert not relay.flush(0.3)
        assert not relay.ready
        wait_until(lambda: amqp.depth(INBOX) == 0)
        assert outbox(db, wire) == [wire["id"]]
        stands.append(True)
        assert relay.flush(10)
        wait_until(lambda: relay.ready)
    assert amqp.depth(INBOX) == 1


def test_each_new_connection_declares_again(settings: Settings, db: Database[Any], amqp: Rabbit) -> None:
    # Only `mandatory` would not notice: other queues match the event, so it would be confirmed and lost to this one.
    with proxied(settings) as proxy, relaying(proxy.settings, db) as relay:
        wait_until(lambda: relay.ready)
        amqp.channel().queue_unbind(INBOX, EXCHANGE, "ticket.accepted.v1")
        proxy.cut()
        wait_until(lambda: proxy.accepted == 2 and relay.ready)
        wake(relay, [a_wire()])
        assert relay.flush(10)
    assert amqp.depth(INBOX) == 1


def test_an_event_that_matches_no_queue_stays_in_its_outbox(
    settings: Settings, db: Database[Any], amqp: Rabbit
) -> None:
    lost, *others = events = [a_wire(type="shiliu.nobody.cares.v1", subject="t-0"), *wires(3)]
    store(db, events)
    with relaying(settings, db) as relay:
        wake(relay, events)
        assert relay.flush(10)
        assert outbox(db, lost) == [lost["id"]]
        assert [outbox(db, wire) for wire in others] == [[], [], []]


def test_an_event_the_broker_refuses_stays_in_its_outbox(settings: Settings, db: Database[Any], amqp: Rabbit) -> None:
    wire = a_wire()
    store(db, [wire])
    with relaying(settings, db) as relay, bus.connected(settings, "test") as connection:
        wait_until(lambda: relay.ready)
        full = connection.channel()
        limits = {"x-max-length": 0, "x-overflow": "reject-publish"}
        name = full.queue_declare(exclusive=True, arguments=limits).queue
        full.queue_bind(name, EXCHANGE, "ticket.accepted.v1")
        wake(relay, [wire])
        assert relay.flush(10)
        assert outbox(db, wire) == [wire["id"]]
        full.queue_delete(name)
        wake(relay, [wire])
        assert relay.flush(10)
        assert outbox(db, wire) == []


def test_one_poisonous_event_is_parked_and_the_others_are_delivered(
    settings: Settings, db: Database[Any], amqp: Rabbit, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An invalid expiration closes the whole channel, with some of the batch stored and no ack seen.
    events = wires(10)
    poison = events[5]
    encoded = Publisher._encoded

    def malformed(publisher: Publisher, wire: Wire) -> Any:
        message = encoded(publisher, wire)
        if wire["id"] == poison["id"]:
            message.message.properties["expiration"] = "soon"
        return message

    monkeypatch.setattr(Publisher, "_encoded", malformed)
    alarms: list[str] = []
    store(db, events)
    with relaying(settings, db, on_poison=lambda wire, _: alarms.append(wire["id"])) as relay:
        wake(relay, events)
        assert relay.flush(20)
    assert alarms == [poison["id"]]
    assert {wire["id"] for wire in drain(amqp, INBOX)} == set(ids_of(events)) - {poison["id"]}
    assert [outbox(db, wire) for wire in events] == [[]] * 10
    parked = db["tickets"].find_one({"_id": poison["subject"]})
    assert parked is not None
    assert [entry["wire"] for entry in parked["outbox_dead"]] == [poison]
    assert "expiration" in parked["outbox_dead"][0]["reason"]


def test_an_event_that_is_no_message_at_all_is_parked(settings: Settings, db: Database[Any], amqp: Rabbit) -> None:
    bad, good = a_wire(subject="t-bad", data={"number": float("nan")}), a_wire()
    store(db, [bad, good])
    with relaying(settings, db) as relay:
        wake(relay, [bad, good])
        assert relay.flush(10)
    assert ids_of(drain(amqp, INBOX)) == [good["id"]]
    parked = db["tickets"].find_one({"_id": "t-bad"})
    assert parked is not None
    assert (len(parked["outbox_dead"]), parked["outbox"]) == (1, [])


def test_a_frozen_broker_blocks_nobody_who_writes(settings: Settings, db: Database[Any], amqp: Rabbit) -> None:
    events = wires(3)
    store(db, events)
    with proxied(replace(settings, confirm_timeout=0.3)) as proxy, relaying(proxy.settings, db) as relay:
        wait_until(lambda: relay.ready)
        proxy.freeze()
        with eventlet.Timeout(0.2):
            wake(relay, events)
        wait_until(lambda: not relay.ready)
        assert [outbox(db, wire) for wire in events] == [[wire["id"]] for wire in events]
        proxy.thaw()
        assert relay.flush(20)
    assert set(ids_of(drain(amqp, INBOX))) == set(ids_of(events))


def test_a_broker_that_says_it_is_blocked_is_waited_for(settings: Settings, amqp: Rabbit) -> None:
    # Sending again on a new connection would only double what the old one still holds.
    with proxied(settings) as proxy:
        link = Blocked(proxy.settings, "test")
        confirms = ConfirmedChannel(link, 0.1)
        bus.declare_topology(link.channel())
        link.run()
        proxy.freeze()
        sending = eventlet.spawn(confirms.send, [encode(wire := a_wire())])
        wait_until(lambda: link.asked > 2)
        assert link.alive
        proxy.thaw()
        assert sending.wait().confirmed == {wire["id"]}
        link.close()


def test_the_broker_may_come_later(settings: Settings, db: Database[Any], amqp: Rabbit) -> None:
    wire = a_wire()
    store(db, [wire])
    with proxied(settings) as proxy:
        proxy.refusing = True
        with relaying(proxy.settings, db) as relay:
            wake(relay, [wire])
            wait_until(lambda: db["events"].find_one({"_id": wire["id"]}))  # timelines need no broker
            assert not relay.ready
            proxy.refusing = False
            assert relay.flush(10)
    assert ids_of(drain(amqp, INBOX)) == [wire["id"]]


def test_while_the_database_is_away_nothing_is_taken_out_nor_published_again(
    settings: Settings, db: Database[Any], amqp: Rabbit
) -> None:
    wire, gone = a_wire(), Event()
    store(db, [wire])

    def away_for_now() -> None:
        if not gone.ready():
            meddling.meddle(away_for_now)
            away()

    meddling = Meddling(db, away_for_now)
    with relaying(settings, db, meddling) as relay:
        wake(relay, [wire])
        wait_until(lambda: amqp.depth(INBOX) == 1)
        assert outbox(db, wire) == [wire["id"]]
        gone.send(None)
        assert relay.flush(10)
        assert outbox(db, wire) == []
    assert amqp.depth(INBOX) == 1


def test_memory_is_bounded_and_what_is_dropped_stays_in_its_outbox(
    settings: Settings, db: Database[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.relay.BOUND", 2)
    events = wires(3)
    store(db, events)
    relay = Relay(settings, db, EventStore(db))
    wake(relay, events)
    wake(relay, events)
    assert (relay.backlog, relay.dropped) == (2, 2)
    relay.start()
    assert relay.stop(10)
    assert [outbox(db, wire) for wire in events] == [[], [], [events[2]["id"]]]
