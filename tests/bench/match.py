"""Matching, measured: ours and OR-Tools' on the same graphs, a city, a tick; and a month replayed three ways.

Seconds are those of the processor: both sides run on one thread, and what else the machine does is nobody's figure.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random
from statistics import median
from typing import TypeVar

from services.volunteers.adapters.graph import SparseSolver
from services.volunteers.adapters.solver import solve
from services.volunteers.application.batch import BatchMatcher
from services.volunteers.domain.costs import Weights
from tests.bench.graphs import LIES, SIDE, a_graph
from tests.bench.peer import by_flow, weighed
from tests.bench.town import a_town, orders_in
from tests.builders import NOON

T = TypeVar("T")

ROUNDS = 3
LONG_ENOUGH = 4_000
"""Orders that one measurement matches at least: fifty alone are done within a millisecond."""
CITY_SECONDS = 3.0
TICK_SECONDS = 0.05
SIZES, QUICK_SIZES = (50, 200, 1_000, 5_000, 10_000), (50, 200, 1_000)
SHARES, ROOMS = (0.5, 1.0, 2.0), (1, 3)


@dataclass(frozen=True)
class SameGraph:
    """One kind of graph, medians over its seeds: seconds and costs of both sides."""

    lie: str
    orders: int
    members: int
    room: int
    served: int
    ours: float
    peer: float
    dearer: int
    """By how much our cost is above the peer's; any is a broken figure."""

    @property
    def ratio(self) -> float:
        """Our time by the peer's."""
        return self.ours / self.peer


@dataclass(frozen=True)
class Whole:
    """A whole match with everything it takes: gates, candidates, costs, graph, solution, why."""

    orders: int
    members: int
    served: int
    seconds: float
    bound: float


def timed(run: Callable[[], T], times: int = 1) -> tuple[float, T]:
    """Seconds of the processor for one run, and its result; *times* runs where one is too short to be measured."""
    gc.collect()
    begun = time.process_time()
    for _ in range(times - 1):
        run()
    result = run()
    return (time.process_time() - begun) / times, result


def same_graphs(sizes: tuple[int, ...]) -> list[SameGraph]:
    """Both sides on each kind of graph: too few members, just enough, plenty; even and in clusters."""
    return [
        _same_graph(lie, size, int(size * share), room)
        for size, lie, share, room in product(sizes, LIES, SHARES, ROOMS)
    ]


def _same_graph(lie: str, orders: int, members: int, room: int) -> SameGraph:
    ours, peer, dearer, served = [], [], 0, 0
    for seed in range(ROUNDS):
        graph = a_graph("cluster" if lie == "cluster" else "uniform", orders, members, room, seed=seed)
        times = max(1, LONG_ENOUGH // orders)
        seconds, used = timed(partial(solve, graph), times)
        peers, (filled, least) = timed(partial(by_flow, graph), times)
        ours.append(seconds)
        peer.append(peers)
        served, cost = weighed(graph, used)
        dearer += max(0, cost - least) + max(0, filled - served)
    return SameGraph(lie, orders, members, room, served, median(ours), median(peer), dearer)


def slower(rows: list[SameGraph]) -> list[int]:
    """The sizes at which we take longer than the peer: the median of the ratios of all kinds of graph of that size."""
    sizes = sorted({row.orders for row in rows})
    return [size for size in sizes if median(row.ratio for row in rows if row.orders == size) > 1]


def whole(orders: int, members: int, bound: float) -> Whole:
    """A match of domain objects in memory, as dense as the graphs; the first one only warms up."""
    rng = Random(orders)
    side = SIDE * (max(orders, members) / 1_000) ** 0.5
    town = a_town(members, side, rng)
    wanted = orders_in(town, orders, side, rng)
    matcher = BatchMatcher(town, town, SparseSolver(), Weights())
    found = matcher.match(wanted, NOON)
    seconds = median(timed(lambda: matcher.match(wanted, NOON))[0] for _ in range(ROUNDS))
    return Whole(orders, members, sum(bool(choices) for choices in found.values()), seconds, bound)
