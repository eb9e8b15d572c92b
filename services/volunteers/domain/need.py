"""What an order asks of whoever takes it, and a member who might: the two things that the gates look at."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.actor import MEMBER_ACCOUNT
from contracts.terms import SkillNeed, Terms
from contracts.words import Ability, Employment, Policy, Risk, Urgency, WhoMay
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import Member
from services.volunteers.domain.night import is_for_minors, is_night

CERTIFIED_LEVEL = 2
"""From this level on a skill stands for a certificate that was seen."""

IN_PUBLIC = frozenset({"station", "place", "counter"})
"""Where a minor may serve. An order that does not say where it is counts as a home."""

_PEOPLE = frozenset({Employment.VOLUNTEER, Employment.DUTY, Employment.SHOP})
_EXPERTS = frozenset({Employment.PROPERTY, Employment.DEPARTMENT})

_BY_POLICY = {
    Policy.CONTRACTED: _EXPERTS | {Employment.SHOP},
    Policy.DUTY: frozenset({Employment.DUTY}),
}
_BY_WHO_MAY = {
    WhoMay.ANYONE: _PEOPLE,
    WhoMay.TRAINED: _PEOPLE,
    WhoMay.CERTIFIED: _PEOPLE,
    WhoMay.DUTY: frozenset({Employment.DUTY}),
}


@dataclass(frozen=True, kw_only=True)
class Need:
    """What an order asks of whoever takes it. ``asked`` need not be asked again; ``concerned`` are those
    whose own case it is; ``today`` is its local day.

    Offers of this very order are no load: whoever has one is in ``asked``, or it is being withdrawn right now.
    ``crew`` holds a seat of it now. ``in_public``, ``risks`` and ``daytime`` decide for minors; ``wakes``: whoever is
    asked now is asked at night, and cannot wait until morning. ``only_member`` or ``only_team``: nobody else is looked
    at. That is no gate, for it says nothing about who fits.
    """

    order_id: str
    community_id: str
    employments: frozenset[Employment]
    skills: tuple[SkillNeed, ...]
    adult_only: bool
    today: date
    asked: frozenset[str] = frozenset()
    crew: frozenset[str] = frozenset()
    asks: frozenset[Ability] = frozenset()
    for_child: bool = False
    in_public: bool = False
    risks: frozenset[Risk] = frozenset()
    daytime: bool = True
    wakes: bool = False
    concerned: frozenset[str] = frozenset()
    only_member: str | None = None
    only_team: str | None = None

    def means(self, member: Member) -> bool:
        """Is it the member, or one of the team, that is asked by name; anybody where nobody is named?"""
        if self.only_member is not None:
            return member.id == self.only_member
        return self.only_team is None or self.only_team in member.team_ids


@dataclass(frozen=True)
class Candidate:
    """A member who might be asked, with how many offers wait for their answer already."""

    member: Member
    open_offers: int = 0

    @property
    def load(self) -> int:
        """Seats held and offers not yet answered."""
        return len(self.member.holding) + self.open_offers


def need_of(demand: Demand, terms: Terms, now: datetime, asked: frozenset[str] = frozenset()) -> Need:
    """The need behind the terms of an order, for whoever is to be asked now."""
    least = CERTIFIED_LEVEL if terms.who_may is WhoMay.CERTIFIED else 1
    emergency = terms.urgency is Urgency.EMERGENCY
    return Need(
        order_id=demand.id,
        community_id=demand.community_id,
        employments=employments(terms.policy, terms.who_may),
        skills=tuple(SkillNeed(need.code, max(need.level, least)) for need in terms.skills),
        adult_only=terms.adult_only,
        today=now.astimezone(ZoneInfo(terms.time_zone)).date(),
        asked=asked,
        crew=frozenset(take.member_id for take in demand.holders if take.wanted),
        asks=frozenset(terms.asks),
        for_child=terms.for_child,
        in_public=bool(terms.delivery) and IN_PUBLIC.issuperset(terms.delivery),
        risks=frozenset(terms.risks) | ({Risk.RISKY} if emergency else frozenset()),
        daytime=is_for_minors(now, terms),
        wakes=emergency and is_night(terms, now),
        concerned=_concerned(demand),
    )


def need_of_claim(demand: Demand, terms: Terms, now: datetime) -> Need:
    """The same for whoever comes unasked: they may change their mind, and are awake."""
    return replace(need_of(demand, terms, now), wakes=False)


def employments(policy: Policy, who_may: WhoMay) -> frozenset[Employment]:
    """Who may be asked at all. Professional work goes to professionals whatever the policy says."""
    if who_may is WhoMay.PROFESSIONAL:
        return _EXPERTS
    return _BY_POLICY.get(policy) or _BY_WHO_MAY[who_may]


def _concerned(demand: Demand) -> frozenset[str]:
    """Whom a complaint is about, their team, who leads or reports to them; and whoever ordered it."""
    recused = demand.recused.members if demand.recused else ()
    requester = demand.requester_id or ""
    own = {requester.removeprefix(MEMBER_ACCOUNT)} if requester.startswith(MEMBER_ACCOUNT) else set()
    return frozenset(recused) | own
