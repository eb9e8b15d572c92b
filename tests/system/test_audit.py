"""Each clause of the audit finds its fault, planted in real databases, and nothing where nothing is wrong."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from amqp import Message
from pymongo import MongoClient

from chassis.bus import declare_topology
from chassis.settings import Settings
from contracts.events.tickets import TicketAccepted, TicketAssigned
from contracts.events.volunteers import OfferMade
from contracts.topology import dead_queue
from deploy.audit.audit import CLAUSES, audit, sentences, settled
from deploy.audit.databases import Databases
from deploy.audit.figures import figures, percentile
from deploy.audit.findings import Finding, Scope
from deploy.audit.gauges import difference
from tests.brokers import Rabbit
from tests.waiting import wait_until

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
HERE = "shiliuli"
Document = dict[str, Any]


class World:
    """Documents of one ended order, as the services leave them; a test breaks one thing."""

    def __init__(self, client: MongoClient[Document], prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def of(self, service: str) -> Any:
        return self._client[f"{self._prefix}{service}"]

    def healthy(self) -> None:
        take = {"id": "T1.s1.1", "seat": 1, "member_id": "m1", "round": 1, "status": "finished", "released": None}
        offer = {"id": "T1.o1", "member_id": "m1", "round": 1, "wave": 1, "status": "accepted"}
        self.of("tickets").tickets.insert_one(
            {
                **{"_id": "T1", "community_id": HERE, "number": "NC-1", "status": "closed", "version": 2},
                **{"holders": [{"assignment_id": "T1.s1.1", "member_id": "m1"}], "terms": {}, "result": "solved"},
                **{"closed_by": "requester", "resolved": True, "rework_count": 0, "round": 1},
                "times": {"placed_at": NOON},
            }
        )
        self.of("volunteers").demands.insert_one(
            {
                **{"_id": "T1", "community_id": HERE, "number": "NC-1", "status": "finished", "version": 1},
                **{"seats": 1, "takes": [take], "offers": [offer]},
            }
        )
        self.of("volunteers").members.insert_one(
            {"_id": "m1", "community_id": HERE, "capacity": 1, "holding": [], "version": 0}
        )
        self._told("tickets", "ticket", 1, TicketAccepted.TYPE, 0)
        self._told("volunteers", "demand", 1, OfferMade.TYPE, 60)
        self._told("tickets", "ticket", 2, TicketAssigned.TYPE, 300)
        view = {"_id": "T1", "community_id": HERE, "ticket": {"v": 2, "status": "closed"}, "demand": {"v": 1}}
        self.of("gateway").tickets.insert_one(view)
        message = {"event_id": "ticket1", "rule": "received", "recipient": "account:a", "channel": "in_app"}
        self.of("notify").messages.insert_one({"_id": "M1", "community_id": HERE, "thread": "T1", **message})

    def _told(self, service: str, aggregate: str, version: int, kind: str, seconds: float) -> None:
        row = {"_id": f"{aggregate}{version}", "community_id": HERE, "thread": "T1", "aggregate": aggregate}
        at = NOON + timedelta(seconds=seconds)
        self.of(service).events.insert_one({**row, "version": version, "at": at, "wire": {"type": kind}})
        self.of("gateway").stream.insert_one({"_id": f"{aggregate}{version}", "community_id": HERE})


@pytest.fixture
def world(settings: Settings, mongo: MongoClient[Document]) -> World:
    made = World(mongo, settings.db_prefix)
    made.healthy()
    return made


@pytest.fixture
def databases(settings: Settings, amqp: Rabbit) -> Iterator[Databases]:
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as opened:
        yield opened


def found(databases: Databases) -> dict[str, list[str]]:
    return {
        name: [finding.clause for finding in findings]
        for name, findings in audit(databases, Scope(HERE)).items()
        if findings
    }


def test_nothing_is_found_where_nothing_is_wrong(world: World, databases: Databases) -> None:
    assert found(databases) == {}


def change(service: str, collection: str, update: Document, id_: str = "T1") -> Callable[[World], None]:
    return lambda world: world.of(service)[collection].update_one({"_id": id_}, update)


SECOND_TAKE = {"id": "T1.s1.2", "seat": 1, "member_id": "m2", "round": 1, "status": "finished", "released": None}
AT_WORK = {"id": "T1.s1.1", "seat": 1, "member_id": "m1", "round": 1, "status": "arrived", "released": None}
SECOND_OFFER = {"id": "T1.o2", "member_id": "m1", "round": 1, "wave": 2, "status": "declined"}
FAULTS: dict[str, tuple[Callable[[World], None], dict[str, list[str]]]] = {
    "an order under way": (
        lambda world: (
            change("tickets", "tickets", {"$set": {"status": "completed"}})(world),
            change("gateway", "tickets", {"$set": {"ticket.status": "completed"}})(world),
        )[0],
        {"at_end": ["not-at-end"]},
    ),
    "two holders of one seat": (
        change("volunteers", "demands", {"$push": {"takes": SECOND_TAKE}}),
        {"over_assigned": ["over-assigned"]},
    ),
    "hands fuller than they can be": (
        change("volunteers", "members", {"$set": {"holding": ["T1.s1.1", "T9.s1.1"]}}, "m1"),
        {"over_capacity": ["over-capacity"], "seats_kept": ["seat-kept", "seat-kept"]},
    ),
    "a seat held of an order that is over": (
        lambda world: (
            change("volunteers", "demands", {"$set": {"takes": [AT_WORK]}})(world),
            change("volunteers", "members", {"$set": {"holding": ["T1.s1.1"]}}, "m1")(world),
        )[0],
        {"seats_kept": ["seat-kept"]},
    ),
    "a search that goes on": (
        change("volunteers", "demands", {"$set": {"status": "claim"}}),
        {"owners_differ": ["search-goes-on"]},
    ),
    "somebody asked twice": (
        change("volunteers", "demands", {"$push": {"offers": SECOND_OFFER}}),
        {"asked_twice": ["asked-twice"]},
    ),
    "an event that was never stored": (
        lambda world: world.of("tickets").events.delete_one({"_id": "ticket1"}),
        {"event_gaps": ["event-gap"]},
    ),
    "a version told twice": (
        lambda world: world.of("tickets").events.insert_one(
            {"_id": "twin", "community_id": HERE, "thread": "T1", "aggregate": "ticket", "version": 2, "wire": {}}
        ),
        {"event_gaps": ["event-gap"], "not_streamed": ["not-in-stream"]},
    ),
    "an outbox with something in it": (
        change("tickets", "tickets", {"$set": {"pending": True, "outbox": [{"id": "e"}]}}),
        {"outbox_left": ["outbox-left"]},
    ),
    "an event that was parked": (
        change("volunteers", "demands", {"$set": {"outbox_dead": [{"at": NOON}]}}),
        {"outbox_left": ["outbox-left"]},
    ),
    "a view that lags behind": (
        change("gateway", "tickets", {"$set": {"demand.v": 0}}),
        {"views_differ": ["view-differs"]},
    ),
    "a view that says something else": (
        change("gateway", "tickets", {"$set": {"ticket.status": "completed"}}),
        {"views_differ": ["view-differs"]},
    ),
    "two messages for one event": (
        lambda world: world.of("notify").messages.insert_one(
            {**world.of("notify").messages.find_one({"_id": "M1"}), "_id": "M2"}
        ),
        {"told_twice": ["told-twice"]},
    ),
    "an event nobody could hear": (
        lambda world: world.of("gateway").stream.delete_one({"_id": "demand1"}),
        {"not_streamed": ["not-in-stream"]},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_by_its_clause_and_no_other(fault: str, world: World, databases: Databases) -> None:
    plant, expected = FAULTS[fault]
    plant(world)
    assert found(databases) == expected


def test_every_clause_has_a_fault_that_it_finds() -> None:
    assert {clause for _, expected in FAULTS.values() for clause in expected} | {"queues"} == CLAUSES.keys()


def test_a_dead_letter_is_counted_and_left_where_it_is(world: World, databases: Databases, amqp: Rabbit) -> None:
    channel = amqp.channel()
    declare_topology(channel)
    channel.confirm_select()
    channel.basic_publish_confirm(Message(b"{}"), exchange="", routing_key=dead_queue("notify"))
    wait_until(lambda: databases.depths()["notify"].dead == 1)
    assert found(databases) == {"queues": ["dead-letter"]}
    assert databases.depths()["notify"].dead == 1


def test_settling_waits_for_what_is_on_its_way_and_no_longer_than_told(world: World, databases: Databases) -> None:
    looks = iter([[Finding("late", "x", "y")], [], []])
    assert settled(databases, Scope(HERE), 10, {"late": lambda _d, _s: iter(next(looks))}) == {"late": []}
    never = {"never": lambda _d, _s: iter([Finding("never", "x", "y")])}
    assert settled(databases, Scope(HERE), 0, never) == {"never": [Finding("never", "x", "y")]}


def test_another_communitys_faults_are_not_ours(world: World, databases: Databases) -> None:
    change("volunteers", "demands", {"$push": {"takes": SECOND_TAKE}})(world)
    assert not any(audit(databases, Scope("elsewhere")).values())


def test_findings_are_told_in_sentences_a_few_of_each(world: World, databases: Databases) -> None:
    world.of("volunteers").members.insert_many(
        {
            "_id": f"x{number}",
            "external_no": f"x{number}",
            "community_id": HERE,
            "capacity": 0,
            "holding": ["y"],
            "version": 0,
        }
        for number in range(9)
    )
    told = list(sentences(audit(databases, Scope(HERE)), most=3))
    assert "over_capacity: x0: holds 1, can hold 0" in told
    assert "over_capacity: … 6 more" in told


def test_figures_are_counted_from_the_databases(world: World, databases: Databases) -> None:
    counted = figures(databases, Scope(HERE))
    assert (counted.orders, counted.at_end, counted.ends, counted.resolved) == (1, 1, {"closed": 1}, 1)
    assert (counted.offers, counted.offers_per_order, counted.claimed) == ({"accepted": 1}, 1.0, 0)
    assert (counted.to_offer.p50, counted.to_assigned.p95) == (60, 300)
    assert counted.to_offer.real_ms(speed=360) == {"p50_ms": 166.7, "p95_ms": 166.7}
    assert (counted.events, counted.messages) == (3, 1)
    assert figures(databases, Scope(HERE, NOON + timedelta(hours=1))).orders == 0


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, 0.0), ([7], 0.95, 7), ([1, 2, 3, 4], 0.5, 2), (list(range(1, 101)), 0.95, 95), ([3, 1, 2], 1.0, 3)],
)
def test_percentiles_are_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_a_server_that_started_anew_counts_from_zero() -> None:
    assert difference({"a": 10, "b": 3}, {"a": 12, "b": 1}) == {"a": 2, "b": 1}
