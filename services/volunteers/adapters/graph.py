"""From a crowd of orders and members to the match: whom each order looks at, round by round, and the solver between."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from contracts.events.masters import Point
from services.volunteers.adapters.solver import Graph, Numbers, solve
from services.volunteers.application.solving import Crowd
from services.volunteers.domain.price import STEP
from services.volunteers.domain.walking import DETOUR, EARTH_METRES, WALKING_METRES_PER_MINUTE

NEAREST = 20
"""So many members are looked at for each order at first. With these alone a clustered town leaves 42 % unserved; so
whoever is left looks again, among those who still have room and twice as many of them, until there is nobody more."""

LOTS = 8
"""Parts of the least cost, by which equals are drawn apart: a lot never outweighs a tenth of a minute."""

ANEW_AT_MOST = 2
"""So often all are matched anew at most."""

UNPLACED_ONE_IN = 4
"""Beside the nearest each order looks at a quarter as many without a known start, at others each by its lot."""

EDGES_AT_ONCE = 2_000_000
"""Of one round: about 200 MB. Whoever is cheapest to leave unserved looks in a later round."""

Places = NDArray[np.float64]


class SparseSolver:
    """A ``Solver`` by scipy. It keeps the interpreter busy while it computes: for a process of its own."""

    def solve(self, crowd: Crowd) -> Sequence[Sequence[int]]:
        """See ``Solver``. Where an order is left though whoever could go went to one of a lower rank, all are matched
        anew, and that order sees everybody from the first round on.
        """
        far = np.zeros(len(crowd.wanted), bool)
        found = _Match(crowd, far)
        for _ in range(ANEW_AT_MOST):
            dropped = found.dropped() & ~far
            if not dropped.any():
                break
            far |= dropped
            found = _Match(crowd, far)
        return found.taken


@dataclass(frozen=True)
class _Seen:
    """Candidate edges, by the places of their ends."""

    order: Numbers
    member: Numbers
    cost: Numbers


class _Match:
    """One match: what is still wanted, who still has room, and what was found so far.

    Round after round, twice as far each time, until nobody is left who wants or nobody who could be given.
    """

    def __init__(self, crowd: Crowd, far: NDArray[np.bool_]) -> None:
        """*far*: these orders see everybody from the first round on."""
        self._crowd = crowd
        self._far = far
        people, wanted = crowd.people, crowd.wanted
        self._room = np.array([one.room for one in people], np.int64)
        self._base = np.array([one.cost for one in people], np.int64)
        self._member_lot = np.array([one.lot for one in people], np.int64)
        self._order_lot = np.array([one.lot for one in wanted], np.int64)
        self._seats = np.array([one.seats for one in wanted], np.int64)
        self._price = np.array([one.price for one in wanted], np.int64) * LOTS
        self._others = np.array([one.others for one in wanted], np.int64)
        self._starts, self._places = _flat([one.start for one in people], [one.place for one in wanted])
        self._passing = [np.fromiter(fits, np.int64, len(fits)) for fits in crowd.passing]
        self._adds = [np.fromiter(fits.values(), np.int64, len(fits)) for fits in crowd.passing]
        self._kind = np.array([one.kind for one in wanted], np.int64)
        self._knows = np.array([bool(one.own) for one in wanted], bool)
        self._free = np.array(crowd.free, bool)
        named = [at * len(people) + one for at, order in enumerate(wanted) for one in order.named]
        self._named = np.array(named, np.int64)
        self._pairs = np.zeros(0, np.int64)
        self._last = np.zeros(len(wanted), bool)
        self._taken: list[list[tuple[int, int]]] = [[] for _ in wanted]
        near = NEAREST
        while (self._seats > 0).any():
            self._settle(self._look(near))
            near *= 2

    @property
    def taken(self) -> Sequence[Sequence[int]]:
        """For each order whom it is given, cheapest first."""
        return [[member for _, member in sorted(taken)] for taken in self._taken]

    def dropped(self) -> NDArray[np.bool_]:
        """Which orders lack somebody whose last room went to an order of a lower rank."""
        wanted = self._crowd.wanted
        rank = np.array([one.price // STEP for one in wanted], np.int64)
        lost = np.zeros(rank.size, bool)
        left = [at for at, one in enumerate(wanted) if len(self._taken[at]) < one.seats]
        if not left:
            return lost
        lowest = np.full(self._room.size, np.iinfo(np.int64).max)
        for at, taken in enumerate(self._taken):
            for _, member in taken:
                lowest[member] = min(lowest[member], rank[at])
        for at in left:
            fit = self._passing[wanted[at].kind]
            theirs = fit[(lowest[fit] < rank[at]) & (self._room[fit] == 0)]
            others = np.setdiff1d(theirs, [member for _, member in self._taken[at]]).tolist()
            lost[at] = bool(others) and len(self._crowd.admits(at, others)) > 0
        return lost

    def _look(self, near: int) -> _Seen:
        """What everybody who still wants people sees; who sees all there are now wants nothing beyond this round."""
        seen = [_Seen(*(np.zeros(0, np.int64),) * 3)]
        self._last = np.zeros(self._seats.size, bool)
        left = EDGES_AT_ONCE
        for kind, passing in enumerate(self._passing):
            free = np.flatnonzero(self._room[passing] > 0)
            wanting = np.flatnonzero((self._kind == kind) & (self._seats > 0))
            far = self._far[wanting]
            for orders, sees in ((wanting[far], free.size), (wanting[~far], near)):
                many = min(sees, free.size)
                looking = orders[np.argsort(-self._price[orders], kind="stable")][: left // max(1, many)]
                left -= looking.size * many
                self._last[looking] = sees >= free.size
                if looking.size and free.size:
                    seen += self._sight(looking, passing[free], self._adds[kind][free], sees)
        return self._once(seen)

    def _sight(self, orders: Numbers, members: Numbers, adds: Numbers, near: int) -> list[_Seen]:
        """The *near* nearest of these members for each order, some without a known start, and who came before."""
        lies, starts = ~np.isnan(self._places[orders, 0]), ~np.isnan(self._starts[members, 0])
        placed = np.flatnonzero(starts)
        seen = [self._own(orders, members, adds)]
        if lies.any() and placed.size:
            nearest = cKDTree(self._starts[members[placed]])
            metres, at = nearest.query(self._places[orders[lies]], k=np.arange(1, min(near, placed.size) + 1))
            seen.append(self._edges(orders[lies], members[placed], adds[placed], at, self._walk(metres)))
        some = near if near >= members.size else max(1, near // UNPLACED_ONE_IN)
        chances = ((lies, np.flatnonzero(~starts), some), (~lies, np.arange(members.size), near))
        for somewhere, anybody, many in chances:
            if somewhere.any() and anybody.size:
                first = self._order_lot[orders[somewhere]] % anybody.size
                at = (first[:, None] + np.arange(min(many, anybody.size))) % anybody.size
                unknown = np.full(at.shape, self._crowd.weights.unknown)
                seen.append(self._edges(orders[somewhere], members[anybody], adds[anybody], at, unknown))
        return seen

    def _own(self, orders: Numbers, members: Numbers, adds: Numbers) -> _Seen:
        """Edges to those who came before, however far they live."""
        place = {int(member): at for at, member in enumerate(members)} if self._others[orders].any() else {}
        pairs = [(at, place[member]) for at in orders for member in self._crowd.wanted[at].own if member in place]
        order, at = np.array(pairs, np.int64).reshape(-1, 2).T
        line = self._places[order] - self._starts[members[at]]
        walk = self._walk(np.hypot(line[:, 0], line[:, 1]))
        return _Seen(order, members[at], self._base[members[at]] + adds[at] + walk + self._others[order])

    def _edges(self, orders: Numbers, members: Numbers, adds: Numbers, at: Numbers, walk: Numbers) -> _Seen:
        """For each order a line of places in *members*, with the walk to each."""
        cost = self._base[members[at]] + adds[at] + walk + self._others[orders][:, None]
        return _Seen(np.repeat(orders, at.shape[1]), members[at].ravel(), cost.ravel())

    def _walk(self, metres: Places) -> Numbers:
        minutes = metres * DETOUR / WALKING_METRES_PER_MINUTE
        known = np.rint(minutes * self._crowd.weights.walk)
        return np.where(np.isnan(minutes), self._crowd.weights.unknown, known).astype(np.int64)

    def _once(self, seen: Sequence[_Seen]) -> _Seen:
        """Each pair once, none that the order itself does not admit, with what continuity and the lot make of it."""
        order = np.concatenate([one.order for one in seen])
        member = np.concatenate([one.member for one in seen])
        cost = np.concatenate([one.cost for one in seen])
        pair, first = np.unique(order * self._room.size + member, return_index=True)
        first = first[~np.isin(pair, self._pairs)]
        order, member, cost = order[first], member[first], cost[first]
        fits = self._admitted(order, member)
        order, member, cost = order[fits], member[fits], cost[fits]
        for at in np.unique(order[self._knows[order]]).tolist():
            own = self._crowd.wanted[at].own
            mine = np.flatnonzero(order == at)
            cost[mine] += [own.get(int(one), self._others[at]) - self._others[at] for one in member[mine]]
        drawn = ((self._order_lot[order] ^ self._member_lot[member]) * 0x9E3779B1 & 0xFFFFFFFF) * LOTS >> 32
        return _Seen(order, member, (cost + 1) * LOTS + drawn)

    def _admitted(self, order: Numbers, member: Numbers) -> NDArray[np.bool_]:
        """Which edges the order itself admits; all of one order come together."""
        admitted = np.ones(order.size, bool)
        named = np.isin(order * self._room.size + member, self._named)
        asked = np.flatnonzero(named | ~self._free[member])
        begins = np.flatnonzero(np.diff(order[asked], prepend=-1))
        for at, places in zip(order[asked[begins]].tolist(), np.split(asked, begins[1:]), strict=False):
            fits = set(self._crowd.admits(at, member[places].tolist()))
            admitted[places] = [one in fits for one in member[places].tolist()]
        return admitted

    def _settle(self, seen: _Seen) -> None:
        """Solve what is seen, and write down who was given to whom."""
        hand = self._crowd.weights.hand
        used = solve(Graph(seen.order, seen.member, seen.cost, self._seats, self._price, self._room, hand * LOTS))
        order, member = seen.order[used], seen.member[used]
        for at, one, cost in zip(order.tolist(), member.tolist(), seen.cost[used].tolist(), strict=True):
            self._taken[at].append((cost, one))
        self._pairs = np.concatenate((self._pairs, order * self._room.size + member))
        np.subtract.at(self._seats, order, 1)
        np.subtract.at(self._room, member, 1)
        np.add.at(self._base, member, hand)
        self._seats[self._last] = 0


def _flat(starts: Sequence[Point | None], places: Sequence[Point | None]) -> tuple[Places, Places]:
    """Metres east and north on a plane that touches the earth there, which for a town is as good as the earth."""
    nowhere = (np.nan, np.nan)
    degrees = np.array([(one.lon, one.lat) if one else nowhere for one in (*starts, *places)], float).reshape(-1, 2)
    known = degrees[~np.isnan(degrees[:, 1]), 1]
    middle = np.deg2rad(known.mean()) if known.size else 0.0
    flat = EARTH_METRES * np.deg2rad(degrees) * (np.cos(middle), 1.0)
    return flat[: len(starts)], flat[len(starts) :]
