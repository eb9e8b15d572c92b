"""The gates: hard conditions that a member passes or not. Each is one small function and says itself in one line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.terms import SkillNeed
from contracts.words import Ability, Employment, Text
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.member import HeldSkill, Member
from services.volunteers.domain.need import Candidate, Looks, Need, need_of_claim

PAID = frozenset({Employment.DUTY, Employment.PROPERTY, Employment.DEPARTMENT})
"""These may be called at night by what they are; all others only if they said so."""


def unconcerned(need: Need, candidate: Candidate) -> bool:
    """It is not their own case."""
    return candidate.member.id not in need.concerned


def serving(_: Need, candidate: Candidate) -> bool:
    """Did not stop serving."""
    return candidate.member.serving


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
    looks: Looks = Looks.KIND


GATES: tuple[Gate, ...] = (
    Gate(
        "conflict",
        unconcerned,
        Text("这一单与您本人有关,请别人来办", "this one is your own case: others see to it"),
        Looks.ORDER,
    ),
    Gate(
        "not_serving",
        serving,
        Text("您已经退出服务,请先恢复", "you stopped serving: take it up again first"),
        Looks.MEMBER,
    ),
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
        Looks.MEMBER,
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
        Looks.ORDER,
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
    Gate("off_duty", on_duty, Text("您现在没有在岗", "you are off duty at present"), Looks.MEMBER),
    Gate("asked", not_asked, Text("这一轮已经问过了", "asked already in this round"), Looks.ORDER),
    Gate("full", has_room, Text("手上的单已经满了", "hands are full"), Looks.MEMBER),
)
"""In this order: a member counts for the first gate that stops them."""


WHEN_ASKED = frozenset({"asleep", "off_duty", "asked", "full"})
"""These say whom to ask. Whoever was asked may say yes with hands full of sleep, and what fits is counted apart."""

FOR_ONE_VISIT = frozenset({"daytime"})
"""When the same people go once more, nobody goes yet."""

ONES_OWN_WORD = frozenset({"ability"})
"""Whoever is at the door knows what is to be done there."""

ON_YES = tuple(gate for gate in GATES if gate.name not in WHEN_ASKED)
"""What is looked at again when somebody says yes: a certificate, a check or a word may have ended since they were
asked."""
ONCE_MORE = tuple(gate for gate in ON_YES if gate.name not in FOR_ONE_VISIT)
"""What is looked at again before the same people get their seats back (rework)."""
AT_THE_DOOR = tuple(gate for gate in ON_YES if gate.name not in ONES_OWN_WORD)
"""What is looked at again on arrival."""


def stopped_by(need: Need, candidate: Candidate, gates: Sequence[Gate] = GATES) -> Gate | None:
    """The first gate that stops the candidate, None if they pass."""
    return next((gate for gate in gates if not gate.passes(need, candidate)), None)


def may_go_again(demand: Demand, member: Member, role: str | None, now: datetime) -> bool:
    """May whoever had a seat of that role have it back?"""
    if demand.terms is None:
        return True
    return stopped_by(need_of_claim(demand, demand.terms, now, role), Candidate(member), ONCE_MORE) is None
