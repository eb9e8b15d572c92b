"""How many messages went out in time, by way and day, counted in the books; nothing of anybody."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from pymongo.collection import Collection
from pymongo.database import Database

from chassis.mongo import Document
from services.notify.adapters.message_docs import MESSAGES
from services.notify.application.reasons import Share


class MongoPunctuality:
    """A ``Punctuality``: due and sent are both the database's own time."""

    def __init__(self, database: Database[Document]) -> None:
        self._messages: Collection[Document] = database[MESSAGES]

    def shares(self, community_id: str, days: int, zone: ZoneInfo, seconds: float) -> Sequence[Share]:
        """See ``Punctuality``."""
        since = {"$gte": ["$sent.at", {"$dateSubtract": {"startDate": "$$NOW", "unit": "day", "amount": days}}]}
        late = {"$subtract": ["$sent.at", "$sent.due_at"]}
        in_time = {"$cond": [{"$lte": [late, round(seconds * 1000)]}, 1, 0]}
        day = {"$dateToString": {"date": "$sent.at", "format": "%Y-%m-%d", "timezone": zone.key}}
        steps: list[Document] = [
            {"$match": {"community_id": community_id, "sent.at": {"$exists": True}, "$expr": since}},
            {"$group": {"_id": {"way": "$sent.way", "day": day}, "sent": {"$sum": 1}, "in_time": {"$sum": in_time}}},
            {"$sort": {"_id.day": -1, "_id.way": 1}},
        ]
        return [
            Share(
                way=row["_id"]["way"],
                day=date.fromisoformat(row["_id"]["day"]),
                sent=row["sent"],
                in_time=row["in_time"],
            )
            for row in self._messages.aggregate(steps)
        ]
