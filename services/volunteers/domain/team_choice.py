"""Which team is asked: of those who serve where the order is and have enough people for it, the one it costs least."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from zlib import crc32

from contracts.terms import Terms
from contracts.words import Text
from services.volunteers.domain.asking import asking_of
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.member import Member
from services.volunteers.domain.team import Team

TEAM_ELSEWHERE, TEAM_ASKED, TEAM_TOO_FEW = "team_elsewhere", "team_asked", "team_too_few"
"""Why a team is not asked: its area is another; it was asked, nobody can answer for it or it is their own case; it has
not people enough who pass the gates. Counted like gates."""

Fitting = Mapping[str, frozenset[str | None]]
"""By member: the roles they could fill."""


@dataclass(frozen=True)
class TeamCandidate:
    """A team that might be asked. ``costs`` are what asking each of its people who fits would cost, by member.

    ``open_offers`` wait for its answer already; each weighs ``per_offer``.
    """

    team: Team
    fits: Fitting
    costs: Mapping[str, int]
    open_offers: int = 0
    per_offer: int = 0

    def cost(self, seats: int) -> float:
        """What asking the team costs: the mean of its *seats* cheapest people, and what waits for its answer."""
        cheapest = sorted(self.costs.values())[:seats]
        return fmean(cheapest) + self.open_offers * self.per_offer


def serves(team_area: str, team_path: Sequence[str], order_path: Sequence[str]) -> bool:
    """Does the team's area cover the order's, or lie in it?"""
    return team_area in order_path or bool(order_path and order_path[-1] in team_path)


def may_be_asked(team: Team, concerned: frozenset[str], asked: frozenset[str]) -> bool:
    """Not a team that was asked or that nobody leads, nor one whose lead, deputy or whole roster it concerns."""
    answerers = {team.lead, team.deputy} - {None}
    if team.id in asked or not answerers or answerers & concerned:
        return False
    return not set(team.member_ids) or not concerned.issuperset(team.member_ids)


def roles_for(roles: Sequence[str | None], people: Sequence[str], fits: Fitting) -> Mapping[str, str | None] | None:
    """Which of the open *roles* each of these people takes, so that all have one; None where that cannot be.

    Whoever comes first keeps the earliest role that still lets everybody else have one (augmenting paths).
    """
    taken: dict[int, str] = {}

    def seat(person: str, tried: set[int]) -> bool:
        for at, role in enumerate(roles):
            if role not in fits.get(person, frozenset()) or at in tried:
                continue
            tried.add(at)
            if at not in taken or seat(taken[at], tried):
                taken[at] = person
                return True
        return False

    if not all(seat(person, set()) for person in people):
        return None
    return {person: roles[at] for at, person in taken.items()}


def can_fill(roles: Sequence[str | None], fits: Fitting) -> bool:
    """Are there people enough for all of these seats, each for one?"""
    seats = {f"{at}": role for at, role in enumerate(roles)}
    by_seat = {at: frozenset(person for person, can in fits.items() if role in can) for at, role in seats.items()}
    people: Sequence[str | None] = sorted(fits)
    return roles_for(people, list(seats), by_seat) is not None


def cheapest(teams: Iterable[TeamCandidate], seats: int, order_id: str) -> Sequence[TeamCandidate]:
    """Cheapest first. Equals are drawn by lot, and the lot is the same whenever it is drawn for this order."""
    return sorted(teams, key=lambda one: (one.cost(seats), crc32(f"{order_id}/{one.team.id}".encode())))


def chosen_team(candidate: TeamCandidate, lead: Member, deputy: str | None, terms: Terms, seats: int) -> Choice:
    """The choice with its why, in words for the lead and for staff; *lead* answers, or the deputy."""
    why = (
        Text("在你们服务的片区里", "within the area that your team serves"),
        Text(f"要{seats}个人,你们队够人手", f"wants {seats}, and your team has enough who can go"),
    )
    return Choice(
        lead.id,
        why,
        asking=asking_of(lead.employment, terms.policy),
        team_id=candidate.team.id,
        deputy_id=deputy,
    )
