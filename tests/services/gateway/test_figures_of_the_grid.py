"""The rates of the grid and the ladder: returns, solved on the spot, unasked, wishes, first contacts, person-times."""

import io
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from contracts.envelope import Envelope
from contracts.events.intake import TicketHandled
from contracts.events.masters import MemberPublished
from contracts.events.ticket_snapshot import TicketTimes
from contracts.events.tickets import TicketCompleted
from contracts.ladder import Rung, Whistle, WhistleStatus
from contracts.ledger import LedgerRow, RequestKind, RequestState
from contracts.words import Answer, ClosedBy, Employment, ResultCode, Text, TicketStatus, Urgency
from tests.builders import MEMBER_ID, NOON, a_member_snapshot, an_envelope, some_deadlines
from tests.services.gateway.api import Api
from tests.services.gateway.counting import HOUR, PERIOD, SECRETARY, figures, last_word, left_out, rate_of

DONE = TicketTimes(
    placed_at=NOON, accepted_at=NOON, assigned_at=NOON + HOUR, responded_at=NOON + HOUR, completed_at=NOON + 2 * HOUR
)
OPEN = TicketTimes(placed_at=NOON, accepted_at=NOON)


def _order(id: str, *, heads: int | None = None, **changes: Any) -> Envelope:
    """The last word on an order that was closed and solved; *heads*: how many were served."""
    done = TicketCompleted(result=ResultCode.SOLVED, by_member=None, headcount=heads)
    closed = {"status": TicketStatus.CLOSED, "closed_by": ClosedBy.REQUESTER, "resolved": True, "times": DONE}
    values = {"deadlines": some_deadlines(), **closed, **changes}
    return last_word(id, done if values["times"].completed_at else None, **values)


def _row(kind: RequestKind, state: RequestState) -> LedgerRow:
    return LedgerRow(
        id=f"{kind}-{state}",
        kind=kind,
        reason_code="other",
        asked_by="a-officer",
        asked_as=Rung.DUTY,
        asked_at=NOON,
        state=state,
    )


def _whistle(team: str, contacted: float | None, *, limit: float = 1, returned: bool = False) -> Whistle:
    """A department whistled at noon; hours until it spoke to the resident, and until it had to."""
    return Whistle(
        team=team,
        name=Text("燃气公司", "The gas company"),
        count=1,
        leads=(),
        by=None,
        status=WhistleStatus.RETURNED if returned else WhistleStatus.WHISTLED,
        whistled_at=NOON,
        sign_in_by=NOON + HOUR,
        contact_by=NOON + limit * HOUR,
        report_by=NOON + 24 * HOUR,
        contacted_at=None if contacted is None else NOON + contacted * HOUR,
    )


def _share(group: Any, name: str) -> tuple[int, int]:
    rate = rate_of(group, name)
    return rate["counted"], rate["of"]


def _behind(api: Api, figure: str, more: str = "") -> list[str]:
    found = api.get(SECRETARY, f"/figures/{figure}/tickets?{PERIOD}{more}")["items"]
    return sorted(item["id"] for item in found)


def test_what_was_given_back_and_what_was_solved_without_going_up(api: Api, seen: Any) -> None:
    seen(
        _order("at-once"),
        _order("given-back", returns=2),
        _order("by-the-chief", rung=Rung.BLOCK_CHIEF),
        _order("by-duty", rung=Rung.DUTY),
        _order("not-solved", resolved=False, rung=Rung.CREW),
        _order("waits", status=TicketStatus.SUBMITTED, times=TicketTimes(placed_at=NOON), resolved=None),
    )
    group = figures(api)["all"]
    assert _share(group, "return") == (1, 5)
    assert _share(group, "on_the_spot") == (3, 4)
    assert {key: group["placed"] for key, group in figures(api, more="&by=rung").items()} == {
        "block_chief": 1,
        "crew": 4,
        "duty": 1,
    }


def test_what_duty_staff_did_unasked_is_counted_apart(api: Api, seen: Any) -> None:
    spot = last_word(
        "seen-and-done",
        TicketHandled(result=ResultCode.SOLVED, headcount=4),
        deadlines=some_deadlines(),
        status=TicketStatus.CLOSED,
        closed_by=ClosedBy.SAMPLE,
        handled_at_birth=True,
        times=DONE,
    )
    taken_up = _order("taken-up", handled_at_birth=True, status=TicketStatus.ACCEPTED, times=OPEN)
    seen(_order("asked"), spot, taken_up)
    group = figures(api)["all"]
    assert _share(group, "self_handled") == (1, 2)
    for rate in ("response", "closure", "on_time", "resolution"):
        assert _share(group, rate)[0] == 1
    assert left_out(group, "closure")["handled_unasked"] == 1
    assert group["served"] == 5


