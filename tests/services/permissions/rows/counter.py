"""The counter: an order that a member of staff has taken in, and everything that its owner does with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contracts.actor import Role
from tests.builders import an_actor
from tests.services.permissions.people import PLACE, Case
from tests.services.permissions.row import Row, listed
from tests.services.permissions.rows.pictures import a_jpeg
from tests.services.permissions.town import Town

COUNTER = "/api/v1/counter/tickets"
ONE = "/api/v1/tickets/<ticket_id>"
CLERK = an_actor(Role.DUTY, account_id="a-duty")
"""The duty officer of the walk; the other staff may because they dispatch."""
VISIT = {"item_id": "counter", "area_id": PLACE, "description": "来办低保", "businesses": ["B01"]}
LATER = "2026-12-01T02:00:00.000Z"
SIGNED = {"result": "solved", "answer": "satisfied", "solved": True, "signed": "tap"}


def taken_in(town: Town) -> Case:
    """An order whose owner is the clerk."""
    requester = an_actor(Role.RESIDENT, account_id=f"a-r{town.number()}")
    town.account(requester)
    ticket = town.do(CLERK, "/counter/tickets", {**VISIT, "requester_id": requester.account_id})["id"]
    return Case(path={"ticket_id": ticket}, requester=requester.account_id, found=ticket)


def _ordered(town: Town) -> Case:
    """The same, ordered by the resident: nobody has it yet."""
    requester = an_actor(Role.RESIDENT, account_id=f"a-r{town.number()}")
    order = {name: VISIT[name] for name in ("item_id", "area_id", "description")}
    ticket = town.do(requester, "/tickets", order)["id"]
    return Case(path={"ticket_id": ticket}, requester=requester.account_id, found=ticket)


def _seen(town: Town) -> Case:
    """All its papers are there."""
    case = taken_in(town)
    town.do(CLERK, f"/tickets/{case.path['ticket_id']}/papers", {"seen": ["id-card"]})
    return case


def _with_mandate(town: Town) -> Case:
    """The mandate slip was photographed."""
    case = taken_in(town)
    path = f"/api/v1/tickets/{case.path['ticket_id']}/pictures?kind=mandate"
    response = town.ask("POST", path, CLERK, a_jpeg())
    assert response.status_code == 201, response.text
    return replace(case, body={"name": "古丽的女儿", "picture_id": response.json["id"]})


def _sent(make: Callable[[Town], Case], body: Any) -> Callable[[Town], Case]:
    return lambda town: replace(make(town), body=body)


def _to_be_handed_over(town: Town) -> Case:
    colleague = town.account(an_actor(Role.DUTY, account_id="a-colleague"))
    return replace(taken_in(town), body={"to_account": colleague.account_id, "reason_code": "end_of_shift"})


ROWS = (
    Row(f"POST {COUNTER}", lambda _: Case(body=VISIT), outside=422),
    listed(f"GET {COUNTER}", taken_in),
    Row(f"POST {ONE}/take-in", _ordered),
    Row(f"POST {ONE}/hand-over", _to_be_handed_over),
    Row(f"POST {ONE}/appointment", _sent(taken_in, {"at": LATER})),
    Row(f"POST {ONE}/papers", _sent(taken_in, {"seen": ["id-card"]})),
    Row(f"POST {ONE}/mandate", _with_mandate),
    Row(f"POST {ONE}/parts", _sent(taken_in, {"item_id": "tap-and-lamp", "description": "顺便修一下龙头"})),
    Row(f"POST {ONE}/close-at-counter", _sent(_seen, SIGNED)),
)
