"""Who made a complaint is forgotten here too when tickets forgets it: in the demand, and in what was told of it."""

from collections.abc import Sequence

from pymongo.database import Database

from chassis.mongo import Document
from contracts.events import AnyReceived
from services.volunteers.application.reactions import Reactions


class Reporters:
    """The handler of that event: the demand follows its order as always, then the stored events say it no more."""

    def __init__(self, db: Database[Document], reactions: Reactions) -> None:
        self._events = db["events"]
        self._reactions = reactions

    def forget_reporter(self, batch: Sequence[AnyReceived]) -> None:
        """Twice is once."""
        self._reactions.follow_ticket(batch)
        told = {"thread": {"$in": [event.envelope.subject for event in batch]}, "wire.data.requester_id": {"$ne": None}}
        self._events.update_many(told, {"$set": {"wire.data.requester_id": None}})
