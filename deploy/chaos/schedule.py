"""Which fault is struck when: drawn from the seed before the run, told in orders placed, never in seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

ORDERS_PER_ROUND = 750
"""So many orders see every kind of fault once (fewer, too)."""
WALKING = frozenset({"kill_each", "term_each"})
"""Each strike takes the next of all processes; a long run takes them all."""
PROCESSES = 10
WALK_ORDERS = 2000
FIRST, LAST = 0.04, 0.92
"""The shares of the orders between which faults begin: there is work at the first, and some left after the last."""
BROKEN_DOWN = ("kill_all", "kill_both", "kill_several", "rabbit_", "mongo_", "poison_", "duplicates", "reordering")


class Lane(StrEnum):
    """Faults of one lane follow each other, those of different lanes overlap."""

    HOUSE = "house"
    """Brokers and several processes; and whatever needs a broker to be there while it is struck."""
    ONE = "one"
    """One process, or its wires."""
    LONG = "long"
    """What takes minutes."""


LONG = frozenset({"poison_kills"})
"""Once in a run, from its beginning."""


@dataclass(frozen=True)
class Planned:
    """A fault of this *kind* begins when *after* orders were placed."""

    after: int
    kind: str

    @property
    def lane(self) -> Lane:
        """What it may not overlap with."""
        return lane_of(self.kind)


def lane_of(kind: str) -> Lane:
    """The lane of a kind."""
    if kind in LONG:
        return Lane.LONG
    return Lane.HOUSE if kind.startswith(BROKEN_DOWN) else Lane.ONE


def draw(kinds: Sequence[str], orders: int, seed: int) -> list[Planned]:
    """A schedule for so many *orders*: every kind at least once, all spread over the run; sorted.

    The same for the same seed. What takes minutes comes first, so that it is over before the quiet period.
    """
    rng = Random(f"{seed}:schedule")
    rounds = max(1, round(orders / ORDERS_PER_ROUND))
    struck = [kind for kind in sorted(kinds) if kind not in LONG for _ in range(_times(kind, rounds, orders))]
    rng.shuffle(struck)
    first, last = int(orders * FIRST), int(orders * LAST)
    step = (last - first) / max(1, len(struck))
    planned = [Planned(first, kind) for kind in sorted(set(kinds) & LONG)]
    planned += [Planned(first + int(step * (place + rng.random())), kind) for place, kind in enumerate(struck)]
    return sorted(planned, key=lambda one: one.after)


def _times(kind: str, rounds: int, orders: int) -> int:
    return max(rounds, PROCESSES) if kind in WALKING and orders >= WALK_ORDERS else rounds
