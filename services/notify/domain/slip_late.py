"""What staff are told of a slip that is not there in its time: once, and by no event."""

from datetime import datetime

from services.notify.domain.category import Category
from services.notify.domain.message import IN_APP, DeliveryStatus, Message
from services.notify.domain.recipients import dispatchers
from services.notify.domain.slip import Slip

SLIP_LATE = "slip-late"
"""The rule and the template of that message."""


def late_message(slip: Slip, now: datetime, version: int) -> Message:
    """To the dispatchers of the area, under a key of the slip's own event: said twice it is said once.

    *version* is the one of the template that holds now in its community.
    """
    recipient = dispatchers(slip.community_id)
    item = slip.params.get("item")
    return Message(
        id=f"{slip.event_id}:{SLIP_LATE}:{recipient}:{IN_APP}",
        community_id=slip.community_id,
        area_path=slip.area_path,
        recipient=recipient,
        channel=IN_APP,
        rule=SLIP_LATE,
        template=SLIP_LATE,
        event_id=slip.event_id,
        event_type=slip.event_type,
        correlation_id=slip.correlation_id,
        thread=slip.ticket_id,
        number=slip.number,
        params={"number": slip.number} | ({} if item is None else {"item": item}),
        urgent=True,
        at=now,
        status=DeliveryStatus.DELIVERED,
        category=Category.DUTY,
        version=version,
        aggregate="slip",
        event_version=1,
        not_before=now,
    )
