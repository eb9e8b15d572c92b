"""A collection in memory that carries out the guarded updates of this house: the real adapters run on it unchanged.

It knows the handful of operators that they use and fails on any other. The same deliveries on the real database are
compared with it in test_subscribers_on_mongo.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pymongo import UpdateOne

Document = dict[str, Any]
NOW = "server time"


class MemoryCollection:
    """``rows`` are the documents by id."""

    def __init__(self, name: str = "memory") -> None:
        self.name = name
        self.rows: dict[str, Document] = {}

    def bulk_write(self, writes: Sequence[UpdateOne], ordered: bool = True) -> None:
        """Upserts by id with one ``$set`` stage."""
        for write in writes:
            [stage] = write._doc
            assert set(stage) == {"$set"}
            assert write._upsert
            assert set(write._filter) == {"_id"}
            before = self.rows.get(write._filter["_id"], {})
            after = {name: _value(expression, before) for name, expression in stage["$set"].items()}
            self.rows[write._filter["_id"]] = {
                **before,
                "_id": write._filter["_id"],
                **{name: value for name, value in after.items() if value is not _MISSING},
            }

    def find(self, query: Mapping[str, Any], projection: Mapping[str, Any]) -> Iterator[Document]:
        """By ids; the projection is not looked at."""
        assert set(query) == {"_id"}
        return (self.rows[id] for id in query["_id"]["$in"] if id in self.rows)


_MISSING = object()


def _value(expression: Any, document: Document) -> Any:
    if isinstance(expression, str):
        return _named(expression, document)
    [(operator, argument)] = expression.items()
    return _OPERATORS[operator](argument, document)


def _named(expression: str, document: Document) -> Any:
    if expression == "$$NOW":
        return NOW
    assert expression.startswith("$")
    found: Any = document
    for step in expression[1:].split("."):
        found = found.get(step, _MISSING) if isinstance(found, Mapping) else _MISSING
    return found


def _literal(argument: Any, _: Document) -> Any:
    return argument


def _less(argument: Any, document: Document) -> bool:
    left, right = _value(argument[0], document), argument[1]
    return left is _MISSING or bool(left < right)


def _if(argument: Any, document: Document) -> Any:
    condition, then, otherwise = argument
    return _value(then if _value(condition, document) else otherwise, document)


def _if_null(argument: Any, document: Document) -> Any:
    first = _value(argument[0], document)
    return _value(argument[1], document) if first is _MISSING or first is None else first


_OPERATORS = {"$literal": _literal, "$lt": _less, "$cond": _if, "$ifNull": _if_null}
