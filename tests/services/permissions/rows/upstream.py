"""Orders from upstream: its machine's own, and the list of what it was not told."""

from dataclasses import replace

from contracts.actor import Role
from tests.builders import an_actor
from tests.services.permissions.people import GRID, PLACE, Case
from tests.services.permissions.row import Row, listed
from tests.services.permissions.rows.orders import ORDER
from tests.services.permissions.town import Town

SYSTEM = "12345"
MACHINE = "c-hotline"


def _pushed(town: Town) -> Case:
    """An order that the hotline's machine passed on."""
    client = {"name": "hotline", "scopes": [], "secrets": [], "upstream": SYSTEM}
    own = {"grants": [{"role": "client", "area_id": None}], "client": client}
    accounts = town.resources["gateway"].db["accounts"]
    accounts.update_one({"_id": MACHINE}, {"$set": {"community_id": "shiliuli", "own": own}}, upsert=True)
    external = {"system": SYSTEM, "number": f"JB-{town.number()}"}
    order = {**ORDER, "area_id": PLACE, "origin": "upstream", "external": external}
    ticket = town.do(an_actor(Role.CLIENT, account_id=MACHINE), "/tickets", order)["id"]
    return Case(path={"ticket_id": ticket}, requester=MACHINE, area=GRID, found=ticket, body={"solved": True})


def _to_reveal(town: Town) -> Case:
    return replace(_pushed(town), body={"reason": "核对"})


def _untold(town: Town) -> Case:
    """A report that waits: nobody has said where upstream is."""
    case = _pushed(town)
    ticket = case.path["ticket_id"]
    town.do(an_actor(Role.DISPATCHER), f"/tickets/{ticket}/cancel", {"reason_code": "test", "go_to": "property"})
    town.elapse(seconds=0)
    (report,) = town.resources["tickets"].db["upstream_reports"].find({"ticket_id": ticket})
    body = {"reason_code": "phone"}
    return Case(path={"report_id": report["_id"]}, area=GRID, found=report["_id"], body=body)


def _to_retry(town: Town) -> Case:
    case = _untold(town)
    return Case(path=case.path, area=GRID, found=case.found, body={})


ROWS = (
    Row("GET /api/v1/tickets/<ticket_id>/upstream", _pushed),
    Row("POST /api/v1/tickets/<ticket_id>/upstream/reveals", _to_reveal),
    Row("POST /api/v1/tickets/<ticket_id>/upstream-callback", _pushed),
    listed("GET /api/v1/upstream/reports", _untold),
    Row("POST /api/v1/upstream/reports/<report_id>/retry", _to_retry),
    Row("POST /api/v1/upstream/reports/<report_id>/settle", _untold),
)
