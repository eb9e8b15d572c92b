"""Following and subscriptions."""

from dataclasses import replace

from tests.services.permissions.people import Case
from tests.services.permissions.row import Row, for_all
from tests.services.permissions.rows.orders import taken

ROWS = (
    Row("PUT /api/v1/tickets/<ticket_id>/follow", lambda town: replace(taken(town), body={})),
    for_all("DELETE /api/v1/tickets/<ticket_id>/follow", taken),
    for_all("GET /api/v1/me/subscriptions", lambda _: Case()),
    for_all("PUT /api/v1/me/subscriptions", lambda _: Case(body={"subscriptions": []})),
)
