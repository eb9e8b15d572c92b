"""One suite for both ways to find candidates: the Mongo queries and the plain one in memory that other tests use."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from pymongo import MongoClient

from chassis.aggregates import Aggregates
from chassis.journal import Journal
from chassis.migrations import migrate
from chassis.mongo import database
from contracts.decisions import Decided
from contracts.events.masters import Point
from contracts.recusal import Recusal
from contracts.terms import SkillNeed
from contracts.words import Ability, DemandStatus, Employment, OfferStatus, Risk, Urgency, WhoMay
from services.volunteers.adapters.candidates import FIRST_BATCH, MongoCandidates
from services.volunteers.adapters.codecs import DemandCodec, MemberCodec
from services.volunteers.adapters.indexes import INDEXES
from services.volunteers.adapters.stores import MongoOpenOrders
from services.volunteers.application.ports import Candidates
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import stopped_by
from services.volunteers.domain.member import ConsentLine, HeldSkill, Member
from services.volunteers.domain.need import Need, need_of
from tests.builders import COMMUNITY, NOON, a_meta, some_terms
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.fakes.clock import FixedClock
from tests.unit.volunteers.builders import HERE, a_demand, a_member, a_take, an_offer
from tests.unit.volunteers.world import InMemoryCandidates


@dataclass
class Town:
    """One implementation with its stores."""

    candidates: Candidates
    members: Any
    demands: Any
    clear: Callable[[], None]

    def add(self, *members: Member) -> None:
        for member in members:
            self.members.apply(member.id, a_meta(command_id="c"), lambda _, member=member: Decided(member))

    def open(self, demand: Demand) -> None:
        self.demands.apply(demand.id, a_meta(command_id="c"), lambda _: Decided(demand))

    def near(self, need: Need, place: Point | None = HERE, pivot: str = "p") -> list[str]:
        """Everybody who passes, in the order in which they are found."""
        found = [one for batch in self.candidates.near(need, place, pivot) for one in batch]
        return [one.member.id for one in found if stopped_by(need, one) is None]


@pytest.fixture(params=["memory", "mongo"])
def town(request: pytest.FixtureRequest) -> Town:
    if request.param == "memory":
        return _in_memory()
    return _on_mongo(request)


def _in_memory() -> Town:
    journal = InMemoryJournal(FixedClock(NOON))
    members, demands = InMemoryAggregates(journal, MemberCodec()), InMemoryAggregates(journal, DemandCodec())

    def clear() -> None:
        journal.store("members").clear()
        journal.store("demands").clear()

    return Town(InMemoryCandidates(members, demands), members, demands, clear)


def _on_mongo(request: pytest.FixtureRequest) -> Town:
    client: MongoClient[dict[str, Any]] = request.getfixturevalue("mongo")
    db = database(client, request.getfixturevalue("settings"), "volunteers")
    migrate(db, INDEXES)
    journal = Journal(db, FixedClock(NOON))
    members, demands = Aggregates(journal, MemberCodec()), Aggregates(journal, DemandCodec())

    def clear() -> None:
        db.members.delete_many({})
        db.demands.delete_many({})

    return Town(MongoCandidates(members, demands), members, demands, clear)


def a_need(asked: frozenset[str] = frozenset(), **terms: Any) -> Need:
    return need_of(a_demand(), some_terms(**terms), NOON, asked)


def north(metres: float) -> Point:
    return Point(HERE.lon, HERE.lat + metres / 111_195)


@pytest.mark.parametrize(
    ("only", "expected"), [({"only_member": "m2"}, ["m2"]), ({"only_team": "silver"}, ["m3", "m4"]), ({}, None)]
)
@pytest.mark.parametrize("place", [HERE, None])
def test_who_is_named_is_found_alone_if_they_pass(
    town: Town, only: dict[str, str], expected: list[str] | None, place: Point | None
) -> None:
    everybody = [f"m{number}" for number in range(1, FIRST_BATCH * 2)]
    town.add(*(a_member(name, team_ids=_teams(name)) for name in everybody))
    demand = a_demand(offers=(an_offer(5),))
    need = replace(need_of(demand, some_terms(), NOON, demand.asked), **only)  # type: ignore[arg-type]
    found = sorted(name for name in town.near(need, place) if need.means(a_member(name, team_ids=_teams(name))))
    assert found == (expected or sorted(set(everybody) - {"m5"}))


def _teams(name: str) -> tuple[str, ...]:
    return ("silver",) if name in ("m3", "m4", "m5") else ()


def test_whoever_does_not_pass_is_not_found(town: Town) -> None:
    town.add(
        a_member("fit"),
        a_member("elsewhere", community_id="zaoyuanli"),
        a_member("expert", employment=Employment.PROPERTY),
        a_member("untaught", skills=()),
        a_member("idle", on_duty=False),
        a_member("full", holding=("x",)),
        a_member("asked"),
    )
    assert town.near(a_need(frozenset({"asked"}))) == ["fit"]


def test_offers_that_wait_count_as_load_but_not_this_orders_own(town: Town) -> None:
    town.add(a_member("m1"), a_member("m2"))
    town.open(a_demand(id="other", offers=(an_offer(1),)))
    need = a_need()
    assert town.near(need) == ["m2"]

    town.clear()
    town.add(a_member("m1"), a_member("m2"))
    town.open(a_demand(offers=(an_offer(1),)))
    assert sorted(town.near(need)) == ["m1", "m2"]


def test_those_whose_start_is_unknown_are_not_forgotten(town: Town) -> None:
    town.add(a_member("placed"), a_member("unplaced", start=None))
    assert town.near(a_need()) == ["placed", "unplaced"]
    assert sorted(town.near(a_need(), place=None)) == ["placed", "unplaced"]


def test_the_look_reaches_the_last_of_many(town: Town) -> None:
    """k nearest alone starve a clustered town: the only one who can do it lives behind everybody else."""
    many = 3 * FIRST_BATCH
    town.add(*(a_member(f"m{n:03}", start=north(n)) for n in range(many)))
    for n in range(many - 1):
        town.open(a_demand(id=f"d{n}", offers=(an_offer(1, member_id=f"m{n:03}"),)))
    assert town.near(a_need()) == [f"m{many - 1:03}"]


def test_who_stopped_whom_is_counted_once(town: Town) -> None:
    town.add(
        a_member("fit"),
        a_member("expert", employment=Employment.PROPERTY, on_duty=False),
        a_member("untaught", skills=(), adult=False),
        a_member("young", adult=False, on_duty=False),
        a_member("idle", on_duty=False, holding=("x",)),
        a_member("asked", holding=("x",)),
        a_member("full", holding=("x",)),
        a_member("stranger", community_id="zaoyuanli", skills=()),
    )
    counts = town.candidates.look_at_all(a_need(frozenset({"asked"}), adult_only=True)).stopped
    assert counts == {"who_may": 1, "skill": 1, "adult_only": 1, "off_duty": 1, "asked": 1, "full": 1}


def test_whose_own_case_it_is_and_who_left_count_for_that_alone(town: Town) -> None:
    town.add(
        *(a_member(f"m{n}") for n in range(3)),
        a_member("gone", serving=False, on_duty=False),
        a_member("young", adult=False),
    )
    need = need_of(a_demand(recused=Recusal(members=("m0", "m1"))), some_terms(), NOON, frozenset({"m2"}))
    assert town.near(need) == []
    assert town.candidates.look_at_all(need).stopped == {"who_may": 2, "not_serving": 1, "guardian": 1, "asked": 1}


skills = st.lists(
    st.builds(
        HeldSkill,
        st.sampled_from(["a", "b"]),
        st.integers(1, 3),
        st.sampled_from([None, date(2026, 11, 20), date(2026, 11, 21)]),
    ),
    max_size=2,
).map(tuple)
AGREED = ConsentLine(at=NOON, given=True, by="desk")


def as_they_are(member: Member) -> Member:
    """Nobody answers for an adult, and nobody goes along with one."""
    return replace(member, consents=(), with_adult=None) if member.adult else member


people = st.lists(
    st.builds(
        a_member,
        employment=st.sampled_from(list(Employment)),
        adult=st.booleans(),
        on_duty=st.booleans(),
        skills=skills,
        capacity=st.integers(0, 2),
        holding=st.sampled_from([(), ("x",)]),
        abilities=st.sampled_from([(), (Ability.LIFT,), (Ability.LIFT, Ability.NIGHT)]),
        vetted_until=st.sampled_from([None, date(2026, 11, 20), date(2026, 11, 21)]),
        consents=st.sampled_from([(), (AGREED,), (AGREED, replace(AGREED, given=False))]),
        with_adult=st.sampled_from([None, "m1", "m9"]),
    ).map(as_they_are),
    max_size=8,
)


@given(
    people=people,
    who_may=st.sampled_from(list(WhoMay)),
    needs=st.lists(
        st.builds(SkillNeed, st.sampled_from(["a", "b"]), st.integers(1, 3)), max_size=2, unique_by=lambda n: n.code
    ),
    adult_only=st.booleans(),
    more=st.fixed_dictionaries(
        {
            "for_child": st.booleans(),
            "asks": st.sampled_from([(), (Ability.LIFT,)]),
            "risks": st.sampled_from([(), (Risk.CASH,)]),
            "delivery": st.sampled_from([("station",), ("home",)]),
            "urgency": st.sampled_from([Urgency.ORDINARY, Urgency.EMERGENCY]),
        }
    ),
    moment=st.sampled_from([NOON, NOON.replace(hour=16)]),
    crew=st.sampled_from([(), ("m1",)]),
    concerned=st.sampled_from([(), ("m0", "m2")]),
)
@tries(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_query_leaves_out_nobody_whom_the_gates_let_pass(
    town: Town,
    people: list[Member],
    who_may: WhoMay,
    needs: list[SkillNeed],
    adult_only: bool,
    more: dict[str, Any],
    moment: datetime,
    crew: tuple[str, ...],
    concerned: tuple[str, ...],
) -> None:
    """The gates of the domain are the law; the query only spares reading whom they would stop."""
    town.clear()
    members = [Member(**{**vars(member), "id": f"m{n}", "external_no": f"M{n}"}) for n, member in enumerate(people)]
    town.add(*members)
    terms = some_terms(who_may=who_may, skills=tuple(needs), adult_only=adult_only, **more)
    recused = Recusal(members=concerned)
    seated = a_demand(2, takes=tuple(a_take(1, member_id=id) for id in crew), recused=recused)
    need = need_of(seated, terms, moment, frozenset({"m1"}))
    expected, stopped = _by_the_gates(need, members)
    assert sorted(town.near(need)) == expected
    assert town.candidates.look_at_all(need).stopped == stopped


def _by_the_gates(need: Need, members: list[Member]) -> tuple[list[str], dict[str, int]]:
    memory = _in_memory()
    memory.add(*members)
    return sorted(memory.near(need)), dict(memory.candidates.look_at_all(need).stopped)


def test_offers_of_the_local_day_are_counted_but_not_those_of_emergencies(town: Town) -> None:
    town.add(a_member("m1", capacity=9), a_member("m2", capacity=9, served=(NOON,)))
    need = a_need()
    yesterday = need.day_from - timedelta(seconds=1)
    answered = {"member_id": "m1", "status": OfferStatus.DECLINED}
    town.open(a_demand(id="a", offers=(an_offer(1, made_at=NOON), an_offer(2, made_at=need.day_from, **answered))))
    town.open(a_demand(id="b", offers=(an_offer(1, made_at=yesterday), an_offer(2, made_at=yesterday))))
    town.open(a_demand(id="c", urgency=Urgency.EMERGENCY, offers=(an_offer(1, made_at=NOON, **answered),)))
    town.open(a_demand(id="d", community_id="zaoyuanli", offers=(an_offer(1, made_at=NOON, **answered),)))
    near = [one for batch in town.candidates.near(need, HERE, "p") for one in batch]
    for found in (near, town.candidates.everybody(need)):
        known = {one.member.id: (one.open_offers, one.asked_today, one.taken_this_week) for one in found}
        assert known == {"m1": (2, 2, 0), "m2": (1, 0, 1)}
    alone = {one.member.id: town.candidates.as_now(one.member, need) for one in near}
    assert [alone[one.member.id] for one in near] == near


def test_whoever_was_asked_often_enough_today_is_asked_by_nobody_but_an_emergency(town: Town) -> None:
    town.add(a_member("m1"), a_member("m2"))
    declined = {"member_id": "m1", "status": OfferStatus.DECLINED, "made_at": NOON}
    for number in range(2):
        town.open(a_demand(id=f"d{number}", offers=(an_offer(1, **declined),)))
    assert town.near(a_need(offers_per_day=2)) == ["m2"]
    assert town.candidates.look_at_all(a_need(offers_per_day=2)).stopped == {"budget": 1}
    assert sorted(town.near(a_need(offers_per_day=3))) == ["m1", "m2"]
    assert sorted(town.near(a_need(urgency=Urgency.EMERGENCY))) == ["m1", "m2"]


def test_everybody_is_as_they_are_now(town: Town) -> None:
    """Whoever did not change is not decoded again; whoever did is."""
    town.add(a_member("m1"), a_member("m2"))
    need = a_need()
    assert {one.member.capacity for one in town.candidates.everybody(need)} == {1}
    change = a_meta(command_id="more")
    town.members.apply("m1", change, lambda before: Decided(replace(before, capacity=5)))
    town.members.apply("m2", a_meta(command_id="off"), lambda before: Decided(replace(before, serving=False)))
    passing = [one for one in town.candidates.everybody(need) if stopped_by(need, one) is None]
    assert [(one.member.id, one.member.capacity) for one in passing] == [("m1", 5)]


def test_orders_that_want_people_are_those_with_a_seat_that_nobody_has(request: pytest.FixtureRequest) -> None:
    town = _on_mongo(request)
    town.open(a_demand(id="a"))
    town.open(a_demand(id="b", status=DemandStatus.CLAIM))
    town.open(a_demand(id="c", status=DemandStatus.FILLED, takes=(a_take(),)))
    town.open(a_demand(id="d", terms=None))
    town.open(a_demand(id="e", community_id="zaoyuanli"))
    wanting = MongoOpenOrders(town.demands).wanting
    assert [one.id for one in wanting(COMMUNITY, 9)] == ["b", "a"]
    assert [one.id for one in wanting(COMMUNITY, 1)] == ["b"]
