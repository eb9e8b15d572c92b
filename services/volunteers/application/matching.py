"""One order at a time: of the nearest who pass every gate those whom it costs least to ask."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from contracts.events.masters import Point
from contracts.words import Text
from services.volunteers.application.ports import Areas, Candidates
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.costs import Scales, Weights, chosen, ranked, scarce_among
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import stopped_by
from services.volunteers.domain.looking import Found, Look
from services.volunteers.domain.need import Need, need_of, needs_of
from services.volunteers.domain.night import is_night
from services.volunteers.domain.roster import goes_by_roster

OnRoster = Callable[[Sequence[str], datetime], Sequence[str] | None]
"""The members who are duty officers by the roster in an area (its path from the root) at a moment, nearest first; None
where no roster is kept there."""
TONIGHT = Text("今晚值班", "on the roster tonight")
TODAY = Text("现在值班", "on the roster now")


def no_roster(_: Sequence[str], __: datetime) -> None:
    """Where none is kept."""


class CostMatcher:
    """A ``Matcher``. It widens its look batch by batch until it has found enough or nobody is left."""

    def __init__(self, candidates: Candidates, areas: Areas, weights: Weights, on_roster: OnRoster = no_roster) -> None:
        self._candidates = candidates
        self._on_roster = on_roster
        self._areas = areas
        self._weights = weights

    def choose(self, demand: Demand, count: int, now: datetime) -> Found:
        """See ``Matcher``. Within a batch the least cost wins; a batch further out is looked at only if need be.

        Somebody who moves meanwhile may be seen in two batches, and is still asked once. Who is named by the ledger is
        asked before anybody else; where none of them can, everybody else is. What duty staff are ordered to, and an
        emergency, go first to whoever is on the roster there now.
        """
        if demand.terms is None or count <= 0:
            return Found()
        found, look = list[Choice](), Look()
        spare = max(0, count - demand.missing_offers)  # a suggestion shows more than are asked
        for need, missing in needs_at(demand, now, self._areas):
            others = replace(need, asked=need.asked | {choice.member_id for choice in found})
            more = self._for_role(demand, others, min(missing + spare, count - len(found)), now)
            found, look = [*found, *more], look.plus(more.look)
        return Found(tuple(found), look)

    def _for_role(self, demand: Demand, need: Need, count: int, now: datetime) -> Found:
        if demand.asks_by_name:
            named = self._look(demand, replace(need, only_member=demand.ask_member, only_team=demand.ask_team), count)
            if named:
                return Found(tuple(replace(one, by_name=True) for one in named), named.look)
        first = self._by_roster(demand, need, count, now)
        if len(first) == count:
            return Found(tuple(first), Look(looked_at=count))
        rest = replace(need, asked=need.asked | {one.member_id for one in first})
        others = self._look(demand, rest, count - len(first))
        return Found((*first, *others), others.look)  # which saw those of the roster again

    def _by_roster(self, demand: Demand, need: Need, count: int, now: datetime) -> list[Choice]:
        """Whoever is on duty there now by the roster, as far as the gates let them."""
        if demand.terms is None or not goes_by_roster(demand.terms):
            return []
        return self._those(demand, need, self._on_roster(demand.area_path, now) or (), now)[:count]

    def on_duty(self, demand: Demand, now: datetime) -> Sequence[Choice] | None:
        """See ``Matcher``. Of a crew for the first part that anybody of them can do."""
        on_roster = self._on_roster(demand.area_path, now)
        if on_roster is None:
            return None
        found = (self._those(demand, need, on_roster, now) for need, _ in needs_at(demand, now, self._areas))
        return next(filter(None, found), ())

    def _those(self, demand: Demand, need: Need, member_ids: Sequence[str], now: datetime) -> list[Choice]:
        """Those of them whom the gates let pass, in the same order."""
        if demand.terms is None:
            return []
        why = TONIGHT if is_night(demand.terms, now) else TODAY
        looks = (self._look(demand, replace(need, only_member=member_id), 1) for member_id in member_ids)
        return [replace(one, why=(why, *one.why)) for look in looks for one in look]

    def _look(self, demand: Demand, need: Need, count: int) -> Found:
        if demand.terms is None:
            return Found()
        found, seen = dict[str, Choice](), 0
        stopped = Counter[str]()
        for batch in self._candidates.near(need, need.place, f"{demand.id}.{demand.wave}"):
            scales = Scales(self._weights, scarce_among(batch))
            meant = [one for one in batch if need.means(one.member)]
            gates = [stopped_by(need, one) for one in meant]
            passing = [one for one, gate in zip(meant, gates, strict=True) if gate is None]
            stopped.update(gate.counted for gate in gates if gate is not None)
            seen += len(meant)
            for candidate in ranked(need, passing, scales):
                found.setdefault(candidate.member.id, chosen(need, candidate, demand.terms))
            if len(found) >= count:
                break
        return Found(tuple(found.values())[:count], Look(looked_at=seen, stopped=stopped))

    def everybody(self, demand: Demand, now: datetime) -> Look:
        """See ``Matcher``."""
        return Look() if demand.terms is None else self._candidates.look_at_all(located(demand, now, self._areas))


def located(demand: Demand, now: datetime, areas: Areas) -> Need:
    """The need of an order (of its first open seat) with the place it is at.

    Raises ValueError as long as its terms are not known.
    """
    if demand.terms is None:
        raise ValueError(f"demand {demand.id} has no terms yet")
    role = next(iter(demand.open_roles), None)
    return need_of(demand, demand.terms, now, demand.asked, role).at(place_of(demand, areas))


def needs_at(demand: Demand, now: datetime, areas: Areas) -> Sequence[tuple[Need, int]]:
    """The same for everybody who is missing: of a crew role by role, each with how many more are to be asked."""
    if demand.terms is None:
        return ()
    place = place_of(demand, areas)
    return [(need.at(place), count) for need, count in needs_of(demand, demand.terms, now)]


def place_of(demand: Demand, areas: Areas) -> Point | None:
    """The middle of the area an order is in; None where that is not known (yet)."""
    return areas.centroid(demand.area_path[-1]) if demand.area_path else None
