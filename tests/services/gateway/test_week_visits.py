"""Visits that did not end an order are on the card of the week, too: nobody answered, refused, beyond me, danger."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.events.masters import MemberPublished
from contracts.events.ticket_snapshot import TicketTimes
from contracts.events.tickets import TicketCancelled, TicketCompleted, TicketDelegatesChanged, TicketReworked
from contracts.events.visits import TicketVisited
from contracts.events.volunteers import AssignmentArrived
from contracts.moments import time_text
from contracts.visits import VisitResult
from contracts.words import ResultCode, SeatStatus, TicketStatus
from tests.builders import (
    MEMBER_ID,
    NOON,
    a_demand_snapshot,
    a_holder,
    a_member_snapshot,
    a_ticket_holder,
    a_ticket_snapshot,
    an_envelope,
)
from tests.services.gateway.api import Api
from tests.services.gateway.test_week import DAUGHTER, MOTHER, SEES, owners, week

__all__ = ["owners"]
NOT_BEGUN = TicketTimes(placed_at=NOON - timedelta(days=20))
YESTERDAY, MORNING = NOON - timedelta(days=1), NOON - timedelta(hours=4)


def order(**changes: Any) -> Any:
    values: dict[str, Any] = {
        "id": "t1",
        "number": "NC-t1",
        "requester_id": None,
        "beneficiary_id": MOTHER,
        "delegates": SEES,
        "status": TicketStatus.IN_PROGRESS,
        "holders": (a_ticket_holder(),),
        "times": TicketTimes(placed_at=NOON - timedelta(days=20), started_at=YESTERDAY - timedelta(minutes=10)),
    }
    return a_ticket_snapshot(**{**values, **changes})


def visited(result: VisitResult, at: Any = YESTERDAY, version: int = 5, **changes: Any) -> Any:
    body = TicketVisited(
        assignment_id="t1.s1.1",
        member_id=MEMBER_ID,
        result=result,
        visit=version,
        check_wanted=changes.pop("check_wanted", False),
    )
    return an_envelope(body, order(**changes), version, time=time_text(at))


def known() -> Any:
    return an_envelope(MemberPublished(), a_member_snapshot(id=MEMBER_ID, display_name="王师傅"), 1)


@pytest.mark.parametrize(
    ("result", "looked", "how", "words"),
    [
        (VisitResult.NOBODY_ANSWERED, False, "nobody_answered", "来了,敲门没有人应"),
        (VisitResult.NOBODY_ANSWERED, True, "looked_at", "敲门没有人应,已请人去看是否平安"),
        (VisitResult.REFUSED, False, "refused", "来了,家里说先不办,社区会再问"),
        (VisitResult.BEYOND_ME, False, "beyond_me", "来看过了,要换更专业的人来"),
        (VisitResult.DANGER_HERE, False, "danger_here", "来了,发现有危险,已当作急事处理"),
    ],
)
def test_a_daughter_reads_of_a_visit_that_did_not_do_the_work(
    api: Api, seen: Any, result: VisitResult, looked: bool, how: str, words: str
) -> None:
    seen(known(), visited(result, check_wanted=looked))
    (visit,) = week(api)["visits"]
    assert (visit["how"], visit["went"]["zh"], visit["done"]) == (how, words, False)
    assert (visit["names"], visit["day"], visit["time"], visit["said"]) == (["王师傅"], "2026-11-20", "12:00", None)


def ended(at: Any = NOON, version: int = 8, **times: Any) -> Any:
    body = TicketCompleted(result=ResultCode.SOLVED, by_member=MEMBER_ID, headcount=None)
    when = TicketTimes(placed_at=NOON - timedelta(days=20), completed_at=at, **times)
    return an_envelope(
        body, order(status=TicketStatus.COMPLETED, result=ResultCode.SOLVED, times=when), version, time=time_text(at)
    )


def arrived(at: Any, version: int = 9) -> Any:
    holder = a_holder(status=SeatStatus.ARRIVED, arrived_at=at)
    body = AssignmentArrived(assignment_id=holder.assignment_id, member_id=MEMBER_ID, requester_id=None)
    return an_envelope(body, a_demand_snapshot(id="t1", holders=(holder,)), version)


def lines(api: Api, query: str = "") -> list[tuple[str, str, str]]:
    return [(one["how"], one["day"][-2:], one["time"]) for one in week(api, query=query)["visits"]]


def test_every_visit_of_one_order_has_its_line_and_the_last_says_how_it_went(api: Api, seen: Any) -> None:
    seen(known(), visited(VisitResult.NOBODY_ANSWERED), visited(VisitResult.BEYOND_ME, MORNING, 6))
    seen(ended(started_at=YESTERDAY - timedelta(minutes=10)))
    assert lines(api) == [("nobody_answered", "20", "12:00"), ("beyond_me", "21", "08:00"), ("done", "21", "12:00")]


def test_nobody_is_said_to_be_at_work_after_a_visit_is_over_until_somebody_comes_again(api: Api, seen: Any) -> None:
    seen(known(), visited(VisitResult.NOBODY_ANSWERED))
    assert lines(api) == [("nobody_answered", "20", "12:00")]
    seen(arrived(MORNING))
    assert lines(api)[1:] == [("at_work", "21", "08:00")]


def test_who_found_danger_and_stayed_until_it_was_done_is_there_at_its_end_too(api: Api, seen: Any) -> None:
    """The one time they came lies before they said that there is danger: the end is not lost with it."""
    seen(known(), arrived(YESTERDAY - timedelta(minutes=5)), visited(VisitResult.DANGER_HERE))
    assert lines(api) == [("danger_here", "20", "12:00")]
    seen(ended())
    assert lines(api) == [("danger_here", "20", "12:00"), ("done", "21", "12:00")]


def test_an_order_that_was_called_off_after_a_visit_stays_on_the_card(api: Api, seen: Any) -> None:
    seen(known(), visited(VisitResult.REFUSED))
    cancelled = TicketCancelled(by_role="staff", reason_code="other", go_to="property", released=())
    seen(an_envelope(cancelled, order(status=TicketStatus.CANCELLED, holders=(), times=NOT_BEGUN), 7))
    found = week(api)
    assert [(one["how"], one["names"]) for one in found["visits"]] == [("refused", ["王师傅"])]
    assert found["next"] == []


def test_what_was_begun_and_called_off_is_not_said_to_be_under_way(api: Api, seen: Any) -> None:
    cancelled = TicketCancelled(by_role="staff", reason_code="other", go_to="property", released=())
    seen(an_envelope(cancelled, order(status=TicketStatus.CANCELLED), 7))
    assert lines(api) == [("called_off", "20", "11:50")]
    assert week(api)["visits"][0]["went"]["zh"] == "没有办完,后来取消了"


def test_what_is_done_once_more_keeps_the_first_time(api: Api, seen: Any) -> None:
    times = TicketTimes(placed_at=YESTERDAY - timedelta(days=2), completed_at=YESTERDAY)
    seen(known(), an_envelope(TicketReworked(rework=1), order(times=times, result=None), 6))
    assert lines(api) == [("once_more", "20", "12:00")]
    assert week(api)["visits"][0]["went"]["zh"] == "来办过,还要再办一次"
    seen(ended())
    assert lines(api) == [("once_more", "20", "12:00"), ("done", "21", "12:00")]


def test_another_week_has_its_own_visits(api: Api, seen: Any) -> None:
    seen(known(), visited(VisitResult.NOBODY_ANSWERED, NOON - timedelta(days=7), times=NOT_BEGUN))
    assert lines(api) == []
    assert lines(api, "?day=2026-11-14") == [("nobody_answered", "14", "12:00")]


def test_the_visits_of_an_order_that_was_hidden_since_are_gone_with_it(api: Api, seen: Any) -> None:
    seen(known(), visited(VisitResult.NOBODY_ANSWERED))
    changed = order(delegates=(), hidden_from=("a-daughter",))
    seen(an_envelope(TicketDelegatesChanged(), changed, 6))
    found = week(api)
    assert (found["visits"], found["next"]) == ([], [])
    assert "t1" not in str(found)


def test_who_was_erased_is_named_no_more(api: Api, seen: Any) -> None:
    seen(known(), visited(VisitResult.BEYOND_ME))
    seen(an_envelope(MemberPublished(), a_member_snapshot(id=MEMBER_ID, display_name="已注销"), 2))
    assert [one["names"] for one in week(api)["visits"]] == [["已注销"]]


def test_the_page_to_print_says_it_too(api: Api, seen: Any) -> None:
    seen(known(), visited(VisitResult.NOBODY_ANSWERED, check_wanted=True))
    path = f"/api/v1/people/{MOTHER}/week?format=html"
    page = api.client.get(path, headers=api.headers(DAUGHTER)).data.decode()
    assert "敲门没有人应,已请人去看是否平安" in page


def test_visits_are_found_by_their_index(db: Any, api: Api, seen: Any) -> None:
    seen(*(visited(VisitResult.REFUSED, version=number, beneficiary_id=f"p-{number}") for number in range(2, 40)))
    read = db["visits"].find({"community_id": "shiliuli", "visit.beneficiary_id": "p-7"}).explain()["executionStats"]
    assert (read["nReturned"], read["totalDocsExamined"]) == (1, 1)
