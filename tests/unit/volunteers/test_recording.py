"""Finished work becomes an entry of a ledger: once, from check-in to check-out, whatever comes twice or late."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.decisions import Decided
from contracts.events.hours import HoursWanted
from contracts.events.ticket_snapshot import TicketTimes
from contracts.events.volunteers import AssignmentLeft
from contracts.hours import Cause, Ending, EntryState, Ledger, Wanting
from contracts.words import NOBODY, Employment, Policy, WhoMay
from services.volunteers.domain.hours_entry import Entry
from services.volunteers.domain.hours_ledger import ledger_of
from tests.builders import NOON, TICKET_ID, a_demand_snapshot, received, some_terms
from tests.unit.volunteers.builders import a_member, accepted, cancelled, completed, redispatched, reworked
from tests.unit.volunteers.world import World, a_world

FIRST = f"{TICKET_ID}.s1.1"


def done(world: World, version: int, **ticket: Any) -> Any:
    """``ticket.completed`` now, by the world's clock."""
    return completed(version, times=TicketTimes(placed_at=NOON, completed_at=world.clock.now()), **ticket)


def a_taken_order(**terms: Any) -> World:
    world = a_world(1)
    world.tell(accepted(**terms))
    world.say_yes("m1")
    return world


def entry(world: World, id: str = FIRST) -> Entry:
    found = world.entries.get(id)
    assert found is not None
    return found


def left(world: World) -> Any:
    return received(AssignmentLeft(assignment_id=FIRST, member_id="m1"), a_demand_snapshot(), 5)


def pass_days(world: World, days: int) -> list[Wanting]:
    """Time goes on, deadlines of entries fire; what staff were told."""
    before = len(world.journal.envelopes)
    now = world.clock.advance(days=days)
    for id in world.entries.ids():
        for due in entry(world, id).deadlines():
            if due.at <= now:
                world.recording.fire(id, due)
                world.recording.fire(id, due)
    told = world.journal.envelopes[before:]
    return [Wanting(one.data["what"]) for one in told if one.type == HoursWanted.TYPE]


def test_from_check_in_to_check_out_and_travel_is_not_in_it() -> None:
    world = a_taken_order()
    world.clock.advance(minutes=20)
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=47, seconds=59)
    world.leave(FIRST, "m1")
    world.reactions.record_hours([left(world)])
    found = entry(world)
    assert (found.ledger, found.state, found.minutes, found.member_id) == (
        Ledger.HOURS,
        EntryState.RECORDED,
        47,
        "m1",
    )
    assert [span.ending for span in found.spans] == [Ending.LEFT]
    assert found.grade == 4


def test_an_entry_is_written_once_whatever_comes_again() -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=30)
    world.leave(FIRST, "m1")
    for _ in range(2):
        world.reactions.record_hours([left(world)])
    world.clock.advance(minutes=30)
    for _ in range(2):
        world.tell(done(world, 4))
    assert [line.minutes for line in entry(world).lines] == [30]


@pytest.mark.parametrize(("there", "minutes", "ending"), [(90, 90, Ending.COMPLETED), (600, 240, Ending.CAPPED)])
def test_who_did_not_check_out_was_there_until_it_was_done_but_only_so_long(
    there: int, minutes: int, ending: Ending
) -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=there)
    world.tell(done(world, 4))
    assert (entry(world).minutes, entry(world).spans[0].ending) == (minutes, ending)


def test_whoever_was_let_go_while_there_keeps_that_time() -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.tell(redispatched(4))
    assert (entry(world).state, entry(world).spans[0].ending) == (EntryState.RECORDED, Ending.LET_GO)


def test_time_ends_when_the_seat_was_freed_whichever_news_brings_it_on_record() -> None:
    """A visit to two: news of the other comes first, and late."""
    world = a_world(2)
    world.tell(accepted(seats=2))
    for member in ("m1", "m2"):
        world.say_yes(member)
    seats = {take.member_id: take.id for take in world.demand.takes}
    world.arrive(seats["m1"], "m1")
    world.clock.advance(minutes=30)
    world.release(seats["m1"], "m1")
    world.clock.advance(minutes=60)
    world.arrive(seats["m2"], "m2")
    world.leave(seats["m2"], "m2")
    later = received(AssignmentLeft(assignment_id=seats["m2"], member_id="m2"), a_demand_snapshot(), 9)
    world.reactions.record_hours([replace(later, envelope=replace(later.envelope, time="2026-11-21T09:00:00.000Z"))])
    assert (entry(world, seats["m1"]).minutes, entry(world, seats["m1"]).spans[0].ending) == (30, Ending.LET_GO)