def test_wishes_taken_of_wishes_accepted(api: Api, seen: Any) -> None:
    wish = {"urgency": Urgency.WISH}
    seen(
        _order("taken", **wish),
        _order("nobody-yet", **wish, status=TicketStatus.ACCEPTED, times=OPEN, resolved=None),
        _order("in-review", **wish, status=TicketStatus.SUBMITTED, times=TicketTimes(placed_at=NOON), resolved=None),
        _order("no-wish"),
    )
    assert _share(figures(api)["all"], "claim") == (1, 2)


def test_every_department_that_was_called_has_to_have_called_in_time(api: Api, seen: Any) -> None:
    seen(
        _order("both", whistles=(_whistle("gas", 0.5), _whistle("power", 1))),
        _order("one-late", whistles=(_whistle("gas", 0.5), _whistle("power", 2))),
        _order("one-silent", whistles=(_whistle("gas", None),)),
        _order("one-not-theirs", whistles=(_whistle("gas", 0.5), _whistle("power", None, returned=True))),
        _order("none"),
        _order("not-due", whistles=(_whistle("gas", None, limit=24 * 365),)),
    )
    group = figures(api)["all"]
    assert _share(group, "first_contact") == (2, 4)
    assert left_out(group, "first_contact") == {"contact_not_due": 1}


def test_void_orders_and_parts_of_others_are_left_out_and_the_ledger_is_shown_beside(api: Api, seen: Any) -> None:
    asked = RequestKind.HOLD, RequestState.ASKED
    seen(
        _order("whole", ledger=(_row(*asked), _row(RequestKind.HOLD, RequestState.APPROVED))),
        _order("part", part_of="whole"),
        _order(
            "void",
            status=TicketStatus.CANCELLED,
            resolved=False,
            times=OPEN,
            ledger=(_row(RequestKind.VOID, RequestState.APPROVED),),
        ),
        _order("not-void", ledger=(_row(RequestKind.VOID, RequestState.REFUSED),)),
        _order(
            "upstream-s",
            status=TicketStatus.CANCELLED,
            resolved=False,
            times=OPEN,
            ledger=(_row(RequestKind.RETURN_UPSTREAM, RequestState.APPROVED),),
        ),
    )
    group = figures(api)["all"]
    assert _share(group, "closure") == (2, 2)
    assert left_out(group, "closure") == {"void": 1, "part_of_another": 1, "not_ours": 1}
    none = {"asked": 0, "approved": 0, "refused": 0, "lapsed": 0}
    assert group["ledger"] == [
        {"kind": "hold", **none, "asked": 1, "approved": 1},
        {"kind": "void", **none, "approved": 1, "refused": 1},
        {"kind": "return_upstream", **none, "approved": 1},
    ]


def test_person_times_are_the_heads_that_were_said_else_one(api: Api, seen: Any) -> None:
    seen(
        _order("a-class", heads=30),
        _order("a-home"),
        _order("its-part", part_of="a-class"),
        _order("not-done", status=TicketStatus.ACCEPTED, times=OPEN),
    )
    assert figures(api)["all"]["served"] == 31


def test_no_figure_counts_what_is_void_though_it_was_done_once(api: Api, seen: Any) -> None:
    """Done, sent back, and then found to be entered twice."""
    ledger = (_row(RequestKind.VOID, RequestState.APPROVED),)
    seen(
        _order(
            "void", status=TicketStatus.CANCELLED, resolved=False, rework_count=1, handled_at_birth=True, ledger=ledger
        )
    )
    group = figures(api)["all"]
    assert {rate["rate"]: rate["of"] for rate in group["rates"] if rate["of"]} == {}
    nothing = {"count": 0, "median_hours": None, "p90_hours": None}
    assert (group["served"], group["to_answer"], group["to_solve"]) == (0, nothing, nothing)
    assert _behind(api, "served") == []
    assert _behind(api, "served", "&part=left_out") == ["void"]


