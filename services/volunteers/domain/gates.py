"""The gates: hard conditions that a member passes or not. Each is one small function and says itself in one line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.terms import SkillNeed
from contracts.words import Employment, Text
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates_of_care import (
    accompanied,
    by_daylight,
    grown_up,
    harmless,
    has_guardian,
    not_in_a_home,
    on_their_own,
    vetted,
)
from services.volunteers.domain.gates_of_wishes import (
    PAID as PAID,
)
from services.volunteers.domain.gates_of_wishes import (
    able,
    anywhere,
    at_any_time,
    awake,
    back,
    has_room,
    has_time,
    has_week_left,
    in_budget,
    in_reach,
    not_asked,
    on_duty,
    unless_named,
)
from services.volunteers.domain.member import HeldSkill, Member
from services.volunteers.domain.need import Candidate, Looks, Need, need_of_seat
from services.volunteers.domain.take import Take


def unconcerned(need: Need, candidate: Candidate) -> bool:
    """It is neither their own case, nor are they kept from whom it is for.

    One gate for both, with the sentence of yet another one: nobody learns from a refusal or a count that they, or
    whoever ordered, said "not to them", nor that a complaint is about them.
    """
    member = candidate.member
    apart = not kept_from_nobody(candidate) and any(one.other in need.whom for one in member.apart)
    return member.id not in need.concerned and not apart


def kept_from_nobody(candidate: Candidate) -> bool:
    """Neither did they say "not to them" of anybody, nor anybody of them."""
    return not candidate.member.apart


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
    return _in_date(skill.valid_until, today)


def has_papers(need: Need, candidate: Candidate) -> bool:
    """Has every paper that is asked for, and none of them has run out."""
    held = {one.code for one in candidate.member.credentials if _in_date(one.valid_until, need.today)}
    return need.credentials <= held


def insured(need: Need, candidate: Candidate) -> bool:
    """Insured where the order is dangerous, at seventy by a policy that covers the age; the paid are by employers."""
    member = candidate.member
    if not need.insurance or member.employment is not Employment.VOLUNTEER:
        return True
    in_date = member.insured_until is not None and member.insured_until >= need.today
    return in_date and (member.insures_70 or not member.seventy)


def _in_date(valid_until: date | None, today: date) -> bool:
    return valid_until is None or valid_until >= today


@dataclass(frozen=True)
class Gate:
    """A condition by name, with the sentence for whoever it stops.

    Of those that look at the one order, ``open_to`` says who passes whatever it is, as long as it does not name them
    (``Need.named``): a batch asks this once for each member, and the gate itself only for all others.
    """

    name: str
    passes: Callable[[Need, Candidate], bool]
    sentence: Text
    looks: Looks = Looks.KIND
    open_to: Callable[[Candidate], bool] | None = None

    @property
    def counted(self) -> str:
        """The name under which whoever it stops is counted: gates that say the same are one count, so that no number
        tells that somebody is kept from whoever ordered.
        """
        return "who_may" if self.sentence is FOR_OTHERS else self.name


FOR_OTHERS = Text("这一单要由别的人员来办", "this order is for other people to do")
"""Says the same to whoever it is no work for and to whoever is kept from it."""

GATES: tuple[Gate, ...] = (
    Gate("conflict", unconcerned, FOR_OTHERS, Looks.ORDER, kept_from_nobody),
    Gate(
        "not_serving",
        serving,
        Text("您已经退出服务,请先恢复", "you stopped serving: take it up again first"),
        Looks.MEMBER,
    ),
    Gate("who_may", may, FOR_OTHERS),
    Gate(
        "skill",
        skilled,
        Text("这一单要的技能或证书不具备或已过期", "a skill or certificate it asks for is missing or out of date"),
    ),
    Gate(
        "credential",
        has_papers,
        Text("这一单要的证件没有登记或已过期", "a paper that it asks for is not on file, or out of date"),
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
        on_their_own,
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
        "insurance",
        insured,
        Text(
            "这一单有危险,要先有有效期内的意外保险(70岁以上要保到这个年龄)",
            "it is dangerous: an accident insurance in date comes first (from 70 on one that covers the age)",
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
    Gate("not_before", back, Text("您说过晚些时候再请您", "you said that you want to be asked only later")),
    Gate("no_time", has_time, Text("那段时间您没有空", "you have no time then"), Looks.ORDER, at_any_time),
    Gate("far", in_reach, Text("不在您愿意去的范围里", "outside of where you said you go"), Looks.ORDER, anywhere),
    Gate("asked", not_asked, Text("这一轮已经问过了", "asked already in this round"), Looks.ORDER, unless_named),
    Gate("full", has_room, Text("手上的单已经满了", "hands are full"), Looks.MEMBER),
    Gate("week_full", has_week_left, Text("本周接的单已经够了", "you took as many orders this week as you want")),
    Gate("budget", in_budget, Text("今天已经请过您几次了", "you were asked often enough today")),
)
"""In this order: a member counts for the first gate that stops them."""


ONES_OWN_WISH = frozenset({"no_time", "far", "week_full", "budget"})
"""How, where and how often somebody wants to be asked. Who comes unasked, or says yes, knows better by then."""

WHEN_ASKED = ONES_OWN_WISH | {"asleep", "off_duty", "not_before", "asked", "full"}
"""These say whom to ask. Whoever was asked may say yes with hands full of sleep, and what fits is counted apart."""

FOR_ONE_VISIT = frozenset({"daytime"})
"""When the same people go once more, nobody goes yet."""

ONES_OWN_WORD = frozenset({"ability"})
"""Whoever is at the door knows what is to be done there."""

ON_YES = tuple(gate for gate in GATES if gate.name not in WHEN_ASKED)
"""What is looked at again when somebody says yes: a certificate, a check or a word may have ended since they were
asked."""
ON_CLAIM = tuple(gate for gate in GATES if gate.name not in ONES_OWN_WISH)
"""What is looked at when somebody comes unasked: all but their own wishes of where, when and how often."""
ONCE_MORE = tuple(gate for gate in ON_YES if gate.name not in FOR_ONE_VISIT)
"""What is looked at again before the same people get their seats back (rework)."""
AT_THE_DOOR = tuple(gate for gate in ON_YES if gate.name not in ONES_OWN_WORD)
"""What is looked at again on arrival."""


def stopped_by(need: Need, candidate: Candidate, gates: Sequence[Gate] = GATES) -> Gate | None:
    """The first gate that stops the candidate, None if they pass."""
    return next((gate for gate in gates if not gate.passes(need, candidate)), None)


def may_go_again(demand: Demand, member: Member, take: Take, now: datetime) -> bool:
    """May whoever had a seat have it back; may whoever was named have it at all?"""
    if demand.terms is None:
        return True
    return stopped_by(need_of_seat(demand, demand.terms, now, take), Candidate(member), ONCE_MORE) is None
