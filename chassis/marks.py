"""Marks of rows that are read newest first by time: where a page ended, so that the next goes on after it."""

from datetime import datetime
from typing import Any

from chassis.mongo import Document
from contracts.errors import Invalid
from contracts.words import Text

_BETWEEN = "|"


def mark_of(row: Document) -> str:
    """The mark of a row with ``at`` and ``_id``. Marks of two collections sort together as text."""
    return f"{row['at'].isoformat(timespec='milliseconds')}{_BETWEEN}{row['_id']}"


def older_than(mark: str | None, field: str = "at") -> dict[str, Any]:
    """The filter for rows after *mark* in a list with the newest first, where the time stands in *field*.

    Raises Invalid for what is no mark.
    """
    if mark is None:
        return {}
    at, id = place_of(mark)
    return {"$or": [{field: {"$lt": at}}, {field: at, "_id": {"$lt": id}}]}


def place_of(mark: str) -> tuple[datetime, str]:
    """The time and the id that a mark is of. Raises Invalid for what is no mark."""
    told, between, id = mark.partition(_BETWEEN)
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not between:
        raise Invalid(
            "bad-cursor", Text(zh="这一页的位置看不懂,请从头再取", en="this cursor is none of ours"), field="cursor"
        )
    return at, id
