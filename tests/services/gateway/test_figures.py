"""Rates to the digit, by published formulas, each with exactly its orders; nobody counts their own case."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.envelope import Envelope
from contracts.events.ticket_snapshot import TicketTimes
from contracts.events.tickets import TicketCancelled
from contracts.recusal import Recusal
from contracts.words import Answer, ClosedBy, Origin, TicketStatus
from gateway.figures.formulas import read_formulas
from gateway.figures.groups import percent
from tests.builders import AREA_PATH, MEMBER_ID, NOON, a_member_actor, an_actor, some_deadlines
from tests.services.gateway.api import Api
from tests.services.gateway.counting import HOUR, PERIOD, SECRETARY, figures, last_word, left_out, rate_of

DAY = timedelta(days=1)
OTHER_GRID = (*AREA_PATH[:-1], "sll-g2")


def _order(id: str, *, by: str | None = None, **changes: Any) -> Envelope:
    """The last word on an order; *by*: who cancelled it."""
    ended = TicketCancelled(by_role=by, reason_code="other", go_to=None, released=()) if by else None
    return last_word(id, ended, **changes)


def _times(answered: float | None = None, done: float | None = None) -> TicketTimes:
    """Hours after it was placed."""
    moments = [None if hours is None else NOON + hours * HOUR for hours in (answered, done)]
    return TicketTimes(placed_at=NOON, responded_at=moments[0], completed_at=moments[1])


def _closed(id: str, done: float = 50, **changes: Any) -> Envelope:
    values = {"closed_by": ClosedBy.REQUESTER, "answer": Answer.SATISFIED, "resolved": True, **changes}
    return _order(id, status=TicketStatus.CLOSED, times=_times(1, done), **values)


def _share(group: Any, name: str) -> tuple[int, int, str | None]:
    rate = rate_of(group, name)
    return rate["counted"], rate["of"], rate["percent"]


def test_closure_and_on_time_closure_to_the_digit(api: Api, seen: Any) -> None:
    """天门, December 2016: 911 of 972 closed, 737 of 972 in time."""
    on_time = [_closed(f"in-time-{number}") for number in range(737)]
    late = [_closed(f"late-{number}", done=97) for number in range(911 - 737)]
    seen(*on_time, *late, *(_order(f"open-{number}") for number in range(972 - 911)))
    group = figures(api)["all"]
    assert _share(group, "closure") == (911, 972, "93.72")
    assert _share(group, "on_time") == (737, 972, "75.82")


@pytest.mark.parametrize(("part", "whole", "said"), [(1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.13"), (0, 0, None)])
def test_a_percentage_is_rounded_half_up(part: int, whole: int, said: str | None) -> None:
    assert percent(part, whole) == said


def test_every_rate_says_what_it_counts_and_what_it_leaves_out_and_why(api: Api, seen: Any) -> None:
    later = some_deadlines(respond_by=NOON + 60 * DAY, resolve_by=NOON + 60 * DAY)
    seen(
        _closed("good"),
        _order("answered-late", times=_times(25)),
        _order("nobody"),
        _closed("silent", closed_by=ClosedBy.SILENCE, answer=None),
        _closed("not-solved", resolved=False, answer=Answer.UNSATISFIED, rework_count=2),
        _closed("orphan", closed_by=ClosedBy.NOBODY, answer=None, resolved=False),
        _order("withdrawn", by="requester", status=TicketStatus.CANCELLED),
        _order("not-ours", status=TicketStatus.REJECTED, times=_times(2)),
        _order("not-due", deadlines=later),
        _order("died", quiet=True),
        _order("old", deadlines=None),
        _order("another-month", times=TicketTimes(placed_at=NOON - 40 * DAY)),
    )
    ((key, group),) = figures(api).items()
    assert (key, group["placed"]) == ("all", 11)
    assert _share(group, "response") == (5, 7, "71.43")
    assert left_out(group, "response") == {
        "without_deadline": 1,
        "of_a_deceased": 1,
        "withdrawn_unanswered": 1,
        "answer_not_due": 1,
    }
    assert _share(group, "closure") == (4, 6, "66.67")
    assert left_out(group, "closure") == {
        "without_deadline": 1,
        "of_a_deceased": 1,
        "not_ours": 1,
        "withdrawn": 1,
        "solution_not_due": 1,
    }
    assert _share(group, "resolution") == (1, 2, "50.00")
    assert left_out(group, "resolution") == {"confirmed_by_nobody": 1, "confirmed_by_silence": 1}
    assert _share(group, "satisfaction") == (1, 2, "50.00")
    assert _share(group, "rework") == (1, 4, "25.00")
    assert group["to_answer"] == {"count": 6, "median_hours": 1.0, "p90_hours": 25.0}
    assert group["to_solve"] == {"count": 4, "median_hours": 50.0, "p90_hours": 50.0}


def test_a_new_time_after_a_rework_makes_nothing_in_time_and_puts_nothing_off(api: Api, seen: Any) -> None:
    """Done in the time that its rework was given: late, for by then the promise of ordering was over."""
    anew = some_deadlines(resolve_by=NOON + 60 * DAY)
    seen(
        _closed("in-time"),
        _closed("again", done=150, deadlines=anew, promised_by=NOON + 4 * DAY, rework_count=1),
        _closed(
            "for-a-stricter-neighbour",
            done=80,
            deadlines=some_deadlines(resolve_by=NOON + 3 * DAY),
            promised_by=NOON + 4 * DAY,
        ),
        _order("still-being-done-again", deadlines=anew, promised_by=NOON + 4 * DAY, rework_count=1),
    )
    group = figures(api)["all"]
    assert _share(group, "on_time") == (2, 4, "50.00")
    assert left_out(group, "on_time") == {}


def test_who_withdraws_by_telephone_is_left_out_as_who_does_by_tap_and_listed_apart(api: Api, seen: Any) -> None:
    """Staff enter it for whoever has no account; what staff end for another reason stays counted."""
    by_word = TicketCancelled(by_role="staff", reason_code="withdrawn", go_to=None, released=())
    seen(
        _order("by-tap", by="resident", status=TicketStatus.CANCELLED),
        last_word("by-word", by_word, status=TicketStatus.CANCELLED),
        _order("by-staff", by="staff", status=TicketStatus.CANCELLED),
    )
    group = figures(api)["all"]
    assert _share(group, "closure") == (0, 1, "0.00")
    assert left_out(group, "closure") == {"withdrawn": 1, "withdrawn_by_word": 1}


def test_a_figure_lists_exactly_its_orders(api: Api, seen: Any) -> None:
    seen(
        _closed("good"),
        _closed("late", done=97),
        _order("not-ours", status=TicketStatus.REJECTED),
        _order("withdrawn", by="requester", status=TicketStatus.CANCELLED),
    )

    def listed(more: str) -> list[str]:
        found: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            after = f"&cursor={cursor}" if cursor else ""
            page = api.get(SECRETARY, f"/figures/on_time/tickets?{PERIOD}&limit=1{more}{after}")
            found += [item["id"] for item in page["items"]]
            cursor = page["next"]
        return sorted(found)

    assert listed("") == ["good"]
    assert listed("&part=missed") == ["late"]
    assert listed("&part=left_out") == ["not-ours", "withdrawn"]
    assert listed("&part=left_out&reason=withdrawn") == ["withdrawn"]


@pytest.mark.parametrize(
    ("by", "here", "there"),
    [
        ("area", "sll-g1", "sll-g2"),
        ("origin", "resident", "phone"),
        ("category", "maintenance", "care"),
        ("item", "water-electric", "errand"),
    ],
)
def test_groups(api: Api, seen: Any, by: str, here: str, there: str) -> None:
    other = {"area_path": OTHER_GRID, "origin": Origin.PHONE, "category": "care", "item_id": "errand"}
    seen(_closed("here"), _order("there", **other))
    closure = {key: _share(group, "closure") for key, group in figures(api, more=f"&by={by}").items()}
    assert closure == {here: (1, 1, "100.00"), there: (0, 1, "0.00")}


def test_one_counts_what_one_answers_for_and_not_one_s_own_case(api: Api, seen: Any) -> None:
    seen(
        _closed("here"), _closed("there", area_path=OTHER_GRID), _closed("about-me", recused=Recusal((MEMBER_ID,), ()))
    )
    officer = an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g2"),))
    accused = replace(SECRETARY, member_id=MEMBER_ID)
    counted = [_share(figures(api, who)["all"], "closure")[1] for who in (SECRETARY, officer, accused)]
    assert counted == [3, 1, 2]
    assert _share(figures(api, more="&area=sll-g2")["all"], "closure")[1] == 1
    assert figures(api, officer, "&area=sll-g1") == {}
    api.get(a_member_actor(), f"/figures?{PERIOD}", 403)


def test_a_chief_counts_what_lies_in_their_blocks_whichever_community_it_is(api: Api, seen: Any) -> None:
    seen(
        _closed("here", blocks=("centre",)),
        _order("abroad", blocks=("centre",), community_id="zyl", area_path=("slc", "zyl", "zyl-g1")),
        _closed("another-block", blocks=("harbour",)),
        _closed("no-block"),
        _closed("about-me", blocks=("centre",), recused=Recusal((), ("centre",))),
    )
    chief = an_actor(Role.BLOCK_CHIEF, grants=(Grant(Role.BLOCK_CHIEF, "centre"),))
    assert {key: _share(one, "closure") for key, one in figures(api, chief, "&by=area").items()} == {
        "sll-g1": (1, 1, "100.00"),
        "zyl-g1": (0, 1, "0.00"),
    }
    found = api.get(chief, f"/figures/placed/tickets?{PERIOD}")["items"]
    assert {item["id"]: item["requester_id"] for item in found} == {"here": None, "abroad": None}
    both = an_actor(grants=(Grant(Role.DEPUTY_BLOCK_CHIEF, "harbour"), Grant(Role.DUTY, "sll-g2")))
    assert [item["id"] for item in api.get(both, f"/figures/placed/tickets?{PERIOD}")["items"]] == ["another-block"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-11-01T00:00:00Z", "to"),
        ("from=2026-11-01&to=2026-12-01T00:00:00Z", "from"),
        ("from=2026-12-01T00:00:00Z&to=2026-11-01T00:00:00Z", "to"),
        ("from=2024-11-01T00:00:00Z&to=2026-11-01T00:00:00Z", "to"),
        (f"{PERIOD}&version=1", "version"),
        (f"{PERIOD}&by=luck", "by"),
        ("from=9999-12-30T00:00:00Z&to=9999-12-29T00:00:00Z", "to"),
    ],
)
def test_a_wrong_question_names_its_field(api: Api, query: str, field: str) -> None:
    problem = api.get(SECRETARY, f"/figures?{query}", 422)
    assert [error["field"] for error in problem["errors"]] == [field]


def test_a_reason_narrows_what_is_left_out_alone(api: Api) -> None:
    problem = api.get(SECRETARY, f"/figures/on_time/tickets?{PERIOD}&reason=withdrawn", 422)
    assert [error["field"] for error in problem["errors"]] == ["reason"]


def test_bounds_are_said_in_either_language_alone(api: Api) -> None:
    (error,) = api.get(SECRETARY, f"/figures/on_time/tickets?{PERIOD}&limit=201", 422)["errors"]
    assert error["detail"] == "要在 1 到 200 之间"
    assert error["detail_en"] == "Must be greater than or equal to 1 and less than or equal to 200."


@pytest.mark.parametrize(("path", "field"), [("luck/tickets", "rate"), ("on_time/tickets", "reason")])
def test_an_unknown_rate_or_reason_is_named(api: Api, path: str, field: str) -> None:
    problem = api.get(SECRETARY, f"/figures/{path}?{PERIOD}&part=left_out&reason=weather", 422)
    assert [error["field"] for error in problem["errors"]] == [field]


def test_the_table_is_the_same_for_a_spreadsheet(api: Api, seen: Any) -> None:
    seen(_closed("good"), _order("withdrawn", by="requester", status=TicketStatus.CANCELLED))
    answer = api.client.get(f"/api/v1/figures/table?{PERIOD}", headers=api.headers(SECRETARY))
    assert answer.content_type == "text/csv; charset=utf-8"
    (closure,) = [line for line in answer.text.splitlines() if '"结案率 Closure rate"' in line]
    assert (
        closure
        == '"all","结案率 Closure rate","2026-11","1","1","100.00","居民自己取消了 withdrawn by the resident: 1","",""'
    )


def test_at_the_end_of_all_time_there_is_nothing_to_count(api: Api) -> None:
    api.get(SECRETARY, "/figures?from=9999-12-30T00:00:00Z&to=9999-12-31T00:00:00Z")


def test_every_fact_and_reason_of_the_formulas_is_there() -> None:
    (formulas,) = read_formulas()
    asked_of_the_hotlines = {"response", "closure", "on_time", "resolution", "satisfaction", "rework", "return"}
    asked_of_the_grid = {"on_the_spot", "self_handled", "claim", "first_contact"}
    assert set(formulas.rates) == asked_of_the_hotlines | asked_of_the_grid
    assert set(formulas.reasons) == {reason for rate in formulas.figures.values() for reason in rate.left_out}
