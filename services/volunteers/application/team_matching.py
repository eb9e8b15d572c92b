"""Which team to ask for an order, and everything that is not a team's as before."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.dispatch import Asking
from contracts.terms import Terms
from services.volunteers.application.matching import CostMatcher, OnRoster, located, no_roster
from services.volunteers.application.ports import Areas, Candidates, Matcher, Store, Teams
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.costs import Scales, Weights, weighed
from services.volunteers.domain.demand import Demand, not_found
from services.volunteers.domain.gates import stopped_by
from services.volunteers.domain.hands_on import TEAM_BY_NAME
from services.volunteers.domain.looking import Found, Look
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate, Need, as_of_a_team, need_of
from services.volunteers.domain.team import Team
from services.volunteers.domain.team_choice import (
    TEAM_ASKED,
    TEAM_ELSEWHERE,
    TEAM_TOO_FEW,
    TeamCandidate,
    can_fill,
    cheapest,
    chosen_team,
    may_be_asked,
    serves,
)


@dataclass(frozen=True, kw_only=True)
class TeamMatcher:
    """A ``Matcher``: teams where teams are asked, *people* everywhere else."""

    teams: Teams
    members: Store[Member]
    candidates: Candidates
    areas: Areas
    weights: Weights
    people: Matcher

    def choose(self, demand: Demand, count: int, now: datetime) -> Found:
        """See ``Matcher``. A team that the ledger names is asked before all others; where it cannot, as if none was."""
        if demand.terms is None or count <= 0:
            return Found()
        if not demand.asks_teams:
            return self.people.choose(demand, count, now)
        found = self._teams(demand, demand.terms, count, now)
        if found:
            return found
        unnamed = replace(demand, ask_team=None)
        if demand.asks_by_name and unnamed.asks_teams:
            return self.choose(unnamed, count, now)
        if demand.asks_by_name:
            return self.people.choose(demand, count, now)
        if demand.asks_companies:
            people = self.people.choose(demand, count, now)
            return Found(people.choices, found.look.plus(people.look))
        return found

    def on_duty(self, demand: Demand, now: datetime) -> Sequence[Choice] | None:
        """See ``Matcher``."""
        return self.people.on_duty(demand, now)

    def everybody(self, demand: Demand, now: datetime) -> Look:
        """See ``Matcher``."""
        return self.people.everybody(demand, now)

    def _teams(self, demand: Demand, terms: Terms, count: int, now: datetime) -> Found:
        need = as_of_a_team(located(demand, now, self.areas), terms)
        named = demand.ask_team if demand.asks_by_name else None
        known = self.teams.of_community(demand.community_id)
        there = [team for team in known if (team.id == named if named else self._serves(team, demand))]
        eligible = [team for team in there if may_be_asked(team, need.concerned, demand.asked_teams)]
        waiting = self.teams.open_offers([team.id for team in eligible])
        roles = [demand.role_of(seat) for seat in demand.free_seats]
        found = (self._candidate(team, waiting.get(team.id, 0), need, demand, terms, now) for team in eligible)
        able = [one for one in found if can_fill(roles, one.fits)]
        choices = [
            choice
            for one in cheapest(able, len(roles), demand.id)
            if (choice := self._choice(one, terms, len(roles))) is not None
            and (named or not demand.asks_companies or choice.asking is Asking.CONTRACTED)
        ]
        stopped = Counter(
            {
                TEAM_ELSEWHERE: len(known) - len(there),
                TEAM_ASKED: len(there) - len(eligible),
                TEAM_TOO_FEW: len(eligible) - len(choices),
            }
        )
        return Found(tuple(choices[:count]), Look(looked_at=len(known), stopped=+stopped))

    def by_name(self, demand: Demand, team_id: str, now: datetime) -> Choice | None:
        """See ``NamedTeams``. It need not have people for all open seats: staff may want several teams."""
        team, terms = self.teams.get(team_id), demand.terms
        if team is None or team.community_id != demand.community_id:
            raise not_found()
        if terms is None:
            return None
        unasked = replace(as_of_a_team(located(demand, now, self.areas), terms), asked=frozenset())
        if not may_be_asked(team, unasked.concerned, frozenset()):
            return None
        found = self._candidate(team, 0, unasked, demand, terms, now)
        choice = self._choice(found, terms, demand.open_seats) if found.fits else None
        return None if choice is None else replace(choice, why=(TEAM_BY_NAME,), by_name=True)

    def _serves(self, team: Team, demand: Demand) -> bool:
        if team.area in demand.area_path:
            return True
        return serves(team.area, self.areas.path(team.area), demand.area_path)

    def _candidate(
        self, team: Team, waiting: int, need: Need, demand: Demand, terms: Terms, now: datetime
    ) -> TeamCandidate:
        """Its people who pass the gates now, role by role."""
        fits: dict[str, set[str | None]] = {}
        costs: dict[str, int] = {}
        for role in demand.open_roles:
            of_role = as_of_a_team(need_of(demand, terms, now, need.asked, role), terms)
            wanted = replace(of_role, only_team=team.id, place=need.place)
            for one in self._people(wanted, demand):
                fits.setdefault(one.member.id, set()).add(role)
                costs[one.member.id] = weighed(wanted, one, Scales(self.weights))
        return TeamCandidate(team, {id: frozenset(can) for id, can in fits.items()}, costs, waiting, self.weights.hand)

    def _people(self, need: Need, demand: Demand) -> Iterator[Candidate]:
        for batch in self.candidates.near(need, need.place, demand.id):
            yield from (one for one in batch if need.means(one.member) and stopped_by(need, one) is None)

    def _choice(self, candidate: TeamCandidate, terms: Terms, seats: int) -> Choice | None:
        """Through whoever leads and is there to answer; None where nobody is."""
        team = candidate.team
        there = [one for one in map(self._there, (team.lead, team.deputy)) if one is not None]
        if not there:
            return None
        deputy = there[1].id if len(there) > 1 else None
        return chosen_team(candidate, there[0], deputy, terms, seats)

    def _there(self, member_id: str | None) -> Member | None:
        member = self.members.get(member_id) if member_id else None
        return member if member is not None and member.serving and not member.resting else None


def matcher_of(
    teams: Teams,
    members: Store[Member],
    candidates: Candidates,
    areas: Areas,
    weights: Weights,
    on_roster: OnRoster = no_roster,
) -> TeamMatcher:
    """Teams where teams are asked, else people: who is on the roster first, then by what asking them costs."""
    people = CostMatcher(candidates, areas, weights, on_roster)
    return TeamMatcher(teams=teams, members=members, candidates=candidates, areas=areas, weights=weights, people=people)
