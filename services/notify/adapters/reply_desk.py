"""Tells the dispatchers that somebody wrote back by SMS what no machine understands: about which order, no words."""

from pymongo.database import Database

from chassis.mongo import Document
from services.notify.adapters.message_docs import MESSAGES
from services.notify.adapters.messages import MongoMessages
from services.notify.application.ports import Clock, Templates
from services.notify.application.replies import Told
from services.notify.domain.category import Category
from services.notify.domain.message import IN_APP, DeliveryStatus, Message
from services.notify.domain.recipients import dispatchers

NOT_UNDERSTOOD = "reply-not-understood"
"""The template, which no rule names."""
EVENT = "shiliu.offer.made.v1"
"""What somebody answered to."""


class ReplyDesk:
    """A ``Desk``: a message in the inbox of whoever dispatches where the order is."""

    def __init__(self, db: Database[Document], templates: Templates, clock: Clock) -> None:
        self._rows = db[MESSAGES]
        self._messages = MongoMessages(db)
        self._templates = templates
        self._clock = clock

    def tell(self, told: Told, sequence: str) -> None:
        """See ``Desk``. Where the order is stands in the message by which it was told."""
        of_order = {"community_id": told.community_id, "thread": told.thread}
        known = self._rows.find_one(of_order, {"area_path": 1, "event_id": 1}, sort=[("_id", -1)])
        if known is None:
            return
        now, recipient = self._clock.now(), dispatchers(told.community_id)
        # The id begins with an event's, as every message's does: by it they are forgotten in time.
        message = Message(
            id=f"{known['event_id']}:{NOT_UNDERSTOOD}:{sequence}:{recipient}:{IN_APP}",
            community_id=told.community_id,
            area_path=tuple(known["area_path"]),
            recipient=recipient,
            channel=IN_APP,
            rule=NOT_UNDERSTOOD,
            template=NOT_UNDERSTOOD,
            event_id=known["event_id"],
            event_type=EVENT,
            correlation_id=told.offer_id,
            thread=told.thread,
            number=told.number,
            params={"number": told.number},
            urgent=False,
            at=now,
            status=DeliveryStatus.DELIVERED,
            category=Category.DUTY,
            version=self._templates.newest(told.community_id, NOT_UNDERSTOOD),
            aggregate="",
            event_version=0,
            not_before=now,
        )
        self._messages.add([message])