def test_nobody_who_never_came_is_on_record() -> None:
    world = a_taken_order()
    world.tell(cancelled(4))
    assert world.entries.ids() == []


def test_a_rework_takes_the_line_back_and_writes_both_visits() -> None:
    world = a_taken_order()
    for version, minutes in ((4, 30), (6, 20)):
        world.arrive(FIRST, "m1")
        world.clock.advance(minutes=minutes)
        world.tell(done(world, version, rework_count=int(version == 6)))
        if version == 4:
            world.tell(reworked(5, times=TicketTimes(placed_at=NOON, completed_at=world.clock.now())))
    assert [(line.minutes, line.cause) for line in entry(world).lines] == [
        (30, Cause.SERVICE),
        (-30, Cause.AGAIN),
        (50, Cause.AGAIN),
    ]
    assert sum(line.minutes for line in entry(world).lines) == entry(world).minutes == 50


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_two_visits_in_any_order_of_news_end_the_same(data: st.DataObject) -> None:
    """A second visit happened before the news of the first one's end came."""
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=30)
    times = TicketTimes(placed_at=NOON, completed_at=world.clock.now())
    first, again = completed(4, times=times), reworked(5, times=times)
    world.tell(*data.draw(st.permutations([first, again, first, again])))
    world.arrive(FIRST, "m1")
    world.clock.advance(minutes=20)
    world.tell(*data.draw(st.permutations([first, done(world, 6, rework_count=1), again])))
    assert [span.ended - span.began for span in entry(world).spans] == [timedelta(minutes=30), timedelta(minutes=20)]
    assert sum(line.minutes for line in entry(world).lines) == 50


def test_times_that_are_missing_warn_staff_before_the_limit_and_at_it() -> None:
    """NOON is a Saturday; the ten working days end on Friday two weeks on, the warning is on Tuesday of that week."""
    world = a_taken_order()
    world.tell(done(world, 4))
    assert (entry(world).state, entry(world).minutes) == (EntryState.MISSING, 0)
    assert pass_days(world, 9) == []
    assert pass_days(world, 2) == [Wanting.TIMES]
    assert pass_days(world, 1) == []
    assert pass_days(world, 5) == [Wanting.TIMES_LATE]
    assert pass_days(world, 60) == []


def test_after_ten_working_days_without_an_objection_an_entry_is_agreed() -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.tell(done(world, 4))
    pass_days(world, 12)
    assert entry(world).state is EntryState.RECORDED
    assert pass_days(world, 4) == []
    assert entry(world).state is EntryState.CONFIRMED


def test_of_somebody_erased_only_the_work_is_on_record() -> None:
    world = a_taken_order()
    world.arrive(FIRST, "m1")
    world.members.apply("m1", world.meta("m1"), lambda _: Decided(a_member("m1", erased=True)))
    world.tell(done(world, 4))
    assert entry(world).member_id == NOBODY


@pytest.mark.parametrize(
    ("employment", "terms", "ledger"),
    [
        (Employment.VOLUNTEER, {}, Ledger.HOURS),
        (Employment.SHOP, {}, Ledger.HOURS),
        (Employment.VOLUNTEER, {"free": False}, Ledger.WORKLOAD),
        (Employment.SHOP, {"policy": Policy.CONTRACTED}, Ledger.WORKLOAD),
        (Employment.VOLUNTEER, {"policy": Policy.DUTY}, Ledger.WORKLOAD),
        (Employment.VOLUNTEER, {"who_may": WhoMay.PROFESSIONAL}, Ledger.WORKLOAD),
        (Employment.DUTY, {}, Ledger.WORKLOAD),
        (Employment.PROPERTY, {}, Ledger.WORKLOAD),
        (Employment.DEPARTMENT, {}, Ledger.WORKLOAD),
    ],
)
def test_only_unpaid_work_that_was_freely_accepted_counts_as_hours(
    employment: Employment, terms: dict[str, Any], ledger: Ledger
) -> None:
    assert ledger_of(employment, some_terms(**terms)) is ledger


def test_workload_has_no_limits() -> None:
    world = a_world(1, employment=Employment.DUTY)
    world.tell(accepted())
    world.say_yes("m1")
    world.arrive(FIRST, "m1")
    world.tell(done(world, 4))
    assert entry(world).ledger is Ledger.WORKLOAD
    assert entry(world).deadlines() == ()
