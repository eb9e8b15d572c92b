"""The orders whose answer everybody can read, in the order in which they were published."""

from collections.abc import Sequence
from typing import Any

from pymongo import DESCENDING
from pymongo.database import Database

from chassis.marks import mark_of, older_than
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
        query: Document = {"community_id": community_id, **PUBLISHED, **older_than(before, _AT)}
        if grid is not None:
            query["area_path"] = grid
        found = self._tickets.find(query).sort([(_AT, DESCENDING), ("_id", DESCENDING)]).limit(limit)
        return [(_mark(doc), self._codec.from_doc(doc)) for doc in found]


def _mark(doc: Document) -> str:
    return mark_of({"at": doc["public_answer"]["published_at"], "_id": doc["_id"]})
