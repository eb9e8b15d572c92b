"""The tick: orders that can wait are marked, and their people found together; a tick may die, or run twice at once."""

from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest

from contracts.errors import Conflict
from contracts.ledger import Particulars, RequestKind, RequestState
from contracts.words import DemandStatus, OfferStatus, Policy, Text, Urgency
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.seeking import marked, unmarked
from tests.builders import NOON, TICKET_ID
from tests.builders_of_ledger import a_row
from tests.unit.volunteers.builders import a_demand, a_member, accepted, cancelled, redispatched
from tests.unit.volunteers.world import World, a_world


def asked(demand: Demand) -> list[str]:
    """Who has an open offer."""
    return [offer.member_id for offer in demand.open_offers]


def order(world: World, id: str, seats: int = 1, **terms: Any) -> None:
    world.tell(accepted(seats=seats, ticket={"id": id}, **terms))


def test_an_ordinary_order_is_only_marked_and_the_tick_asks() -> None:
    world = a_world(2, by_tick=True)
    world.tell(accepted())
    assert (world.demand.seeking, asked(world.demand), world.happened) == (NOON, [], [])
    assert "seeking" in world.demands.document(TICKET_ID)

    ticked = world.tick()
    assert (ticked.waiting, ticked.written, ticked.offers) == (1, 1, 1)
    assert len(asked(world.demand)) == 1
    assert "seeking" not in world.demands.document(TICKET_ID)
    assert world.tick().waiting == 0


def test_terms_under_which_nobody_can_be_looked_for_fail_in_the_write_that_brings_them() -> None:
    """Else they would stop the tick for everybody's orders, again and again."""
    world = a_world(2, by_tick=True)
    with pytest.raises(ZoneInfoNotFoundError):
        world.tell(accepted(time_zone="Nowhere/At_All"))
    assert world.demands.get(TICKET_ID) is None


def test_an_emergency_never_waits() -> None:
    world = a_world(3, by_tick=True)
    world.tell(accepted(urgency=Urgency.EMERGENCY))
    assert len(asked(world.demand)) == 3
    assert world.demand.seeking is None


def test_whoever_is_asked_by_name_is_asked_at_once() -> None:
    world = a_world(3, by_tick=True)
    world.tell(accepted())
    world.tick()
    named = _redispatched_to("m3")
    world.tell(named)
    assert asked(world.demand) == ["m3"]
    assert world.demand.seeking is None


def test_a_no_marks_again_and_the_last_wave_opens_the_claim_without_a_tick() -> None:
    world = a_world(3, by_tick=True)
    world.tell(accepted(waves=2))
    for number in (1, 2):
        world.tick()
        world.decline(number, asked(world.demand)[0])
    assert world.demand.status is DemandStatus.CLAIM
    assert world.demand.seeking is None


def test_a_tick_that_finds_nobody_opens_the_claim_in_its_own_write() -> None:
    world = a_world(0, by_tick=True)
    world.tell(accepted())
    assert world.demand.status is DemandStatus.OPEN
    world.tick()
    assert world.demand.status is DemandStatus.CLAIM
    assert world.happened == ["claim.opened"]
    assert world.tick().waiting == 0


def test_a_look_that_found_too_few_is_not_repeated_until_something_changes() -> None:
    world = a_world(2, by_tick=True)
    world.tell(accepted(seats=3))
    world.tick()
    assert sorted(asked(world.demand)) == ["m1", "m2"]
    assert world.tick().waiting == 0

    world.decline(1, asked(world.demand)[0])
    world.add(a_member("m9"))
    world.tick()
    assert "m9" in asked(world.demand)


def test_an_order_that_is_claimed_by_whoever_comes_is_never_marked() -> None:
    world = a_world(2, by_tick=True)
    world.tell(accepted(policy=Policy.CLAIM))
    assert (world.demand.status, world.demand.seeking) == (DemandStatus.CLAIM, None)


@pytest.mark.parametrize("end", [cancelled, redispatched])
def test_what_ends_or_begins_anew_keeps_no_old_mark(end: Any) -> None:
    world = a_world(2, by_tick=True)
    world.tell(accepted())
    world.pass_time(hours=1)
    world.tell(end(2))
    assert world.demand.seeking == (None if end is cancelled else NOON)
    assert world.tick().waiting == (0 if end is cancelled else 1)


def test_one_member_is_given_to_one_order_of_a_tick() -> None:
    world = a_world(2, by_tick=True)
    for number in range(3):
        order(world, f"order{number}")
    world.tick()
    demands = [world.demand_of(f"order{number}") for number in range(3)]
    assert sorted(len(demand.open_offers) for demand in demands) == [0, 1, 1]
    assert {name for demand in demands for name in asked(demand)} == {"m1", "m2"}


