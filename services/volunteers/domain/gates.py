"""The gates: hard conditions that a member passes or not. Each is one small function and says itself in one line."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.actor import MEMBER_ACCOUNT
from contracts.terms import SkillNeed, Terms
from contracts.words import Ability, Employment, Policy, Risk, Text, Urgency, WhoMay
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.hours import is_for_minors, is_night
from services.volunteers.domain.member import HeldSkill, Member

CERTIFIED_LEVEL = 2
"""From this level on a skill stands for a certificate that was seen."""

IN_PUBLIC = frozenset({"station", "place", "counter"})
"""Where a minor may serve. An order that does not say where it is counts as a home."""

PAID = frozenset({Employment.DUTY, Employment.PROPERTY, Employment.DEPARTMENT})
"""These may be called at night by what they are; all others only if they said so."""

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
    asked now is asked at night, and cannot wait until morning.
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


def unconcerned(need: Need, candidate: Candidate) -> bool:
    """It is not their own case."""
    return candidate.member.id not in need.concerned


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


def has_guardian(_: Need, candidate: Candidate) -> bool:
    """Grown up, or a guardian agreed and an adult is named who goes with them."""
    return candidate.member.may_serve


def by_daylight(need: Need, candidate: Candidate) -> bool:
    """Minors only between eight in the morning and eight in the evening."""
    return candidate.member.adult or need.daytime


def not_in_a_home(need: Need, candidate: Candidate) -> bool:
    """Minors only where the order says that it is in a public place."""
    return candidate.member.adult or need.in_public


def harmless(need: Need, candidate: Candidate) -> bool:
    """Minors never for what is risky, heavy, about cash, medical, a quarrel or an emergency."""
    return candidate.member.adult or not need.risks


def accompanied(need: Need, candidate: Candidate) -> bool:
    """Minors only when their named adult has a seat of this order already."""
    return candidate.member.adult or candidate.member.with_adult in need.crew


def vetted(need: Need, candidate: Candidate) -> bool:
    """For a child only adults whose check is on file with a date that has not passed."""
    member = candidate.member
    checked = member.vetted_until is not None and member.vetted_until >= need.today
    return not need.for_child or (member.adult and checked)


def able(need: Need, candidate: Candidate) -> bool:
    """Said of themselves that they can do what the order asks for."""
    return need.asks.issubset(candidate.member.abilities)


def awake(need: Need, candidate: Candidate) -> bool:
    """At night only those whose work it is, and those who said that they may be woken."""
    return not need.wakes or candidate.member.employment in PAID or Ability.NIGHT in candidate.member.abilities


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
    Gate("conflict", unconcerned, Text("这一单与您本人有关,请别人来办", "this one is your own case: others see to it")),
    Gate("who_may", may, Text("这一单要由别的人员来办", "this order is for people in another capacity")),
    Gate(
        "skill",
        skilled,
        Text("这一单要的技能或证书不具备或已过期", "a skill or certificate it asks for is missing or out of date"),
    ),
    Gate("adult_only", grown_up, Text("这一单只请成年人", "this order is for adults only")),
    Gate(
        "guardian",
        has_guardian,
        Text(
            "未满18岁要先有监护人的同意,还要有指定的成年人同去",
            "under 18 a guardian has to agree first, and an adult has to be named who goes along",
        ),
    ),
    Gate(
        "daytime",
        by_daylight,
        Text("未满18岁只在早上8点到晚上8点服务", "under 18 you serve between eight in the morning and eight at night"),
    ),
    Gate("in_a_home", not_in_a_home, Text("未满18岁不进居民家里", "under 18 you never serve in a home")),
    Gate(
        "risk",
        harmless,
        Text(
            "有危险、搬重物、经手现金、医疗、调解和应急的事,不请未满18岁的人",
            "nobody under 18 is asked for what is risky, heavy, about cash, medical, a quarrel or an emergency",
        ),
    ),
    Gate(
        "named_adult",
        accompanied,
        Text("等和您同去的成年人接了这一单,您再来", "first the adult who goes with you has to take this order"),
    ),
    Gate(
        "vetted",
        vetted,
        Text(
            "陪孩子的事,只请审查在有效期内的成年人",
            "work with a child is for adults whose check is on file and in date",
        ),
    ),
    Gate(
        "ability",
        able,
        Text(
            "这一单要搬、要爬楼或上梯子:您没有说可以,可以在「我的」里改",
            "it asks for lifting, stairs or a ladder, which you did not say you can do; you can change that yourself",
        ),
    ),
    Gate("asleep", awake, Text("夜里只叫说过可以叫醒的人", "at night only those are called who said that they may be")),
    Gate("off_duty", on_duty, Text("您现在没有在岗", "you are off duty at present")),
    Gate("asked", not_asked, Text("这一轮已经问过了", "asked already in this round")),
    Gate("full", has_room, Text("手上的单已经满了", "hands are full")),
)
"""In this order: a member counts for the first gate that stops them."""


AT_THE_DOOR = frozenset({"guardian", "daytime", "named_adult"})
"""What may have changed for a minor between being asked and saying yes."""


def stopped_by(need: Need, candidate: Candidate) -> Gate | None:
    """The first gate that stops the candidate, None if they pass."""
    return next((gate for gate in GATES if not gate.passes(need, candidate)), None)
