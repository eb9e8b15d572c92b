"""The ledger of orders: asking, deciding, going on, looking."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from contracts.actor import Role
from contracts.schemas.fields import time_text
from tests.builders import an_actor
from tests.services.permissions.people import DISPATCHER, Case
from tests.services.permissions.row import Row, ids
from tests.services.permissions.rows.orders import ONE, taken
from tests.services.permissions.town import Town

HOLD = {"kind": "hold", "reason_code": "parts_missing"}
OFFICER = an_actor(Role.DUTY, account_id="a-officer")


def soon(town: Town) -> dict[str, Any]:
    """A hold of a month."""
    until = town.resources["tickets"].clock.now() + timedelta(days=30)
    return {**HOLD, "until": time_text(until)}


def askable(town: Town) -> Case:
    """An order that the worker leads, with a body that asks for a hold."""
    return replace(taken(town), body=soon(town))


def asked(town: Town) -> Case:
    """An order for which an officer asks for a hold; somebody above them grants it."""
    case = taken(town)
    ticket = town.do(OFFICER, f"/tickets/{case.path['ticket_id']}/ledger", soon(town))
    return replace(case, path={**case.path, "request_id": ticket["ledger"][-1]["id"]}, body={"approved": True})


def held(town: Town) -> Case:
    """An order that waits."""
    case = asked(town)
    town.do(DISPATCHER, f"/tickets/{case.path['ticket_id']}/ledger/{case.path['request_id']}/decision", case.body)
    return replace(case, body={})


ROWS = (
    Row("GET /api/v1/ledger", asked, outside=200, lists=ids(field="ticket_id")),
    Row(f"GET {ONE}/ledger", asked),
    Row(f"POST {ONE}/ledger", askable),
    Row(f"POST {ONE}/ledger/<request_id>/decision", asked),
    Row(f"POST {ONE}/resume", held),
)
"""The requests behind these are made by an officer, so that everybody from the desk on may decide them."""
