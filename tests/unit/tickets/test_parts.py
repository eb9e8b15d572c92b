"""Parts of an order: one end for all of them, in whatever order the news comes."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from contracts.actor import Role
from contracts.decisions import Decided
from contracts.errors import Conflict, Refused
from contracts.events.counter import TicketPartAdded, TicketPartReported, TicketPartsChanged, TicketWholeReported
from contracts.events.ticket_snapshot import TicketTimes
from contracts.events.tickets import TicketReworked
from contracts.words import Answer, ClosedBy, Nature, ResultCode, TicketStatus
from services.tickets.domain import deadlines, parts
from services.tickets.domain.callbacks import opened_again
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.verifying import must_confirm
from tests.builders import NOON, TICKET_ID, an_actor
from tests.builders_of_counter import OWNER, PART_ID, a_part, a_visit
from tests.unit.tickets.builders import a_ticket

OTHER_ID = "01KAJ5ZX00000000000OTHER"
S = TicketStatus


def a_whole(status: S = S.IN_PROGRESS, *rows: Any, **changes: Any) -> Ticket:
    values = {"holders": (), "lead": None, "owner": OWNER, "counter": a_visit(), "parts": rows, **changes}
    return a_ticket(status, **values)


def the_part(status: S = S.ACCEPTED, **changes: Any) -> Ticket:
    return a_ticket(status, **{"id": PART_ID, "number": "NC-261121-0043", "part_of": TICKET_ID, **changes})


def code_of(do: Any) -> str:
    with pytest.raises(Conflict) as refusal:
        do()
    return refusal.value.code


def test_a_part_is_added_and_the_answer_is_its_own() -> None:
    decided = parts.add(a_whole(), Decided(the_part(), (), {**the_part().answer_to_caller(), "danger": None}))
    assert decided.events == (TicketPartAdded(part_id=PART_ID),)
    assert [row.ticket_id for row in decided.aggregate.parts] == [PART_ID]
    assert (decided.result["ticket_id"], decided.result["part_of"]) == (PART_ID, TICKET_ID)
    assert "danger" in decided.result  # what is said first of any new order is said of a part, too


@pytest.mark.parametrize(
    ("whole", "code"),
    [
        (a_whole(part_of=OTHER_ID), "part-of-another"),
        (a_whole(owner=None), "not-taken-in"),
        (a_whole(S.COMPLETED), "order-ended"),
        (a_whole(S.CLOSED), "order-ended"),
        (a_whole(S.IN_PROGRESS, *(a_part() for _ in range(parts.MOST_PARTS))), "too-many-parts"),
    ],
)
def test_what_takes_no_part(whole: Ticket, code: str) -> None:
    assert code_of(lambda: parts.add(whole, Decided(the_part()))) == code


def test_a_complaint_goes_by_itself() -> None:
    complaint = Decided(the_part(nature=Nature.COMPLAINT))
    assert code_of(lambda: parts.add(a_whole(), complaint)) == "complaint-apart"


def test_an_order_is_not_done_while_a_part_is_open() -> None:
    whole = a_whole(S.IN_PROGRESS, a_part(S.COMPLETED), a_part(S.ASSIGNED, ticket_id=OTHER_ID))
    assert code_of(lambda: whole.complete(an_actor(), ResultCode.SOLVED, None, None, NOON)) == "parts-open"
    done = replace(whole, parts=(a_part(S.COMPLETED), a_part(S.CANCELLED, ticket_id=OTHER_ID)))
    assert done.complete(an_actor(), ResultCode.SOLVED, None, None, NOON).aggregate.status is S.COMPLETED


def test_the_owner_hears_when_the_last_part_is_done_and_only_then() -> None:
    whole = a_whole(S.IN_PROGRESS, a_part(), a_part(ticket_id=OTHER_ID))
    first = parts.follow_part(whole, the_part(S.COMPLETED).snapshot(), 3)
    assert first is not None
    assert first.events == (TicketPartsChanged(part_id=PART_ID, part_status=S.COMPLETED, all_done=False),)
    second = parts.follow_part(first.aggregate, the_part(S.COMPLETED, id=OTHER_ID).snapshot(), 2)
    assert second is not None
    assert second.events[0].all_done is True  # type: ignore[attr-defined]
    closed = parts.follow_part(second.aggregate, the_part(S.CLOSED).snapshot(), 4)
    assert closed is not None
    assert closed.events[0].all_done is False  # type: ignore[attr-defined]


def test_news_of_a_part_in_any_order_ends_the_same() -> None:
    news = [
        (the_part(S.ASSIGNED).snapshot(), 2),
        (the_part(S.COMPLETED).snapshot(), 3),
        (the_part(S.IN_PROGRESS).snapshot(), 4),
    ]
    ends = set()
    for order in permutations(news * 2):
        whole = a_whole(S.IN_PROGRESS, a_part())
        for snapshot, version in order:
            decided = parts.follow_part(whole, snapshot, version)
            whole = whole if decided is None else decided.aggregate
        ends.add((whole.status, whole.parts))
    assert [(status, rows[0].status, rows[0].version) for status, rows in ends] == [(S.IN_PROGRESS, S.IN_PROGRESS, 4)]


def test_a_strangers_news_changes_nothing() -> None:
    assert parts.follow_part(a_whole(), the_part(S.COMPLETED).snapshot(), 9) is None


def test_a_part_that_is_taken_up_again_takes_its_whole_with_it() -> None:
    whole = a_whole(S.COMPLETED, a_part(S.COMPLETED, version=3))
    decided = parts.follow_part(whole, the_part(S.IN_PROGRESS).snapshot(), 4)
    assert decided is not None
    assert [type(event) for event in decided.events] == [TicketPartsChanged, TicketReworked]
    assert decided.aggregate.status is S.IN_PROGRESS


def test_nobody_is_asked_how_a_part_went() -> None:
    assert deadlines.standing(the_part(S.COMPLETED)) == ()
    alone = deadlines.standing(the_part(S.COMPLETED, stands_alone=True))
    assert [due.key for due in alone] == ["silence:1.0"]


@pytest.mark.parametrize(
    ("whole", "part", "status", "closed_by", "resolved"),
    [
        (a_whole(S.CLOSED, resolved=True, closed_by=ClosedBy.COUNTER), S.COMPLETED, S.CLOSED, ClosedBy.WHOLE, True),
        (a_whole(S.CLOSED, resolved=False, closed_by=ClosedBy.REQUESTER), S.COMPLETED, S.CLOSED, ClosedBy.WHOLE, False),
        (a_whole(S.CLOSED, resolved=True, closed_by=ClosedBy.SILENCE), S.COMPLETED, S.CLOSED, ClosedBy.SILENCE, True),
        (
            a_whole(S.CLOSED, result=ResultCode.PARTLY, resolved=False, closed_by=ClosedBy.DELEGATE),
            S.COMPLETED,
            S.CLOSED,
            ClosedBy.WHOLE,
            True,
        ),
        (
            a_whole(
                S.CLOSED,
                result=ResultCode.PARTLY,
                resolved=False,
                answer=Answer.UNSATISFIED,
                closed_by=ClosedBy.COUNTER,
            ),
            S.COMPLETED,
            S.CLOSED,
            ClosedBy.WHOLE,
            False,
        ),
        (a_whole(S.CANCELLED), S.COMPLETED, S.CLOSED, ClosedBy.NOBODY, False),
        (a_whole(S.CANCELLED), S.ASSIGNED, S.CANCELLED, None, False),
    ],
)
def test_parts_end_with_their_whole(
    whole: Ticket, part: S, status: S, closed_by: ClosedBy | None, resolved: bool
) -> None:
    decided = parts.follow_whole(the_part(part), whole.snapshot(), NOON)
    assert decided is not None
    after = decided.aggregate
    assert (after.status, after.closed_by, after.resolved, after.answer) == (status, closed_by, resolved, None)
    assert parts.follow_whole(after, whole.snapshot(), NOON) is None


def test_a_part_that_is_open_when_its_whole_closed_is_asked_about_by_itself() -> None:
    decided = parts.follow_whole(the_part(S.IN_PROGRESS), a_whole(S.CLOSED).snapshot(), NOON)
    assert decided is not None
    assert (decided.aggregate.status, decided.aggregate.stands_alone) == (S.IN_PROGRESS, True)


@pytest.mark.parametrize("whole", [a_whole(), a_whole(S.COMPLETED), a_whole(S.CLOSED, id=OTHER_ID)])
def test_a_whole_that_goes_on_or_anothers_ends_no_part(whole: Ticket) -> None:
    assert parts.follow_whole(the_part(S.COMPLETED), whole.snapshot(), NOON) is None


def test_each_tells_the_other_where_it_stands_and_ordinary_orders_tell_nothing() -> None:
    def told(ticket: Ticket) -> list[type]:
        decided = parts.linked(lambda found: found and found.cancel("staff", "no_need", None, None, NOON))(ticket)
        assert decided is not None
        return [type(event) for event in decided.events[1:]]

    assert told(a_ticket()) == []
    assert told(the_part()) == [TicketPartReported]
    assert told(a_whole(S.IN_PROGRESS, a_part())) == [TicketWholeReported]
    unmoved = parts.linked(lambda found: found and Decided(found, ()))(the_part())
    assert unmoved is not None
    assert unmoved.events == ()


def test_a_part_that_is_opened_again_is_asked_about_by_itself() -> None:
    closed = the_part(S.CLOSED, closed_by=ClosedBy.WHOLE, times=TicketTimes(placed_at=NOON, ended_at=NOON))
    assert opened_again(closed, NOON).stands_alone is True
    assert opened_again(replace(closed, part_of=None), NOON).stands_alone is False


def test_who_did_a_part_had_a_part_in_the_whole() -> None:
    part = the_part(S.COMPLETED, result=ResultCode.SOLVED, completed_by="a-officer", handled_by=("a-before",))
    decided = parts.follow_part(a_whole(S.IN_PROGRESS, a_part(S.ASSIGNED)), part.snapshot(), 5)
    assert decided is not None
    assert {"a-officer", "a-before"} <= set(decided.aggregate.handled_by)
    for who in ("a-officer", "a-before"):
        whole = replace(decided.aggregate, status=S.COMPLETED, completed_by="a-clerk")
        with pytest.raises(Refused, match="own-work"):
            must_confirm(whole, an_actor(Role.DUTY, account_id=who))
