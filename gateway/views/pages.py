"""Pages by keyset: each continues where the one before ended, whatever was inserted meanwhile."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from typing import Any

from pymongo.collection import Collection

from contracts.errors import Invalid
from contracts.words import Text

Document = dict[str, Any]
MAX_LIMIT = 200
DEFAULT_LIMIT = 50


@dataclass(frozen=True)
class Ask:
    """Which page: at most ``limit`` things after ``cursor``."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None


@dataclass(frozen=True)
class Found:
    """The documents of one page and the cursor of the next, None after the last."""

    docs: Sequence[Document]
    next: str | None


@dataclass(frozen=True)
class Order:
    """Newest first by a text field (moments in wire form), ids breaking ties; without a field by id, ascending.

    ``soonest``: the other way about, as tasks are looked at.
    """

    field: str | None = None
    soonest: bool = False

    @property
    def sort(self) -> list[tuple[str, int]]:
        """The sort of the query, which its index gives."""
        return [("_id", 1)] if self.field is None else [(self.field, self._way), ("_id", self._way)]

    def after(self, cursor: str | None) -> Document:
        """The condition that continues after *cursor*; raises Invalid when it is not one of ours."""
        if self.field is None:
            return {} if cursor is None else {"_id": {"$gt": _decode(cursor)[1]}}
        if cursor is None:
            return {self.field: {"$gt": ""}}
        value, last = _decode(cursor)
        if self.soonest:
            return {self.field: {"$gte": value}, "$or": [{self.field: {"$gt": value}}, {"_id": {"$gt": last}}]}
        return {
            self.field: {"$gt": "", "$lte": value},
            "$or": [{self.field: {"$lt": value}}, {"_id": {"$lt": last}}],
        }

    @property
    def _way(self) -> int:
        return 1 if self.soonest else -1

    def cursor(self, doc: Mapping[str, Any]) -> str:
        """The cursor of the page after *doc*."""
        value = "" if self.field is None else reduce(getitem, self.field.split("."), doc)
        return base64.urlsafe_b64encode(json.dumps([value, doc["_id"]]).encode()).decode().rstrip("=")


def find(collection: Collection[Document], branches: Sequence[Document], order: Order, ask: Ask) -> Found:
    """One page of the documents that match any of *branches*; each branch goes to its own index."""
    if not branches:
        return Found([], None)
    after = order.after(ask.cursor)
    wanted = [_both(branch, after) for branch in branches]
    query = wanted[0] if len(wanted) == 1 else {"$or": wanted}
    docs = list(collection.find(query).sort(order.sort).limit(ask.limit + 1))
    more = len(docs) > ask.limit
    docs = docs[: ask.limit]
    return Found(docs, order.cursor(docs[-1]) if more else None)


def _both(branch: Document, after: Document) -> Document:
    """Both conditions, also where they speak of the same field: a cursor must never widen a scope."""
    return {**branch, **after} if branch.keys().isdisjoint(after) else {"$and": [branch, after]}


def _decode(cursor: str) -> tuple[str, str]:
    try:
        value, last = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise _bad_cursor() from error
    if not isinstance(value, str) or not isinstance(last, str) or not _storable(value + last):
        raise _bad_cursor()
    return value, last


def _storable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _bad_cursor() -> Invalid:
    return Invalid(
        "bad-cursor",
        Text(zh="翻页标记不对,请用上一页给的 next", en="not a cursor of ours: use the next of the page before"),
        "cursor",
    )
