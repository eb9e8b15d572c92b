"""The tail of the stream across restarts of the database, on a database of its own."""

from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from contracts.actor import Role
from contracts.events.tickets import TicketStarted
from deploy.stack.brokers import BrokerPorts, Brokers
from deploy.stack.ports import free_ports
from gateway.stream.fanout import Fanout
from gateway.stream.store import StreamStore
from gateway.stream.tail import Tail
from tests.builders import an_actor, an_envelope
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]


def test_what_happens_after_a_restart_is_heard_and_nothing_is_lost_silently(tmp_path: Path) -> None:
    brokers = Brokers(tmp_path, BrokerPorts(*free_ports(4)), with_rabbit=False)
    brokers.start()
    client: MongoClient[dict[str, Any]] = MongoClient(
        brokers.mongo_url(), serverSelectionTimeoutMS=1_000, tz_aware=True
    )
    fanout = Fanout()
    store = StreamStore(client["gateway"]["stream"], client["gateway"]["tickets"])
    tail = Tail(client["gateway"], {"stream": lambda change: fanout.deliver(change["fullDocument"])}, {}, fanout.lose)
    try:
        tail.start()
        assert tail.wait_ready(20)
        listening = fanout.subscribe(an_actor(Role.SECRETARY))
        store.add([an_envelope(TicketStarted(), id="before")])
        assert _heard(listening) == ["before"]
        brokers.stop()
        wait_until(lambda: not tail.ready, 20)
        brokers.start()
        assert tail.wait_ready(30)
        store.add([an_envelope(TicketStarted(), id="after")])
        assert _heard(listening) == ["after"]
    finally:
        tail.stop()
        client.close()
        brokers.stop()


def _heard(subscriber: Any) -> list[str]:
    told = wait_until(lambda: subscriber.take(0)[1], 20)
    return [one.id for one in told]
