"""What is not ours goes back to upstream, with the leave of somebody above; and what a hold does to its deadline."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.errors import Conflict, Invalid, Refused
from contracts.ledger import RequestKind, RequestState
from contracts.upstream import ReportKind
from contracts.words import DeadlineKind, TicketStatus
from services.tickets.domain import deadlines
from services.tickets.domain.external import ExternalOrder
from services.tickets.domain.upstream import state_to_report
from tests.builders import NOON, TICKET_ID, some_deadlines
from tests.builders_of_upstream import HOTLINE
from tests.unit.tickets.asking import DAY, DISPATCHER, HOUR, LEAD, OFFICER, a_house, ask, decide, order
from tests.unit.tickets.house import House

BACK = RequestKind.RETURN_UPSTREAM


def passed_on(house: House, **changes: object) -> House:
    """The house's order came from the hotline."""
    external = ExternalOrder(system=HOTLINE, client="c-hotline", **changes)  # type: ignore[arg-type]
    house.tickets.rows[TICKET_ID] = replace(order(house), external=external)
    return house


def test_it_ends_here_and_goes_back_once_somebody_above_says_so() -> None:
    house = passed_on(a_house())
    ask(house, OFFICER, BACK, reason_code="not_in_our_area")
    assert order(house).status is not TicketStatus.CANCELLED
    assert state_to_report(order(house)) is None
    decide(house, DISPATCHER)
    ended = order(house)
    assert (ended.status, ended.ended_for, ended.go_to) == (TicketStatus.CANCELLED, "not_in_our_area", HOTLINE)
    assert state_to_report(ended) == (ReportKind.RETURNED, "returned:1.0")


def test_a_refusal_leaves_it_ours() -> None:
    house = passed_on(a_house())
    ask(house, OFFICER, BACK)
    decide(house, DISPATCHER, approved=False)
    assert order(house).ledger[0].state is RequestState.REFUSED
    assert order(house).status is not TicketStatus.CANCELLED
    cancelled = order(house).cancel("staff", "not_needed", "property", None, NOON).aggregate
    assert state_to_report(cancelled) == (ReportKind.CANCELLED, "cancelled:1.0")


def test_only_what_came_from_upstream_goes_back_there_and_the_crew_do_not_ask_for_it() -> None:
    with pytest.raises(Invalid) as refused:
        ask(a_house(), OFFICER, BACK)
    assert (refused.value.code, refused.value.field) == ("not-from-upstream", "kind")
    with pytest.raises(Refused):
        ask(passed_on(a_house()), LEAD, BACK)


def test_what_is_done_is_not_given_back() -> None:
    house = passed_on(a_house())
    house.tickets.rows[TICKET_ID] = replace(order(house), status=TicketStatus.COMPLETED)
    with pytest.raises(Conflict):
        ask(house, OFFICER, BACK)


def test_a_hold_of_ours_moves_our_deadline_and_not_upstreams() -> None:
    theirs = some_deadlines().resolve_by + 2 * HOUR
    house = passed_on(a_house(), deadline=theirs)
    house.tickets.rows[TICKET_ID] = replace(order(house), deadlines=some_deadlines())
    before = order(house).deadlines_in_force
    assert before is not None
    assert before.resolve_by == some_deadlines().resolve_by
    ask(house, LEAD, until=NOON + 9 * DAY)
    decide(house, DISPATCHER)
    held = order(house)
    assert held.deadlines is not None
    assert held.deadlines.resolve_by > theirs
    assert held.snapshot().deadlines is not None
    assert held.snapshot().deadlines.resolve_by == theirs  # type: ignore[union-attr]
    missed = next(due for due in deadlines.standing(held) if due.key.startswith(f"overdue:{DeadlineKind.RESOLVE}"))
    assert missed.at == theirs
    warned = next(due for due in deadlines.standing(held) if due.key.startswith(f"near:{DeadlineKind.RESOLVE}"))
    assert warned.at == NOON + 0.75 * (theirs - NOON)
    assert warned.at - NOON > timedelta(days=2)
