"""The gates: hard conditions that a member passes or not. Each is one small function and says itself in one line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.terms import SkillNeed, Terms
from contracts.words import Employment, Policy, Text, WhoMay
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import HeldSkill, Member

CERTIFIED_LEVEL = 2
"""From this level on a skill stands for a certificate that was seen."""

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
    """What an order asks of whoever takes it. ``asked`` need not be asked again; ``today`` is its local day.

    Offers of this very order are no load: whoever has one is in ``asked``, or it is being withdrawn right now.
    """

    order_id: str
    community_id: str
    employments: frozenset[Employment]
    skills: tuple[SkillNeed, ...]
    adult_only: bool
    today: date
    asked: frozenset[str] = frozenset()


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
    """The need behind the terms of an order."""
    least = CERTIFIED_LEVEL if terms.who_may is WhoMay.CERTIFIED else 1
    return Need(
        order_id=demand.id,
        community_id=demand.community_id,
        employments=employments(terms.policy, terms.who_may),
        skills=tuple(SkillNeed(need.code, max(need.level, least)) for need in terms.skills),
        adult_only=terms.adult_only,
        today=now.astimezone(ZoneInfo(terms.time_zone)).date(),
        asked=asked,
    )


def employments(policy: Policy, who_may: WhoMay) -> frozenset[Employment]:
    """Who may be asked at all. Professional work goes to professionals whatever the policy says."""
    if who_may is WhoMay.PROFESSIONAL:
        return _EXPERTS
    return _BY_POLICY.get(policy) or _BY_WHO_MAY[who_may]


def may(need: Need, candidate: Candidate) -> bool:
    """Employed (or not) in a way that the order allows."""
    return candidate.member.employment in need.employments


def skilled(need: Need, candidate: Candidate) -> bool:
    """Holds every skill that is asked for, at its level, with a certificate that has not run out."""
    return all(any(_covers(skill, wanted, need.today) for skill in candidate.member.skills) for wanted in need.skills)


def _covers(skill: HeldSkill, wanted: SkillNeed, today: date) -> bool:
    if skill.code != wanted.code or skill.level < wanted.level:
        return False
    return skill.valid_until is None or skill.valid_until >= today


def grown_up(need: Need, candidate: Candidate) -> bool:
    """Grown up, where the order asks for adults."""
    return candidate.member.adult or not need.adult_only


def on_duty(_: Need, candidate: Candidate) -> bool:
    """Wants to be asked at present."""
    return candidate.member.on_duty


def not_asked(need: Need, candidate: Candidate) -> bool:
    """Was not asked for this order already."""
    return candidate.member.id not in need.asked


def has_room(_: Need, candidate: Candidate) -> bool:
    """Could hold one seat more, if every offer that waits were accepted."""
    return candidate.load < candidate.member.capacity


@dataclass(frozen=True)
class Gate:
    """A condition by name, with the sentence for whoever it stops."""

    name: str
    passes: Callable[[Need, Candidate], bool]
    sentence: Text


GATES: tuple[Gate, ...] = (
    Gate("who_may", may, Text("这一单要由别的人员来办", "this order is for people in another capacity")),
    Gate(
        "skill",
        skilled,
        Text("这一单要的技能或证书不具备或已过期", "a skill or certificate it asks for is missing or out of date"),
    ),
    Gate("adult_only", grown_up, Text("这一单只请成年人", "this order is for adults only")),
    Gate("off_duty", on_duty, Text("您现在没有在岗", "you are off duty at present")),
    Gate("asked", not_asked, Text("这一轮已经问过了", "asked already in this round")),
    Gate("full", has_room, Text("手上的单已经满了", "hands are full")),
)
"""In this order: a member counts for the first gate that stops them."""


def stopped_by(need: Need, candidate: Candidate) -> Gate | None:
    """The first gate that stops the candidate, None if they pass."""
    return next((gate for gate in GATES if not gate.passes(need, candidate)), None)
