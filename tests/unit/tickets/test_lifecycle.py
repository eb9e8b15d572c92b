"""Every status meets every action: the table, and the order's own steps, do what this picture says."""

import pytest

from contracts.actor import Role
from contracts.counter import CounterVisit
from contracts.events import Event
from contracts.lifecycle import IllegalTransition, advance
from contracts.words import ClosedBy, ResultCode, SeatStatus
from contracts.words import TicketStatus as S
from services.tickets.domain.counter import take_in
from services.tickets.domain.following import follow_demand
from services.tickets.domain.handled import take_up
from services.tickets.domain.lifecycle import TRANSITIONS, Action
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, an_actor, some_terms
from tests.unit.tickets.builders import a_seat, a_ticket, demand_with

PICTURE = """
            accept   reject   assign      seat_freed start       complete  confirm rework      redispatch cancel
submitted   accepted rejected .           .          .           .         .       .           .          cancelled
accepted    .        .        assigned    .          .           .         .       .           accepted   cancelled
assigned    .        .        assigned    accepted   in_progress completed .       .           accepted   cancelled
in_progress .        .        in_progress accepted   .           completed .       .           accepted   cancelled
merged      .        .        .           .          .           .         .       .           .          cancelled
completed   .        .        .           .          .           .         closed  in_progress accepted   .
closed      .        .        .           .          .           .         .       .           .          .
rejected    .        .        .           .          .           .         .       .           .          .
cancelled   .        .        .           .          .           .         .       .           .          .
"""

OF_TWO = """
            merge   split     follow     reopen    report
submitted   .       .         .          .             .
accepted    merged  .         .          .             .
assigned    merged  .         .          .             .
in_progress .       .         .          .             .
merged      .       accepted  completed  .             .
completed   merged  .         .          .             completed
closed      .       .         .          completed     completed
rejected    .       .         .          .             .
cancelled   .       .         .          .             .
"""
"""What two orders take part in, and what comes after the work; test_merging.py and test_results.py have the steps."""

AT_THE_COUNTER = """
            take_in
submitted   .
accepted    assigned
assigned    assigned
in_progress in_progress
merged      .
completed   .
closed      .
rejected    .
cancelled   .
"""

BY_WHO_WAS_CALLED = """
            called_done
submitted   .
accepted    completed
assigned    .
in_progress .
merged      .
completed   .
closed      .
rejected    .
cancelled   .
"""
"""test_whistles.py has the step."""

ON_THE_SPOT = """
            take_up
submitted   .
accepted    .
assigned    .
in_progress .
merged      .
completed   accepted
closed      .
rejected    .
cancelled   .
"""


def cells(*pictures: str) -> list[tuple[S, Action, S | None]]:
    drawn = pictures or (PICTURE, OF_TWO, AT_THE_COUNTER, BY_WHO_WAS_CALLED, ON_THE_SPOT)
    return [cell for picture in drawn for cell in cells_of(picture)]


def cells_of(picture: str) -> list[tuple[S, Action, S | None]]:
    head, *rows = (line.split() for line in picture.strip().splitlines())
    return [
        (S(row[0]), Action(action), None if cell == "." else S(cell))
        for row in rows
        for action, cell in zip(head, row[1:], strict=True)
    ]


def test_the_picture_shows_every_pair() -> None:
    assert {(status, action) for status, action, _ in cells()} == {(s, a) for s in S for a in Action}


@pytest.mark.parametrize(("status", "action", "after"), cells())
def test_the_table_is_the_picture(status: S, action: Action, after: S | None) -> None:
    if after is None:
        with pytest.raises(IllegalTransition):
            advance(TRANSITIONS, status, action)
    else:
        assert advance(TRANSITIONS, status, action) is after


def take(ticket: Ticket, action: Action) -> tuple[Ticket, tuple[Event, ...]]:
    """The step that people's commands or the news of seats take."""
    steps = {
        Action.ACCEPT: lambda: ticket.accept(some_terms(), NOON),
        Action.REJECT: lambda: ticket.reject("not_ours", "gas_company", None, NOON),
        Action.COMPLETE: lambda: ticket.complete(an_actor(), ResultCode.SOLVED, None, None, NOON),
        Action.CONFIRM: lambda: ticket.confirm(ClosedBy.REQUESTER, None, True, None, NOON),
        Action.REWORK: lambda: ticket.rework(None),
        Action.REDISPATCH: lambda: ticket.redispatch(),
        Action.CANCEL: lambda: ticket.cancel("resident", "no_need", None, None, NOON),
        Action.TAKE_IN: lambda: take_in(ticket, an_actor(Role.DISPATCHER), CounterVisit(), NOON),
        Action.TAKE_UP: lambda: take_up(ticket, some_terms(), None, NOON, again=False),
    }
    decided = steps[action]()
    return decided.aggregate, decided.events


@pytest.mark.parametrize(
    ("status", "action", "after"),
    [
        cell
        for cell in cells(PICTURE, AT_THE_COUNTER, ON_THE_SPOT)
        if cell[1] not in {Action.ASSIGN, Action.SEAT_FREED, Action.START}
    ],
)
def test_a_step_by_people_moves_the_order_as_the_table_says(status: S, action: Action, after: S | None) -> None:
    ticket = a_ticket(status)
    if after is None:
        with pytest.raises(IllegalTransition):
            take(ticket, action)
        return
    moved, events = take(ticket, action)
    assert moved.status is after
    assert len(events) == 1
    assert moved.snapshot().status is after


NEWS = {
    Action.ASSIGN: demand_with(a_seat(2)),
    Action.SEAT_FREED: demand_with(),
    Action.START: demand_with(a_seat(1, SeatStatus.ARRIVED)),
}


@pytest.mark.parametrize("status", [S.ASSIGNED, S.IN_PROGRESS])
@pytest.mark.parametrize("action", [Action.SEAT_FREED, Action.START])
def test_news_of_seats_moves_a_served_order(status: S, action: Action) -> None:
    decided = follow_demand(a_ticket(status), NEWS[action], 2, NOON)
    assert decided is not None
    expected = TRANSITIONS.get((status, action), status)
    assert decided.aggregate.status is expected


@pytest.mark.parametrize("status", [s for s in S if s not in {S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS}])
@pytest.mark.parametrize("action", list(NEWS))
def test_news_of_seats_never_moves_an_order_that_takes_no_holders(status: S, action: Action) -> None:
    ticket = a_ticket(status)
    decided = follow_demand(ticket, NEWS[action], 2, NOON)
    assert decided is not None
    assert decided.aggregate.status is status
    assert decided.aggregate.holders == ticket.holders
