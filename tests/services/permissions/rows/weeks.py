"""The week of somebody served."""

from tests.services.permissions.row import Row
from tests.services.permissions.rows.served import somebody_served

ROWS = (Row("GET /api/v1/people/<person_id>/week", somebody_served),)
