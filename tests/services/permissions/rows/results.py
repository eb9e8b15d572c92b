"""After the work: calls to make, answers to who was not satisfied, news of what was planned."""

from typing import Any

from contracts.actor import Role
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import WORKER, Case
from tests.services.permissions.row import Row, listed
from tests.services.permissions.rows.orders import ONE, complained, completed, sent, taken
from tests.services.permissions.town import Town

COLLEAGUE = an_actor(Role.SECRETARY, account_id="a-colleague")
SOLVED = {"result": "solved"}
CALLED = {"reached": True, "answer": "satisfied", "solved": True}
UNHAPPY = {"answer": "unsatisfied", "solved": False}


def _unasked(town: Town) -> Case:
    """A complaint that is done: somebody independent has to ask, whoever made it."""
    case = complained(town)
    ticket = case.path["ticket_id"]
    town.do(COLLEAGUE, f"/tickets/{ticket}/accept")
    offer = _offer(town, ticket)
    town.do(a_member_actor(offer["offer"]["member_id"]), f"/offers/{offer['_id']}/accept")
    town.do(COLLEAGUE, f"/tickets/{ticket}/complete", SOLVED)
    return case


def _offer(town: Town, ticket: str) -> Any:
    """Which officer is asked depends on what each had to do lately."""
    asked = {"offer.demand_id": ticket, "offer.status": "open"}
    offer = town.resources["gateway"].db["offers"].find_one(asked)
    assert offer is not None, ticket
    return offer


def _unhappy(town: Town) -> Case:
    """An order that was closed by somebody who was not satisfied."""
    case = completed(town)
    who = an_actor(Role.RESIDENT, account_id=case.requester)
    town.do(who, f"/tickets/{case.path['ticket_id']}/confirm", UNHAPPY)
    return case


def _planned(town: Town) -> Case:
    case = taken(town)
    ends = {"result": "planned", "next_answer_by": "2027-02-01"}
    town.do(a_member_actor(WORKER), f"/tickets/{case.path['ticket_id']}/complete", ends)
    return case


ROWS = (
    listed("GET /api/v1/callbacks", _unasked),
    listed("GET /api/v1/reviews", _unhappy),
    Row(f"POST {ONE}/callback", sent(_unasked, CALLED)),
    Row(f"POST {ONE}/explain", sent(_unhappy, {"reason_code": "not_feasible"})),
    Row(f"POST {ONE}/next-answer", sent(_planned, SOLVED)),
)
