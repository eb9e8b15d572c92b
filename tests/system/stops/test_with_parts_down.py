"""What works with each part down: the table of docs/operations.md, row by row."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest

from deploy.audit.databases import Databases
from deploy.simulate.stage import Stage
from tests.faked_clock import HOUR, faked_clock, needs_libfaketime
from tests.services.chassis.proxy import Proxy, proxied
from tests.system.stops.door import REFUSED, Reply, Stream
from tests.system.stops.people import EMERGENCY, RESIDENT, SECONDS, People
from tests.system.stops.town import Town
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.slow, pytest.mark.timeout(300)]

HASTY = {"SHILIU_RPC_TIMEOUT": "5", "SHILIU_SWEEP_INTERVAL": "1"}
"""What was under way in the moment of a kill has its end soon, as in a platform that people use."""
BOUGHT = {"result": "solved", "without_evidence": "no_cash"}
READS = {"orders": 200, "areas": 200, "board": 200, "offers": 200, "me": 200}


@pytest.fixture(scope="module")
def hasty(settled_town: Town) -> None:
    settled_town.manner = HASTY
    settled_town.term(settled_town.names("gateway"))


@pytest.fixture
def people(hasty: None, town: Town) -> Iterator[People]:
    settings = town.stack.settings()
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        yield People(town, databases)


@pytest.fixture
def password(settled_town: Town) -> str:
    return Stage(settled_town.stack).password(RESIDENT)


@pytest.fixture
def stream(people: People) -> Iterator[Stream]:
    listening = people.door.stream(people.desk)
    yield listening
    listening.close()


def becomes(ask: Callable[[], Reply], status: int, code: str) -> None:
    """Wait until *ask* is answered so: what was under way when the part went may still end otherwise."""

    def answered() -> bool:
        reply = ask()
        return (reply.status, reply.code) == (status, code)

    wait_until(answered, SECONDS, f"not answered {status} {code}")


def heard(stream: Stream, subject: str, kind: str) -> None:
    wait_until(lambda: kind in stream.about(subject), SECONDS, f"the stream has not brought {kind}")


def test_tickets_down(people: People, stream: Stream, password: str) -> None:
    town = people.town
    done, open_ = people.ordered(), people.ordered()
    member = people.take(done)
    assert people.door.post(f"/tickets/{done}/complete", member, BOUGHT).status == 200
    offer, asked = people.offered(open_)
    town.kill(town.names("tickets"))
    becomes(people.order, 503, "service-away")
    assert people.order().come_again
    assert people.reads() == READS
    assert people.sign_in(password).status == 201
    assert people.messages().status == 200
    assert people.timeline(done).code == "service-away"
    assert people.answer(offer, asked, "accept").status == 200, "seats are volunteers' affair"
    heard(stream, open_, "assignment.made.v1")
    wait_until(lambda: "you-have-it" in people.notices(open_, "member:"), SECONDS)
    _silence_is_due(people, done)
    town.begin(town.names("tickets"))
    people.see(open_, "assigned")
    people.see(done, "closed")
    assert people.ticket(done)["closed_by"] == "silence"
    assert people.order().status == 201


def _silence_is_due(people: People, ticket_id: str) -> None:
    """The three days of silence have passed while nobody could notice."""
    tickets = people.databases.of("tickets")["tickets"]
    done = Stage(people.town.stack).business_now() - timedelta(days=30)
    tickets.update_one({"_id": ticket_id}, {"$set": {"times.completed_at": done, "due.0.at": done, "next_due": done}})


def test_volunteers_down(people: People, stream: Stream, password: str) -> None:
    town = people.town
    emergency, open_ = people.ordered(EMERGENCY), people.ordered()
    people.offered(emergency)
    offer, asked = people.offered(open_)
    town.kill(town.names("volunteers"))
    becomes(lambda: people.answer(offer, asked, "accept"), 503, "service-away")
    placed = people.ordered()
    assert people.ticket(placed)["status"] == "accepted"
    assert people.reads() == READS
    assert people.sign_in(password).status == 201
    assert people.timeline(placed).code == "service-away"
    heard(stream, placed, "ticket.accepted.v1")
    wait_until(lambda: people.notices(placed) == ["order-received"], SECONDS)
    assert people.messages().status == 200
    assert people.offer(placed) is None
    town.begin(town.names("volunteers"))
    people.offered(placed)
    wait_until(lambda: people.offer(emergency, "expired"), SECONDS, "the deadline did not fire afterwards")
    assert people.answer(offer, asked, "accept").status == 200
    people.see(open_, "assigned")


def test_notify_down(people: People, stream: Stream, password: str) -> None:
    town = people.town
    town.kill(town.names("notify"))
    becomes(people.messages, 503, "service-away")
    placed = people.ordered()
    people.take(placed)
    heard(stream, placed, "ticket.assigned.v1")
    assert people.reads() == READS
    assert people.sign_in(password).status == 201
    assert people.timeline(placed).status == 200
    assert people.notices(placed) == []
    town.begin(town.names("notify"))
    wait_until(lambda: people.notices(placed) == ["order-received", "somebody-comes"], SECONDS)
    assert people.messages().status == 200


def test_one_gateway_down(people: People, stream: Stream) -> None:
    town = people.town
    before = people.ordered()
    heard(stream, before, "ticket.accepted.v1")
    town.kill(["gateway"])
    wait_until(lambda: stream.ended, SECONDS)
    assert people.order().lost == REFUSED
    people.door = town.doors[1]
    assert people.reads() == READS
    reply = people.order(door=1)
    assert reply.status == 201
    resumed = people.door.stream(people.desk, stream.place)
    heard(resumed, reply.body["id"], "ticket.accepted.v1")
    resumed.close()
    people.take(reply.body["id"])


def test_all_gateways_down(people: People, stream: Stream) -> None:
    town = people.town
    emergency = people.ordered(EMERGENCY)
    people.offered(emergency)
    heard(stream, emergency, "offer.made.v1")
    town.kill(town.names("gateway"))
    wait_until(lambda: stream.ended, SECONDS)
    assert [door.get("/areas", people.resident).lost for door in town.doors] == [REFUSED, REFUSED]
    asked = len(people.notices(emergency, "member:"))
    wait_until(lambda: people.offer(emergency, "expired"), SECONDS, "deadlines go on without a gateway")
    wait_until(lambda: len(people.notices(emergency, "member:")) > asked, SECONDS, "so do notifications")
    town.begin(town.names("gateway"))
    resumed = people.door.stream(people.desk, stream.place)
    wait_until(lambda: people.ticket(emergency)["demand"]["counts"]["expired"], SECONDS, "the view did not catch up")
    missed = people.ordered()
    heard(resumed, missed, "ticket.accepted.v1")
    resumed.close()


def test_rabbitmq_down(people: People, stream: Stream, password: str) -> None:
    town = people.town
    emergency = people.ordered(EMERGENCY)
    people.offered(emergency)
    placed = people.ordered()
    town.kill(["rabbitmq"])
    becomes(people.order, 503, "broker-away")
    assert people.order().come_again
    assert people.reads() == READS
    assert people.sign_in(password).status == 201
    assert people.messages().code == people.timeline(placed).code == "broker-away"
    wait_until(lambda: not any(town.readiness(name).ready for name in town.instances), SECONDS)
    public = people.door.readyz()
    assert (public.status, public.body["ready"], bool(public.body["degraded"])) == (200, True, True)
    assert all(town.alive(name) for name in town.instances)
    wait_until(lambda: people.offer(emergency, "expired"), SECONDS, "deadlines go on without the broker")
    _a_process_that_starts_meanwhile_waits(town, "notify.2", "waiting for the message broker")
    town.begin_broker("rabbitmq")
    town.all_ready()
    wait_until(lambda: people.ticket(emergency)["demand"]["counts"]["expired"], SECONDS, "the event did not come out")
    again = people.ordered()
    heard(stream, again, "ticket.accepted.v1")
    people.offered(again)
    wait_until(lambda: people.notices(again) == ["order-received"], SECONDS)
    assert not stream.ended, "an open stream outlives the broker"


def _a_process_that_starts_meanwhile_waits(town: Town, name: str, sentence: str) -> None:
    town.kill([name])
    town.launch([name])
    wait_until(lambda: any(sentence in reason for reason in town.readiness(name).reasons), SECONDS)
    assert town.alive(name)


def test_mongodb_down(people: People, stream: Stream) -> None:
    town = people.town
    emergency, placed = people.ordered(EMERGENCY), people.ordered()
    people.offered(emergency)
    town.kill(["mongod"])
    becomes(lambda: people.door.get("/areas", people.resident), 503, "database-away")
    assert people.order().come_again
    assert people.sign_in("any").come_again
    wait_until(lambda: not any(town.readiness(name).ready for name in town.instances), SECONDS)
    public = people.door.readyz()
    assert (public.status, public.body["ready"]) == (503, False)
    assert all(town.alive(name) for name in town.instances)
    town.begin_broker("mongod")
    town.all_ready()
    assert people.ticket(placed)["status"] == "accepted"
    wait_until(lambda: people.offer(emergency, "expired"), SECONDS, "the deadline did not fire afterwards")
    again = people.ordered()
    heard(stream, again, "ticket.accepted.v1")
    people.offered(again)
    wait_until(lambda: people.notices(again) == ["order-received"], SECONDS)
    assert not stream.ended, "an open stream outlives the database"


def test_one_process_cut_off_from_rabbitmq(people: People, stream: Stream) -> None:
    """Frozen, so that nobody is told: half of the calls go to a process that does not hear them."""
    town = people.town
    with proxied(town.stack.settings()) as proxy:
        town.term(["tickets.2"])
        town.begin(["tickets.2"], {"SHILIU_AMQP_URL": proxy.settings.amqp_url})
        proxy.freeze()
        seen: set[int] = set()
        for _ in range(2):
            key = uuid4().hex
            wait_until(partial(_entered, people, key, seen), SECONDS)
        assert seen <= {201, 503, 504}
        assert people.reads() == READS
        entered = people.databases.of("tickets")["tickets"].find_one(sort=[("times.placed_at", -1)])
        assert entered is not None
        heard(stream, entered["_id"], "ticket.accepted.v1")
        proxy.thaw()
        town.all_ready()
        assert people.order(door=1).status == 201
        town.kill(["tickets.2"])


def _entered(people: People, key: str, seen: set[int]) -> bool:
    """Order under the same key once more; has it been entered?"""
    reply = people.order(key=key, door=1)
    seen.add(reply.status)
    return reply.status == 201


def test_one_process_cut_off_from_mongodb(people: People, stream: Stream) -> None:
    town = people.town
    done = people.ordered()
    member = people.take(done)
    assert people.door.post(f"/tickets/{done}/complete", member, BOUGHT).status == 200
    upstream = replace(town.stack.settings(), amqp_url=f"amqp://any:any@127.0.0.1:{town.stack.ports['mongo']}/any")
    with proxied(upstream) as proxy:
        town.term(["tickets.2"])
        town.begin(["tickets.2"], {"SHILIU_MONGO_URL": _past(proxy)})
        proxy.freeze()
        wait_until(lambda: any("rpc" in reason for reason in town.readiness("tickets.2").reasons), SECONDS)
        assert {people.order().status for _ in range(10)} == {201}, "the other process takes all requests"
        assert people.reads() == READS
        _silence_is_due(people, done)
        people.see(done, "closed")
        heard(stream, done, "ticket.closed.v1")
        proxy.thaw()
        town.all_ready()
        town.kill(["tickets.2"])


def _past(proxy: Proxy) -> str:
    """The database, by way of the proxy and no other."""
    port = proxy.settings.amqp_url.rpartition(":")[2].partition("/")[0]
    return f"mongodb://127.0.0.1:{port}/?directConnection=true"


@needs_libfaketime
def test_the_clock_of_one_process_is_wrong(people: People, stream: Stream, password: str) -> None:
    """And of another one the other way, with nobody else to take their work."""
    town = people.town
    town.term(["tickets", "tickets.2", "gateway.2"])
    town.launch(["tickets.2"], faked_clock(HOUR))
    town.launch(["gateway.2"], faked_clock(-HOUR))
    wait_until(lambda: all(town.readiness(name).ready for name in ("tickets.2", "gateway.2")), SECONDS)
    people.door = town.doors[1]
    signed_in = people.sign_in(password)
    assert signed_in.status == 201
    assert town.doors[0].get("/me", signed_in.body["access_token"]).status == 200, "a token of the one is good at all"
    reply = people.order(door=1)
    assert reply.status == 201
    placed = datetime.fromisoformat(reply.body["times"]["placed_at"])
    slack = timedelta(hours=6)
    assert abs(placed - Stage(town.stack).business_now()) < slack, "an hour of that clock would be thirty"
    people.take(reply.body["id"])
    heard(stream, reply.body["id"], "ticket.assigned.v1")
    wait_until(lambda: "somebody-comes" in people.notices(reply.body["id"]), SECONDS)
    town.term(["tickets.2", "gateway.2"])
