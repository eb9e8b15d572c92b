"""``webhook_deliveries``: one document for each event and endpoint; ids, codes and what is sent, nothing private."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cattrs.preconf.bson import make_converter
from pymongo import ASCENDING, DESCENDING, UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chassis.marks import older_than
from chassis.migrations import Index
from chassis.mongo import Document
from contracts.webhooks import DeliveryState, GivenUp
from services.notify.domain.delivery import Delivery

COLLECTION = "webhook_deliveries"
SCHEMA = 1
DUPLICATE_KEY = 11_000
_WAITING = DeliveryState.WAITING.value
_converter = make_converter()

DELIVERY_INDEXES = (
    Index("webhook_deliveries", [("endpoint_id", 1), ("next_at", 1)], partialFilterExpression={"state": _WAITING}),
    Index("webhook_deliveries", [("endpoint_id", 1), ("stored_at", -1), ("_id", -1)]),
    Index("webhook_deliveries", "stored_at"),
)


class MongoDeliveries:
    """A ``Deliveries``. ``next_at`` is the lease, too: whoever dies with it leaves it to the next."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db[COLLECTION]

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """One unordered insert."""
        try:
            self._rows.insert_many([_doc(one) for one in deliveries], ordered=False)
        except BulkWriteError as error:
            failed = [one for one in error.details["writeErrors"] if one["code"] != DUPLICATE_KEY]
            if failed or error.details.get("writeConcernErrors"):
                raise

    def again(self, deliveries: Sequence[Delivery]) -> None:
        """What is there keeps its attempts, and begins its tries anew."""
        self._rows.bulk_write([_once_more(_doc(one)) for one in deliveries], ordered=False)

    def take(self, endpoint_id: str, now: datetime, until: datetime, most: int) -> Sequence[Delivery]:
        """One worker takes of an endpoint at a time; were there two, the later lease decides what is stored."""
        due = {"endpoint_id": endpoint_id, "state": _WAITING, "next_at": {"$lte": now}}
        found = list(self._rows.find(due).sort("next_at", ASCENDING).limit(most))
        if not found:
            return []
        ids = [doc["_id"] for doc in found]
        self._rows.update_many({"_id": {"$in": ids}, **due}, {"$set": {"next_at": until}})
        return [_delivery({**doc, "next_at": until}) for doc in found]

    def finish(self, tried: Sequence[tuple[Delivery, Delivery]]) -> None:
        """Guarded by the lease."""
        writes = [
            UpdateOne({"_id": before.id, "state": _WAITING, "next_at": before.next_at}, {"$set": _after(after)})
            for before, after in tried
        ]
        if writes:
            self._rows.bulk_write(writes, ordered=False)

    def waited_for(self) -> Sequence[str]:
        """See ``Deliveries``."""
        return [str(id) for id in self._rows.distinct("endpoint_id", {"state": _WAITING})]

    def waiting(self) -> int:
        """How many are not taken yet."""
        return self._rows.count_documents({"state": _WAITING})

    def give_up(self, endpoint_id: str, reason: GivenUp) -> None:
        """See ``Deliveries``."""
        change = {"state": DeliveryState.GIVEN_UP.value, "reason": reason.value, "next_at": None}
        self._rows.update_many({"endpoint_id": endpoint_id, "state": _WAITING}, {"$set": change})

    def page(
        self, endpoint_id: str, state: DeliveryState | None, before: str | None, limit: int
    ) -> Sequence[tuple[str, Delivery]]:
        """Newest first."""
        query: Document = {"endpoint_id": endpoint_id, **older_than(before, "stored_at")}
        if state is not None:
            query["state"] = state.value
        found = self._rows.find(query).sort([("stored_at", DESCENDING), ("_id", DESCENDING)]).limit(limit)
        return [(_mark(doc), _delivery(doc)) for doc in found]


def _mark(doc: Mapping[str, Any]) -> str:
    return f"{doc['stored_at'].isoformat(timespec='milliseconds')}|{doc['_id']}"


def _doc(delivery: Delivery) -> Document:
    doc: Document = _converter.unstructure(delivery)
    doc["_id"] = doc.pop("id")
    return {**doc, "schema": SCHEMA}


def _after(delivery: Delivery) -> Document:
    doc = _doc(delivery)
    return {name: doc[name] for name in ("state", "reason", "next_at", "tries", "attempts")}


def _once_more(doc: Document) -> UpdateOne:
    anew = {name: doc[name] for name in ("state", "reason", "next_at", "tries", "audience")}
    first = {name: value for name, value in doc.items() if name not in (*anew, "_id")}
    return UpdateOne({"_id": doc["_id"]}, {"$set": anew, "$setOnInsert": first}, upsert=True)


def _delivery(doc: Mapping[str, Any]) -> Delivery:
    return _converter.structure({**doc, "id": doc["_id"]}, Delivery)
