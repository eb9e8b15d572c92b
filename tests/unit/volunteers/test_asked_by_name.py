"""A reassignment names a member or a team: they are asked before anybody else, and stay free to refuse."""

from typing import Any

import pytest

from contracts.events.tickets import TicketAccepted, TicketRedispatched
from contracts.ledger import LedgerRow, Particulars, RequestKind, RequestState
from contracts.words import DemandStatus, Policy
from tests.builders import a_ticket_snapshot, received, some_terms
from tests.builders_of_ledger import a_row
from tests.unit.volunteers.builders import a_member
from tests.unit.volunteers.world import World


def _named(round: int = 2, state: RequestState = RequestState.APPROVED, **whom: Any) -> LedgerRow:
    return a_row(kind=RequestKind.REASSIGN, state=state, particulars=Particulars(round=round, **whom))


def _redispatched(world: World, row: LedgerRow, version: int = 2) -> None:
    world.tell(received(TicketRedispatched(released=()), a_ticket_snapshot(round=2, ledger=(row,)), version))


def _asked(world: World) -> list[str]:
    return [offer.member_id for offer in world.demand.open_offers]


def _world(**terms: Any) -> World:
    """By lot m2 is asked first; m4 and m5 are of the team."""
    world = World(*(a_member(f"m{n}", team_ids=("silver",) if n > 3 else ()) for n in range(1, 6)))
    world.tell(received(TicketAccepted(terms=some_terms(**terms)), a_ticket_snapshot(), 1))
    return world


def test_without_a_name_the_lot_decides() -> None:
    assert _asked(_world()) == ["m2"]


@pytest.mark.parametrize(("whom", "expected"), [({"member_id": "m3"}, {"m3"}), ({"team_id": "silver"}, {"m4", "m5"})])
def test_who_is_named_is_asked_first(whom: dict[str, str], expected: set[str]) -> None:
    world = _world()
    _redispatched(world, _named(**whom))
    assert set(_asked(world)) <= expected
    assert len(_asked(world)) == 1


def test_who_is_named_may_refuse_and_then_everybody_else_is_asked() -> None:
    world = _world()
    _redispatched(world, _named(member_id="m3"))
    world.decline(2, "m3")
    assert _asked(world) == ["m2"]


def test_where_none_of_them_can_everybody_else_is_asked() -> None:
    world = _world()
    world.set_duty("m3", False)
    _redispatched(world, _named(member_id="m3"))
    assert _asked(world) == ["m2"]


def test_an_order_that_is_open_to_claims_asks_who_is_named() -> None:
    world = _world(policy=Policy.CLAIM)
    assert world.demand.status is DemandStatus.CLAIM
    _redispatched(world, _named(member_id="m3"))
    assert _asked(world) == ["m3"]
    world.decline(1, "m3")
    assert (world.demand.status, _asked(world)) == (DemandStatus.CLAIM, [])


@pytest.mark.parametrize("row", [_named(round=1, member_id="m3"), _named(state=RequestState.REFUSED, member_id="m3")])
def test_what_was_refused_or_is_of_another_round_names_nobody(row: LedgerRow) -> None:
    world = _world()
    _redispatched(world, row)
    assert _asked(world) == ["m2"]
