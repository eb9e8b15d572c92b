"""Suggestions, and staff who step into a search."""

from dataclasses import replace

from tests.services.permissions.people import Case
from tests.services.permissions.row import Row
from tests.services.permissions.rows.orders import placed
from tests.services.permissions.town import Town

DEMAND = "/api/v1/demands/<demand_id>"


def _suggested(town: Town) -> Case:
    """An order of which a suggestion waits for staff."""
    case = placed(town, "suggested")
    return replace(case, path={"demand_id": case.path["ticket_id"]})


ROWS = (
    Row(f"GET {DEMAND}/suggestion", _suggested),
    Row(f"POST {DEMAND}/suggestion/send", _suggested),
)
