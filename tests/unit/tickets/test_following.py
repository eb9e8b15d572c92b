"""An order keeps up with its seats: what each kind of news does, and what becomes of news it cannot use."""

from dataclasses import replace

import pytest

from contracts.events.ledger import TicketStruckThree
from contracts.events.tickets import (
    TicketAssigned,
    TicketAssignmentRefused,
    TicketReworked,
    TicketSeatFreed,
    TicketStarted,
)
from contracts.events.volunteers import OfferCounts
from contracts.words import SeatStatus, TicketStatus
from services.tickets.domain.following import follow_demand
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON
from tests.unit.tickets.builders import a_seat, a_ticket, assignment_id, demand_with, holder_number

LATER = {"taken_at": NOON.replace(hour=9)}


def after(ticket: Ticket, demand: object, version: int = 2) -> tuple[Ticket, list[type]]:
    decided = follow_demand(ticket, demand, version, NOON)  # type: ignore[arg-type]
    assert decided is not None
    return decided.aggregate, [type(event) for event in decided.events]


def test_the_last_needed_seat_assigns() -> None:
    ticket, events = after(a_ticket(seats=2), demand_with(a_seat(1)))
    assert (ticket.status, events, ticket.lead) == (TicketStatus.ACCEPTED, [], "m-1")
    ticket, events = after(ticket, demand_with(a_seat(2, **LATER), a_seat(1)), 3)
    assert (ticket.status, events) == (TicketStatus.ASSIGNED, [TicketAssigned])
    assert ticket.holders == (holder_number(1), holder_number(2))
    assert ticket.lead == "m-1"
    assert ticket.times.assigned_at == NOON


def test_an_arrival_starts() -> None:
    ticket, events = after(a_ticket(TicketStatus.ASSIGNED), demand_with(a_seat(1, SeatStatus.ARRIVED)))
    assert (ticket.status, events) == (TicketStatus.IN_PROGRESS, [TicketStarted])
    assert ticket.times.started_at == NOON


def test_news_that_skips_a_step_is_two_events_in_one_change() -> None:
    ticket, events = after(a_ticket(), demand_with(a_seat(1, SeatStatus.ARRIVED)))
    assert (ticket.status, events) == (TicketStatus.IN_PROGRESS, [TicketAssigned, TicketStarted])


@pytest.mark.parametrize("status", [TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS])
def test_a_freed_seat_sends_the_order_back(status: TicketStatus) -> None:
    ticket, events = after(a_ticket(status), demand_with())
    assert (ticket.status, events) == (TicketStatus.ACCEPTED, [TicketSeatFreed])
    assert (ticket.holders, ticket.lead) == ((), None)


def test_the_lead_passes_on_when_the_first_releases() -> None:
    holders = (holder_number(1), holder_number(2))
    ticket, events = after(
        a_ticket(TicketStatus.IN_PROGRESS, seats=2, holders=holders, lead="m-1"),
        demand_with(a_seat(2, **LATER), a_seat(3, taken_at=NOON.replace(hour=10))),
    )
    assert ticket.lead == "m-2"
    assert events == [TicketSeatFreed, TicketAssigned]
    assert ticket.status is TicketStatus.ASSIGNED


def test_who_left_early_stays_of_the_crew_but_leads_no_more() -> None:
    holders = (holder_number(1), holder_number(2))
    ticket, _ = after(
        a_ticket(TicketStatus.IN_PROGRESS, seats=2, holders=holders, lead="m-1"),
        demand_with(a_seat(1, SeatStatus.LEFT, arrived_at=NOON), a_seat(2, SeatStatus.ARRIVED, **LATER)),
    )
    assert ticket.holders == holders
    assert (ticket.status, ticket.lead) == (TicketStatus.IN_PROGRESS, "m-2")


def test_news_already_known_changes_nothing() -> None:
    ticket = a_ticket(demand_version=5)
    assert follow_demand(ticket, demand_with(a_seat(1)), 5, NOON) is None
    assert follow_demand(ticket, demand_with(a_seat(1)), 4, NOON) is None


def test_the_same_holders_again_are_only_remembered() -> None:
    ticket, events = after(a_ticket(TicketStatus.ASSIGNED), demand_with(a_seat(1)), 7)
    assert (events, ticket.demand_version) == ([], 7)


NOT_TAKING = [s for s in TicketStatus if s not in {"accepted", "assigned", "in_progress"}]


@pytest.mark.parametrize("status", NOT_TAKING)
def test_an_order_that_takes_nobody_refuses_each_newcomer_once(status: TicketStatus) -> None:
    news = demand_with(a_seat(2), a_seat(3, SeatStatus.ARRIVED), a_seat(4, SeatStatus.LEFT))
    ticket, _ = after(a_ticket(status), news)
    decided = follow_demand(a_ticket(status), news, 2, NOON)
    assert decided is not None
    assert decided.events == (
        TicketAssignmentRefused(assignment_id=assignment_id(2), member_id="m-2"),
        TicketAssignmentRefused(assignment_id=assignment_id(3), member_id="m-3"),
        TicketAssignmentRefused(assignment_id=assignment_id(4), member_id="m-4"),
    )
    assert after(ticket, news, 3)[1] == []


