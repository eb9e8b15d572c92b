"""One order at a time: of the nearest who pass every gate those whom it costs least to ask."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from contracts.events.masters import Point
from services.volunteers.application.ports import Areas, Candidates
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.costs import Scales, Weights, chosen, ranked, scarce_among
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import stopped_by
from services.volunteers.domain.need import Need, need_of, needs_of


class CostMatcher:
    """A ``Matcher``. It widens its look batch by batch until it has found enough or nobody is left."""

    def __init__(self, candidates: Candidates, areas: Areas, weights: Weights) -> None:
        self._candidates = candidates
        self._areas = areas
        self._weights = weights

    def choose(self, demand: Demand, count: int, now: datetime) -> Sequence[Choice]:
        """See ``Matcher``. Within a batch the least cost wins; a batch further out is looked at only if need be.

        Somebody who moves meanwhile may be seen in two batches, and is still asked once. Who is named by the ledger is
        asked before anybody else; where none of them can, everybody else is.
        """
        if demand.terms is None or count <= 0:
            return ()
        found: list[Choice] = []
        spare = max(0, count - demand.missing_offers)  # a suggestion shows more than are asked
        for need, missing in needs_at(demand, now, self._areas):
            others = replace(need, asked=need.asked | {choice.member_id for choice in found})
            found += self._for_role(demand, others, min(missing + spare, count - len(found)))
        return found

    def _for_role(self, demand: Demand, need: Need, count: int) -> Sequence[Choice]:
        named = replace(need, only_member=demand.ask_member, only_team=demand.ask_team)
        found = self._look(demand, named, count) if demand.asks_by_name else ()
        return [replace(one, by_name=True) for one in found] or self._look(demand, need, count)

    def _look(self, demand: Demand, need: Need, count: int) -> Sequence[Choice]:
        if demand.terms is None:
            return ()
        found: dict[str, Choice] = {}
        for batch in self._candidates.near(need, need.place, f"{demand.id}.{demand.wave}"):
            scales = Scales(self._weights, scarce_among(batch))
            passing = [one for one in batch if need.means(one.member) and stopped_by(need, one) is None]
            for candidate in ranked(need, passing, scales):
                found.setdefault(candidate.member.id, chosen(need, candidate, demand.terms))
            if len(found) >= count:
                break
        return list(found.values())[:count]

    def stopped(self, demand: Demand, now: datetime) -> Mapping[str, int]:
        """See ``Matcher``."""
        return {} if demand.terms is None else self._candidates.stopped(located(demand, now, self._areas))


def located(demand: Demand, now: datetime, areas: Areas) -> Need:
    """The need of an order (of its first open seat) with the place it is at.

    Raises ValueError as long as its terms are not known.
    """
    if demand.terms is None:
        raise ValueError(f"demand {demand.id} has no terms yet")
    role = next(iter(demand.open_roles), None)
    return replace(need_of(demand, demand.terms, now, demand.asked, role), place=_place(demand, areas))


def needs_at(demand: Demand, now: datetime, areas: Areas) -> Sequence[tuple[Need, int]]:
    """The same for everybody who is missing: of a crew role by role, each with how many more are to be asked."""
    if demand.terms is None:
        return ()
    place = _place(demand, areas)
    return [(replace(need, place=place), count) for need, count in needs_of(demand, demand.terms, now)]


def _place(demand: Demand, areas: Areas) -> Point | None:
    return areas.centroid(demand.area_path[-1]) if demand.area_path else None
