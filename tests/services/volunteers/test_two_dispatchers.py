"""Two dispatchers as processes: each order is looked at by one, and of whoever goes the other takes over."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.journal import Journal
from chassis.mongo import Document
from chassis.settings import Settings
from contracts.decisions import Decided
from contracts.events.volunteers import OfferMade
from services.volunteers.adapters.codecs import DemandCodec, MemberCodec
from services.volunteers.adapters.match_loop import LEASE
from services.volunteers.domain.seeking import marked
from tests.builders import COMMUNITY, NOON, a_meta
from tests.fakes.clock import FixedClock
from tests.services.chassis.test_runner import on_free_ports, process, readiness
from tests.unit.volunteers.builders import a_demand, a_member
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MODULE = "services.volunteers.dispatcher"
NEXT_DOOR = "zaoyuanli"
SECONDS = 60.0


@dataclass
class Town:
    """Two communities in whose orders the dispatchers look for people."""

    db: Database[Document]
    placed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        journal = Journal(self.db, FixedClock(NOON))
        self._demands, members = Aggregates(journal, DemandCodec()), Aggregates(journal, MemberCodec())
        for community in (COMMUNITY, NEXT_DOOR):
            for number in range(1, 13):
                member = a_member(f"{community}-{number}", community_id=community)
                members.apply(member.id, a_meta(command_id="import"), partial(_as_it_is, member))

    def order(self, count: int) -> None:
        """So many orders in each community wait for a dispatcher."""
        for community in (COMMUNITY, NEXT_DOOR):
            for _ in range(count):
                demand = marked(a_demand(id=f"order{len(self.placed)}", community_id=community), NOON)
                self._demands.apply(demand.id, a_meta(command_id=f"open-{demand.id}"), partial(_as_it_is, demand))
                self.placed.append(demand.id)

    def all_asked_once(self) -> None:
        """For each order somebody is asked, by one of the dispatchers; each offer is told once."""
        waiting = {"seeking": {"$exists": True}}
        wait_until(lambda: self.db["demands"].count_documents(waiting) == 0, SECONDS)
        assert {doc["_id"]: len(doc["offers"]) for doc in self.db["demands"].find()} == dict.fromkeys(self.placed, 1)
        wait_until(lambda: self.db["demands"].count_documents({"pending": True}) == 0, SECONDS)
        told = Counter(doc["thread"] for doc in self.db["events"].find({"wire.type": OfferMade.TYPE}))
        assert told == dict.fromkeys(self.placed, 1)

    def owner(self) -> str:
        """Whose turn it is in the first of the communities."""
        found = self.db["leases"].find_one({"_id": f"{LEASE}{COMMUNITY}"})
        assert found is not None
        return str(found["owner"])


def _as_it_is(aggregate: Any, _: Any) -> Decided[Any]:
    return Decided(aggregate)


@contextmanager
def dispatcher(settings: Settings, name: str) -> Iterator["subprocess.Popen[str]"]:
    """A process of the role, ready."""
    own = on_free_ports(replace(settings, instance=name))
    with process(own, "serve", module=MODULE) as started:
        wait_until(lambda: started.poll() is not None or readiness(own) == 200, SECONDS)
        assert started.poll() is None, started.communicate()[0]
        yield started


def test_of_whoever_goes_the_other_takes_over_and_nobody_is_asked_twice(
    settings: Settings, db: Database[Document]
) -> None:
    settings = replace(settings, match_tick=0.05)
    town = Town(db)
    with ExitStack() as stack:
        running = {name: stack.enter_context(dispatcher(settings, name)) for name in ("one", "two")}

        def owner() -> str:
            return next(name for name in running if f"-{name}-" in town.owner())

        town.order(2)
        town.all_asked_once()

        # Asked to stop it gives its communities back.
        stopped = owner()
        running[stopped].terminate()
        assert running[stopped].wait(SECONDS) == 0
        town.order(1)
        town.all_asked_once()
        other = owner()
        assert other != stopped

        # Frozen it has the turn until the lease is over; when it wakes, whoever has it now, nobody is asked twice.
        running[stopped] = stack.enter_context(dispatcher(settings, stopped))
        os.kill(running[other].pid, signal.SIGSTOP)
        town.order(1)
        town.all_asked_once()
        assert owner() == stopped
        town.order(1)
        os.kill(running[other].pid, signal.SIGCONT)
        town.order(1)
        town.all_asked_once()
        assert running[other].poll() is None

        # Killed it gives nothing back.
        running[stopped].kill()
        running[stopped].wait(SECONDS)
        town.order(1)
        town.all_asked_once()
        assert owner() == other
