"""All orders that want people together: who is asked for which, so that as many as can be are served, and cheapest."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

from services.volunteers.application.matching import needs_at
from services.volunteers.application.ports import Areas, Candidates, Matcher
from services.volunteers.application.solving import Crowd, Person, Solver, Wanted
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.costs import COSTS, Scales, Weights, again, chosen, scarce_among, weighed
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import GATES, stopped_by
from services.volunteers.domain.looking import Found, Look
from services.volunteers.domain.need import Candidate, Looks, Need
from services.volunteers.domain.price import price

_GATES_OF_MEMBER = tuple((gate.counted, gate.passes) for gate in GATES if gate.looks is Looks.MEMBER)
_GATES_OF_KIND = tuple((gate.counted, gate.passes) for gate in GATES if gate.looks is Looks.KIND)
_GATES_OF_ORDER = tuple(gate for gate in GATES if gate.looks is Looks.ORDER)
_COSTS_OF_MEMBER = tuple(cost for cost in COSTS if cost.looks is Looks.MEMBER)
_COSTS_OF_KIND = tuple(cost for cost in COSTS if cost.looks is Looks.KIND)


@dataclass(frozen=True)
class _Order:
    demand: Demand
    need: Need
    count: int


class BatchMatcher:
    """A ``Batch``. Gates and costs are asked once for each member and kind of need, the walk where they are near."""

    def __init__(
        self, candidates: Candidates, areas: Areas, solver: Solver, weights: Weights, teams: Matcher | None = None
    ) -> None:
        """*teams* says which team is asked where teams are, one order at a time; None: no team is."""
        self._teams = teams
        self._candidates = candidates
        self._areas = areas
        self._solver = solver
        self._weights = weights

    def match(self, demands: Sequence[Demand], now: datetime) -> Mapping[str, Found]:
        """See ``Batch``."""
        found: dict[str, dict[str, Choice]] = {demand.id: {} for demand in demands}
        looks: dict[str, Look] = {}
        orders = [
            _Order(demand, need, count)
            for demand in sorted(demands, key=lambda demand: demand.id)
            if not demand.asks_teams  # their leads are asked one team after the other
            for need, count in needs_at(demand, now, self._areas)
        ]
        for community in sorted({order.need.community_id for order in orders}):
            there = [order for order in orders if order.need.community_id == community]
            for order, choices, look in self._match(there, now):
                id = order.demand.id
                looks[id] = looks[id].plus(look) if id in looks else look
                for choice in choices:
                    # For two roles of a crew at once nobody is asked: the second looks again in the next match.
                    found[id].setdefault(choice.member_id, choice)
        people = {id: Found(tuple(choices.values()), looks.get(id, Look())) for id, choices in found.items()}
        if self._teams is None:
            return people
        return people | {one.id: self._teams.choose(one, one.missing_offers, now) for one in demands if one.asks_teams}

    def _match(self, orders: Sequence[_Order], now: datetime) -> Iterator[tuple[_Order, Sequence[Choice], Look]]:
        everybody = sorted(self._candidates.everybody(orders[0].need), key=lambda candidate: candidate.member.id)
        crowd = _Gathering(everybody, self._weights)
        added = [crowd.add(order, now) for order in orders]
        for at, (order, members) in enumerate(zip(added, self._solver.solve(crowd.crowd()), strict=True)):
            yield order, _choices(order, [everybody[one] for one in members]), crowd.seen(at)


def _choices(order: _Order, members: Sequence[Candidate]) -> Sequence[Choice]:
    """Every gate is asked once more for whoever was chosen: what a gate says of itself is not taken on trust."""
    terms = order.demand.terms
    passing = [one for one in members if stopped_by(order.need, one) is None]
    return [chosen(order.need, one, terms) for one in passing] if terms else ()


class _Gathering:
    """What is asked of the solver, put together: each member weighed once, and once more for each kind of need."""

    def __init__(self, everybody: Sequence[Candidate], weights: Weights) -> None:
        self._everybody = everybody
        self._scales = Scales(weights, scarce_among(everybody))
        self._kinds: dict[Need, int] = {}
        self._passing: list[dict[int, int]] = []
        self._orders: list[_Order] = []
        self._wanted: list[Wanted] = []
        self._people: list[Person] = []
        self._fit: list[int] = []
        self._alike: list[int] = []
        """For each of those who fit the first of them that kinds of need cannot tell from them."""
        self._classes = Counter[int]()
        """How many are like each of those."""
        self._stopped = Counter[str]()
        self._looks: list[Look] = []
        """What was seen for each kind of need; orders of a kind share it."""
        self._stopped_by_order: dict[int, dict[int, str]] = {}
        self._at = {candidate.member.id: at for at, candidate in enumerate(everybody)}

    def add(self, order: _Order, now: datetime) -> _Order:
        """An order, or a role of its crew, that wants people.

        Whom the ledger names is meant alone, as long as one of them can.
        """
        demand, need = order.demand, order.need
        if not self._people:
            self._weigh_members(need)
        if demand.asks_by_name:
            named = replace(need, only_member=demand.ask_member, only_team=demand.ask_team)
            if self._admits(named, list(self._passing[self._kind(named)])):
                order = replace(order, need=named)
        self._orders.append(order)
        self._wanted.append(self._want(order, now))
        return order

    def crowd(self) -> Crowd:
        """Everything the solver needs to know."""
        return Crowd(
            tuple(self._people),
            tuple(self._wanted),
            tuple(self._passing),
            self._scales.weights,
            self._admits_edges,
            [all(gate.open_to and gate.open_to(one) for gate in _GATES_OF_ORDER) for one in self._everybody],
        )

    def seen(self, order: int) -> Look:
        """What was seen for the order in that place: gates that look at less were asked before those that look at it
        alone, and these of its nearest only.
        """
        of_kind, of_order = self._looks[self._wanted[order].kind], self._stopped_by_order.get(order)
        if not of_order:
            return of_kind
        return Look(looked_at=of_kind.looked_at, stopped=Counter(of_kind.stopped) + Counter(of_order.values()))

    def _weigh_members(self, need: Need) -> None:
        for at, candidate in enumerate(self._everybody):
            stopping = next((name for name, passes in _GATES_OF_MEMBER if not passes(need, candidate)), None)
            fits = stopping is None
            cost = weighed(need, candidate, self._scales, _COSTS_OF_MEMBER) if fits else 0
            lot = crc32(candidate.member.id.encode())
            self._people.append(Person(candidate.member.start, candidate.room_for(need) if fits else 0, cost, lot))
            if stopping is None:
                self._fit.append(at)
            else:
                self._stopped[stopping] += 1
        firsts: dict[Hashable, int] = {}
        self._alike = [firsts.setdefault(self._everybody[at].for_kinds, at) for at in self._fit]
        self._classes = Counter(self._alike)

    def _want(self, order: _Order, now: datetime) -> Wanted:
        demand, need = order.demand, order.need
        weights = self._scales.weights
        before = {one.member_id: one.times for one in need.served_before}
        urgency = demand.terms.urgency if demand.terms else demand.urgency
        return Wanted(
            kind=self._kind(need),
            seats=order.count,
            place=need.place,
            price=price(urgency, demand.since, now, weights),
            lot=crc32(demand.id.encode()),
            own={self._at[id]: again(need.continuity, n, weights) for id, n in before.items() if id in self._at},
            others=again(need.continuity, 0, weights),
            named=[self._at[id] for id in need.named if id in self._at],
        )

    def _kind(self, need: Need) -> int:
        kind = need.kind()
        known = self._kinds.get(kind)
        if known is None:
            known = self._kinds[kind] = len(self._passing)
            stopped = Counter[str]()
            costs = self._of_classes(kind, stopped)
            passing = {at: costs[alike] for at, alike in zip(self._fit, self._alike, strict=True) if alike in costs}
            everybody = self._everybody
            if kind.only_member or kind.only_team:
                passing = {at: cost for at, cost in passing.items() if kind.means(everybody[at].member)}
            self._passing.append(passing)
            self._looks.append(Look(looked_at=len(everybody), stopped=self._stopped + stopped))
        return known

    def _of_classes(self, kind: Need, stopped: Counter[str]) -> Mapping[int, int]:
        """The cost of each class of members who pass the gates of a kind; each class is asked once."""
        everybody, fits = self._everybody, list(self._classes)
        for name, passes in _GATES_OF_KIND:
            left = [at for at in fits if passes(kind, everybody[at])]
            if len(left) < len(fits):
                stopped[name] += sum(self._classes[at] for at in set(fits).difference(left))
            fits = left
        return {at: weighed(kind, everybody[at], self._scales, _COSTS_OF_KIND) for at in fits}

    def _admits(self, need: Need, members: Sequence[int]) -> Sequence[int]:
        """Gate by gate rather than member by member: this is asked for every edge."""
        everybody = self._everybody
        for gate in _GATES_OF_ORDER:
            members = [at for at in members if gate.passes(need, everybody[at])]
        return members

    def _admits_edges(self, order: int, members: Sequence[int]) -> Sequence[int]:
        """The same for the solver, who may ask of somebody twice; whoever is stopped is remembered."""
        need = self._orders[order].need
        admitted = self._admits(need, members)
        if len(admitted) < len(members):
            stopped = self._stopped_by_order.setdefault(order, {})
            for at in set(members).difference(admitted):
                candidate = self._everybody[at]
                stopped[at] = next(gate.counted for gate in _GATES_OF_ORDER if not gate.passes(need, candidate))
        return admitted
