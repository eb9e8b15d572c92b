"""``upstream_reports``: what upstream has to be told, and whether it was; ids and codes alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.ids import derived_id
from chassis.marks import mark_of, older_than
from chassis.migrations import Index
from chassis.mongo import Document
from chassis.vault import Vault
from contracts.upstream import ReportState
from services.tickets.adapters.codecs import BSON
from services.tickets.application.report_ports import LISTED, Report

COLLECTION = "upstream_reports"
SCHEMA = 1
_WAITING = ReportState.WAITING.value
_LISTED = [state.value for state in LISTED]

REPORT_INDEXES = (
    Index("upstream_reports", "next_at", partialFilterExpression={"state": _WAITING}),
    Index("upstream_reports", [("community_id", 1), ("state", 1), ("at", -1), ("_id", -1)]),
    Index("upstream_reports", "ticket_id"),
    Index("upstream_reports", [("system", 1), ("state", 1), ("_id", 1)]),
)


class MongoReports:
    """A ``Reports``."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db["upstream_reports"]

    def put(self, report: Report) -> None:
        """Insert, once."""
        try:
            self._rows.update_one(
                {"_id": report.id}, {"$setOnInsert": {**_fields(report), "schema": SCHEMA}}, upsert=True
            )
        except DuplicateKeyError:
            return  # somebody stored the same one in this moment

    def get(self, id: str) -> Report | None:
        """By id."""
        doc = self._rows.find_one({"_id": id})
        return None if doc is None else _report(doc)

    def of_ticket(self, ticket_id: str) -> Sequence[Report]:
        """Oldest first."""
        found = self._rows.find({"ticket_id": ticket_id}).sort([("at", ASCENDING), ("_id", ASCENDING)])
        return [_report(doc) for doc in found]

    def page(
        self,
        community_id: str,
        states: Sequence[ReportState],
        areas: Sequence[str] | None,
        before: str | None,
        limit: int,
    ) -> Sequence[tuple[str, Report]]:
        """Newest first."""
        query: Document = {"community_id": community_id, "state": {"$in": [state.value for state in states]}}
        query |= older_than(before)
        if areas is not None:
            query["area_path"] = {"$in": list(areas)}
        found = self._rows.find(query).sort([("at", DESCENDING), ("_id", DESCENDING)]).limit(limit)
        return [(mark_of(doc), _report(doc)) for doc in found]

    def take(self, now: datetime, until: datetime) -> Report | None:
        """The one that waits longest; ``next_at`` is the lease, so that whoever dies with it leaves it to the next."""
        due = {"state": _WAITING, "next_at": {"$lte": now}}
        doc = self._rows.find_one_and_update(
            due, {"$set": {"next_at": until}}, sort=[("next_at", ASCENDING)], return_document=ReturnDocument.AFTER
        )
        return None if doc is None else _report(doc)

    def finish(self, taken: Report, after: Report) -> None:
        """Guarded by the lease."""
        self._rows.update_one({"_id": taken.id, "state": _WAITING, "next_at": taken.next_at}, {"$set": _fields(after)})

    def change(self, report: Report) -> bool:
        """Guarded by there being something to decide."""
        told = {name: value for name, value in _fields(report).items() if name != "attempts"}
        return self._rows.update_one({"_id": report.id, "state": {"$in": _LISTED}}, {"$set": told}).matched_count == 1

    def delivered(self, system: str, after: str | None, limit: int) -> Sequence[Report]:
        """By id."""
        query: Document = {"system": system, "state": ReportState.DELIVERED.value, "_id": {"$gt": after or ""}}
        return [_report(doc) for doc in self._rows.find(query).sort("_id", ASCENDING).limit(limit)]

    def lost(self, report: Report) -> bool:
        """Upstream does not have what it took: it waits again."""
        change = {"state": _WAITING, "next_at": report.next_at, "tries": 0}
        found = self._rows.update_one({"_id": report.id, "state": ReportState.DELIVERED.value}, {"$set": change})
        return found.matched_count == 1

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many there are by system and state."""
        rows = self._rows.aggregate(
            [{"$group": {"_id": {"system": "$system", "state": "$state"}, "count": {"$sum": 1}}}]
        )
        return {(row["_id"]["system"], row["_id"]["state"]): row["count"] for row in rows}

    def open(self, limit: int) -> Sequence[Report]:
        """The reconciliation list of all communities, for operators."""
        found = (
            self._rows.find({"state": {"$in": _LISTED}}).sort([("at", DESCENDING), ("_id", DESCENDING)]).limit(limit)
        )
        return [_report(doc) for doc in found]


class VaultIds:
    """An ``ExternalIds``: keyed by the vault's own secret, so that nobody can guess which order a number is."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def ticket_id(self, community_id: str, system: str, number: str) -> str:
        """Shaped like every other id."""
        return derived_id(self._vault.index(number, f"upstream/{community_id}/{system}"))


def _fields(report: Report) -> Document:
    doc: Document = BSON.unstructure(report)
    del doc["id"]
    return doc


def _report(doc: Mapping[str, Any]) -> Report:
    return BSON.structure({**doc, "id": doc["_id"]}, Report)
