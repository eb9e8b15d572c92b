"""Each gate and cost reads no more of an order than it says: a batch asks it no oftener than that."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.availability import WeekTime
from contracts.catalogue import Weekday
from contracts.dispatch import Continuity, SaidBy
from contracts.terms import ServedBefore, SkillNeed
from contracts.words import Ability, Employment, Risk, Urgency, WhoMay
from services.volunteers.domain.costs import COSTS, Scales, weighed
from services.volunteers.domain.gates import GATES, stopped_by
from services.volunteers.domain.member import OF_MEMBER_FOR_KINDS, Member
from services.volunteers.domain.need import Candidate, Looks, Need, candidate_of, need_of
from services.volunteers.domain.statements import Apart
from tests.builders import NOON, some_terms
from tests.unit.volunteers.builders import HERE, a_demand, a_member

SCALES = Scales(scarce=frozenset({"water_electric"}))
COSTS_OF_KINDS = [cost for cost in COSTS if cost.looks is Looks.KIND]
BARE = need_of(a_demand(), some_terms(skills=(), who_may=WhoMay.ANYONE), NOON)


class Watched:
    """A need or a member that notes what is read of it."""

    def __init__(self, watched: Need | Member) -> None:
        self._watched, self.read = watched, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return getattr(self._watched, name)


def needs() -> Iterator[Need]:
    """With little asked, with much, in an emergency, for a child."""
    yield BARE
    much = some_terms(
        skills=(SkillNeed("water_electric", 1),),
        asks=(Ability.LIFT,),
        languages=("ug",),
        risks=(Risk.HEAVY,),
        continuity=Continuity.SAME,
        served_before=(ServedBefore("m1"),),
    )
    full = replace(need_of(a_demand(), much, NOON, frozenset({"m9"})), place=HERE, insurance=True)
    yield replace(
        full, wanted_from=NOON + timedelta(hours=2), wanted_until=NOON + timedelta(hours=3), whom=frozenset({"p"})
    )
    yield replace(full, emergency=True, wakes=True, continuity=Continuity.ROTATE)
    yield replace(BARE, for_child=True, adult_only=True)
    yield need_of(a_demand(urgency=Urgency.EMERGENCY), some_terms(urgency=Urgency.EMERGENCY), NOON)


def candidates() -> Iterator[Candidate]:
    """Of every kind of employment, grown up or not, who said much or little."""
    said: dict[str, Any] = {
        "abilities": tuple(Ability),
        "languages": ("zh", "ug"),
        "served": (NOON,),
        "vetted_until": date(2030, 1, 1),
        "radius": 500,
        "coverage": ("sll-g2",),
        "weekly": (WeekTime(Weekday.MON, "09:00", "10:00"),),
        "apart": (Apart(other="p", said_by=SaidBy.MEMBER, by="m3", at=NOON, ticket_id="t"),),
    }
    for employment in Employment:
        yield candidate_of(a_member("m1", employment=employment), BARE)
        minor = a_member("m2", employment=employment, adult=False, with_adult="m1", on_duty=False, serving=False)
        yield candidate_of(minor, BARE)
        yield candidate_of(a_member("m3", employment=employment, **said), BARE, 1, 3)


def read_by(ask: Any) -> set[str]:
    """What *ask* reads of any of these needs."""
    read: set[str] = set()
    for need in needs():
        for candidate in candidates():
            watched = Watched(need)
            ask(watched, candidate)
            read |= watched.read
    return read


def read_of_members(ask: Any) -> set[str]:
    """What *ask* reads of any of these candidates' members."""
    read: set[str] = set()
    for need in needs():
        for candidate in candidates():
            watched: Any = Watched(candidate.member)
            ask(need, replace(candidate, member=watched))
            read |= watched.read
    return read


def blanked() -> set[str]:
    """The fields that orders of one kind need not share."""
    odd = replace(
        next(need for need in needs() if need.wanted_from),
        order_id="o",
        crew=frozenset("c"),
        concerned=frozenset("d"),
        area_path=("x",),
    )
    return {field.name for field in fields(Need) if getattr(odd, field.name) != getattr(odd.kind(), field.name)}


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_a_gate_reads_what_it_says(gate: Any) -> None:
    read = read_by(gate.passes)
    assert gate.looks is Looks.ORDER or not read & blanked()
    assert gate.looks is not Looks.MEMBER or not read


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: cost.name)
def test_a_cost_reads_what_it_says(cost: Any) -> None:
    read = read_by(lambda need, candidate: cost.weigh(need, candidate, SCALES))
    assert cost.looks is Looks.ORDER or not read & blanked()
    assert cost.looks is not Looks.MEMBER or read <= {"today"}


@pytest.mark.parametrize(
    "ask",
    [
        *(pytest.param(gate.passes, id=gate.name) for gate in GATES if gate.looks is Looks.KIND),
        *(pytest.param(lambda *of, c=cost: c.weigh(*of, SCALES), id=cost.name) for cost in COSTS_OF_KINDS),
    ],
)
def test_what_looks_at_a_kind_tells_no_members_apart_who_are_alike_to_it(ask: Any) -> None:
    """A batch asks it of one of them alone, and takes the answer for all."""
    assert read_of_members(ask) <= set(OF_MEMBER_FOR_KINDS)


@pytest.mark.parametrize("gate", [gate for gate in GATES if gate.open_to], ids=lambda gate: gate.name)
def test_whoever_a_gate_is_open_to_passes_unless_the_order_names_them(gate: Any) -> None:
    """A batch does not ask it of them at all."""
    assert gate.looks is Looks.ORDER
    others = [one for one in candidates() if gate.open_to(one)]
    assert others
    for need in needs():
        assert all(gate.passes(need, one) for one in others if one.member.id not in need.named)


def test_every_gate_of_one_order_says_to_whom_it_is_open() -> None:
    """One that does not makes a batch ask all of them of everybody."""
    assert [gate.name for gate in GATES if gate.looks is Looks.ORDER and gate.open_to is None] == []


def test_asked_in_layers_it_is_the_same() -> None:
    """What passes in layers passes at once; what it costs in layers it costs at once."""
    for need in needs():
        for candidate in candidates():
            shared = [gate for gate in GATES if gate.looks is not Looks.ORDER]
            own = [gate for gate in GATES if gate.looks is Looks.ORDER]
            layered = stopped_by(need.kind(), candidate, shared) or stopped_by(need, candidate, own)
            assert (layered is None) == (stopped_by(need, candidate) is None)
            parts = ([cost for cost in COSTS if cost.looks is looks] for looks in Looks)
            asked_of = (need.kind(), need.kind(), need)
            layers = sum(weighed(one, candidate, SCALES, part) for one, part in zip(asked_of, parts, strict=True))
            assert layers == weighed(need, candidate, SCALES) >= 0
