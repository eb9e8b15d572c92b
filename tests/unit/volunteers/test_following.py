"""How a demand follows its order."""

from datetime import timedelta

import pytest

from contracts.errors import Conflict
from contracts.events.ticket_snapshot import TicketTimes
from contracts.events.tickets import TicketAssignmentRefused
from contracts.words import DemandStatus, Policy, ReleaseReason, SeatStatus, TicketStatus
from tests.builders import NOON, TICKET_ID, a_ticket_snapshot, received
from tests.unit.volunteers.builders import a_member, accepted, cancelled, completed, redispatched, reworked
from tests.unit.volunteers.world import World, a_world

FIRST = f"{TICKET_ID}.s1.1"
LATER = NOON + timedelta(hours=1)


def a_crew(seats: int) -> World:
    """An order with all seats taken by m1, m2, ..."""
    world = a_world(seats)
    world.tell(accepted(seats=seats))
    for number, offer in enumerate(world.demand.offers, start=1):
        world.accept(number, offer.member_id)
    return world


def holdings(world: World) -> dict[str, int]:
    return {id: len(world.member(id).holding) for id in world.members.ids()}


def refused_seat(version: int, assignment_id: str = FIRST, **ticket: object) -> object:
    return received(
        TicketAssignmentRefused(assignment_id=assignment_id, member_id="m1"), a_ticket_snapshot(**ticket), version
    )


def test_completed_finishes_every_seat_and_frees_everybody() -> None:
    world = a_crew(3)
    before = len(world.happened)
    world.tell(completed(5, seats=3))
    assert world.demand.status is DemandStatus.FINISHED
    assert {take.status for take in world.demand.holders} == {SeatStatus.FINISHED}
    assert set(holdings(world).values()) == {0}
    assert world.happened[before:] == []


def test_one_seat_is_finished_in_one_transaction() -> None:
    world = a_crew(1)
    rev, writes = world.demands.document(TICKET_ID)["rev"], world.seats.writes
    world.tell(completed(5))
    assert (world.demands.document(TICKET_ID)["rev"], world.seats.writes) == (rev + 1, writes + 1)


