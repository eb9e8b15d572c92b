"""Who is in the Party decides nothing: the flag is permuted over a day's demand, and every offer is the same byte by
byte.
"""

import inspect
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from contracts.availability import DaysOff, WeekTime
from contracts.catalogue import Weekday
from contracts.dispatch import SaidBy
from contracts.events.masters import AreaPublished
from contracts.terms import SkillNeed
from contracts.words import Ability, OfferStatus, Risk, Urgency
from services.volunteers.adapters.candidates import UNREAD
from services.volunteers.application import batch, dispatch, matching, seats, solving
from services.volunteers.domain import (
    availability,
    costs,
    gates,
    gates_of_care,
    gates_of_wishes,
    looking,
    need,
    price,
    search,
    seating,
    walking,
)
from services.volunteers.domain.costs import Weights
from services.volunteers.domain.member import HeldSkill, Member, Sealed
from services.volunteers.domain.statements import Apart, Credential
from tests.bench.month import SERVICE_DAY, Days, by_batch, volunteers
from tests.builders import NOON, an_area_snapshot, received, some_terms
from tests.unit.volunteers.builders import HERE, a_member, accepted
from tests.unit.volunteers.world import World

MEMBERS, ORDERS = 16, 18
SAID = ("11", "10", "00", None)
"""In the Party and shown, in it and not shown, not in it, nothing said."""


def town(flags: list[str | None]) -> World:
    """The same people each time, but for what they said of the Party."""
    rng, world = Random(20261122), World()
    world.reactions.keep_area([received(AreaPublished(), an_area_snapshot(centroid=HERE))])
    for number, flag in enumerate(flags):
        id = f"m{number:02}"
        member = a_member(
            id,
            start=replace(HERE, lat=HERE.lat + rng.uniform(-0.02, 0.02)) if rng.random() < 0.8 else None,
            capacity=rng.randint(1, 3),
            skills=tuple(HeldSkill(code, rng.randint(1, 3)) for code in ("a", "b") if rng.random() < 0.6),
            abilities=tuple(ability for ability in Ability if rng.random() < 0.5),
            **_said(rng),
        )
        party = None if flag is None else world.vault.seal(id, "party", flag)
        world.add(replace(member, sealed=Sealed(world.vault.seal(id, "name", id), party=party)))
    return world


def _said(rng: Random) -> dict[str, Any]:
    """What else they said, and what staff saw: of each of it some say nothing."""
    said: dict[str, Any] = {
        "weekly": tuple(WeekTime(day, "00:00", "24:00") for day in rng.sample(list(Weekday), 5)),
        "days_off": (DaysOff("2026-11-22", "2026-11-22"),),
        "not_before": NOON + timedelta(hours=rng.randint(1, 12)),
        "week_capacity": rng.randint(1, 3),
        "coverage": ("sll-g1",),
        "radius": rng.randint(500, 3000),
        "insured_until": NOON.date() + timedelta(days=rng.randint(-1, 2)),
        "seventy": True,
        "insures_70": True,
        "credentials": (Credential("first_aid"),),
        "apart": (Apart(other="a-9", said_by=SaidBy.MEMBER, by="m", at=NOON, ticket_id="t"),),
    }
    return {name: value for name, value in said.items() if rng.random() < 0.3}


def a_day(flags: list[str | None]) -> list[bytes]:
    """Orders all day long, answered by a lot that knows nothing of the Party; everything that became of them."""
    world, rng = town(flags), Random(7)
    for number in range(ORDERS):
        needs = tuple(SkillNeed(code) for code in ("a", "b") if rng.random() < 0.4)
        asks = tuple(ability for ability in Ability if rng.random() < 0.1)
        terms: dict[str, Any] = {
            "skills": needs,
            "urgency": rng.choice(list(Urgency)),
            "asks": asks,
            "offers_per_day": 2,
        }
        terms |= {"risks": (Risk.RISKY,)} if rng.random() < 0.2 else {}
        terms |= {"credentials": ("first_aid",)} if rng.random() < 0.1 else {}
        ticket = {"id": f"order-{number:02}", "beneficiary_id": f"a-{rng.randint(8, 11)}"}
        world.tell(accepted(seats=rng.randint(1, 3), ticket=ticket, **terms))
        _answer(world, rng)
        world.pass_time(minutes=rng.choice((5, 40, 130)))
    documents = [world.demands.document(id) for id in sorted(world.demands.ids())]
    shown = [{"offers": doc["offers"], "takes": doc["takes"], "status": doc["status"]} for doc in documents]
    told = [one.data for one in world.journal.envelopes if one.aggregatetype == "demand"]
    return [json.dumps(part, sort_keys=True, default=str, ensure_ascii=False).encode() for part in (*shown, *told)]


