"""The demand of an order that is done with another: nobody is looked for, whoever had a seat is free."""

import itertools
from typing import Any

import pytest

from contracts.events.merging import TicketMerged, TicketSplit
from contracts.events.tickets import TicketReworked
from contracts.words import DemandStatus, ReleaseReason, TicketStatus
from tests.builders import a_ticket_snapshot, received
from tests.builders_of_merging import a_primary
from tests.unit.volunteers.builders import accepted, completed
from tests.unit.volunteers.test_following import a_crew, holdings
from tests.unit.volunteers.world import World, a_world

MERGED = TicketStatus.MERGED


def merged(version: int, **ticket: Any) -> Any:
    """``ticket.merged``."""
    return received(TicketMerged(primary=a_primary()), a_ticket_snapshot(status=MERGED, **ticket), version)


def split(version: int, round: int = 2, **ticket: Any) -> Any:
    """``ticket.split``."""
    return received(TicketSplit(primary=a_primary()), a_ticket_snapshot(round=round, **ticket), version)


def not_solved(version: int) -> Any:
    """The merged order waits once more."""
    return received(TicketReworked(rework=1), a_ticket_snapshot(status=MERGED, rework_count=1), version)


def test_whoever_took_it_is_free_and_whoever_was_asked_hears_of_it() -> None:
    world = a_world(2)
    world.tell(accepted(seats=2))
    world.accept(1, world.demand.offers[0].member_id)
    asked = world.demand.offers[1].member_id
    world.tell(merged(2, seats=2))
    assert (world.demand.status, world.demand.holders, world.demand.open_offers) == (DemandStatus.FINISHED, (), ())
    assert {take.released for take in world.demand.takes} == {ReleaseReason.MERGED}
    assert set(holdings(world).values()) == {0}
    ended = world.journal.envelopes[-1]
    assert world.happened[-1] == "demand.ended"
    assert [(offer["member_id"], offer["status"]) for offer in ended.data["offers"]] == [(asked, "withdrawn")]


def test_it_is_split_off_and_people_are_looked_for_anew() -> None:
    world = a_crew(1)
    world.tell(merged(2))
    world.tell(split(3))
    assert (world.demand.round, world.demand.status) == (2, DemandStatus.CLAIM), "m1 had it: nobody else is there"


def test_nobody_is_asked_while_it_waits_once_more() -> None:
    world = a_crew(1)
    world.tell(merged(2))
    told = list(world.happened)
    world.tell(completed(3), not_solved(4))
    assert (world.demand.status, world.demand.rework_count) == (DemandStatus.FINISHED, 1)
    assert world.happened == told, "nothing that anybody has to hear"


def test_merged_before_it_was_accepted_leaves_nothing_open() -> None:
    world = a_world(1)
    world.tell(merged(2))
    world.tell(accepted(1))
    assert (world.demand.status, world.demand.open_offers) == (DemandStatus.FINISHED, ())
    assert world.demand.terms is not None, "they are there when it is split off"


NEWS = {"merged": merged(2), "done": completed(3), "not solved": not_solved(4), "split": split(5, rework_count=1)}


@pytest.mark.parametrize("order", list(itertools.permutations(NEWS)), ids=" > ".join)
def test_in_any_order_it_ends_as_the_newest_says(order: tuple[str, ...]) -> None:
    def told(*names: str) -> World:
        world = a_crew(1)
        world.tell(*(NEWS[name] for name in names))
        return world

    straight, mixed = told(*NEWS), told(*order, *reversed(order))
    for world in (straight, mixed):
        assert (world.demand.round, world.demand.rework_count) == (2, 1)
        assert world.demand.status in {DemandStatus.OPEN, DemandStatus.CLAIM}
        assert set(holdings(world).values()) == {0}
