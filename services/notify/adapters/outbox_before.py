"""What an older version left waiting: messages by the channel ``console``, which goes out as ``outward`` does now.

Nobody looks for them any more under their old name, so they are upgraded where they lie; while that version still runs
it may store more.
"""

from collections.abc import Callable
from functools import partial

from pymongo.database import Database

from chassis.migrations import Index
from chassis.mongo import Document
from services.notify.adapters.message_docs import AT_ONCE, MESSAGES
from services.notify.domain.message import OUTWARD, DeliveryStatus

OLD_CHANNEL, OLD_MARK = "console", "next_try_at"
"""By which way they were to go, and until when one of them is somebody's."""
LOOK_SECONDS = 30.0
BEFORE_INDEXES = (Index("messages", [(OLD_MARK, 1)], sparse=True),)
"""As the older version had it: where there are none it holds nothing."""
_WAITS = [
    DeliveryStatus.QUEUED.value,
    DeliveryStatus.SENDING.value,
    DeliveryStatus.FAILED_TEMPORARY.value,
]


def taking_over(db: Database[Document]) -> Callable[[], None]:
    """The work of a job."""
    return partial(take_over, db)


def take_over(db: Database[Document]) -> None:
    """They wait as everything else does, under their own ids; one that the older version holds is left to it."""
    waits = {
        OLD_MARK: {"$exists": True},
        "channel": OLD_CHANNEL,
        "status": {"$in": _WAITS},
        "$expr": {"$lte": [f"${OLD_MARK}", "$$NOW"]},
    }
    changed = {
        "channel": OUTWARD,
        "status": DeliveryStatus.QUEUED.value,
        "try_at": AT_ONCE,
        "wait_until": "$at",
        "not_before": "$at",
    }
    db[MESSAGES].update_many(waits, [{"$set": changed}, {"$unset": OLD_MARK}])
