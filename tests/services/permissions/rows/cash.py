"""Cash slips: handing over, giving back, confirming. Who may confirm a step depends on who said it: that is a 409."""

from dataclasses import replace

from contracts.actor import Role
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import WORKER, Case
from tests.services.permissions.row import Row
from tests.services.permissions.rows.orders import ONE, placed
from tests.services.permissions.town import Town

OFFICER = an_actor(Role.DUTY)
HUNDRED = {"out_fen": 10_000}
NOTHING_BOUGHT = {"spent_fen": 0, "change_fen": 10_000}


def errand(town: Town) -> Case:
    """An errand that the worker has taken."""
    case = placed(town, "errand")
    offer = town.resources["gateway"].db["offers"].find_one({"offer.demand_id": case.path["ticket_id"]})
    assert offer is not None, case
    town.do(a_member_actor(WORKER), f"/offers/{offer['_id']}/accept")
    return replace(case, body=HUNDRED)


def handed(town: Town) -> Case:
    """Money that staff say was handed over: nothing of it can come back before the worker says so, too."""
    case = errand(town)
    town.do(OFFICER, f"/tickets/{case.path['ticket_id']}/cash-slips", HUNDRED)
    return replace(case, path={**case.path, "number": "1"}, body=NOTHING_BOUGHT)


def out(town: Town) -> Case:
    """Money that both sides say is out: nothing waits to be confirmed."""
    case = handed(town)
    town.do(a_member_actor(WORKER), f"/tickets/{case.path['ticket_id']}/cash-slips/1/confirm")
    return replace(case, body={"right": True})


WAITS = frozenset({409})

ROWS = (
    Row(f"POST {ONE}/cash-slips", errand),
    Row(f"POST {ONE}/cash-slips/<number>/return", handed, done=WAITS),
    Row(f"POST {ONE}/cash-slips/<number>/confirm", out, done=WAITS),
)
