"""Orders and members on a plane, as graphs between them: even, and in clusters as towns are."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from services.volunteers.adapters.solver import Graph

Lie = Literal["uniform", "cluster"]
LIES: tuple[Lie, ...] = ("uniform", "cluster")
UNSERVED = 1_000_000
SIDE = 4_000.0
"""Metres of the square that holds a thousand orders; more orders have a wider one, as dense."""


def places(lie: Lie, orders: int, members: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where they are, in metres."""
    rng = np.random.default_rng(seed)
    side = SIDE * (orders / 1_000) ** 0.5
    if lie == "uniform":
        return rng.random((orders, 2)) * side, rng.random((members, 2)) * side
    middles = rng.random((max(2, orders // 100), 2)) * side
    one, other = (
        middles[rng.integers(0, len(middles), count)] + rng.normal(0, 150, (count, 2)) for count in (orders, members)
    )
    return one, other


def a_graph(lie: Lie, orders: int, members: int, room: int, *, seed: int, near: int = 20) -> Graph:
    """Each order with its nearest members, by whole metres."""
    at, homes = places(lie, orders, members, seed)
    metres, nearest = cKDTree(homes).query(at, k=min(near, members))
    return Graph(
        order=np.repeat(np.arange(orders), nearest.shape[1]),
        member=nearest.ravel().astype(np.int64),
        cost=np.rint(metres.ravel()).astype(np.int64) + 1,
        seats=np.ones(orders, np.int64),
        price=np.full(orders, UNSERVED, np.int64),
        room=np.full(members, room, np.int64),
    )


def a_mixed_graph(seed: int) -> Graph:
    """A small one with everything: several seats, several rooms, prices apart, each further order dearer."""
    rng = np.random.default_rng(seed)
    orders, members = rng.integers(1, 40, 2)
    order, member = np.nonzero(rng.random((orders, members)) < rng.choice([0.1, 0.3, 0.7]))
    return Graph(
        order=order,
        member=member,
        cost=rng.integers(1, rng.choice([5, 1_000]), order.size),
        seats=rng.integers(0, rng.choice([2, 4]), orders),
        price=rng.integers(UNSERVED, 5 * UNSERVED, orders),
        room=rng.integers(0, rng.choice([2, 4]), members),
        step=int(rng.choice([0, 100])),
    )
