"""``harm_reports`` beside its gear: the circle's list, who was at an order, how long a report is kept, its seals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.mongo import Document
from chassis.retention import Fields, Rule
from chassis.sealed import SealedCollection, SealedField
from chassis.settings import Settings
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.harm import HarmState
from contracts.words import Text
from services.tickets.application.harm import context, number_part
from services.tickets.domain.harm import HarmReport

_PARTS = ("note", "who", "explanation", "closing")
NAMELESS: Mapping[str, Any] = {
    **dict.fromkeys(_PARTS),
    "told.$[].number": None,
    "reporter": None,
    "ticket_id": None,
    "person_id": None,
    "subject": None,
    "kept_from": {"members": [], "areas": [], "staff": []},
    "acknowledged_by": None,
    "forgotten": True,
}
"""What is left of a report: that there was one, of which kind, what was done when, and what came of it."""


class MongoHarmReports:
    """A ``HarmReports``."""

    def __init__(self, reports: Aggregates[HarmReport]) -> None:
        self._reports = reports

    def get(self, id: str) -> HarmReport | None:
        """See ``HarmReports``."""
        return self._reports.get(id)

    def of(self, community_id: str, before: str | None, open_only: bool, limit: int) -> Sequence[HarmReport]:
        """See ``HarmReports``; by id, which begins with the time."""
        query: Document = {"community_id": community_id}
        query |= {"_id": {"$lt": before}} if before else {}
        query |= {"state": {"$ne": HarmState.CLOSED.value}} if open_only else {}
        return self._reports.find(query, [("_id", -1)], limit)

    def apply(self, id: str, meta: Meta, decide: Callable[[HarmReport | None], Decided[HarmReport] | None]) -> Outcome:
        """One guarded write."""
        return self._reports.apply(id, meta, decide)


class MongoVisitors:
    """A ``Visitors``: the order's own events name whoever had a seat."""

    def __init__(self, db: Database[Document]) -> None:
        self._events = db["events"]

    def were_there(self, ticket_id: str, member_id: str) -> bool:
        """See ``Visitors``."""
        query = {"thread": ticket_id, "wire.data.snapshot.holders.member_id": member_id}
        return self._events.find_one(query, {"_id": 1}) is not None


def forgetting_harm(db: Database[Document], settings: Settings) -> Rule:
    """A closed report loses whose it was and every word of it; one that is open is never forgotten."""

    def past(before: datetime) -> Mapping[str, Any]:
        return {"closed_at": {"$lt": before, "$type": "date"}, "forgotten": False}

    return Rule(
        name="harm",
        what=Text(zh="疑似侵害报告的内容和报告人", en="what a report of suspected harm says, and who made it"),
        days=settings.retention_harm_days,
        setting="retention_harm_days",
        how=Fields(db["harm_reports"], past, {"$set": dict(NAMELESS), "$inc": {"rev": 1}}),
    )


def sealed_harm() -> SealedCollection:
    """Its sealed fields: by the report's own key, which is nobody's to have destroyed."""
    return SealedCollection(collection="harm_reports", paths=(*_PARTS, "told.number"), fields=_fields)


def _fields(row: Document) -> Iterator[SealedField]:
    id = row["_id"]
    for part in _PARTS:
        if row.get(part) is not None:
            yield SealedField(path=part, blob=row[part], context=context(id, part), person=id)
    for place, told in enumerate(row.get("told", ())):
        if told["number"] is not None:
            bound = context(id, number_part(place))
            yield SealedField(path=f"told.{place}.number", blob=told["number"], context=bound, person=id)
