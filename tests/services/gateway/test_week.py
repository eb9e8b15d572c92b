"""The week of somebody served: who came, when, how it went, who comes next; cut to what the reader may see."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.actor import Grant, Role
from contracts.counter import Appointment, CounterVisit, ServedAt
from contracts.events.ticket_snapshot import TicketDelegate, TicketTimes
from contracts.events.tickets import TicketAccepted, TicketCompleted
from contracts.recusal import Recusal
from contracts.words import Answer, Nature, Permit, ResultCode, TicketStatus
from gateway.api.weeks import WEEK
from tests.builders import MEMBER_ID, NOON, a_ticket_holder, a_ticket_snapshot, an_actor, an_envelope, some_terms
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api

MOTHER, DAUGHTER = "p1", an_actor(Role.RESIDENT, account_id="a-daughter")
OFFICER = an_actor(Role.DUTY, account_id="a-duty", grants=(Grant(Role.DUTY, "sll-g1"),))
SEES = (TicketDelegate("a-daughter", (Permit.SEE, Permit.BE_TOLD)),)
PERSON = {
    "person_id": MOTHER,
    "account_id": None,
    "area_path": ["slc", "slc-hs", "sll", "sll-g1"],
    "minor": False,
    "deceased": False,
    "languages": [],
    "delegations": [],
}
"""NOON is a Saturday: the week is from the 16th to the 22nd."""


def delegation(account: str = "a-daughter", stands: bool = True, may: tuple[str, ...] = ("see",)) -> dict[str, Any]:
    return {"account_id": account, "stands": stands, "may": list(may)}


@pytest.fixture(autouse=True)
def owners(rpc: FakeRpc) -> None:
    rpc.will("tickets.read_person", {**PERSON, "delegations": [delegation()]})
    desk = {"name": {"zh": "石榴里社区", "en": "Shiliuli"}, "phone": "000-1234", "time_zone": "Asia/Shanghai"}
    rpc.will("tickets.read_desk", desk)


def done(id: str, at: datetime, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "id": id,
        "number": f"NC-{id}",
        "requester_id": None,
        "beneficiary_id": MOTHER,
        "delegates": SEES,
        "status": TicketStatus.COMPLETED,
        "holders": (a_ticket_holder(),),
        "lead": MEMBER_ID,
        "result": ResultCode.SOLVED,
        "times": TicketTimes(placed_at=NOON - timedelta(days=20), completed_at=at),
    }
    body = TicketCompleted(result=ResultCode.SOLVED, by_member=MEMBER_ID, headcount=None)
    return an_envelope(body, a_ticket_snapshot(**{**values, **changes}), 2)


def coming(id: str, **changes: Any) -> Any:
    values: dict[str, Any] = {"id": id, "number": f"NC-{id}", "requester_id": None, "beneficiary_id": MOTHER}
    return an_envelope(
        TicketAccepted(terms=some_terms()), a_ticket_snapshot(**{**values, "delegates": SEES, **changes}), 1
    )


def week(api: Api, actor: Any = DAUGHTER, query: str = "", status: int = 200) -> Any:
    return api.get(actor, f"/people/{MOTHER}/week{query}", status, WEEK if status == 200 else None)


def test_a_daughter_reads_who_came_when_and_how_it_went(api: Api, seen: Any) -> None:
    seen(done("t1", NOON - timedelta(days=1), answer=Answer.SATISFIED))
    found = week(api)
    assert (found["first"], found["last"], found["time_zone"]) == ("2026-11-16", "2026-11-22", "Asia/Shanghai")
    (visit,) = found["visits"]
    assert (visit["names"], visit["day"], visit["time"], visit["done"]) == (["王师傅"], "2026-11-20", "12:00", True)
    assert (visit["went"]["zh"], visit["said"]["en"], visit["item"]["zh"]) == ("办好了", "satisfied", "水电小修")


@pytest.mark.parametrize(
    ("at", "there"),
    [
        (datetime(2026, 11, 15, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 15, 16, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), False),
    ],
)
def test_a_week_is_the_community_s_from_monday_to_sunday(api: Api, seen: Any, at: datetime, there: bool) -> None:
    seen(done("t1", at))
    assert bool(week(api)["visits"]) is there


def test_another_week_is_named_by_any_of_its_days(api: Api, seen: Any) -> None:
    seen(done("t1", NOON - timedelta(days=7)))
    assert week(api)["visits"] == []
    assert [one["number"] for one in week(api, query="?day=2026-11-14")["visits"]] == ["NC-t1"]
    assert week(api, query="?day=2026-02-30", status=422)["errors"][0]["field"] == "day"
    for day in ("0001-01-01", "9999-12-31"):
        assert week(api, query=f"?day={day}", status=422)["errors"][0]["field"] == "day"


def test_the_evening_before_the_week_is_on_the_card_where_it_is_asked_for(api: Api, seen: Any) -> None:
    sunday_evening = datetime(2026, 11, 15, 11, tzinfo=UTC)
    seen(done("t1", sunday_evening))
    seen(done("t2", sunday_evening - timedelta(hours=2)))
    assert week(api, query="?day=2026-11-16")["visits"] == []
    found = week(api, query="?day=2026-11-16&since=2026-11-15T10:00:00Z")
    assert [(one["number"], one["day"], one["time"]) for one in found["visits"]] == [("NC-t1", "2026-11-15", "19:00")]
    assert (found["first"], found["last"]) == ("2026-11-16", "2026-11-22")
    inside = week(api, query="?day=2026-11-14&since=2026-11-12T00:00:00Z")["visits"]
    assert [one["number"] for one in inside] == ["NC-t2", "NC-t1"], "what is later than Monday takes nothing away"
    for wrong in ("2026-11-08T15:59:59Z", "sunday", "2026-11-15T10:00:00"):
        assert week(api, query=f"?day=2026-11-16&since={wrong}", status=422)["errors"][0]["field"] == "since"


def test_what_comes_next_is_sorted_by_its_time(api: Api, seen: Any) -> None:
    at = NOON + timedelta(days=3)
    visit = CounterVisit(appointment=Appointment(at=at, local="2026-11-24 12:00", where=ServedAt.HOME))
    seen(
        coming("t1"),
        coming("t2", counter=visit, status=TicketStatus.ASSIGNED, holders=(a_ticket_holder(),)),
        coming("t3", status=TicketStatus.SUBMITTED),
    )
    found = week(api)["next"]
    assert [(one["number"], one["day"], one["time"]) for one in found] == [
        ("NC-t2", "2026-11-24", "12:00"),
        ("NC-t1", None, None),
    ]
    assert [(one["names"], one["stands"]["zh"]) for one in found] == [(["王师傅"], "已有人接"), ([], "正在找人")]


def test_a_hidden_order_is_absent_and_uncounted(api: Api, seen: Any) -> None:
    seen(done("t1", NOON, delegates=(), hidden_from=("a-daughter",)), coming("t2", delegates=()))
    found = week(api)
    assert (found["visits"], found["next"]) == ([], [])
    assert "t1" not in str(found)


def test_who_may_order_but_not_see_finds_nobody(api: Api, seen: Any, rpc: FakeRpc) -> None:
    seen(done("t1", NOON))
    for held in (delegation(may=("order",)), delegation(stands=False), delegation(account="a-else")):
        rpc.will("tickets.read_person", {**PERSON, "delegations": [held]})
        week(api, status=404)


def test_staff_there_see_it_without_complaints_and_without_their_own_case(api: Api, seen: Any) -> None:
    seen(
        done("t1", NOON),
        done("t2", NOON, nature=Nature.COMPLAINT),
        done("t3", NOON, recused=Recusal(staff=("a-duty",))),
        done("t4", NOON, area_path=("slc", "slc-hs", "sll", "sll-g2")),
    )
    assert [one["number"] for one in week(api, OFFICER)["visits"]] == ["NC-t1"]
    week(api, an_actor(Role.DUTY, account_id="a-far", grants=(Grant(Role.DUTY, "elsewhere"),)), status=404)


def test_the_person_themselves_see_also_what_they_ordered(api: Api, seen: Any, rpc: FakeRpc) -> None:
    mother = an_actor(Role.RESIDENT, account_id="a-mother")
    rpc.will("tickets.read_person", {**PERSON, "account_id": "a-mother"})
    seen(
        done("t1", NOON, requester_id="a-mother"),
        done("t2", NOON, requester_id="a-mother", beneficiary_id=None),
        done("t3", NOON, requester_id="a-mother", beneficiary_id="p-neighbour"),
    )
    assert {one["number"] for one in week(api, mother)["visits"]} == {"NC-t1", "NC-t2"}


def test_it_prints_names_of_any_direction(api: Api, seen: Any) -> None:
    seen(done("t1", NOON, holders=(a_ticket_holder(display_name="مەدىنە·ئادىل <b>"),)))
    answer = api.client.get(f"/api/v1/people/{MOTHER}/week?format=html", headers=api.headers(DAUGHTER))
    page = answer.data.decode()
    assert "<bdi>مەدىنە·ئادىل &lt;b&gt;</bdi>" in page
    assert "请勿给志愿者钱物" in page
    assert "000-1234" in page
    assert (answer.headers["Cache-Control"], answer.content_type) == ("no-store", "text/html; charset=utf-8")


def test_it_is_found_by_its_index(db: Any, api: Api, seen: Any) -> None:
    for number in range(50):
        seen(coming(f"o{number}", beneficiary_id=f"p-{number}", delegates=()))
    seen(done("t1", NOON))
    wanted = {"community_id": "shiliuli", "ticket.beneficiary_id": {"$eq": MOTHER, "$gt": ""}}
    read = db["tickets"].find(wanted).explain()["executionStats"]
    assert (read["nReturned"], read["totalDocsExamined"]) == (1, 1)