def _answer(world: World, rng: Random) -> None:
    """Whoever is asked says yes or no; who is full says nothing."""
    for id in world.demands.ids():
        for offer in world.demand_of(id).offers:
            still = world.demand_of(id).offer(offer.id).status
            if still is not OfferStatus.OPEN or rng.random() < 0.3:
                continue
            number = int(offer.id.rpartition("o")[2])
            if rng.random() < 0.4 or not world.member(offer.member_id).room or not world.demand_of(id).open_seats:
                world.decline(number, offer.member_id, id)
            else:
                world.accept(number, offer.member_id, demand=id)


@pytest.fixture(scope="module")
def nothing_said() -> list[bytes]:
    return a_day([None] * MEMBERS)


@pytest.mark.parametrize("seed", range(2))
def test_every_offer_is_the_same_whoever_is_in_the_party(nothing_said: list[bytes], seed: int) -> None:
    flags = [SAID[number % len(SAID)] for number in range(MEMBERS)]
    Random(seed).shuffle(flags)
    assert a_day(flags) == nothing_said


@pytest.mark.parametrize("said", ["11", "00"])
def test_nor_where_everybody_is_or_nobody(nothing_said: list[bytes], said: str) -> None:
    assert a_day([said] * MEMBERS) == nothing_said


def batches(said: Sequence[str | None]) -> list[bytes]:
    """A service day of the bench's month, matched in batches: everybody who was asked, when, for what and why."""
    people = [
        replace(one, sealed=None if flag is None else Sealed(name=b"", party=flag.encode()))
        for one, flag in zip(volunteers(), said, strict=True)
    ]
    day = Days("party", 1, by_batch(Weights()), people)
    day.live(SERVICE_DAY - 1)
    return [repr(asked).encode() for asked in day.asked]


@pytest.fixture(scope="module")
def nobody() -> list[bytes]:
    return batches([None] * len(volunteers()))


def test_batches_ask_the_same_whoever_is_in_the_party(nobody: list[bytes]) -> None:
    flags = [SAID[number % len(SAID)] for number in range(len(volunteers()))]
    Random(3).shuffle(flags)
    assert len(nobody) > 100
    assert batches(flags) == nobody
    assert batches(["11"] * len(flags)) == nobody


def test_a_flag_that_weighed_in_a_batch_would_be_seen(nobody: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same comparison, with an engine to which those who said yes seem a little nearer."""

    def biased(need: need.Need, one: need.Candidate, scales: costs.Scales, which: Sequence[costs.Cost]) -> int:
        liked = one.member.sealed is not None and one.member.sealed.party == b"11"
        return costs.weighed(need, one, scales, which) + (0 if liked else 10)

    monkeypatch.setattr("services.volunteers.application.batch.weighed", biased)
    assert batches([SAID[number % len(SAID)] for number in range(len(volunteers()))]) != nobody


def test_the_day_is_a_day(nothing_said: list[bytes]) -> None:
    """What is compared holds offers, refusals, seats: an empty day would prove nothing."""
    whole = b"".join(nothing_said)
    assert all(word in whole for word in (b'"accepted"', b'"declined"', b'"expired"', b'"taken"', "走路".encode()))


OF_WHAT_WAS_SAID = frozenset({"credential", "insurance", "not_before", "no_time", "far", "week_full", "budget"})


def test_every_gate_of_what_people_said_stops_somebody_on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gate that let everybody pass would have nothing to be the same about."""
    stopping: set[str] = set()

    def told(asked: need.Need, candidate: need.Candidate) -> gates.Gate | None:
        gate = gates.stopped_by(asked, candidate)
        stopping.update([] if gate is None else [gate.name])
        return gate

    monkeypatch.setattr("tests.unit.volunteers.world.stopped_by", told)
    a_day([None] * MEMBERS)
    assert OF_WHAT_WAS_SAID - stopping == frozenset()


def test_a_flag_that_weighed_anything_would_be_seen(nothing_said: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same comparison, with a matcher that likes those who said yes."""

    def biased(asked: need.Need, candidate: need.Candidate) -> gates.Gate | None:
        liked = candidate.member.sealed is not None and candidate.member.sealed.party is not None
        return gates.stopped_by(asked, candidate) if liked else gates.GATES[0]

    monkeypatch.setattr(matching, "stopped_by", biased)
    assert a_day([SAID[number % len(SAID)] for number in range(MEMBERS)]) != nothing_said


def test_whoever_chooses_never_reads_what_is_sealed() -> None:
    assert UNREAD["sealed"] == 0
    said = (availability, gates_of_care, gates_of_wishes)
    weighed = (gates, costs, price, walking, need, looking, search, seating)
    for module in (*said, *weighed, dispatch, matching, batch, solving, seats):
        code = inspect.getsource(module)
        assert "sealed" not in code.replace("unsealed", ""), module.__name__
        assert "party" not in code.lower(), module.__name__
    assert "party" not in repr(Member.snapshot(a_member())) + repr(some_terms())
