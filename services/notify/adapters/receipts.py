"""What providers say later of what they took: found by their own id of it."""

from pymongo.collection import Collection
from pymongo.database import Database

from chassis.mongo import Document
from services.notify.adapters.message_docs import AT_ONCE, MESSAGES
from services.notify.application.sending_ports import Sent
from services.notify.domain.attempts import SUCCESS
from services.notify.domain.message import DeliveryStatus


class MongoReceipts:
    """A ``Receipts``. What was sent is delivered now; or it failed, and the next way is tried at once."""

    def __init__(self, database: Database[Document]) -> None:
        self._messages: Collection[Document] = database[MESSAGES]

    def settle(self, reference: str, sent: Sent) -> bool:
        """See ``Receipts``. A receipt that comes again, or after another, changes nothing."""
        found = {"attempts.reference": reference}
        waits = {"attempts": {"$elemMatch": {"reference": reference, "status": DeliveryStatus.SENT.value}}}
        this = {"$eq": ["$$one.reference", {"$literal": reference}]}
        said = {"status": sent.status.value, "reason": {"$literal": sent.reason}, "receipt": "$$NOW"}
        marked = {"$cond": [this, {"$mergeObjects": ["$$one", said]}, "$$one"]}
        attempts = {"$map": {"input": "$attempts", "as": "one", "in": marked}}
        self._messages.update_many(
            {**waits, "status": DeliveryStatus.SENT.value}, [{"$set": {"attempts": attempts, **_becomes(sent)}}]
        )
        return self._messages.find_one(found, {"_id": 1}) is not None


def _becomes(sent: Sent) -> Document:
    if sent.status in SUCCESS:
        return {"status": sent.status.value}
    failed = DeliveryStatus.FAILED_TEMPORARY.value
    return {"status": failed, "reason": {"$literal": sent.reason}, "try_at": AT_ONCE, "sent": "$$REMOVE"}
