"""What was sent to an endpoint and how that went, page by page."""

from typing import Any

from contracts.commands.webhook_oversight import ReadAnyAttempts
from contracts.commands.webhooks import ReadAttempts
from services.notify.application.webhook_ports import Deliveries
from services.notify.application.webhook_rows import delivery_row

MOST_LISTED = 100


def attempts_of(deliveries: Deliveries, endpoint_id: str, wanted: ReadAttempts | ReadAnyAttempts) -> dict[str, Any]:
    """As of ReadAttempts. Raises Invalid for a place that is none."""
    limit = max(1, min(wanted.limit, MOST_LISTED))
    found = deliveries.page(endpoint_id, wanted.state, wanted.before, limit + 1)
    rows = [delivery_row(delivery) for _, delivery in found[:limit]]
    return {"deliveries": rows, "next": found[limit - 1][0] if len(found) > limit else None}
