"""Orders that are taken in by staff."""

from tests.services.permissions.people import PLACE, Case
from tests.services.permissions.row import Row

_DONE = {"item_id": "done-here", "area_id": PLACE, "description": "当场处理好了"}

ROWS = (Row("POST /api/v1/tickets/handled", lambda _: Case(body=_DONE), outside=422),)
