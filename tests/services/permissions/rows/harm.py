"""Suspected harm: reported by whoever was there, or staff; taken up by a small circle."""

from dataclasses import replace
from typing import Any

from contracts.actor import Role
from tests.builders import an_actor
from tests.services.permissions.people import GRID, WORKER, Case
from tests.services.permissions.row import Row, for_all, listed
from tests.services.permissions.rows.orders import taken
from tests.services.permissions.town import Town

ONE = "/api/v1/harm-reports/<report_id>"
OFFICER = an_actor(Role.DUTY, account_id="a-grid-officer")
PROTECTOR = an_actor(Role.PROTECTOR, account_id="a-circle")


def _at_an_order(town: Town) -> Case:
    """At an order whose seat the worker has; it is named in the body, so that no log of addresses names it."""
    case = taken(town)
    return Case(body={"kind": "injury", "ticket_id": case.path["ticket_id"]}, member=WORKER, area=GRID)


def _known_to_all(town: Town, **body: Any) -> Case:
    """One that went up, so that the district's contact knows it too."""
    case = _at_an_order(town)
    before = {one["id"] for one in town.get(PROTECTOR, "/harm-reports")["items"]}
    town.do(OFFICER, "/harm-reports", case.body)
    town.elapse(minutes=16)
    [report] = [one["id"] for one in town.get(PROTECTOR, "/harm-reports")["items"] if one["id"] not in before]
    return Case(path={"report_id": report}, body=body, found=report)


def _taken_up(town: Town, **body: Any) -> Case:
    case = _known_to_all(town, **body)
    town.do(PROTECTOR, f"/harm-reports/{case.path['report_id']}/acknowledge")
    return case


def _told(town: Town) -> Case:
    case = _taken_up(town)
    town.do(PROTECTOR, f"/harm-reports/{case.path['report_id']}/told", {"whom": "police"})
    return replace(case, body={"result": "helped"})


ROWS = (
    for_all("GET /api/v1/harm-reports/form", lambda _: Case()),
    Row("POST /api/v1/harm-reports", _at_an_order),
    listed("GET /api/v1/harm-reports", _known_to_all),
    Row(f"POST {ONE}/reveals", lambda town: _known_to_all(town, reason="要去看")),
    Row(f"POST {ONE}/reporter", lambda town: _known_to_all(town, reason="要问清楚")),
    Row(f"POST {ONE}/acknowledge", _known_to_all),
    Row(f"POST {ONE}/told", lambda town: _taken_up(town, whom="police", number="0042")),
    Row(f"POST {ONE}/explain", lambda town: _taken_up(town, words="是误会")),
    Row(f"POST {ONE}/close", _told),
)
