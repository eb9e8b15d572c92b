"""tickets and volunteers together: whatever overtakes what, both end with the same crew."""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest

from contracts.actor import Role
from contracts.errors import DomainError
from contracts.events.tickets import TicketReworked, TicketSeatFreed
from contracts.words import DemandStatus, TicketStatus
from tests.builders import TICKET_ID, an_actor
from tests.unit.flow.pair import Pair

FIRST, SECOND = f"{TICKET_ID}.s1.1", f"{TICKET_ID}.s2.1"
SERVED = {TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS}


def a_crew(seats: int, members: int = 3) -> tuple[Pair, list[str]]:
    """An order whose seats are taken, and who took them."""
    pair = Pair(members)
    pair.place(seats)
    pair.deliver_all()
    crew = [offer.member_id for offer in pair.volunteers.demand.open_offers]
    for number, member in enumerate(crew, start=1):
        pair.volunteers.clock.advance(minutes=1)
        pair.volunteers.accept(number, member)
    pair.deliver_all()
    assert pair.ticket().status is TicketStatus.ASSIGNED
    return pair, crew


def test_when_the_lead_leaves_early_who_stays_can_say_how_it_ended() -> None:
    pair, (lead, other) = a_crew(2)
    pair.volunteers.arrive(FIRST, lead)
    pair.volunteers.arrive(SECOND, other)
    pair.volunteers.leave(FIRST, lead)
    pair.deliver_all()
    assert pair.ticket().lead == other
    pair.complete_as_member(other)
    assert pair.ticket().status is TicketStatus.COMPLETED


@pytest.mark.parametrize("seats", [1, 2])
def test_who_gave_the_seat_back_as_it_was_completed_is_not_sent_again(seats: int) -> None:
    """volunteers hears of the release before the completion: after that no news of the seat comes any more."""
    pair, crew = a_crew(seats, members=seats)
    pair.complete(an_actor(Role.DISPATCHER))
    pair.volunteers.release(f"{TICKET_ID}.s{seats}.1", crew[-1])
    pair.deliver_all()
    pair.rework()
    assert [event.type for event in pair.journal.envelopes[-2:]] == [TicketReworked.TYPE, TicketSeatFreed.TYPE]
    pair.deliver_all()
    assert pair.ticket().status is TicketStatus.ACCEPTED
    assert [holder.member_id for holder in pair.ticket().holders] == crew[:-1]
    assert pair.ticket().lead == (crew[0] if seats > 1 else None)
    assert pair.volunteers.demand.status is DemandStatus.CLAIM


def test_who_gave_it_back_and_took_it_again_is_of_the_crew() -> None:
    pair, (member,) = a_crew(1, members=1)
    pair.volunteers.release(FIRST, member)
    pair.deliver_all()
    pair.volunteers.claim(member)
    pair.deliver_all()
    pair.complete_as_member(member)
    pair.deliver_all()
    pair.rework()
    pair.deliver_all()
    assert pair.ticket().status is TicketStatus.IN_PROGRESS


@pytest.mark.parametrize("seed", range(120))
def test_after_any_life_both_know_the_same(seed: int) -> None:
    dice = random.Random(seed)
    pair = Pair(4, capacity=1 + seed % 2)
    pair.place(seats=1 + seed % 3)
    pair.deliver_all()
    for _ in range(60):
        if dice.random() < 0.5:
            pair.deliver(dice)
        else:
            with suppress(DomainError):
                dice.choice(MOVES)(pair, dice)
    pair.deliver_all(dice)
    ticket, demand = pair.ticket(), pair.volunteers.demand
    assert (ticket.round, ticket.rework_count) == (demand.round, demand.rework_count)
    if ticket.status in SERVED:
        assert demand.status is DemandStatus.FILLED
    elif ticket.status is TicketStatus.ACCEPTED:
        assert demand.status in {DemandStatus.OPEN, DemandStatus.CLAIM, DemandStatus.UNSERVED}
    else:
        assert demand.status is DemandStatus.FINISHED
    if ticket.status is not TicketStatus.COMPLETED:
        assert {one.assignment_id for one in ticket.holders} == {one.id for one in demand.holders}
    wanted = {(take.member_id, take.id) for take in demand.takes if take.wanted}
    members = pair.volunteers.members
    assert {(id, seat) for id in members.ids() for seat in pair.volunteers.member(id).holding} == wanted


def _accept(pair: Pair, dice: random.Random) -> None:
    for offer in pair.volunteers.demand.open_offers:
        pair.volunteers.accept(int(offer.id.rpartition(".o")[2]), offer.member_id)


def _claim(pair: Pair, dice: random.Random) -> None:
    pair.volunteers.claim(f"m{dice.randint(1, 4)}")


def _on_a_seat(act: str) -> Callable[[Pair, random.Random], None]:
    def move(pair: Pair, dice: random.Random) -> None:
        if pair.volunteers.demand.holders:
            take = dice.choice(pair.volunteers.demand.holders)
            getattr(pair.volunteers, act)(take.id, take.member_id)

    return move


def _complete(pair: Pair, dice: random.Random) -> None:
    pair.complete_as_member(pair.ticket().lead or "nobody")


def _rework(pair: Pair, dice: random.Random) -> None:
    pair.rework()


def _redispatch(pair: Pair, dice: random.Random) -> None:
    if dice.random() < 0.2:
        pair.redispatch()


def _wait(pair: Pair, dice: random.Random) -> None:
    pair.volunteers.pass_time(minutes=dice.choice([30, 120, 240]))


MOVES = (
    _accept,
    _accept,
    _claim,
    _on_a_seat("arrive"),
    _on_a_seat("leave"),
    _on_a_seat("release"),
    _complete,
    _complete,
    _rework,
    _redispatch,
    _wait,
)
