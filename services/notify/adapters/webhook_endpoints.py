"""``webhook_endpoints``: addresses of other systems, sealed; whose turn it is to be served."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from cattrs.preconf.bson import make_converter
from pymongo import ASCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.migrations import Index
from chassis.mongo import Document
from contracts.actor import CHIEFS
from contracts.errors import Busy, Conflict
from contracts.hearing import areas_of
from contracts.webhooks import DeliveryState, EndpointState
from contracts.words import Text
from services.notify.adapters.webhook_deliveries import COLLECTION as DELIVERIES
from services.notify.application.webhook_ports import Turn
from services.notify.domain.endpoint import Endpoint

COLLECTION = "webhook_endpoints"
SCHEMA = 1
TRIES = 10
_ACTIVE = EndpointState.ACTIVE.value
_converter = make_converter()

ENDPOINT_INDEXES = (
    Index("webhook_endpoints", [("community_id", 1), ("state", 1)]),
    Index(
        "webhook_endpoints",
        [("community_id", 1), ("place", 1)],
        unique=True,
        partialFilterExpression={"place": {"$exists": True}},
    ),
    Index("webhook_endpoints", [("state", 1), ("served_at", 1)]),
    Index("webhook_endpoints", "abroad", partialFilterExpression={"abroad": True}),
    Index("webhook_endpoints", "owner.account_id"),
    Index("webhook_endpoints", "stop_told", partialFilterExpression={"stop_told": False}),
)


class MongoEndpoints:
    """An ``Endpoints``. ``rev`` counts every change of a document, ``turn`` names who serves it now."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db[COLLECTION]
        self._deliveries = db[DELIVERIES]

    def add(self, endpoint: Endpoint, most: int) -> bool:
        """Each takes a place of its community that nobody else has, by a unique index: exactly *most*, whatever races.

        Who finds its place taken in that moment looks for another one, as long as there is any.
        """
        doc = {"_id": endpoint.id, "rev": 1, "schema": SCHEMA, **_fields(endpoint)}
        while True:
            if self._rows.find_one({"_id": endpoint.id}, {"_id": 1}) is not None:
                return False
            place = self._free_place(endpoint.community_id, most)
            if place is None:
                sentence = Text(f"这个社区的推送地址已满 {most} 个", f"this community has {most} endpoints already")
                raise Conflict("too-many-webhooks", sentence)
            try:
                self._rows.insert_one({**doc, "place": place})
                return True
            except DuplicateKeyError:
                continue

    def _free_place(self, community_id: str, most: int) -> int | None:
        """The lowest one; None where there are *most*. What an older version stored without a place gets one first."""
        rows = list(self._rows.find({"community_id": community_id}, {"place": 1}).sort("_id", ASCENDING))
        taken = {doc["place"] for doc in rows if "place" in doc}
        for doc in rows:
            if "place" not in doc:
                taken.add(self._placed(doc["_id"], taken))
        return next((one for one in range(most) if one not in taken), None) if len(rows) < most else None

    def _placed(self, endpoint_id: str, taken: Collection[int]) -> int:
        place = next(one for one in range(len(taken) + 1) if one not in taken)
        with suppress(DuplicateKeyError):  # somebody else does the same: the next look finds what they made of it
            self._rows.update_one({"_id": endpoint_id, "place": {"$exists": False}}, {"$set": {"place": place}})
        return place

    def get(self, endpoint_id: str) -> Endpoint | None:
        """By id."""
        doc = self._rows.find_one({"_id": endpoint_id})
        return None if doc is None else _endpoint(doc)

    def owned(self, community_id: str, account_id: str) -> Sequence[Endpoint]:
        """See ``Endpoints``."""
        found = self._rows.find({"community_id": community_id, "owner.account_id": account_id})
        return [_endpoint(doc) for doc in found.sort([("created_at", ASCENDING), ("_id", ASCENDING)])]

    def of_community(self, community_id: str) -> Sequence[Endpoint]:
        """See ``Endpoints``."""
        found = self._rows.find({"community_id": community_id})
        return [_endpoint(doc) for doc in found.sort([("created_at", ASCENDING), ("_id", ASCENDING)])]

    def active(self) -> Sequence[Endpoint]:
        """See ``Endpoints``."""
        return [_endpoint(doc) for doc in self._rows.find({"state": _ACTIVE})]

    def hearing(self, communities: Collection[str]) -> Sequence[Endpoint]:
        """See ``Endpoints``."""
        near = {"community_id": {"$in": list(communities)}, "state": _ACTIVE}
        return [_endpoint(doc) for doc in self._rows.find({"$or": [near, {"abroad": True, "state": _ACTIVE}]})]

    def untold(self) -> Sequence[Endpoint]:
        """See ``Endpoints``."""
        return [_endpoint(doc) for doc in self._rows.find({"stop_told": False})]

    def change(self, endpoint_id: str, decide: Callable[[Endpoint], Endpoint]) -> Endpoint | None:
        """Guarded by the document's revision."""
        for _ in range(TRIES):
            doc = self._rows.find_one({"_id": endpoint_id})
            if doc is None:
                return None
            before = _endpoint(doc)
            after = decide(before)
            if after == before:
                return before
            guard = {"_id": endpoint_id, "rev": doc["rev"]}
            if self._rows.update_one(guard, {"$set": _fields(after), "$inc": {"rev": 1}}).matched_count:
                return after
        raise Busy("contended", Text("请稍后再试", "others are changing it: try again in a moment"))

    def delete(self, endpoint_id: str) -> bool:
        """Guarded against a halt in the same moment."""
        return self._rows.delete_one({"_id": endpoint_id, "halt": None}).deleted_count > 0

    def ready(self, now: datetime, most: int) -> Sequence[str]:
        """Two looks: who may be served, and who of them has something due."""
        free = {"$or": [{"turn_until": {"$exists": False}}, {"turn_until": {"$lte": now}}]}
        rested = {"$or": [{"resting_until": None}, {"resting_until": {"$lte": now}}]}
        found = self._rows.find({"state": _ACTIVE, "$and": [free, rested]}, {"_id": 1}).sort("served_at", ASCENDING)
        ids = [str(doc["_id"]) for doc in found]
        if not ids:
            return []
        due = {"state": DeliveryState.WAITING.value, "endpoint_id": {"$in": ids}, "next_at": {"$lte": now}}
        waiting = set(self._deliveries.distinct("endpoint_id", due))
        return [id for id in ids if id in waiting][:most]

    def take_turn(self, endpoint_id: str, now: datetime, until: datetime) -> Turn | None:
        """See ``Endpoints``; ``served_at`` puts it behind the others."""
        token = uuid4().hex
        free = {"$or": [{"turn_until": {"$exists": False}}, {"turn_until": {"$lte": now}}]}
        rested = {"$or": [{"resting_until": None}, {"resting_until": {"$lte": now}}]}
        doc = self._rows.find_one_and_update(
            {"_id": endpoint_id, "state": _ACTIVE, "$and": [free, rested]},
            {"$set": {"turn": token, "turn_until": until, "served_at": now}},
            return_document=ReturnDocument.AFTER,
        )
        return None if doc is None else Turn(_endpoint(doc), token)

    def end_turn(self, turn: Turn, succeeded_at: datetime | None) -> None:
        """Unless it ran out and is somebody else's."""
        mine = {"_id": turn.endpoint.id, "turn": turn.token}
        succeeded = {} if succeeded_at is None else {"$max": {"succeeded_at": succeeded_at}}
        self._rows.update_one(mine, {"$unset": {"turn": "", "turn_until": ""}, **succeeded})


def _fields(endpoint: Endpoint) -> Document:
    doc: Document = _converter.unstructure(endpoint)
    # When anything was taken last stands beside what is guarded by the revision: it is written with the turn.
    del doc["id"], doc["succeeded_at"]
    # Whose blocks reach into other communities hears of what comes up there.
    return {**doc, "abroad": bool(areas_of(endpoint.owner, CHIEFS))}


def _endpoint(doc: Mapping[str, Any]) -> Endpoint:
    return _converter.structure({**doc, "id": doc["_id"]}, Endpoint)
