"""What the batch asks of whoever solves it: numbers and places alone, nobody's name."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.events.masters import Point
from services.volunteers.domain.costs import Weights


@dataclass(frozen=True)
class Person:
    """A member: where they start, how many more can be asked of them, what asking them costs whatever it is for.

    ``lot`` is 32 bits of their id; with those of an order they draw among equals.
    """

    start: Point | None
    room: int
    cost: int
    lot: int


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An order: how many more are to be asked for it, and what leaving one of them unasked costs.

    ``kind`` is its place in ``Crowd.passing``. ``named`` are those of whom the order itself says something. ``own`` is
    what continuity adds for those who came before, ``others`` for everybody else.
    """

    kind: int
    seats: int
    place: Point | None
    price: int
    lot: int
    own: Mapping[int, int]
    others: int = 0
    named: Collection[int] = ()


@dataclass(frozen=True)
class Crowd:
    """A whole match. Members and orders are meant by their place in ``people`` and ``wanted``.

    ``passing`` holds for each kind of need who passes its gates, with what the kind adds to the cost; ``admits(order,
    members)`` is which of these pass the gates that look at the one order, in the same order. Whoever is ``free``
    passes them all, and need not be asked for, where the order does not name them.
    """

    people: Sequence[Person]
    wanted: Sequence[Wanted]
    passing: Sequence[Mapping[int, int]]
    weights: Weights
    admits: Callable[[int, Sequence[int]], Sequence[int]]
    free: Sequence[bool]


class Solver(Protocol):
    """Finds the match that serves most, the dearest to leave unserved first, and at the least cost."""

    def solve(self, crowd: Crowd) -> Sequence[Sequence[int]]:
        """For each order the members to ask, cheapest first; nobody twice, nobody beyond their room."""
