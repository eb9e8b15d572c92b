"""The audit reads by itself what a seat says of somebody's time; here it is held against what the ledgers keep."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from contracts.actor import Role
from contracts.hours import Ending
from contracts.schemas.fields import time_text
from contracts.terms import Terms
from contracts.words import Employment, Policy, WhoMay
from deploy.audit import hours
from services.volunteers.adapters.codecs import BSON, DemandCodec
from services.volunteers.adapters.hours_codec import EntryCodec
from services.volunteers.domain import hours_corrections
from services.volunteers.domain.hours_corrections import said
from services.volunteers.domain.hours_entry import Ask, Entry
from services.volunteers.domain.hours_ledger import ledger_of
from tests.builders import NOON, an_actor, some_terms
from tests.unit.volunteers.builders import redispatched, reworked
from tests.unit.volunteers.test_recording import FIRST, a_taken_order, done, entry, left
from tests.unit.volunteers.world import World

BELIEVED = timedelta(hours=4)


def found(world: World, kept: Entry | None = None, **changes: Any) -> list[str]:
    """What the audit says of the entry of the first seat."""
    doc = EntryCodec().to_doc(kept or entry(world)) | {"_id": FIRST} | changes
    [take] = DemandCodec().to_doc(world.demand)["takes"]
    unlike = hours.differs(take, doc, frozenset(), BELIEVED)
    return [one.clause for one in hours.adds_up(doc)] + ([unlike] if unlike else [])


def test_nothing_is_found_of_work_that_was_done_twice() -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=30)
    world.leave(FIRST, "m1")
    world.reactions.record_hours([left(world)])
    assert found(world) == []
    world.tell(done(world, 4))
    world.tell(reworked(5))
    assert found(world) == []
    world.clock.advance(hours=1)
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=90)
    world.tell(done(world, 6, rework_count=1))
    assert (entry(world).minutes, found(world)) == (120, [])
    once = replace(entry(world), lines=entry(world).lines[:1])
    assert found(world, once) == ["1 times stand for 2 check-ins"]
    assert found(world, minutes=90) == ["hours-sum"]
    assert found(world, known=[*entry(world).known, entry(world).known[0]]) == ["hours-twice"]


def test_work_from_before_the_ledgers_is_missed_by_nobody_and_on_record_once_it_is_heard_of_again() -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=30)
    world.tell(done(world, 4))
    demand = DemandCodec().to_doc(world.demand)
    [take] = demand["takes"]
    assert hours.is_wanted(demand, take)
    older = {name: value for name, value in take.items() if name not in ("earlier", "released_at")}
    assert not hours.is_wanted(demand, older)
    kept = DemandCodec().from_doc({**demand, "_id": world.demand.id, "takes": [older]})
    assert (kept.takes, kept.takes[0].visits) == (world.demand.takes, world.demand.takes[0].visits)

    world.journal.store("hours").clear()
    world.tell(reworked(5))
    world.tell(done(world, 6, rework_count=1))
    assert entry(world).minutes == 30


@pytest.mark.parametrize("there", [90, 600])
def test_without_a_check_out_it_ends_with_the_work_and_no_later_than_is_believed(there: int) -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=there)
    world.tell(done(world, 4))
    assert found(world) == []
    line = entry(world).lines[0]
    [span] = line.spans
    for ended in (span.ended + timedelta(hours=1), span.began + timedelta(minutes=5)):
        other = replace(span, ended=ended)
        minutes = int((ended - span.began) / timedelta(minutes=1))
        [seen] = found(world, replace(entry(world), lines=(replace(line, spans=(other,), minutes=minutes),)))
        assert "is not what the seat says" in seen


def test_whoever_was_let_go_was_there_until_something_happened() -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=30)
    news = redispatched(4)
    world.tell(news)
    doc = EntryCodec().to_doc(entry(world))
    [take] = DemandCodec().to_doc(world.demand)["takes"]
    [span] = doc["standing_spans"]
    assert span["ending"] == Ending.LET_GO
    assert hours.differs(take, doc, frozenset(), BELIEVED) is None
    assert hours.differs(take | {"released_at": world.clock.now() + timedelta(minutes=1)}, doc, frozenset(), None)
    older = take | {"released_at": None}
    assert hours.differs(older, doc, frozenset({time_text(span["ended"])}), BELIEVED) is None
    assert hours.differs(older, doc, frozenset(), BELIEVED) is not None


def test_after_a_correction_the_word_of_staff_stands_and_nobody_elses() -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=30)
    world.tell(done(world, 4))
    span, now = said(NOON, NOON + timedelta(minutes=10), world.clock.now()), world.clock.now()
    asked = hours_corrections.ask(entry(world), Ask(id="k1", at=now, by="m-m1", decide_by=now))
    decided = hours_corrections.decide(
        asked,
        "k1",
        an_actor(Role.SECRETARY),
        now,
        why=b"sealed",
        granted=True,
        span=span,
        to_workload=False,
        confirm_at=now,
    )
    assert (decided.minutes, found(world, decided)) == (10, [])
    slipped = replace(entry(world), lines=(replace(entry(world).lines[0], spans=(span,), minutes=10),))
    assert found(world, slipped) == ["somebody's word stands that nobody gave"]


def test_it_knows_which_work_is_voluntary_as_the_ledgers_do() -> None:
    ways = product(Employment, Policy, WhoMay, (True, False))
    for employment, policy, who_may, free in ways:
        terms: Terms = replace(some_terms(), policy=policy, who_may=who_may, free=free)
        assert hours.ledger_of(employment, BSON.unstructure(terms)) is ledger_of(employment, terms)
    assert hours.ledger_of(Employment.VOLUNTEER, None) is ledger_of(Employment.VOLUNTEER, None)
