"""A whole that is taken up again by the news of a part: it is late, struck and sent up like any other that is."""

from datetime import timedelta
from typing import Any, cast

from contracts.events.counter import TicketPartReported
from contracts.events.ladder import TicketEscalated
from contracts.events.ledger import TicketStruckThree
from contracts.events.ticket_snapshot import TicketTimes
from contracts.events.tickets import TicketReworked
from contracts.ladder import EscalationReason, Rung
from contracts.words import DeadlineKind
from contracts.words import TicketStatus as S
from services.tickets.application.again import Again
from services.tickets.application.holds import Holds
from services.tickets.application.parts import PartCases
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, TICKET_ID, received, some_deadlines
from tests.builders_of_counter import OWNER, PART_ID, a_part, a_visit
from tests.unit.tickets.builders import a_ticket, some_time_limits
from tests.unit.tickets.house import House

LATE = timedelta(days=9)


def after_a_part(**changes: Any) -> House:
    """Its part, which was done like the whole, is open again."""
    house = House()
    values = {"holders": (), "lead": None, "owner": OWNER, "counter": a_visit(), "parts": (a_part(S.COMPLETED),)}
    house.tickets.holding(a_ticket(S.COMPLETED, **(values | changes)))
    house.clock.advance(days=LATE.days)
    again = Again(house.items, Holds(house.communities, some_time_limits()), house.ladders)
    nobody = cast(Any, None)
    cases = PartCases(house.tickets, nobody, nobody, nobody, house.clock, again)
    part = a_ticket(S.IN_PROGRESS, id=PART_ID, number="NC-261121-0043", part_of=TICKET_ID)
    news = received(TicketPartReported(), part.snapshot(), version=7, subject=PART_ID)
    for _ in range(2):
        cases.follow_part([news])
    return house


def the_whole(house: House) -> Ticket:
    return house.tickets.rows[TICKET_ID]


def test_the_third_time_sends_the_whole_up_and_once() -> None:
    house = after_a_part(rework_count=2)
    whole = the_whole(house)
    assert (whole.status, whole.rework_count, whole.rung) == (S.IN_PROGRESS, 3, Rung.DUTY)
    assert [type(event) for event in house.tickets.events[1:]] == [TicketReworked, TicketStruckThree, TicketEscalated]
    assert [step.reason for step in whole.escalations] == [EscalationReason.STRIKES]


def test_before_that_it_stays_where_it_is() -> None:
    assert the_whole(after_a_part(rework_count=1)).rung is Rung.CREW


def test_it_has_a_new_time_where_the_first_was_over() -> None:
    whole = the_whole(
        after_a_part(
            deadlines=some_deadlines(),
            overdue=(DeadlineKind.RESOLVE,),
            times=TicketTimes(placed_at=NOON, responded_at=NOON, completed_at=NOON + LATE),
        )
    )
    assert whole.deadlines is not None
    assert whole.deadlines.resolve_by > NOON + LATE
    assert whole.promised_by == some_deadlines().resolve_by