def test_a_crash_between_the_seats_is_made_good_when_the_event_comes_again() -> None:
    world = a_crew(3)
    whole = world.seats.apply
    calls = 0

    def dies_at_the_second(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise ConnectionError
        return whole(*arguments)  # type: ignore[arg-type]

    world.seats.apply = dies_at_the_second  # type: ignore[assignment, method-assign]
    event = completed(5, seats=3)
    with pytest.raises(ConnectionError):
        world.tell(event)
    assert sum(holdings(world).values()) == 2

    world.tell(event)
    assert sum(holdings(world).values()) == 0


def test_who_left_before_stays_left() -> None:
    world = a_crew(1)
    world.leave(FIRST, "m1")
    world.tell(completed(5))
    assert world.demand.holders[0].status is SeatStatus.LEFT


def test_who_stayed_to_the_end_left_when_the_order_was_done_and_comes_anew() -> None:
    world = a_crew(1)
    world.arrive(FIRST, "m1")
    world.tell(completed(5, times=TicketTimes(placed_at=NOON, completed_at=LATER)))
    assert world.demand.holders[0].left_at == LATER
    world.tell(reworked(6))
    [take] = world.demand.holders
    assert (take.arrived_at, take.evidence, take.left_at) == (None, None, None)


def test_rework_takes_the_seats_again() -> None:
    world = a_crew(2)
    world.tell(completed(5, seats=2), reworked(6, seats=2))
    assert world.demand.status is DemandStatus.FILLED
    assert [take.status for take in world.demand.holders] == [SeatStatus.TAKEN, SeatStatus.TAKEN]
    assert holdings(world) == {"m1": 1, "m2": 1}
    assert world.demand.unsettled == ()


@pytest.mark.parametrize("reason", ["full", "off duty"])
def test_who_cannot_go_again_frees_the_seat_and_the_search_goes_on(reason: str) -> None:
    world = a_crew(1)
    world.tell(completed(5))
    world.add(a_member("m9"))
    if reason == "full":
        world.tell(accepted(ticket={"id": "other"}, policy=Policy.CLAIM))
        world.claim("m1", "other")
    else:
        world.set_duty("m1", False)
    world.tell(reworked(6))

    assert world.demand.take(FIRST).released is ReleaseReason.BUSY
    assert world.happened[-2:] == ["assignment.released", "offer.made"]
    assert world.demand.open_offers[0].member_id == "m9"
    assert len(world.member("m1").holding) == (1 if reason == "full" else 0)


def test_redispatch_frees_the_crew_and_asks_others() -> None:
    world = a_crew(2)
    world.add(a_member("m9", capacity=2))
    world.tell(redispatched(5, seats=2))

    assert (world.demand.round, world.demand.wave, world.demand.status) == (2, 1, DemandStatus.OPEN)
    assert world.demand.holders == ()
    assert {take.released for take in world.demand.takes} == {ReleaseReason.REDISPATCHED}
    assert holdings(world) == {"m1": 0, "m2": 0, "m9": 0}
    assert [offer.member_id for offer in world.demand.open_offers] == ["m9"]


def test_a_new_round_withdraws_open_offers_and_says_so() -> None:
    world = a_world(2)
    world.tell(accepted())
    first = world.demand.offers[0].member_id
    world.tell(redispatched(2))
    told = world.journal.envelopes[-1].data["offers"]
    assert [offer["status"] for offer in told] == ["withdrawn", "open"]
    assert told[0]["member_id"] == first


def test_cancelled_withdraws_offers_and_frees_seats() -> None:
    world = a_world(2)
    world.tell(accepted(seats=2))
    first, second = (offer.member_id for offer in world.demand.offers)
    world.accept(1, first)
    world.tell(cancelled(2, seats=2))

    assert world.demand.status is DemandStatus.ENDED
    assert set(holdings(world).values()) == {0}
    assert world.happened[-1] == "demand.ended"
    assert [(o["member_id"], o["status"]) for o in world.journal.envelopes[-1].data["offers"]] == [
        (second, "withdrawn")
    ]
    with pytest.raises(Conflict):
        world.accept(2, second)


def test_cancelled_while_somebody_accepts() -> None:
    world = a_world(1)
    world.tell(accepted())
    world.seats.meanwhile = lambda: world.tell(cancelled(2))
    with pytest.raises(Conflict):
        world.accept(1, "m1")
    assert world.member("m1").holding == ()
    assert world.demand.status is DemandStatus.ENDED


def test_accepted_while_the_order_is_being_cancelled() -> None:
    world = a_crew(1)
    world.tell(cancelled(2))
    assert world.member("m1").holding == ()


def test_cancelled_before_accepted_leaves_a_tombstone() -> None:
    world = a_world(1)
    world.tell(cancelled(2), accepted(1))
    assert world.demand.status is DemandStatus.ENDED
    assert world.happened == []


def test_redispatched_before_accepted_waits_for_the_terms() -> None:
    world = a_world(1)
    world.tell(redispatched(2))
    assert (world.demand.status, world.demand.offers, world.demand.deadlines()) == (DemandStatus.OPEN, (), ())
    world.tell(accepted(1))
    assert world.demand.round == 2
    assert [offer.round for offer in world.demand.offers] == [2]


def test_old_news_changes_nothing() -> None:
    world = a_crew(1)
    world.tell(reworked(6))
    before = world.demands.document(TICKET_ID)
    world.tell(completed(5), accepted(1))
    assert world.demands.document(TICKET_ID) == before


def test_a_refused_seat_is_freed_and_the_others_hear_of_it() -> None:
    world = a_crew(1)
    world.add(a_member("m9"))
    world.tell(refused_seat(3))
    assert world.member("m1").holding == ()
    assert world.demand.take(FIRST).released is ReleaseReason.REFUSED
    assert world.happened[-2:] == ["assignment.released", "offer.made"]
    assert world.demand.open_offers[0].member_id == "m9"


def test_a_refusal_brings_the_news_that_explains_it() -> None:
    """tickets cancelled, an acceptance came in between, and the refusal overtakes the cancellation."""
    world = a_crew(1)
    world.tell(refused_seat(3, status=TicketStatus.CANCELLED), cancelled(2))
    assert world.demand.status is DemandStatus.ENDED
    assert world.member("m1").holding == ()
    assert world.happened.count("demand.ended") == 1


def test_a_refusal_twice_or_of_a_free_seat_does_nothing() -> None:
    world = a_crew(1)
    world.tell(refused_seat(3))
    before = world.demands.document(TICKET_ID)
    world.tell(refused_seat(3), refused_seat(3, f"{TICKET_ID}.s1.9"))
    assert world.demands.document(TICKET_ID) == before


def test_a_refused_seat_of_a_finished_order_is_freed_too() -> None:
    world = a_crew(1)
    world.tell(completed(4), refused_seat(5, status=TicketStatus.COMPLETED))
    assert world.demand.status is DemandStatus.FINISHED
    assert world.demand.holders == ()
