"""Orders that are taken in by staff."""

from tests.services.permissions.people import PLACE, Case
from tests.services.permissions.row import Row, for_all

_DONE = {"item_id": "done-here", "area_id": PLACE, "description": "当场处理好了"}

ROWS = (
    Row("POST /api/v1/tickets/handled", lambda _: Case(body=_DONE), outside=422),
    # What is proposed and who is found is cut to the actor's areas: nobody is refused, outside it is less.
    for_all("POST /api/v1/intake/chat", lambda _: Case(body={"text": "1号楼龙头滴水"})),
    for_all("POST /api/v1/intake/callers", lambda _: Case(body={"phone": "000-1111-2222"})),
)
