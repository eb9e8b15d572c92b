"""Suggestions, and staff who step into a search."""

from dataclasses import replace

from tests.builders import a_member_actor
from tests.services.permissions.people import DISPATCHER, WORKER, Case
from tests.services.permissions.row import Row
from tests.services.permissions.rows.orders import REASON, placed, taken
from tests.services.permissions.town import Town

DEMAND = "/api/v1/demands/<demand_id>"


def _suggested(town: Town) -> Case:
    """An order of which a suggestion waits for staff."""
    case = placed(town, "suggested")
    return replace(case, path={"demand_id": case.path["ticket_id"]})


def _searched(town: Town) -> Case:
    """An order that nobody was asked for yet; who would be put before staff is known."""
    case = _suggested(town)
    return replace(case, body={"member_id": WORKER, "reason": "nobody_came"})


def _for_a_team(town: Town) -> Case:
    """The same, and a team whose one member could take the order."""
    return replace(_searched(town), body={"team_id": "t1", "reason": "nobody_came"})


def _for_duty(town: Town) -> Case:
    """The same, and somebody of the grid's duty staff to be assigned."""
    return replace(_searched(town), body={"member_id": "d1", "reason": "nobody_came"})


def _thawed(town: Town) -> Case:
    return replace(_suggested(town), body={"reason": "waits"})


def _frozen(town: Town) -> Case:
    case = _thawed(town)
    town.do(DISPATCHER, f"/demands/{case.path['demand_id']}/freeze", {"reason": "waits"})
    return replace(case, body={"reason": "ready"})


def _taken(town: Town) -> Case:
    return replace(taken(town), body={"reason": "not_reached"})


def _named(town: Town) -> Case:
    """An officer has the seat, cannot come and named a colleague."""
    case = _for_duty(town)
    town.do(DISPATCHER, f"/demands/{case.path['demand_id']}/assign", case.body)
    seat = f"{case.path['demand_id']}.s1.1"
    town.do(a_member_actor("d1"), f"/assignments/{seat}/substitute", {"member_id": "d2"})
    return replace(case, path={**case.path, "assignment_id": seat}, body={"substitute_id": "d2", "reason": "nearby"})


def _noted(town: Town) -> Case:
    """A search that was frozen with words beside the reason."""
    case = _thawed(town)
    town.do(DISPATCHER, f"/demands/{case.path['demand_id']}/freeze", {"reason": "waits", "note": "等配件"})
    return replace(case, body=REASON)


ROWS = (
    Row("GET /api/v1/figures/suggestions", _suggested, outside=200),
    Row(f"GET {DEMAND}/suggestion", _suggested),
    Row(f"GET {DEMAND}/search", _suggested),
    Row(f"GET {DEMAND}/hands", _frozen),
    Row(f"POST {DEMAND}/hands/reveals", _noted),
    Row(f"POST {DEMAND}/suggestion/send", _suggested),
    Row(f"POST {DEMAND}/assign", _for_duty),
    Row(f"POST {DEMAND}/invite", _searched),
    Row(f"POST {DEMAND}/invite-team", _for_a_team),
    Row(f"POST {DEMAND}/pin", _searched),
    Row(f"POST {DEMAND}/freeze", _thawed),
    Row(f"POST {DEMAND}/unfreeze", _frozen),
    Row(f"GET {DEMAND}/substitutes", _named),
    Row("POST /api/v1/assignments/<assignment_id>/substitute/confirm", _named),
    Row("POST /api/v1/assignments/<assignment_id>/take-back", _taken),
)
