"""All orders that want people together: who is asked for which, so that as many as can be are served, and cheapest."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
from services.volunteers.domain.need import Candidate, Looks, Need
from services.volunteers.domain.price import price

_GATES_OF_MEMBER = tuple(gate.passes for gate in GATES if gate.looks is Looks.MEMBER)
_GATES_OF_KIND = tuple(gate.passes for gate in GATES if gate.looks is Looks.KIND)
_GATES_OF_ORDER = tuple(gate.passes for gate in GATES if gate.looks is Looks.ORDER)
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

    def match(self, demands: Sequence[Demand], now: datetime) -> Mapping[str, Sequence[Choice]]:
        """See ``Batch``."""
        found: dict[str, dict[str, Choice]] = {demand.id: {} for demand in demands}
        orders = [
            _Order(demand, need, count)
            for demand in sorted(demands, key=lambda demand: demand.id)
            if not demand.asks_teams  # their leads are asked one team after the other
            for need, count in needs_at(demand, now, self._areas)
        ]
        for community in sorted({order.need.community_id for order in orders}):
            there = [order for order in orders if order.need.community_id == community]
            for order, choice in self._match(there, now):
                # For two roles of a crew at once nobody is asked: the second looks again in the next match.
                found[order.demand.id].setdefault(choice.member_id, choice)
        people = {id: list(choices.values()) for id, choices in found.items()}
        if self._teams is None:
            return people
        return people | {one.id: self._teams.choose(one, one.missing_offers, now) for one in demands if one.asks_teams}

    def _match(self, orders: Sequence[_Order], now: datetime) -> Iterator[tuple[_Order, Choice]]:
        everybody = sorted(self._candidates.everybody(orders[0].need), key=lambda candidate: candidate.member.id)
        crowd = _Gathering(everybody, self._weights)
        added = [crowd.add(order, now) for order in orders]
        for order, members in zip(added, self._solver.solve(crowd.crowd()), strict=True):
            for choice in _choices(order, [everybody[at] for at in members]):
                yield order, choice


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
            lambda order, members: self._admits(self._orders[order].need, members),
        )

    def _weigh_members(self, need: Need) -> None:
        for at, candidate in enumerate(self._everybody):
            fits = all(passes(need, candidate) for passes in _GATES_OF_MEMBER)
            cost = weighed(need, candidate, self._scales, _COSTS_OF_MEMBER) if fits else 0
            lot = crc32(candidate.member.id.encode())
            self._people.append(Person(candidate.member.start, candidate.room_for(need) if fits else 0, cost, lot))
            if fits:
                self._fit.append(at)

    def _want(self, order: _Order, now: datetime) -> Wanted:
        demand, need = order.demand, order.need
        weights = self._scales.weights
        before = Counter({one.member_id: one.times for one in need.served_before})
        urgency = demand.terms.urgency if demand.terms else demand.urgency
        return Wanted(
            kind=self._kind(need),
            seats=order.count,
            place=need.place,
            price=price(urgency, demand.since, now, weights),
            lot=crc32(demand.id.encode()),
            own={self._at[id]: again(need.continuity, n, weights) for id, n in before.items() if id in self._at},
            others=again(need.continuity, 0, weights),
        )

    def _kind(self, need: Need) -> int:
        kind = need.kind()
        known = self._kinds.get(kind)
        if known is None:
            known = self._kinds[kind] = len(self._passing)
            self._passing.append({at: cost for at in self._fit if (cost := self._weigh(kind, at)) is not None})
        return known

    def _weigh(self, kind: Need, at: int) -> int | None:
        candidate = self._everybody[at]
        for passes in _GATES_OF_KIND:
            if not passes(kind, candidate):
                return None
        return weighed(kind, candidate, self._scales, _COSTS_OF_KIND) if kind.means(candidate.member) else None

    def _admits(self, need: Need, members: Sequence[int]) -> Sequence[int]:
        """Gate by gate rather than member by member: this is asked for every edge."""
        everybody = self._everybody
        for passes in _GATES_OF_ORDER:
            members = [at for at in members if passes(need, everybody[at])]
        return members
