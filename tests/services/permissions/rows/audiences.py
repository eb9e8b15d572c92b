"""Following, subscriptions, print slips."""

from dataclasses import replace
from datetime import timedelta

from tests.builders import NOON
from tests.services.permissions.people import Case
from tests.services.permissions.row import Row, for_all, listed
from tests.services.permissions.rows.orders import placed, taken
from tests.services.permissions.town import Town


def _slip(town: Town) -> Case:
    """A slip of an order, as if nobody could be reached by a machine."""
    case = placed(town)
    messages = town.resources["notify"].db["messages"]
    message = messages.find_one({"thread": case.path["ticket_id"], "channel": "in_app"})
    assert message is not None, case
    slip_id = f"slip-{town.number()}"
    slip = {
        "id": slip_id,
        "person_id": "p1",
        "locale": "zh-CN",
        "at": NOON,
        "due_at": NOON + timedelta(days=3650),
        "state": "waiting",
        "late_at": None,
    }
    messages.update_one({"_id": message["_id"]}, {"$set": {"slip": slip, "status": "queued"}})
    return Case(path={"slip_id": slip_id}, found=slip_id, body={})


def _brought(town: Town) -> Case:
    return replace(_slip(town), body={"how": "in_person"})


ROWS = (
    Row("PUT /api/v1/tickets/<ticket_id>/follow", lambda town: replace(taken(town), body={})),
    for_all("DELETE /api/v1/tickets/<ticket_id>/follow", taken),
    for_all("GET /api/v1/me/subscriptions", lambda _: Case()),
    for_all("PUT /api/v1/me/subscriptions", lambda _: Case(body={"subscriptions": []})),
    listed("GET /api/v1/slips", _slip, field="slip_id"),
    Row("POST /api/v1/slips/<slip_id>/taken", _slip),
    Row("POST /api/v1/slips/<slip_id>/acknowledged", _brought),
)