def test_the_oldest_and_most_urgent_come_first_and_nobody_waits_for_ever() -> None:
    later = NOON + timedelta(hours=3)
    ordered = {Urgency.URGENT: later, Urgency.ORDINARY: NOON, Urgency.WISH: NOON}
    urgent, old, wish = (marked(a_demand(urgency=kind, since=at), later) for kind, at in ordered.items())
    very_late = marked(a_demand(urgency=Urgency.URGENT, since=NOON + timedelta(days=3)), NOON + timedelta(days=3))
    places = [one.seeking for one in (urgent, old, wish, very_late) if one.seeking]
    assert places == sorted(places)
    assert marked(old, later) == old
    assert unmarked(old).seeking is None


def test_a_paused_owner_writes_nothing_after_another_has_the_turn() -> None:
    world = a_world(2, by_tick=True)
    world.tell(accepted())

    def taken_over() -> None:
        world.waiting.fence = 2
        assert world.tick().offers == 1

    world.waiting.meanwhile = taken_over
    ticked = world.tick(fence=1)
    assert (ticked.waiting, ticked.written) == (1, 0)
    assert (len(world.demand.offers), world.demand.fence) == (1, 2)


def test_the_new_owner_s_number_alone_stops_the_old() -> None:
    """The new owner has only begun: the old one's choice is for a demand that nobody changed since."""
    world = a_world(2, by_tick=True)
    world.tell(accepted())
    world.waiting.meanwhile = partial(world.demands.put, TICKET_ID, fence=2)
    assert world.tick(fence=1).written == 0
    assert world.demand.offers == ()
    world.waiting.fence = 2
    assert world.tick().offers == 1


def test_whose_turn_is_over_finds_nothing() -> None:
    world = a_world(2, by_tick=True)
    world.tell(accepted())
    world.waiting.fence = 2
    assert world.tick(fence=1).waiting == 0


def test_what_changed_while_people_were_looked_for_is_left_to_the_next_tick() -> None:
    world = a_world(2, by_tick=True)
    world.tell(accepted())
    world.waiting.meanwhile = lambda: world.tell(redispatched(2))
    assert world.tick().written == 0
    assert world.demand.offers == ()
    assert world.tick().offers == 1
    assert world.demand.offers[0].round == 2


def test_a_tick_that_dies_leaves_whole_orders_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_world(4, by_tick=True)
    for number in range(4):
        order(world, f"order{number}")
    apply, done = world.demands.apply, []

    def dies(id: str, *rest: Any) -> Any:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(id)
        return apply(id, *rest)

    monkeypatch.setattr(world.demands, "apply", dies)
    with pytest.raises(KeyboardInterrupt):
        world.tick()
    monkeypatch.undo()
    demands = [world.demand_of(f"order{number}") for number in range(4)]
    assert all((demand.seeking is None) == (len(demand.offers) == 1) for demand in demands)
    assert sum(len(demand.offers) for demand in demands) == 2

    world.waiting.fence = 2
    world.tick()
    offers = [offer for number in range(4) for offer in world.demand_of(f"order{number}").offers]
    assert len({offer.member_id for offer in offers}) == len(offers) == 4


def test_an_order_that_cannot_be_written_keeps_none_of_the_others_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_world(4, by_tick=True)
    for number in range(3):
        order(world, f"order{number}")
    apply = world.demands.apply

    def refuses(id: str, *rest: Any) -> Any:
        if id == "order0":
            raise Conflict("try-again", Text("请再试一次", "please try again"))
        return apply(id, *rest)

    monkeypatch.setattr(world.demands, "apply", refuses)
    ticked = world.tick()
    assert (ticked.waiting, ticked.written) == (3, 2)
    assert world.demand_of("order0").seeking is not None


def test_withdrawn_offers_are_told_at_once_though_the_next_are_asked_later() -> None:
    world = a_world(2, by_tick=True)
    world.tell(accepted())
    world.tick()
    first = world.demand.offers[0]
    world.tell(redispatched(2))
    told = world.journal.envelopes[-1].data["offers"]
    assert [(offer["id"], offer["status"]) for offer in told] == [(first.id, OfferStatus.WITHDRAWN)]


def _redispatched_to(member_id: str) -> Any:
    named = Particulars(round=2, member_id=member_id)
    row = a_row(kind=RequestKind.REASSIGN, state=RequestState.APPROVED, particulars=named)
    return redispatched(2, ledger=(row,))
