"""A hold stops the clock of the solution and no other, held against an oracle that walks from minute to minute."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import Conflict
from contracts.events.ledger import TicketHeld, TicketResumed
from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.ledger import Particulars, Resumed
from contracts.words import DeadlineKind
from contracts.working_time import Shift, WorkingHours
from services.tickets.domain.deadlines import fire, standing
from services.tickets.domain.holding import hold, pause, resume, standing_hold
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, some_deadlines
from tests.builders_of_ledger import a_row
from tests.unit.tickets.builders import a_ticket

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OFFICE = (Shift(time(9, 0), time(12, 0)), Shift(time(14, 0), time(18, 0)))


def _weekday(day: date) -> bool:
    return day.weekday() < 5


HOURS = WorkingHours(ZoneInfo("Asia/Shanghai"), OFFICE, _weekday)


def _counts(moment: datetime, working: bool) -> bool:
    if not working:
        return True
    local = moment.astimezone(HOURS.zone)
    return _weekday(local.date()) and any(one.start <= local.time() < one.end for one in OFFICE)


def _walk(start: datetime, minutes: int, held: tuple[datetime, datetime], working: bool) -> datetime:
    """The end of so many minutes that count and are not held, from *start* on."""
    moment = start
    while minutes:
        minutes -= _counts(moment, working) and not held[0] <= moment < held[1]
        moment += MINUTE
    return moment


STARTS = st.integers(0, 40_000).map(lambda minutes: datetime(2026, 11, 2, tzinfo=UTC) + minutes * MINUTE)


@settings(max_examples=80, deadline=None)
@given(
    placed=STARTS,
    limit=st.integers(1, 900),
    before=st.integers(0, 3000),
    length=st.integers(0, 4000),
    working=st.booleans(),
)
def test_the_time_to_solve_it_is_as_long_as_without_the_hold(
    placed: datetime, limit: int, before: int, length: int, working: bool
) -> None:
    due = _walk(placed, limit, (placed, placed), working)
    start = placed + before * MINUTE
    end = start + length * MINUTE
    deadlines = some_deadlines(resolve_by=due, resolve_warn_at=due, resolve_in_working_time=working)
    after = pause(deadlines, start, end, HOURS)
    expected = due if due <= start else _walk(placed, limit, (start, end), working)
    assert after.resolve_by == expected
    assert (after.respond_by, after.respond_warn_at) == (deadlines.respond_by, deadlines.respond_warn_at)


@settings(max_examples=60, deadline=None)
@given(start=STARTS, first=st.integers(0, 2000), second=st.integers(0, 2000), working=st.booleans())
def test_a_hold_in_two_parts_is_one_as_long(start: datetime, first: int, second: int, working: bool) -> None:
    due = start + 5 * DAY
    deadlines = some_deadlines(resolve_by=due, resolve_warn_at=start + DAY, resolve_in_working_time=working)
    middle, end = start + first * MINUTE, start + (first + second) * MINUTE
    once = pause(deadlines, start, end, HOURS)
    twice = pause(pause(deadlines, start, middle, HOURS), middle, end, HOURS)
    assert twice.resolve_by == once.resolve_by


def _paused(deadlines: TicketDeadlines, start: datetime, end: datetime) -> TicketDeadlines:
    return pause(deadlines, start, end, HOURS)


def _held(until: datetime = NOON + 2 * DAY, **changes: Any) -> Ticket:
    row = a_row(particulars=Particulars(until=until))
    decided = hold(a_ticket(deadlines=some_deadlines(), ledger=(row,), **changes), row, NOON, _paused)
    assert isinstance(decided.events[0], TicketHeld)
    return decided.aggregate


def test_while_it_waits_the_answer_is_still_due_and_the_solution_is_not() -> None:
    ticket = _held(NOON + 9 * DAY)
    dues = {due.key.partition(":")[0] + due.key.split(":")[1]: due.at for due in standing(ticket) if ":" in due.key}
    assert dues["overduerespond"] == NOON + DAY
    assert dues["overdueresolve"] == NOON + 13 * DAY
    assert dues["nearresolve"] == NOON + 12 * DAY


def test_it_goes_on_by_itself_at_the_time_that_was_said_however_late_that_is_noticed() -> None:
    ticket = _held()
    (due,) = [one for one in standing(ticket) if one.key.startswith("hold:")]
    assert fire(ticket, due.key, due.at - MINUTE) is None
    decided = fire(ticket, due.key, due.at + 3 * DAY)
    assert decided is not None
    assert decided.events == (TicketResumed(request_id=ticket.held[0].request_id, by=Resumed.TIME),)
    after = decided.aggregate
    assert after.held[0].ended_at == due.at
    assert after.deadlines is not None
    assert after.deadlines.resolve_by == NOON + 6 * DAY
    assert standing_hold(after) is None
    assert not [one for one in standing(after) if one.key.startswith("hold:")]


def test_who_ends_it_early_gives_back_what_was_not_waited() -> None:
    decided = resume(_held(), NOON + DAY, Resumed.STAFF, _paused)
    after = decided.aggregate
    assert after.deadlines is not None
    assert after.deadlines.resolve_by == NOON + 5 * DAY
    assert after.held[0].ended_at == NOON + DAY
    with pytest.raises(Conflict, match="not-held"):
        resume(after, NOON + DAY, Resumed.STAFF, _paused)


def test_what_was_missed_before_it_waited_stays_missed() -> None:
    ticket = _held(overdue=(DeadlineKind.RESOLVE,), times=a_ticket().times)
    assert ticket.overdue == (DeadlineKind.RESOLVE,)
    assert not [one for one in standing(ticket) if one.key.startswith("overdue:resolve")]


def test_an_order_waits_for_one_thing_at_a_time() -> None:
    with pytest.raises(Conflict, match="held-already"):
        hold(_held(), a_row(), NOON, _paused)


def test_an_order_from_before_there_were_deadlines_can_wait_too() -> None:
    row = a_row()
    after = hold(a_ticket(deadlines=None), row, NOON, _paused).aggregate
    assert resume(after, NOON + DAY, Resumed.STAFF, _paused).aggregate.deadlines is None


def test_who_ends_it_after_its_time_gives_no_more_than_was_granted() -> None:
    """Nobody has looked at the deadline yet that ends it by itself."""
    after = resume(_held(), NOON + 9 * DAY, Resumed.STAFF, _paused).aggregate
    assert after.held[0].ended_at == NOON + 2 * DAY
    assert after.deadlines is not None
    assert after.deadlines.resolve_by == NOON + 6 * DAY
