"""Every poison against the real handlers of the service it is meant for: it dies as planted and leaves nothing else."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from pymongo import MongoClient
from structlog.testing import capture_logs

from chassis.dead import list_dead
from chassis.dead_letter import DeadLetter
from chassis.inbox import Inbox
from chassis.migrations import migrate
from chassis.reactions import Undecodable, decode
from chassis.resources import open_resources
from chassis.settings import Settings
from contracts.envelope import TYPE_PREFIX
from contracts.events.tickets import TicketAccepted, TicketClosed
from contracts.topology import SERVICES, inbox_queue
from deploy.chaos import poison
from deploy.chaos.post import Letter, hearers, put, straight_to, to_everybody
from gateway.service import build as gateway
from services.notify.service import build as notify
from services.tickets.service import build as tickets
from services.volunteers.service import build as volunteers
from tests.brokers import Rabbit
from tests.waiting import wait_until

BUILDS = {"tickets": tickets, "volunteers": volunteers, "notify": notify, "gateway": gateway}
HEARD = TicketAccepted.TYPE.removeprefix(TYPE_PREFIX)
SEEDS = range(40)
READ_AT_ONCE = {
    poison.UNDECODABLE: poison.undecodable,
    poison.UNKNOWN: poison.unknown_type,
    poison.SCHEMA: poison.breach,
}


@dataclass
class House:
    """The inboxes of all services, with their real handlers."""

    settings: Settings
    inboxes: dict[str, Inbox]

    def dead(self, service: str) -> dict[str, DeadLetter]:
        return {letter.id: letter for letter in list_dead(self.settings, service)}


@pytest.fixture
def house(settings: Settings, mongo: MongoClient[Any], amqp: Rabbit) -> Iterator[House]:
    # A traceback drawn for a terminal takes longer than the ladder.
    with capture_logs(), ExitStack() as stack:
        yield House(settings, {service: stack.enter_context(_consuming(settings, service)) for service in SERVICES})


@contextmanager
def _consuming(settings: Settings, service: str) -> Iterator[Inbox]:
    resources = open_resources(settings, service)
    parts = BUILDS[service](resources)
    migrate(resources.db, parts.all_indexes)
    inbox = Inbox(settings, service, parts.handlers)
    inbox.start()
    try:
        wait_until(lambda: inbox.ready)
        yield inbox
    finally:
        inbox.stop(10.0)  # an ack that did not get out in time would bring its event back
        resources.client.close()


def _stored(mongo: MongoClient[Any], settings: Settings) -> dict[str, int]:
    """How many documents lie in each collection that holds any."""
    found = {}
    for service in SERVICES:
        db = mongo[settings.db_prefix + service]
        for name in db.list_collection_names(filter={"type": "collection"}):
            found[f"{service}.{name}"] = db[name].count_documents({})
    return {name: count for name, count in found.items() if count and not name.endswith(".leases")}


@pytest.mark.parametrize("reason", READ_AT_ONCE)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_cannot_be_read_is_refused_for_the_planted_reason(reason: str, seed: int) -> None:
    letter = READ_AT_ONCE[reason]("planted-1", Random(seed))
    with pytest.raises(Undecodable) as refusal:
        decode(letter.body)
    assert refusal.value.reason == reason


@pytest.mark.parametrize("event_type", [TicketAccepted.TYPE, TicketClosed.TYPE])
def test_the_rest_can_be_read(event_type: str) -> None:
    wire = poison.sample(event_type, "planted-1")
    assert decode(json.dumps(wire)).envelope.subject == "planted-1"


@pytest.mark.parametrize("reason", READ_AT_ONCE)
def test_what_cannot_be_read_dies_at_once_wherever_it_is_put(
    reason: str, house: House, settings: Settings, mongo: MongoClient[Any]
) -> None:
    before, rng = _stored(mongo, settings), Random(1)
    made = [READ_AT_ONCE[reason](f"planted-{number}", rng) for number in range(12)]
    spread = READ_AT_ONCE[reason]("planted-spread", rng)
    for service in SERVICES:
        put(settings.amqp_url, [(letter, straight_to(service)) for letter in made])
    put(settings.amqp_url, [(spread, to_everybody(HEARD))])
    for service in SERVICES:
        expected = {letter.key for letter in made} | ({spread.key} if service in hearers(HEARD) else set())
        wait_until(lambda service=service, expected=expected: house.dead(service).keys() == expected)  # type: ignore[misc]
        assert {letter.reason for letter in house.dead(service).values()} == {reason}
        assert not house.inboxes[service].paused
    assert _stored(mongo, settings) == before


@pytest.mark.parametrize("seed", [1, 5])
def test_an_order_in_no_time_zone_climbs_the_ladder_and_leaves_nothing_but_its_letter(
    seed: int, house: House, settings: Settings, mongo: MongoClient[Any]
) -> None:
    before = _stored(mongo, settings)
    letter = poison.nowhere("planted-1", Random(seed))
    put(settings.amqp_url, [(letter, straight_to("volunteers"))])
    found = wait_until(lambda: house.dead("volunteers").get("planted-1"), 30)
    assert found is not None
    assert (found.reason, found.handler) == (poison.FAILED, "follow_ticket")
    assert found.attempts == len(settings.retry_delays) + 1
    assert "Nowhere/At_All" in found.error
    assert _stored(mongo, settings) == before


def test_the_killer_writes_its_mark_where_it_is_watched_for(
    house: House, settings: Settings, mongo: MongoClient[Any], amqp: Rabbit
) -> None:
    """Without a watch it is an event like any other, and its mark does go to the database."""
    wire = poison.sample(TicketClosed.TYPE, "planted-mark")
    letter = Letter("planted-mark", json.dumps(wire).encode(), TicketClosed.TYPE, "planted-mark")
    put(settings.amqp_url, [(letter, straight_to(poison.KILLED))])
    messages = mongo[settings.db_prefix + poison.KILLED]["messages"]
    wait_until(lambda: messages.count_documents({"thread": "planted-mark"}))
    wait_until(lambda: amqp.depth(inbox_queue(poison.KILLED)) == 0)