def test_news_of_another_round_is_refused_in_any_status() -> None:
    ticket, events = after(a_ticket(round=2), demand_with(a_seat(1), round=1))
    assert (ticket.status, ticket.holders, events) == (TicketStatus.ACCEPTED, (), [TicketAssignmentRefused])


def test_who_took_a_seat_in_a_round_that_is_over_is_refused_however_late_the_news_comes() -> None:
    """The news of the new round has overtaken it, and no other names them: they would wait for an order that is not."""
    again, _ = after(a_ticket(round=1, demand_version=2).redispatch().aggregate, demand_with(a_seat(2), round=2), 9)
    late = demand_with(a_seat(1), round=1)
    ticket, events = after(again, late, 5)
    assert (ticket.holders, ticket.demand_version, events) == ((holder_number(2),), 9, [TicketAssignmentRefused])
    assert after(ticket, late, 5)[1] == []


def test_news_that_was_known_when_its_round_ended_is_old_news() -> None:
    again, _ = after(a_ticket(demand_version=5).redispatch().aggregate, demand_with(round=2), 9)
    assert follow_demand(again, demand_with(a_seat(1), round=1), 4, NOON) is None


def test_a_late_arrival_of_the_known_crew_is_no_refusal() -> None:
    ticket, events = after(a_ticket(TicketStatus.COMPLETED), demand_with(a_seat(1, SeatStatus.ARRIVED)))
    assert (ticket.status, events) == (TicketStatus.COMPLETED, [])


@pytest.mark.parametrize("end", ["cancel", "redispatch"])
def test_who_was_released_with_the_order_is_not_refused_again(end: str) -> None:
    ticket = a_ticket(TicketStatus.ASSIGNED)
    steps = {"cancel": lambda: ticket.cancel("resident", "no_need", None, None, NOON), "redispatch": ticket.redispatch}
    released = steps[end]().aggregate
    assert after(released, demand_with(a_seat(1, SeatStatus.ARRIVED)))[1] == []


def test_who_was_refused_does_not_come_back_with_a_later_snapshot() -> None:
    completed, _ = after(a_ticket(TicketStatus.COMPLETED), demand_with(a_seat(2)))
    again = completed.rework(None)
    assert [type(event) for event in again.events] == [TicketReworked, TicketSeatFreed]
    ticket, events = after(again.aggregate, demand_with(a_seat(2)), 3)
    assert (ticket.status, ticket.holders, events) == (TicketStatus.ACCEPTED, (), [])


def returned(count: int) -> object:
    counts = OfferCounts(asked=count + 1, accepted=0, declined=0, expired=0, open=1, returned=count)
    return replace(demand_with(), counts=counts)


def test_the_third_return_of_whoever_was_ordered_is_a_strike_however_the_news_came() -> None:
    ticket, events = after(a_ticket(), returned(1))
    assert (ticket.strikes, events) == (1, [])
    ticket, events = after(ticket, returned(3), 3)
    assert (ticket.strikes, events) == (3, [TicketStruckThree])
    assert follow_demand(ticket, returned(3), 3, NOON) is None  # type: ignore[arg-type]
    ticket, events = after(ticket, returned(3), 4)
    assert (ticket.strikes, events) == (3, [])


def test_whoever_has_the_leads_part_leads_however_late_they_came() -> None:
    carries, drives = a_seat(1), a_seat(2, **LATER, role="drive", lead=True)
    ticket, _ = after(a_ticket(seats=2), demand_with(carries, drives))
    assert ticket.lead == "m-2"
    ticket, _ = after(ticket, demand_with(carries, replace(drives, status=SeatStatus.LEFT)), 3)
    assert ticket.lead == "m-1"


def test_who_has_the_leads_part_leads_again_when_all_go_once_more() -> None:
    """They had left, and somebody led in their stead; volunteers does not tell that they are back."""
    carries, drives = a_seat(1, SeatStatus.ARRIVED, arrived_at=NOON), a_seat(2, **LATER, role="drive", lead=True)
    left = demand_with(carries, replace(drives, status=SeatStatus.LEFT, arrived_at=NOON), rework_count=0)
    ticket, _ = after(a_ticket(seats=2), left)
    assert (ticket.lead, ticket.status) == ("m-1", TicketStatus.IN_PROGRESS)
    done = replace(ticket, status=TicketStatus.COMPLETED)
    assert done.rework(None).aggregate.lead == "m-2"
    gone = replace(done, vacated=(drives.assignment_id,))
    assert gone.rework(None).aggregate.lead == "m-1", "who gave it back goes nowhere"


def test_news_that_is_older_than_the_rework_does_not_say_who_leads_after_it() -> None:
    carries, drives = a_seat(1), a_seat(2, **LATER, role="drive", lead=True)
    ticket, _ = after(a_ticket(seats=2), demand_with(carries, drives, rework_count=0))
    again = replace(ticket, rework_count=1)
    left = replace(drives, status=SeatStatus.LEFT)
    late, _ = after(again, demand_with(carries, left, rework_count=0), 3)
    assert late.lead == "m-2"
    now, _ = after(again, demand_with(carries, left, rework_count=1), 3)
    assert now.lead == "m-1"
