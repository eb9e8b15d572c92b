"""Orders about the same thing."""

from dataclasses import replace

from contracts.actor import Role
from tests.builders import an_actor
from tests.services.permissions.people import PLACE, Case
from tests.services.permissions.row import Row
from tests.services.permissions.rows.orders import ONE, TICKETS, placed
from tests.services.permissions.town import Town


def two(town: Town) -> Case:
    """A new order, and another that it may be merged into."""
    return replace(placed(town), body={"into": placed(town).path["ticket_id"]})


def merged(town: Town) -> Case:
    """An order that is merged into another."""
    case = two(town)
    town.do(an_actor(Role.SECRETARY), f"/tickets/{case.path['ticket_id']}/merge", case.body)
    return replace(case, body=None)


WORDS = {"item_id": "tap-and-lamp", "area_id": PLACE, "description": "龙头滴水"}

ROWS = (
    Row(f"POST {TICKETS}/similar", lambda _: Case(body=WORDS), outside=422),
    Row(f"GET {ONE}/similar", placed),
    Row(f"POST {ONE}/merge", two),
    Row(f"POST {ONE}/split", merged),
)