def test_what_was_done_before_it_was_entered_makes_no_time_shorter_and_no_rate_better(api: Api, seen: Any) -> None:
    at_once = TicketTimes(placed_at=NOON, responded_at=NOON, completed_at=NOON)
    spots = [
        last_word(
            f"spot-{n}",
            TicketHandled(result=ResultCode.SOLVED, headcount=None),
            deadlines=some_deadlines(),
            status=TicketStatus.CLOSED,
            closed_by=ClosedBy.REQUESTER,
            answer=Answer.SATISFIED,
            resolved=True,
            handled_at_birth=True,
            times=at_once,
        )
        for n in range(3)
    ]
    seen(_order("asked", rung=Rung.BLOCK_CHIEF, answer=Answer.UNSATISFIED, rework_count=1), *spots)
    group = figures(api)["all"]
    assert group["to_answer"] == {"count": 1, "median_hours": 1.0, "p90_hours": 1.0}
    assert group["to_solve"] == {"count": 1, "median_hours": 2.0, "p90_hours": 2.0}
    assert {name: _share(group, name) for name in ("satisfaction", "rework", "on_the_spot")} == {
        "satisfaction": (0, 1),
        "rework": (1, 1),
        "on_the_spot": (0, 1),
    }
    assert group["served"] == 4
    assert _behind(api, "to_solve") == ["asked"]
    assert _behind(api, "to_solve", "&part=left_out&reason=handled_unasked") == ["spot-0", "spot-1", "spot-2"]
    assert _behind(api, "to_solve", "&part=missed") == []


def test_what_was_taken_up_after_all_was_answered_by_nobody_at_zero_hours_and_solved_when_it_was(
    api: Api, seen: Any
) -> None:
    done = TicketTimes(placed_at=NOON, responded_at=NOON, completed_at=NOON + 30 * HOUR)
    began = replace(last_word("taken-up", handled_at_birth=True), id="e-began", aggregateversion=1)
    ended = replace(_order("taken-up", handled_at_birth=True, rework_count=1, times=done), aggregateversion=2)
    seen(_order("asked"), began, ended)
    group = figures(api)["all"]
    assert group["to_answer"] == {"count": 1, "median_hours": 1.0, "p90_hours": 1.0}
    assert group["to_solve"]["count"] == 2
    assert _behind(api, "to_answer", "&part=left_out&reason=handled_at_birth") == ["taken-up"]


def test_silence_is_no_word_that_it_was_solved_on_the_spot(api: Api, seen: Any) -> None:
    seen(_order("said"), _order("silent", closed_by=ClosedBy.SILENCE))
    group = figures(api)["all"]
    assert _share(group, "on_the_spot") == (1, 1)
    assert left_out(group, "on_the_spot") == {"confirmed_by_silence": 1}


def test_the_table_holds_the_person_times_and_the_hours(api: Api, seen: Any) -> None:
    seen(_order("a-class", heads=30), _order("its-part", part_of="a-class"))
    answer = api.client.get(f"/api/v1/figures/table?{PERIOD}&format=xlsx", headers=api.headers(SECRETARY))
    rows = {row[1]: row for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)}
    of_parts = "是另一张单的分办部分 a part of another order, which is counted: 1"
    assert rows["服务人次 Person-times served"][3:] == (30, 1, None, of_parts, None, None)
    assert rows["办结用时 Time to solve"][3:] == (1, 1, None, of_parts, 2, 2)
    assert rows["点单量 Orders placed"][3:] == (2, 2, None, None, None, None)


def test_the_kind_of_a_team_is_that_of_who_leads_it(api: Api, seen: Any) -> None:
    lead = a_member_snapshot(employment=Employment.PROPERTY)
    seen(an_envelope(MemberPublished(), lead), _order("theirs", lead=MEMBER_ID), _order("nobody-s", lead=None))
    groups = figures(api, more="&by=team_kind")
    assert {key: _share(group, "closure") for key, group in groups.items()} == {"none": (1, 1), "property": (1, 1)}
    assert groups["property"]["to_solve"] == {"count": 1, "median_hours": 2.0, "p90_hours": 2.0}


@pytest.mark.parametrize("area", ["", "&area=nowhere"])
def test_the_workbook_says_what_the_table_says(api: Api, seen: Any, area: str) -> None:
    seen(_order("one"))
    answer = api.client.get(f"/api/v1/figures/table?{PERIOD}{area}&format=xlsx", headers=api.headers(SECRETARY))
    assert answer.content_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert rows[0][:4] == ("分组 group", "比率 rate", "公式版本 version", "分子 counted")
    closure = [row for row in rows if row[1] == "结案率 Closure rate"]
    assert closure == ([] if area else [("all", "结案率 Closure rate", "2026-11", 1, 1, "100.00", None, None, None)])
