"""Who has read what is private: reading a member's, who declined, and what was read of oneself."""

from dataclasses import replace

from contracts.actor import Role
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import DISPATCHER, PLACE, WORKER, Case
from tests.services.permissions.row import Row, listed
from tests.services.permissions.rows.orders import ORDER, REASON, offered
from tests.services.permissions.town import Town


def _seen(town: Town) -> Case:
    """An order of whoever asks, which staff have read."""
    mine = an_actor(Role.RESIDENT, account_id=f"a-s{town.number()}")
    ticket = town.do(mine, "/tickets", {**ORDER, "area_id": PLACE})["id"]
    town.do(DISPATCHER, f"/tickets/{ticket}/reveals", REASON)
    return Case(account=mine.account_id, found=ticket)


def _worker(_: Town) -> Case:
    return Case(path={"member_id": WORKER}, body=REASON)


def _declined(town: Town) -> Case:
    case = offered(town)
    town.do(a_member_actor(WORKER), f"/offers/{case.path['offer_id']}/decline")
    return replace(case, path={"demand_id": case.path["ticket_id"]}, body=REASON)


ROWS = (
    listed("GET /api/v1/me/reveals", _seen, field="ticket_id"),
    Row("POST /api/v1/members/<member_id>/reveals", _worker),
    Row("POST /api/v1/demands/<demand_id>/reveals", _declined),
)
