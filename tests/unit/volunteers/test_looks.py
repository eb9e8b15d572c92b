"""Each gate and cost reads no more of an order than it says: a batch asks it no oftener than that."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.dispatch import Continuity
from contracts.terms import ServedBefore, SkillNeed
from contracts.words import Ability, Employment, Risk, Urgency, WhoMay
from services.volunteers.domain.costs import COSTS, Scales, weighed
from services.volunteers.domain.gates import GATES, stopped_by
from services.volunteers.domain.need import Candidate, Looks, Need, candidate_of, need_of
from tests.builders import NOON, some_terms
from tests.unit.volunteers.builders import HERE, a_demand, a_member

BARE = need_of(a_demand(), some_terms(skills=(), who_may=WhoMay.ANYONE), NOON)


class Watched:
    """A need that notes what is read of it."""

    def __init__(self, need: Need) -> None:
        self._need, self.read = need, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return getattr(self._need, name)


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
    scales = Scales(scarce=frozenset({"water_electric"}))
    read = read_by(lambda need, candidate: cost.weigh(need, candidate, scales))
    assert cost.looks is Looks.ORDER or not read & blanked()
    assert cost.looks is not Looks.MEMBER or read <= {"today"}


def test_asked_in_layers_it_is_the_same() -> None:
    """What passes in layers passes at once; what it costs in layers it costs at once."""
    scales = Scales(scarce=frozenset({"water_electric"}))
    for need in needs():
        for candidate in candidates():
            shared = [gate for gate in GATES if gate.looks is not Looks.ORDER]
            own = [gate for gate in GATES if gate.looks is Looks.ORDER]
            layered = stopped_by(need.kind(), candidate, shared) or stopped_by(need, candidate, own)
            assert (layered is None) == (stopped_by(need, candidate) is None)
            parts = ([cost for cost in COSTS if cost.looks is looks] for looks in Looks)
            asked_of = (need.kind(), need.kind(), need)
            layers = sum(weighed(one, candidate, scales, part) for one, part in zip(asked_of, parts, strict=True))
            assert layers == weighed(need, candidate, scales) >= 0
