"""The clocks of orders that are done together: the strictest holds, and what one waits for stands still for it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.commands import Call
from contracts.commands.results import AnswerAgain
from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.words import DeadlineKind, ResultCode
from contracts.words import TicketStatus as S
from services.tickets.application.results import Results
from services.tickets.application.sealing import Sealing
from services.tickets.domain.deadlines import fire, standing
from services.tickets.domain.done_with import follow_again, follow_report
from tests.builders import NOON, some_deadlines
from tests.builders_of_ladder import a_whistle
from tests.unit.tickets.fakes import FakeVault
from tests.unit.tickets.together import DISPATCHER, LEAD, Together, an_order, neighbour

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SLOW = some_deadlines()
STRICT = some_deadlines(resolve_warn_at=NOON + 36 * HOUR, resolve_by=NOON + 2 * DAY)


def due(street: Together, name: str) -> dict[str, datetime]:
    return {one.key.partition(":")[0] + ":" + one.key.split(":")[1]: one.at for one in standing(street.now(name))}


def promised(street: Together, name: str) -> Any:
    deadlines = street.now(name).snapshot().deadlines
    assert isinstance(deadlines, TicketDeadlines)
    return deadlines.resolve_by


def strict_one() -> Together:
    """A neighbour's order that has to be solved sooner waits for the first."""
    street = Together(an_order("first", S.IN_PROGRESS, deadlines=SLOW), an_order("second", deadlines=STRICT))
    street.merge("second", "first")
    return street


def pass_by(street: Together, name: str, until: datetime) -> None:
    for one in sorted(standing(street.now(name)), key=lambda one: one.at):
        decided = fire(street.now(name), one.key, until) if one.at <= until else None
        if decided is not None:
            street.tickets.apply(name, street.meta(), lambda _, decided=decided: decided)  # type: ignore[misc]


def test_what_is_done_for_two_is_due_when_the_stricter_of_them_is() -> None:
    street = strict_one()
    assert promised(street, "first") == STRICT.resolve_by
    assert due(street, "first")["overdue:resolve"] == STRICT.resolve_by
    assert due(street, "first")["near:resolve"] == STRICT.resolve_warn_at
    assert street.now("first").snapshot().promised_by == SLOW.resolve_by, "its own counts in the figures"
    assert promised(street, "second") == STRICT.resolve_by


def test_split_each_has_its_own_time_again_also_where_the_others_was_missed() -> None:
    street = strict_one()
    street.clock.advance(days=3)
    pass_by(street, "first", street.clock.now())
    assert street.now("first").overdue == (DeadlineKind.RESPOND, DeadlineKind.RESOLVE)
    street.split("second")
    first = street.now("first")
    assert (promised(street, "first"), first.promised_by) == (SLOW.resolve_by, None)
    assert first.overdue == (DeadlineKind.RESPOND,)
    assert due(street, "first")["overdue:resolve"] == SLOW.resolve_by
    assert promised(street, "second") == STRICT.resolve_by


def test_a_looser_time_or_one_that_is_over_already_changes_nothing() -> None:
    street = Together(an_order("first", deadlines=STRICT), an_order("second", deadlines=SLOW))
    street.merge("second", "first")
    assert promised(street, "first") == STRICT.resolve_by
    late = Together(an_order("first", deadlines=SLOW), an_order("second", deadlines=STRICT))
    late.clock.advance(days=2)
    late.merge("second", "first")
    assert promised(late, "first") == SLOW.resolve_by


def test_done_for_both_nothing_of_the_others_time_is_left() -> None:
    street = strict_one()
    street.complete("first", LEAD)
    assert street.now("first").inherited == ()
    street.deliver()
    street.rework("first")
    assert promised(street, "first") == SLOW.resolve_by


def test_who_goes_on_in_place_of_the_first_has_the_strictest_of_the_rest() -> None:
    street = Together(
        an_order("first", deadlines=SLOW), an_order("second", deadlines=SLOW), an_order("third", deadlines=STRICT)
    )
    street.merge("second", "first")
    street.merge("third", "first")
    street.cancel("first", neighbour("first"))
    street.deliver()
    assert street.statuses("second", "third") == ["accepted", "merged"]
    assert promised(street, "second") == STRICT.resolve_by


def test_what_departments_have_to_do_stands_still_while_an_order_is_merged() -> None:
    street = Together(an_order("first", whistles=(a_whistle(),)), an_order("second", whistles=(a_whistle(),)))
    street.clock.advance(minutes=10)
    street.merge("second", "first")
    street.clock.advance(hours=9)
    street.split("second")
    clock = due(street, "second")
    assert clock["whistle-overdue:sign_in"] == NOON + 9 * HOUR + timedelta(minutes=30)
    assert clock["whistle-near:sign_in"] == NOON + 9 * HOUR + timedelta(minutes=22.5)
    assert due(street, "first")["whistle-overdue:sign_in"] == NOON + timedelta(minutes=30), "the other's went on"


