"""Every event that a service ever told, kept: for timelines, rebuilding views, replay and audit.

The relay adds what it publishes. Rows are never changed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chassis.marks import mark_of, place_of
from chassis.mongo import Document

COLLECTION = "events"
PAGE_LIMIT = 1_000
BY_TIME = [("at", ASCENDING), ("_id", ASCENDING)]
_DUPLICATE = 11_000


class EventStore:
    """The ``events`` collection of one service's database."""

    def __init__(self, db: Database[Document]) -> None:
        self.collection = db[COLLECTION]

    def add(self, wires: Sequence[Mapping[str, Any]]) -> None:
        """Keep these envelopes; those that are there already are left as they are. Other failures raise."""
        if not wires:
            return
        try:
            self.collection.insert_many([_row(wire) for wire in wires], ordered=False)
        except BulkWriteError as error:
            failed = [one for one in error.details["writeErrors"] if one["code"] != _DUPLICATE]
            if failed or error.details.get("writeConcernErrors"):
                raise

    def history(self, thread: str) -> list[dict[str, Any]]:
        """The envelopes of one thread (an order's id), oldest first.

        Events of one aggregate stand in the order of their versions, whatever the clocks of those who wrote them
        said; aggregates are merged by business time.
        """
        rows = self.collection.find({"thread": thread}).sort([("aggregate", ASCENDING), ("version", ASCENDING)])
        placed = []
        aggregate, latest = None, ("", "")
        for row in rows:
            moment = (row["wire"]["time"], row["_id"])
            latest = moment if row["aggregate"] != aggregate else max(latest, moment)
            aggregate = row["aggregate"]
            placed.append((latest, row["version"], row["wire"]))
        return [wire for _, _, wire in sorted(placed, key=lambda entry: entry[:2])]

    def page(
        self, after: str | None, limit: int, threads: Sequence[str] = ()
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Up to *limit* envelopes with ids above *after*, and the ``after`` of the next page (None: the end).

        With *threads*, only those of these threads. The order is that of the ids. It is total, so no page repeats or
        skips what was there when reading began. It is not the order of writing: an event may appear behind a reader
        who has passed its id. Such an event is new, and the broker delivers it to the reader's handlers as well; see
        chassis.rebuild for how a reader beside its inbox misses nothing.
        """
        query: dict[str, Any] = {} if after is None else {"_id": {"$gt": after}}
        if threads:
            query["thread"] = {"$in": list(threads)}
        size = max(1, min(limit, PAGE_LIMIT))
        rows = list(self.collection.find(query, {"wire": 1}).sort("_id", ASCENDING).limit(size))
        return [row["wire"] for row in rows], rows[-1]["_id"] if len(rows) == size else None

    def between(
        self, community_id: str, since: datetime, until: datetime, after: str | None, limit: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Up to *limit* envelopes of a community from *since* to before *until*, by their time, and the next ``after``.

        Served by the index over community and time, whatever else there is. Raises Invalid for an ``after`` that is
        none of ours.
        """
        found: dict[str, Any] = {"community_id": community_id, "at": {"$gte": since, "$lt": until}}
        if after is not None:
            at, id = place_of(after)
            found["at"]["$gte"] = max(at, since)
            found["$or"] = [{"at": {"$gt": at}}, {"_id": {"$gt": id}}]
        size = max(1, min(limit, PAGE_LIMIT))
        rows = list(self.collection.find(found, {"wire": 1, "at": 1}).sort(BY_TIME).limit(size))
        return [row["wire"] for row in rows], mark_of(rows[-1]) if len(rows) == size else None


def _row(wire: Mapping[str, Any]) -> Document:
    return {
        "_id": wire["id"],
        "thread": wire["subject"],
        "aggregate": wire["aggregatetype"],
        "version": wire["aggregateversion"],
        "community_id": wire["communityid"],
        "at": datetime.fromisoformat(wire["time"]),
        "wire": dict(wire),
    }
