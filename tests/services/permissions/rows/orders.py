"""Orders, from placing to their end, and what is on record of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contracts.actor import Role
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import DISPATCHER, PLACE, WORKER, Case
from tests.services.permissions.row import Row, listed
from tests.services.permissions.town import Town

TICKETS = "/api/v1/tickets"
ONE = f"{TICKETS}/<ticket_id>"
ORDER = {"item_id": "tap-and-lamp", "area_id": PLACE, "description": "龙头滴水"}
SOLVED = {"result": "solved"}
REASON = {"reason": "回访前核对"}


def placed(town: Town, item: str = "tap-and-lamp") -> Case:
    """A new order; the worker has an offer of it, where its item is one that is offered."""
    requester = an_actor(Role.RESIDENT, account_id=f"a-r{town.number()}")
    ticket = town.do(requester, "/tickets", {**ORDER, "item_id": item})["id"]
    return Case(path={"ticket_id": ticket}, requester=requester.account_id, found=ticket)


def submitted(town: Town) -> Case:
    """An order that waits for review."""
    return placed(town, "asked-first")


def offered(town: Town) -> Case:
    """An order of which the worker has an open offer."""
    case = placed(town)
    asked = {"offer.demand_id": case.path["ticket_id"], "offer.status": "open"}
    offer = town.resources["gateway"].db["offers"].find_one(asked)
    assert offer is not None, case
    return replace(case, path={**case.path, "offer_id": str(offer["_id"])})


def taken(town: Town) -> Case:
    """An order whose seat the worker has."""
    case = offered(town)
    offer = town.do(a_member_actor(WORKER), f"/offers/{case.path['offer_id']}/accept")
    return replace(case, path={**case.path, "assignment_id": offer["assignment_id"]})


def climbed(town: Town) -> Case:
    """The same, come up to the chiefs of its block."""
    case = taken(town)
    up = {"reason": "beyond_us", "to": "block_chief"}
    town.do(DISPATCHER, f"/tickets/{case.path['ticket_id']}/escalate", up)
    return case


def complained(town: Town) -> Case:
    """A complaint about nobody of ours, which waits for a dispatcher."""
    requester = an_actor(Role.RESIDENT, account_id=f"a-r{town.number()}")
    body = {**ORDER, "item_id": "complaint", "subject_kind": "other"}
    ticket = town.do(requester, "/tickets", body)["id"]
    return Case(path={"ticket_id": ticket}, requester=requester.account_id, found=ticket)


def completed(town: Town) -> Case:
    """An order that the worker has done."""
    case = taken(town)
    town.do(a_member_actor(WORKER), f"/tickets/{case.path['ticket_id']}/complete", SOLVED)
    return case


def sent(make: Callable[[Town], Case], body: Any) -> Callable[[Town], Case]:
    """The same thing, asked with a body."""
    return lambda town: replace(make(town), body=body)


def _reject() -> dict[str, str]:
    return {"reason_code": "not_ours", "go_to": "property"}


ROWS = (
    Row(f"POST {TICKETS}", lambda _: Case(body=ORDER), outside=422),
    listed(f"GET {TICKETS}", taken),
    Row(f"GET {ONE}", taken),
    Row(f"POST {ONE}/accept", submitted),
    Row(f"POST {ONE}/reject", sent(submitted, _reject())),
    Row(f"POST {ONE}/complete", sent(climbed, SOLVED)),
    Row(f"POST {ONE}/confirm", sent(completed, {"answer": "satisfied", "solved": True})),
    Row(f"POST {ONE}/rework", completed),
    Row(f"POST {ONE}/redispatch", taken),
    Row(f"POST {ONE}/cancel", sent(placed, _reject())),
    Row(f"GET {ONE}/timeline", taken),
    Row(f"POST {ONE}/reveals", sent(climbed, REASON)),
    Row(f"GET {ONE}/reveals", taken),
    Row(f"POST {ONE}/reporter", sent(complained, REASON)),
    Row(f"GET {ONE}/deliveries", taken),
)
