"""Once more after the time was over: the new life has a time of its own, and what was promised first still counts."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.events.ladder import TicketEscalated
from contracts.events.tickets import TicketDeadlineNear, TicketOverdue
from contracts.ledger import Particulars, RequestKind
from contracts.words import DeadlineKind, Urgency
from contracts.words import TicketStatus as S
from services.tickets.domain.deadlines import fire, standing
from services.tickets.domain.external import ExternalOrder
from services.tickets.domain.ledger import Decision, decide
from services.tickets.domain.ticket import Ticket
from tests.builders import NOON, some_deadlines
from tests.builders_of_ledger import a_row
from tests.unit.tickets.builders import a_community, an_item, some_time_limits
from tests.unit.tickets.together import DISPATCHER, LEAD, Together, an_order

DAY = timedelta(days=1)
PROMISED = some_deadlines()
LATE = NOON + 9 * DAY


def of_a_new_order(now: datetime, urgency: Urgency = Urgency.ORDINARY) -> Any:
    return some_time_limits().of(an_item(), a_community(), urgency, now)


def done_again(when: datetime = LATE, **changes: Any) -> Together:
    """Promised, not solved in its time, done all the same, and asked for once more at *when*."""
    values = {"deadlines": PROMISED, "overdue": (DeadlineKind.RESOLVE,), "warned": (DeadlineKind.RESOLVE,)} | changes
    street = Together(an_order("first", S.IN_PROGRESS, **values))
    street.clock.advance(days=(when - NOON) / DAY)
    street.complete("first", LEAD)
    street.rework("first")
    return street


def due(ticket: Ticket) -> dict[str, datetime]:
    return {one.key.rpartition(":")[0]: one.at for one in standing(ticket)}


def pass_by(street: Together, name: str = "first", until: datetime = LATE + 60 * DAY) -> list[Any]:
    """All its deadlines up to then, one look after the other; what was told."""
    told: list[Any] = []
    while some := [one for one in standing(street.now(name)) if one.at <= until]:
        soonest = min(some, key=lambda one: one.at)
        decided = fire(street.now(name), soonest.key, soonest.at)
        assert decided is not None
        told += decided.events
        street.tickets.apply(name, street.meta(), lambda _, decided=decided: decided)  # type: ignore[misc]
    return told


def test_what_is_done_again_after_its_time_was_over_has_a_time_of_its_own() -> None:
    street = done_again()
    anew = of_a_new_order(LATE)
    assert due(street.now("first")) == {"near:resolve": anew.resolve_warn_at, "overdue:resolve": anew.resolve_by}
    told = [one for one in pass_by(street) if not isinstance(one, TicketEscalated)]
    assert told == [TicketDeadlineNear(kind=DeadlineKind.RESOLVE), TicketOverdue(kind=DeadlineKind.RESOLVE)]
    assert standing(street.now("first")) == (), "each is told once"


def test_what_was_promised_first_and_missed_stays_on_the_order() -> None:
    street = done_again()
    for _ in range(2):
        shown = street.now("first").snapshot()
        assert (shown.promised_by, shown.overdue) == (PROMISED.resolve_by, (DeadlineKind.RESOLVE,))
        assert shown.deadlines is not None
        assert shown.deadlines.resolve_by > LATE
        assert shown.deadlines.respond_by == PROMISED.respond_by
        pass_by(street)
        street.complete("first", LEAD)
        street.rework("first")
    assert "overdue:resolve" in due(street.now("first")), "a third life has one, too"


def test_going_again_buys_no_time_while_what_was_promised_lies_ahead() -> None:
    street = done_again(NOON + DAY, overdue=(), warned=())
    ticket = street.now("first")
    assert (ticket.deadlines, ticket.snapshot().promised_by) == (PROMISED, None)
    assert due(ticket)["overdue:resolve"] == PROMISED.resolve_by


def test_what_was_done_in_time_and_is_not_well_after_all_is_not_late_at_once() -> None:
    street = done_again(overdue=(), warned=())
    ticket = street.now("first")
    assert (ticket.overdue, ticket.snapshot().promised_by) == ((), PROMISED.resolve_by)
    assert due(ticket)["overdue:resolve"] == of_a_new_order(LATE).resolve_by


@pytest.mark.parametrize("changes", [{"deadlines": None}, {"quiet": True}])
def test_what_nothing_was_promised_for_has_no_time_now_either(changes: dict[str, Any]) -> None:
    assert not any("resolve" in key for key in due(done_again(**changes).now("first")))


def test_upstreams_time_that_was_over_is_none_to_do_it_again_in() -> None:
    passed = ExternalOrder(system="12345", deadline=NOON + 2 * DAY)
    ticket = done_again(external=passed).now("first")
    assert due(ticket)["overdue:resolve"] == of_a_new_order(LATE).resolve_by
    assert ticket.snapshot().promised_by == NOON + 2 * DAY
    ahead = ExternalOrder(system="12345", deadline=LATE + timedelta(hours=5))
    strict = replace(ticket, external=ahead)
    assert due(strict)["overdue:resolve"] == LATE + timedelta(hours=5)


def test_an_extension_moves_the_new_time_and_takes_back_nothing_of_the_first() -> None:
    street = done_again()
    until = LATE + 30 * DAY
    asked = a_row(kind=RequestKind.EXTENSION, asked_at=LATE, particulars=Particulars(until=until))
    pass_by(street)
    late = replace(street.now("first"), ledger=(asked,))
    decision = Decision(approved=True, by="a-desk", rung=asked.desks[0].rung, at=LATE + 20 * DAY)
    after = decide(late, asked, decision, lambda promised, *_: promised).aggregate
    assert due(after)["overdue:resolve"] == until
    assert (after.overdue, after.promised_by) == ((DeadlineKind.RESOLVE,), PROMISED.resolve_by)


def test_an_emergency_has_its_own_short_time_again() -> None:
    ticket = done_again(urgency=Urgency.EMERGENCY).now("first")
    assert due(ticket)["overdue:resolve"] == LATE + timedelta(hours=4)


def test_what_is_done_again_for_another_has_a_new_time_like_theirs() -> None:
    street = Together(an_order("first", S.IN_PROGRESS, deadlines=PROMISED), an_order("second", deadlines=PROMISED))
    street.merge("second", "first", DISPATCHER)
    street.clock.advance(days=9)
    street.complete("first", LEAD)
    street.deliver()
    street.rework("second")
    street.deliver()
    anew = of_a_new_order(LATE).resolve_by
    assert [due(street.now(name))["overdue:resolve"] for name in ("first", "second")] == [anew, anew]
