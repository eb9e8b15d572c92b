"""The whole volunteers service on its own database and virtual host; what tickets would say, a relay says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.event_store import EventStore
from chassis.gear import Gear
from chassis.journal import Journal
from chassis.migrations import base_indexes, migrate
from chassis.mongo import Document
from chassis.relay import Relay
from chassis.rpc import Container, RpcClient, container_config
from chassis.rpc_wire import request_queue
from chassis.settings import Settings
from contracts.commands import Outcome
from contracts.decisions import Decided
from services.volunteers.adapters.codecs import DemandCodec, MemberCodec, TeamCodec
from services.volunteers.adapters.indexes import AGGREGATES, INDEXES
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import Member
from services.volunteers.domain.team import Team
from services.volunteers.service import NAME, VolunteersService
from tests.brokers import Rabbit
from tests.builders import TICKET_ID, a_member_actor, a_meta
from tests.fakes.clock import FixedClock
from tests.waiting import wait_until


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Business time stands nearly still, from eight in the morning; tests about deadlines set another speed."""
    morning, now = "2026-11-21T08:00:00+08:00", datetime.now(UTC).isoformat()
    return replace(
        settings, clock_origin=morning, clock_started=now, sweep_interval=0.5, lease_ttl=1.0, due_interval=0.05
    )


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings, amqp: Rabbit) -> Iterator[Database[Document]]:
    """The service's database, migrated."""
    db = mongo[settings.db_prefix + NAME]
    migrate(db, (*base_indexes(AGGREGATES), *INDEXES))
    yield db
    amqp.channel().queue_delete(request_queue(NAME))


@dataclass
class Service:
    """The running service, as its neighbours meet it."""

    rpc: RpcClient
    relay: Relay
    demands: Aggregates[Demand]
    members: Aggregates[Member]
    teams: Aggregates[Team]
    numbers: "count[int]" = field(default_factory=count)

    def add(self, *members: Member) -> None:
        """Members of the community, as an import leaves them."""
        for member in members:
            self.members.apply(member.id, a_meta(command_id="import"), partial(_as_it_is, member))

    def found(self, *teams: Team) -> None:
        """Teams, as an import leaves them."""
        for team in teams:
            self.teams.apply(team.id, a_meta(command_id="import"), lambda _, team=team: Decided(team))  # type: ignore[misc]

    def tell(self, *events: Any) -> None:
        """tickets says something."""
        self.relay.wake("tickets", TICKET_ID, [event.envelope.to_wire() for event in events])

    def call(self, command: Any, member_id: str) -> Outcome:
        """A member's command, each with a key of its own."""
        return self.rpc.call(command, a_meta(a_member_actor(member_id), f"command-{next(self.numbers)}"))

    def demand(self, id: str = TICKET_ID) -> Demand:
        """The demand, as soon as there is one."""
        return self.wait(lambda _: True, id)

    def wait(self, condition: Callable[[Demand], Any], id: str = TICKET_ID, seconds: float = 30.0) -> Demand:
        """The demand, as soon as *condition* holds of it."""

        def look() -> list[Demand]:
            demand = self.demands.get(id)
            return [demand] if demand is not None and condition(demand) else []

        return wait_until(look, seconds)[0]


def _as_it_is(member: Member, _: Member | None) -> Decided[Member]:
    return Decided(member)


@contextmanager
def running(settings: Settings) -> Iterator[Gear]:
    """The service in a container."""
    container = Container(VolunteersService, {**container_config(settings), "ops_port": 0})
    container.start()
    gear = next(dependency for dependency in container.dependencies if isinstance(dependency, Gear))
    try:
        yield gear
        gear.drain()
        container.stop()
    finally:
        gear.kill()


@contextmanager
def serving(settings: Settings, db: Database[Document]) -> Iterator[Service]:
    """The running service with a caller and a teller."""
    elsewhere = db.client[settings.db_prefix + "elsewhere"]
    rpc, relay = RpcClient(settings, "test"), Relay(settings, elsewhere, EventStore(elsewhere))
    journal = Journal(db, FixedClock())
    with running(settings) as gear:
        rpc.start()
        relay.start()
        wait_until(lambda: rpc.connected and not gear.health.ready())
        demands, members = Aggregates(journal, DemandCodec()), Aggregates(journal, MemberCodec())
        yield Service(rpc, relay, demands, members, Aggregates(journal, TeamCodec()))
        relay.stop(5.0)
        rpc.stop()


@pytest.fixture
def service(settings: Settings, db: Database[Document]) -> Iterator[Service]:
    """volunteers, running."""
    with serving(settings, db) as service:
        yield service
