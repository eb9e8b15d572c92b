"""The gates, one by one."""

from datetime import date
from typing import Any

import pytest

from contracts.terms import SkillNeed
from contracts.words import Employment, Policy, WhoMay
from services.volunteers.domain.asking import employments
from services.volunteers.domain.gates import GATES, stopped_by
from services.volunteers.domain.member import HeldSkill
from services.volunteers.domain.need import Candidate, need_of
from tests.builders import NOON, some_terms
from tests.unit.volunteers.builders import a_demand, a_member

V, D, S, P, M = (
    Employment.VOLUNTEER,
    Employment.DUTY,
    Employment.SHOP,
    Employment.PROPERTY,
    Employment.DEPARTMENT,
)


def stopped(
    member: Any = None, *, open_offers: int = 0, asked: frozenset[str] = frozenset(), **terms: Any
) -> str | None:
    """The name of the gate that stops the member."""
    need = need_of(a_demand(), some_terms(**terms), NOON, asked)
    gate = stopped_by(need, Candidate(member or a_member(), open_offers))
    return gate.name if gate else None


@pytest.mark.parametrize(
    ("policy", "who_may", "expected"),
    [
        (Policy.OFFER, WhoMay.ANYONE, {V, D, S}),
        (Policy.CLAIM, WhoMay.TRAINED, {V, D, S}),
        (Policy.TEAM, WhoMay.CERTIFIED, {V, D, S}),
        (Policy.OFFER, WhoMay.DUTY, {D}),
        (Policy.DUTY, WhoMay.ANYONE, {D}),
        (Policy.DUTY, WhoMay.CERTIFIED, {D}),
        (Policy.CONTRACTED, WhoMay.ANYONE, {P, M, S}),
        (Policy.CONTRACTED, WhoMay.PROFESSIONAL, {P, M}),
    ],
)
def test_who_may_be_asked(policy: Policy, who_may: WhoMay, expected: set[Employment]) -> None:
    assert employments(policy, who_may) == expected


@pytest.mark.parametrize("policy", list(Policy))
def test_professional_work_is_never_for_volunteers(policy: Policy) -> None:
    assert employments(policy, WhoMay.PROFESSIONAL) == {P, M}


def test_whoever_fits_passes() -> None:
    assert stopped() is None


def test_another_capacity_is_stopped() -> None:
    assert stopped(a_member(employment=P)) == "who_may"


@pytest.mark.parametrize(
    ("skills", "expected"),
    [
        ((), "skill"),
        ((HeldSkill("listening", 3),), "skill"),
        ((HeldSkill("nursing", 1),), "skill"),
        ((HeldSkill("nursing", 2),), None),
        ((HeldSkill("nursing", 1), HeldSkill("nursing", 3)), None),
        ((HeldSkill("nursing", 2, date(2026, 11, 20)),), "skill"),
        ((HeldSkill("nursing", 2, date(2026, 11, 21)),), None),
    ],
)
def test_a_certificate_counts_at_its_level_until_its_last_day(
    skills: tuple[HeldSkill, ...], expected: str | None
) -> None:
    needs = (SkillNeed("nursing", 1),)
    assert stopped(a_member(skills=skills), who_may=WhoMay.CERTIFIED, skills=needs) == expected


def test_trained_needs_no_certificate_but_every_skill() -> None:
    needs = (SkillNeed("a", 1), SkillNeed("b", 2))
    both = (HeldSkill("a", 1), HeldSkill("b", 2))
    assert stopped(a_member(skills=both), skills=needs) is None
    assert stopped(a_member(skills=both[:1]), skills=needs) == "skill"
    assert stopped(a_member(skills=(both[0], HeldSkill("b", 1))), skills=needs) == "skill"


def test_the_last_day_is_the_day_on_the_wall_there() -> None:
    """20:30 UTC on the 20th is the 21st in Shanghai already."""
    evening = NOON.replace(day=20, hour=20, minute=30)
    need = need_of(a_demand(), some_terms(), evening)
    member = a_member(skills=(HeldSkill("water_electric", 1, date(2026, 11, 20)),))
    assert stopped_by(need, Candidate(member)) is not None


def test_the_other_gates() -> None:
    assert stopped(a_member(on_duty=False)) == "off_duty"
    assert stopped(asked=frozenset({"m1"})) == "asked"
    assert stopped(a_member(holding=("a",))) == "full"
    assert stopped(a_member(capacity=2, holding=("a",))) is None
    assert stopped(a_member(capacity=2, holding=("a",)), open_offers=1) == "full"


def test_every_gate_says_itself_in_both_languages() -> None:
    assert len({gate.name for gate in GATES}) == len(GATES)
    assert all(gate.sentence.zh and gate.sentence.en and gate.passes.__doc__ for gate in GATES)
