"""Any history of seats, delivered twice and in any order, ends the same as in order."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.events.tickets import TicketAssignmentRefused
from contracts.events.volunteers import DemandHolder, DemandSnapshot
from contracts.words import SeatStatus, TicketStatus
from services.tickets.domain.following import follow_demand
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON
from tests.unit.tickets.builders import a_seat, a_ticket, demand_with

News = list[tuple[int, DemandSnapshot]]
SEATS = 2


@st.composite
def histories(draw: st.DrawFn) -> News:
    """What volunteers may tell of a demand with two seats: each snapshot whole, versions with gaps."""
    held: dict[int, DemandHolder] = {}
    news: News = []
    version, takes = 1, 0
    for move in draw(st.lists(st.sampled_from(["take", "arrive", "leave", "release"]), min_size=1, max_size=12)):
        free = [number for number in range(1, SEATS + 1) if number not in held]
        if move == "take" and free:
            takes += 1
            seat = a_seat(free[0], assignment_id=f"t.s{free[0]}.{takes}", member_id=f"m-{takes}")
            held[free[0]] = replace(seat, taken_at=NOON.replace(minute=takes))
        elif move != "take" and held:
            number = draw(st.sampled_from(sorted(held)))
            seat = held.pop(number)
            if move == "arrive":
                held[number] = replace(seat, status=SeatStatus.ARRIVED, arrived_at=NOON)
            elif move == "leave":
                held[number] = replace(seat, status=SeatStatus.LEFT)
        version += draw(st.integers(1, 3))
        news.append((version, demand_with(*held.values(), seats=SEATS)))
    return news


def deliver(ticket: Ticket, news: News) -> tuple[Ticket, list[str]]:
    refused: list[str] = []
    for version, demand in news:
        decided = follow_demand(ticket, demand, version, NOON)
        if decided is not None:
            ticket = decided.aggregate
            refused += [e.assignment_id for e in decided.events if isinstance(e, TicketAssignmentRefused)]
    return ticket, refused


def shuffled_twice(news: News, seed: int) -> News:
    doubled = news * 2
    random.Random(seed).shuffle(doubled)
    return doubled


@settings(max_examples=300, deadline=None)
@given(histories(), st.integers())
def test_a_served_order_ends_the_same(news: News, seed: int) -> None:
    in_order, _ = deliver(a_ticket(seats=SEATS), news)
    shuffled, refused = deliver(a_ticket(seats=SEATS), shuffled_twice(news, seed))
    assert (shuffled.status, shuffled.holders, shuffled.lead) == (in_order.status, in_order.holders, in_order.lead)
    assert shuffled.demand_version == in_order.demand_version
    assert refused == []


@settings(max_examples=100, deadline=None)
@given(histories(), st.integers(), st.sampled_from(["cancelled", "completed", "closed", "rejected"]))
def test_an_order_that_takes_nobody_refuses_each_assignment_at_most_once(news: News, seed: int, status: str) -> None:
    before = a_ticket(TicketStatus(status), seats=SEATS)
    ticket, refused = deliver(before, shuffled_twice(news, seed))
    assert (ticket.status, ticket.holders) == (before.status, before.holders)
    assert len(refused) == len(set(refused))
    assert {seat.assignment_id for seat in news[-1][1].holders} <= {
        *refused,
        *(known.assignment_id for known in before.holders),
    }
