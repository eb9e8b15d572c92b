"""Talk about orders."""

from tests.services.permissions.row import Row
from tests.services.permissions.rows.orders import ONE, sent, taken

ROWS = (Row(f"POST {ONE}/comments", sent(taken, {"text": "几点方便"})),)
