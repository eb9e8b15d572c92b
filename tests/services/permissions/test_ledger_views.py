"""Who sees what of the ledger of an order, over HTTP: whoever ordered, the crew, staff, and whose own case it is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chassis.settings import Settings
from contracts.actor import Actor, Grant, Role
from contracts.schemas.fields import time_text
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import WORKER, json_of
from tests.services.permissions.rows.ledger import OFFICER
from tests.services.permissions.rows.orders import ORDER, taken
from tests.services.permissions.town import Town, a_town

pytestmark = pytest.mark.xdist_group("ledger")
API = "/api/v1"
DESK = an_actor(Role.DISPATCHER, account_id="a-desk")
LEAD = a_member_actor(WORKER)


@pytest.fixture(scope="module")
def town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(house_settings, tmp_path_factory.mktemp("ledger"), "ledger_") as town:
        yield town


def _hold(town: Town, who: Actor, ticket: str, **more: Any) -> str:
    until = time_text(town.resources["tickets"].clock.now() + timedelta(days=3))
    body = {"kind": "hold", "reason_code": "parts_missing", "until": until, "note": "等厂家寄阀芯", **more}
    return str(town.do(who, f"/tickets/{ticket}/ledger", body)["ledger"][-1]["id"])


def _decide(town: Town, ticket: str, request: str, approved: bool) -> Any:
    return town.do(DESK, f"/tickets/{ticket}/ledger/{request}/decision", {"approved": approved})


def _rows(town: Town, who: Actor, ticket: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json_of(town.ask("GET", f"{API}/tickets/{ticket}/ledger", who))["items"]
    return rows


@pytest.fixture(scope="module")
def order(town: Town) -> tuple[str, Actor]:
    """The lead's request was refused, the officer's was granted, a void waits for its answer; and who ordered."""
    case = taken(town)
    ticket = case.path["ticket_id"]
    _decide(town, ticket, _hold(town, LEAD, ticket), False)
    _decide(town, ticket, _hold(town, OFFICER, ticket), True)
    town.do(OFFICER, f"/tickets/{ticket}/ledger", {"kind": "void", "reason_code": "entered_twice"})
    return ticket, an_actor(Role.RESIDENT, account_id=case.requester)


def test_staff_see_every_line_with_who_asked_and_who_decided(town: Town, order: tuple[str, Actor]) -> None:
    rows = _rows(town, OFFICER, order[0])
    assert [(row["kind"], row["state"]) for row in rows] == [
        ("hold", "refused"),
        ("hold", "approved"),
        ("void", "asked"),
    ]
    assert [row["asked_by"] for row in rows] == [LEAD.account_id, OFFICER.account_id, OFFICER.account_id]
    assert rows[1]["decided_by"] == DESK.account_id


def test_who_ordered_sees_what_was_granted_and_nobodys_account(town: Town, order: tuple[str, Actor]) -> None:
    ticket, requester = order
    (row,) = _rows(town, requester, ticket)
    assert (row["kind"], row["state"], row["asked_by"], row["decided_by"]) == ("hold", "approved", None, None)
    shown = json_of(town.ask("GET", f"{API}/tickets/{ticket}", requester))
    assert shown["ledger"] == [row]
    assert shown["held"][0]["ended_at"] is None
    timeline = json_of(town.ask("GET", f"{API}/tickets/{ticket}/timeline", requester))["items"]
    types = {entry["type"].removeprefix("shiliu.ticket.") for entry in timeline}
    assert "held.v1" in types
    assert not {name for name in types if name.startswith("request_")}


def test_the_crew_see_what_they_asked_for_too(town: Town, order: tuple[str, Actor]) -> None:
    assert [row["state"] for row in _rows(town, LEAD, order[0])] == ["refused", "approved"]


def test_nothing_typed_is_in_a_view_and_staff_read_it_by_a_reveal(town: Town, order: tuple[str, Actor]) -> None:
    ticket, _ = order
    assert "阀芯" not in town.ask("GET", f"{API}/tickets/{ticket}", OFFICER).text
    told = town.do(OFFICER, f"/tickets/{ticket}/reveals", {"reason": "核对"})
    assert [note["text"] for note in told["notes"]] == ["等厂家寄阀芯"] * 2


def test_the_list_over_all_orders_is_narrowed_by_state_and_kind(town: Town, order: tuple[str, Actor]) -> None:
    def found(query: str) -> list[str]:
        answer = json_of(town.ask("GET", f"{API}/ledger{query}", DESK))
        return [row["kind"] for entry in answer["items"] if entry["ticket_id"] == order[0] for row in entry["items"]]

    assert found("") == ["hold", "hold", "void"]
    assert found("?state=asked") == ["void"]
    assert found("?kind=hold&state=refused") == ["hold"]
    assert found("?kind=return") == []
    assert town.ask("GET", f"{API}/ledger?state=open", DESK).status_code == 422


def test_messages_reach_who_decides_who_asked_and_who_waits(town: Town, order: tuple[str, Actor]) -> None:
    ticket, requester = order

    def inbox(who: Actor) -> list[str]:
        items = json_of(town.ask("GET", f"{API}/inbox", who))["items"]
        return [item["title"] for item in items if item["ticket_id"] == ticket]

    assert inbox(DESK).count("有一条申请等您批") == 3
    assert "申请批了" in inbox(OFFICER)
    assert "申请没有批" in inbox(LEAD)
    assert "先等一等" in inbox(requester)
    assert "这一单先等一等" in inbox(LEAD)


def test_whose_own_case_it_is_asks_decides_and_sees_nothing(town: Town) -> None:
    reporter = an_actor(Role.RESIDENT, account_id="a-reporter")
    about = {**ORDER, "item_id": "complaint", "subject_kind": "member", "subject_id": WORKER}
    ticket = str(town.do(reporter, "/tickets", about)["id"])
    request = _hold(town, OFFICER, ticket)
    subject = an_actor(Role.DISPATCHER, account_id=f"m-{WORKER}", member_id=WORKER, grants=(Grant(Role.DISPATCHER),))
    for method, path, body in (
        ("GET", f"/tickets/{ticket}/ledger", None),
        ("POST", f"/tickets/{ticket}/ledger", {"kind": "void", "reason_code": "malicious"}),
        ("POST", f"/tickets/{ticket}/ledger/{request}/decision", {"approved": True}),
        ("POST", f"/tickets/{ticket}/resume", {}),
    ):
        assert town.ask(method, API + path, subject, body).status_code == 404, path
    listed = json_of(town.ask("GET", f"{API}/ledger", subject))["items"]
    assert ticket not in [entry["ticket_id"] for entry in listed]
    assert ticket in [entry["ticket_id"] for entry in json_of(town.ask("GET", f"{API}/ledger", DESK))["items"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "hold", "reason_code": "parts_missing"}, "until"),
        ({"kind": "extension", "reason_code": "weather", "until": "2020-01-01T00:00:00.000Z"}, "until"),
        ({"kind": "hold", "reason_code": "要等配件", "until": "2027-01-01T00:00:00.000Z"}, "reason_code"),
        ({"kind": "reassign", "reason_code": "weather"}, "member_id"),
        ({"kind": "reassign", "reason_code": "weather", "team_id": "no-such-team"}, "team_id"),
        ({"kind": "nap", "reason_code": "weather"}, "kind"),
    ],
)
def test_bad_input_is_422_and_names_the_field(
    town: Town, order: tuple[str, Actor], body: dict[str, Any], field: str
) -> None:
    response = town.ask("POST", f"{API}/tickets/{order[0]}/ledger", OFFICER, body)
    problem = json_of(response)
    assert response.status_code == 422
    assert field in [one["field"] for one in problem["errors"]]
