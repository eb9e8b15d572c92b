"""The schedule of a run: the same for the same seed, complete, spread, and never two broken houses at once."""

from collections import Counter

import pytest

from deploy.chaos.faults import FAULTS
from deploy.chaos.schedule import FIRST, LAST, LONG, PROCESSES, WALKING, Lane, Planned, draw, lane_of

KINDS = sorted(FAULTS)
SHORT, WHOLE = 300, 3000


def test_one_seed_is_one_schedule_and_another_seed_another() -> None:
    assert draw(KINDS, SHORT, 1) == draw(list(reversed(KINDS)), SHORT, 1)
    assert draw(KINDS, SHORT, 1) != draw(KINDS, SHORT, 2)


@pytest.mark.parametrize("seed", range(20))
def test_a_short_run_sees_each_kind_once(seed: int) -> None:
    assert Counter(planned.kind for planned in draw(KINDS, SHORT, seed)) == Counter(KINDS)


@pytest.mark.parametrize("seed", range(20))
def test_a_whole_run_sees_each_kind_several_times_and_walks_all_processes(seed: int) -> None:
    times = Counter(planned.kind for planned in draw(KINDS, WHOLE, seed))
    assert set(times) == set(KINDS)
    assert all(times[kind] == 1 if kind in LONG else times[kind] >= 3 for kind in KINDS)
    assert all(times[kind] >= PROCESSES for kind in WALKING)


@pytest.mark.parametrize("orders", [1, 30, SHORT, WHOLE])
def test_all_faults_begin_while_orders_are_placed(orders: int) -> None:
    planned = draw(KINDS, orders, 7)
    assert planned == sorted(planned, key=lambda one: one.after)
    assert all(int(orders * FIRST) <= one.after <= orders * LAST for one in planned)


def test_a_third_of_the_orders_sees_about_a_third_of_the_faults() -> None:
    planned = draw(KINDS, WHOLE, 3)
    early = sum(one.after <= WHOLE / 3 for one in planned)
    assert 0.2 < early / len(planned) < 0.45


def test_what_breaks_the_house_or_needs_a_broker_does_not_overlap() -> None:
    house = {kind for kind in KINDS if lane_of(kind) is Lane.HOUSE}
    assert {"kill_all", "rabbit_kill", "mongo_kill", "kill_both_of_a_service", "duplicates", "poison_schema"} <= house
    assert {"kill_each", "net_freeze", "relay_stall", "clock_ahead"}.isdisjoint(house)
    assert Planned(1, "poison_kills").lane is Lane.LONG


def test_without_kinds_nothing_is_struck() -> None:
    assert draw([], SHORT, 1) == []