def test_and_while_it_is_done() -> None:
    street = Together(an_order("first", S.IN_PROGRESS, whistles=(a_whistle(),)))
    street.complete("first", LEAD)
    street.clock.advance(hours=5)
    street.rework("first")
    assert due(street, "first")["whistle-overdue:sign_in"] == NOON + 5 * HOUR + timedelta(minutes=30)


def two_more() -> Together:
    """All three are done, nobody has said anything yet."""
    street = Together(an_order("first", S.IN_PROGRESS), an_order("second"), an_order("third"))
    for name in ("second", "third"):
        street.merge(name, "first")
    street.complete("first", LEAD)
    street.deliver()
    return street


def test_while_it_is_done_again_for_one_no_silence_of_another_counts() -> None:
    street = two_more()
    assert due(street, "second")["silence:1.0"] == NOON + 3 * DAY
    street.clock.advance(days=2)
    street.rework("third")
    street.deliver()
    assert standing(street.now("second")) == ()
    assert street.told("second")[-1] == "asking_moved"
    street.clock.advance(days=5)
    street.complete("first", LEAD)
    street.deliver()
    assert due(street, "second")["silence:1.0"] == NOON + 10 * DAY
    assert street.told("second").count("asking_moved") == 2
    assert street.now("second").times.completed_at == NOON, "when it was done first counts"


def test_who_is_content_meanwhile_may_say_so() -> None:
    street = two_more()
    street.rework("third")
    street.deliver()
    street.confirm("second")
    street.complete("first", LEAD)
    street.deliver()
    assert street.statuses("second", "third") == ["closed", "completed"]
    assert street.told("second").count("asking_moved") == 1


@pytest.mark.parametrize("ours", [True, False])
def test_nobody_waits_for_ever_for_what_is_never_done_again(ours: bool) -> None:
    street = two_more()
    street.rework("first")
    street.deliver()
    assert standing(street.now("second")) == ()
    street.cancel("first", DISPATCHER if ours else neighbour("first"), go_to="property" if ours else None)
    street.deliver()
    assert "silence:1.0" in due(street, "second")


def test_a_late_look_stops_no_window_that_runs_again() -> None:
    street = two_more()
    street.rework("first")
    stale = street.now("first")
    street.complete("first", LEAD)
    street.deliver()
    assert follow_again(street.now("second"), stale, NOON) is None
    assert follow_again(street.now("second"), street.now("first"), NOON) is None
    assert "silence:1.0" in due(street, "second")


def answer(street: Together, name: str, result: ResultCode, next_answer_by: str | None = None) -> None:
    results = Results(street.tickets, street.communities, Sealing(FakeVault()), street.clock)  # type: ignore[arg-type]
    command = AnswerAgain(ticket_id=name, result=result, next_answer_by=next_answer_by)
    results.answer_again(Call(command, street.meta()))


def planned() -> Together:
    """What was to be done for two is in next year's plan, and both have heard the day."""
    street = Together(an_order("first", S.IN_PROGRESS), an_order("second"))
    street.merge("second", "first")
    street.complete("first", LEAD, ResultCode.PLANNED, next_answer_by="2027-03-01")
    street.deliver()
    return street


def test_the_promised_answer_reaches_everybody_for_whom_it_was_planned() -> None:
    street = planned()
    street.confirm("second", solved=False)
    answer(street, "first", ResultCode.PLANNED, "2027-05-01")
    street.deliver()
    second = street.now("second")
    assert (second.status, second.result, second.answer) == (S.COMPLETED, ResultCode.PLANNED, None)
    assert second.next_answer_at == street.now("first").next_answer_at
    assert second.particulars == street.now("first").particulars
    assert street.told("second")[-1] == "answered_again"
    assert (second.completed_by, second.worked_by) == (street.now("first").completed_by, ("m-1",))

    answer(street, "first", ResultCode.SOLVED)
    street.deliver()
    second = street.now("second")
    assert (second.result, second.next_answer_at, second.reports) == (ResultCode.SOLVED, None, 2)
    street.confirm("second")
    assert street.statuses("second") == ["closed"]


def test_what_one_was_answered_by_itself_is_not_said_again_and_news_twice_is_once() -> None:
    street = planned()
    answer(street, "second", ResultCode.SOLVED)
    answer(street, "first", ResultCode.SOLVED)
    told = list(street.journal.envelopes)
    street.deliver()
    for event in told:
        street.hand_on(event)
    assert street.told("second").count("answered_again") == 1


def test_who_had_the_other_when_it_was_answered_confirms_none_that_were_done_with_it() -> None:
    street = planned()
    answer(street, "first", ResultCode.SOLVED)
    primary = replace(street.now("first"), owner="a-clerk", handled_by=("a-before",))
    after = follow_report(street.now("second"), primary, NOON)
    assert after is not None
    assert {"a-clerk", "a-before"} <= set(after.aggregate.handled_by)


def test_who_was_not_content_waits_for_the_work_and_not_for_the_answer() -> None:
    street = planned()
    street.rework("second")
    answer(street, "first", ResultCode.SOLVED)
    assert follow_report(street.now("second"), street.now("first"), NOON) is None
    street.deliver()
    assert street.statuses("first", "second") == ["in_progress", "merged"]
