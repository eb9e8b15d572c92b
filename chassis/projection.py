"""The one way to write a view: each source has its own part of the row, guarded by its own version.

Events come late, twice and in any order; the newest of each source stays (design, section 4 point 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from chassis.mongo import Document

VERSION = "v"
"""The name of the version in each source's part: ``{"ticket": {"v": 3, ...}, "demand": {"v": 5, ...}}``."""
TRIES = 5
_DUPLICATE = 11_000


@dataclass(frozen=True)
class Projection:
    """What one event says about one row: ``fields`` become the whole part of ``source``.

    ``shared`` are top-level fields that queries need beside the parts (community, area); they are set only together
    with the part. ``version`` is the aggregate's version that the event is.
    """

    id: str
    source: str
    version: int
    fields: Mapping[str, Any]
    shared: Mapping[str, Any] = field(default_factory=dict)


def project(collection: Collection[Document], rows: Sequence[Projection]) -> None:
    """Write all *rows*, in one bulk; a row that is not newer than what is there changes nothing.

    Filters by id only and compares inside the update: a filter on the version loses the newest under concurrent
    upserts. Everything from an event is a literal: a text like "$name" would be read as a field otherwise.
    """
    writes = [_write(row) for row in _newest(rows)]
    for _ in range(TRIES):
        if not writes:
            return
        writes = _bulk(collection, writes)
    raise RuntimeError(f"views of {collection.name} could not be written: others kept inserting the same rows")


def _newest(rows: Sequence[Projection]) -> list[Projection]:
    newest: dict[tuple[str, str], Projection] = {}
    for row in rows:
        known = newest.get((row.id, row.source))
        if known is None or known.version < row.version:
            newest[row.id, row.source] = row
    return list(newest.values())


def _bulk(collection: Collection[Document], writes: Sequence[UpdateOne]) -> list[UpdateOne]:
    """Returns what has to be written again: inserts that met another one's insert of the same row."""
    try:
        collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        errors = error.details["writeErrors"]
        if error.details.get("writeConcernErrors") or any(one["code"] != _DUPLICATE for one in errors):
            raise
        return [writes[one["index"]] for one in errors]
    return []


def _write(row: Projection) -> UpdateOne:
    newer = {"$lt": [f"${row.source}.{VERSION}", row.version]}
    part = {VERSION: row.version, **row.fields}
    sets = {name: _if(newer, value, name) for name, value in {row.source: part, **row.shared}.items()}
    return UpdateOne({"_id": row.id}, [{"$set": sets}], upsert=True)


def _if(newer: Mapping[str, Any], value: Any, name: str) -> dict[str, Any]:
    return {"$cond": [newer, {"$literal": value}, f"${name}"]}
