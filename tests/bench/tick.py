"""A whole tick on a real database: orders taken under the lease, matched, and written one by one; by its parts."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from types import SimpleNamespace
from typing import Generic, ParamSpec, TypeVar

from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.journal import Journal
from chassis.lease import Leases
from chassis.migrations import base_indexes, migrate
from chassis.mongo import Document, connect
from chassis.settings import Settings
from contracts.decisions import Decided
from services.volunteers.adapters.candidates import MongoCandidates
from services.volunteers.adapters.codecs import DemandCodec, MemberCodec
from services.volunteers.adapters.graph import SparseSolver
from services.volunteers.adapters.indexes import AGGREGATES, INDEXES
from services.volunteers.adapters.match_loop import LEASE, at_once
from services.volunteers.adapters.stores import MongoCommunities
from services.volunteers.adapters.waiting import MongoWaiting
from services.volunteers.application.batch import BatchMatcher
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.matching import CostMatcher
from services.volunteers.application.modes import Modes
from services.volunteers.application.ticking import Tick
from services.volunteers.domain.costs import Weights
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.seeking import marked
from tests.bench.graphs import SIDE
from tests.bench.town import Town, a_town, orders_in
from tests.brokers import find_site
from tests.builders import COMMUNITY, NOON, a_meta
from tests.fakes.clock import FixedClock

A, P, R = TypeVar("A"), ParamSpec("P"), TypeVar("R")

ROUNDS = 3
MOST = 500
"""Orders that one tick takes."""
LEASE_SECONDS = 60.0


@dataclass(frozen=True)
class Ticks:
    """Medians over the rounds, seconds on the wall: the database waits for its own disk."""

    orders: int
    members: int
    offers: int
    taken: float
    """Until the orders that wait are here, with the number of the lease on each."""
    matched: float
    """Members and their offers read, and the match."""
    written: float
    """Each order by its own guarded write."""

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.taken + self.matched + self.written


def ticks(orders: int, members: int) -> Ticks:
    """Ticks of so many orders, each round of new ones; the first only warms up."""
    rng = Random(orders)
    side = SIDE * (members / 1_000) ** 0.5
    town = a_town(members, side, rng)
    with _database() as db:
        rounds = _Rounds(db, town)
        told = []
        for number in range(1 + ROUNDS):
            wanted = [replace(one, id=f"{number}-{one.id}") for one in orders_in(town, orders, side, rng)]
            told.append(rounds.once(wanted))
    offers, taken, matched, written = (median(part) for part in zip(*told[1:], strict=True))
    return Ticks(orders, members, int(offers), taken, matched, written)


@contextmanager
def _database() -> Iterator[Database[Document]]:
    """A new one of volunteers, on the server that the environment names or one of our own."""
    with tempfile.TemporaryDirectory() as folder, find_site(Path(folder)) as site:
        client = connect(Settings(mongo_url=site.mongo_url))
        db = client[f"bench_{time.time_ns()}"]
        migrate(db, (*base_indexes(AGGREGATES), *INDEXES))
        try:
            yield db
        finally:
            client.drop_database(db.name)
            client.close()


class _Rounds:
    """One dispatcher and its database, asked again and again."""

    def __init__(self, db: Database[Document], town: Town) -> None:
        journal = Journal(db, FixedClock(NOON))
        demands, members = Aggregates(journal, DemandCodec()), Aggregates(journal, MemberCodec())
        self._demands = demands
        for member in town.members.values():
            members.apply(member.id, a_meta(command_id="import"), partial(_as_it_is, member))
        self._leases = Leases(db, "bench")
        self._turn = self._leases.turn(f"{LEASE}{COMMUNITY}", LEASE_SECONDS)
        candidates = MongoCandidates(members, demands)
        self._batch = BatchMatcher(candidates, town, SparseSolver(), Weights())
        matcher = CostMatcher(candidates, town, Weights())
        self._dispatch = Dispatch(matcher, Modes(matcher, candidates, town, MongoCommunities(db)))

    def once(self, orders: Sequence[Demand]) -> Sequence[float]:
        """One tick: how many offers it made, then how long its parts took."""
        for one in orders:
            self._demands.apply(one.id, a_meta(command_id="place"), partial(_as_it_is, marked(one, NOON)))
        matching, writing = Timed(self._batch.match), Timed(at_once)
        batch = SimpleNamespace(match=matching)
        waiting = MongoWaiting(self._demands, lambda id, fence: self._leases.holds(f"{LEASE}{id}", fence))
        tick = Tick(waiting, self._demands, batch, self._dispatch, FixedClock(NOON), MOST, writing)
        fence = self._turn.take()
        if fence is None:
            raise RuntimeError("the lease is not ours")
        whole = Timed(tick.run)
        ticked = whole(COMMUNITY, fence)
        return (ticked.offers, whole.seconds - matching.seconds - writing.seconds, matching.seconds, writing.seconds)


class Timed(Generic[P, R]):
    """A function, and how long it took."""

    def __init__(self, run: Callable[P, R]) -> None:
        self._run = run
        self.seconds = 0.0

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it."""
        begun = time.perf_counter()
        try:
            return self._run(*args, **kwargs)
        finally:
            self.seconds += time.perf_counter() - begun


def _as_it_is(aggregate: A, _: A | None) -> Decided[A]:
    return Decided(aggregate)
