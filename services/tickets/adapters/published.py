"""The orders whose answer everybody can read, in the order in which they were published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo import DESCENDING
from pymongo.database import Database

from chassis.marks import older_than
from chassis.mongo import Document
from contracts.public_answers import AnswerState
from services.tickets.adapters.codecs import TicketCodec
from services.tickets.domain.ticket import Ticket

PUBLISHED: dict[str, Any] = {"public_answer.state": AnswerState.PUBLISHED.value}
"""Only these are in the index of the list."""
_AT = "public_answer.published_at"


class MongoPublished:
    """A ``PublishedAnswers``."""

    def __init__(self, db: Database[Document]) -> None:
        self._tickets = db["tickets"]
        self._codec = TicketCodec()

    def page(self, community_id: str, grid: str | None, before: str | None, limit: int) -> Sequence[tuple[str, Ticket]]:
        """See ``PublishedAnswers``."""
        query: Document = {"community_id": community_id, **PUBLISHED, **_after(before)}
        if grid is not None:
            query["area_path"] = grid
        found = self._tickets.find(query).sort([(_AT, DESCENDING), ("_id", DESCENDING)]).limit(limit)
        return [(_mark(doc["public_answer"]["published_at"], doc["_id"]), self._codec.from_doc(doc)) for doc in found]


def _mark(at: datetime, id_: str) -> str:
    return f"{at.isoformat(timespec='milliseconds')}|{id_}"


def _after(mark: str | None) -> Document:
    """The filter that goes on after *mark*; raises Invalid for what is no mark."""
    older = older_than(mark)
    return (
        {"$or": [{_AT if name == "at" else name: value for name, value in one.items()} for one in older["$or"]]}
        if (older)
        else {}
    )
