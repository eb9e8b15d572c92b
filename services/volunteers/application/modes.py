"""The part of the dispatch step that depends on who sends the offers, and suggestions that are sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from contracts.errors import Conflict
from contracts.hands_on import SuggestionOutcome
from contracts.words import Text
from services.volunteers.application.matching import place_of
from services.volunteers.application.ports import Areas, Candidates, Communities, Matcher
from services.volunteers.domain.change import Change
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import stopped_by
from services.volunteers.domain.looking import Found, noted
from services.volunteers.domain.need import need_of
from services.volunteers.domain.search import still_asking
from services.volunteers.domain.suggesting import (
    Minutes,
    Waking,
    looked_for,
    minded,
    offered,
    picked,
    remind,
    send,
    tidied,
)


class Modes:
    """Called by the dispatch step inside a decision, and by whatever sends a suggestion."""

    def __init__(self, matcher: Matcher, candidates: Candidates, areas: Areas, communities: Communities) -> None:
        self._matcher = matcher
        self._candidates = candidates
        self._areas = areas
        self._communities = communities

    def ask(self, demand: Demand, now: datetime) -> Change:
        """Offers or a suggestion, where people are wanted; and no suggestion that has outlived its use."""
        tidy = tidied(demand, now)
        if not still_asking(tidy.demand):
            return tidy
        found = self._matcher.choose(tidy.demand, looked_for(tidy.demand), now)
        return tidy.then(lambda at: self.offered(at, found, now))

    def offered(self, demand: Demand, found: Found, now: datetime) -> Change:
        """Offers to those who were found, or a suggestion; and what the look saw."""
        change = offered(demand, found, now, self._minutes(demand))
        return change.then(lambda at: Change(noted(at, demand, found.look, now)))

    def others(self, demand: Demand, found: Found, now: datetime) -> Found:
        """Who was found, and the next best behind them where staff are shown more than are asked."""
        wanted = looked_for(demand)
        if wanted <= demand.missing_offers or not found:
            return found
        known = {choice.member_id for choice in found}
        more = [one for one in self._matcher.choose(demand, wanted, now) if one.member_id not in known]
        return Found((*found.choices, *more)[:wanted], found.look)

    def mind(self, demand: Demand, now: datetime) -> Change:
        """Staff hear of an order that waits for them."""
        return minded(demand, now, self._minutes(demand))

    def remind(self, demand: Demand, now: datetime) -> Change:
        """They hear of it again, when it is time to."""
        return remind(demand, now, self._minutes(demand))

    def send_by_itself(self, demand: Demand, now: datetime) -> Change:
        """Nobody said anything in time: the best are asked, and the next who fit in place of who does not any more."""
        suggestion = demand.steering.suggestion
        if suggestion is None or suggestion.send_at > now:
            return Change(demand)
        return self._send(demand, picked(demand, None, ()), now, SuggestionOutcome.BY_ITSELF)

    def send(self, demand: Demand, number: int | None, ranks: Sequence[int], now: datetime) -> Change:
        """Staff send it. Conflict ``no-suggestion``; ``no-longer-fits``: whom they named does not pass any more."""
        wanted = picked(demand, number, ranks)
        if ranks and any(not self._fits(demand, rank, now) for rank in wanted):
            sentence = Text("您选的人现在不合适了,请重新看建议", "whom you chose does not fit any more: look again")
            raise Conflict("no-longer-fits", sentence)
        return self._send(demand, wanted, now, SuggestionOutcome.SENT)

    def _minutes(self, demand: Demand) -> Minutes:
        return _Minutes(demand, self._communities)

    def _send(self, demand: Demand, ranks: Sequence[int], now: datetime, outcome: SuggestionOutcome) -> Change:
        suggestion = demand.steering.suggestion
        if suggestion is None:
            return Change(demand)
        choices = suggestion.choices
        fit = [rank for rank in ranks if self._fits(demand, rank, now)]
        missing = Counter(choices[rank - 1].role for rank in ranks if rank not in fit)
        for rank in range(1, len(choices) + 1):
            role = choices[rank - 1].role
            if rank not in ranks and missing[role] > 0 and self._fits(demand, rank, now):
                fit.append(rank)
                missing[role] -= 1
        return send(demand, fit, self._next_best(demand, missing, now), now, outcome)

    def _next_best(self, demand: Demand, missing: Counter[str | None], now: datetime) -> Sequence[Choice]:
        """Others than those who were suggested, for the roles that lack somebody."""
        suggestion = demand.steering.suggestion
        if suggestion is None or not missing.total():
            return ()
        known = {choice.member_id for choice in suggestion.choices}
        found: list[Choice] = []
        for one in self._matcher.choose(demand, missing.total() + len(known) + demand.missing_offers, now):
            if one.member_id not in known and missing[one.role] > 0:
                found.append(one)
                missing[one.role] -= 1
        return found

    def _fits(self, demand: Demand, rank: int, now: datetime) -> bool:
        """Does that one of the suggestion pass every gate now? Of a team its lead answers for it."""
        suggestion = demand.steering.suggestion
        if suggestion is None:
            return False
        choice = suggestion.choices[rank - 1]
        if choice.team_id is not None:
            return choice.team_id not in demand.asked_teams
        return demand.missing_by_role.get(choice.role, 0) > 0 and self._passes(demand, choice, demand.asked, now)

    def fits(self, demand: Demand, choice: Choice, now: datetime) -> bool:
        """Does whom staff name pass every gate but that of having been asked before?"""
        return self._passes(demand, choice, frozenset(), now)

    def _passes(self, demand: Demand, choice: Choice, asked: frozenset[str], now: datetime) -> bool:
        if demand.terms is None:
            return False
        need = need_of(demand, demand.terms, now, asked, choice.role)
        place = place_of(demand, self._areas)
        alone = replace(need, only_member=choice.member_id, place=place)
        near = self._candidates.near(alone, place, demand.id)
        return any(alone.means(one.member) and stopped_by(alone, one) is None for batch in near for one in batch)


class _Minutes:
    """The working time of a demand's community, looked up only where it is needed."""

    def __init__(self, demand: Demand, communities: Communities) -> None:
        self._demand = demand
        self._communities = communities

    def after(self, start: datetime, minutes: float) -> datetime:
        """See ``Minutes``."""
        known = self._communities.get(self._demand.community_id)
        return (known.hours() if known else Waking(self._demand.terms)).after(start, minutes)
