"""Reads the orders that are under way, for comparing them with a new one."""

from collections.abc import Sequence
from datetime import datetime

from pymongo import DESCENDING

from chassis.aggregates import Aggregates
from services.tickets.domain.lifecycle import TAKES_HOLDERS
from services.tickets.domain.ticket import Ticket

OPEN = {"times.ended_at": {"$type": "null"}}
"""Only orders that are not at an end are in the index by item."""
_GEAR = {"outbox": 0, "commands": 0}


class MongoOpenOrders:
    """An ``OpenOrders``."""

    def __init__(self, tickets: Aggregates[Ticket]) -> None:
        self._tickets = tickets

    def of_item(self, community_id: str, item_id: str, grid_id: str, since: datetime, most: int) -> Sequence[Ticket]:
        """See ``OpenOrders``."""
        wanted = {
            "community_id": community_id,
            "item_id": item_id,
            "times.placed_at": {"$gte": since},
            "area_path": grid_id,
            "status": {"$in": [status.value for status in sorted(TAKES_HOLDERS)]},
            "primary": None,
            **OPEN,
        }
        found = self._tickets.collection.find(wanted, _GEAR).sort("times.placed_at", DESCENDING).limit(most)
        return [self._tickets.codec.from_doc(doc) for doc in found]
