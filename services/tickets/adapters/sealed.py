"""Where tickets keeps sealed fields, for whom, and bound to what: what a rotation of keys goes through."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pymongo.database import Database

from chassis.mongo import Document
from chassis.sealed import SealedCollection, SealedField
from services.tickets.adapters.harm import sealed_harm
from services.tickets.adapters.mongo import PERSON_FIELDS, person_context, reason_context
from services.tickets.adapters.people import guardian_context
from services.tickets.adapters.pleas import sealed_pleas
from services.tickets.application.sealing import context, note_part, sums_part

_OF_ORDERS = ("description", "area", "door_word", "point", "answers", "external_number", "published")


def sealed_collections(db: Database[Document]) -> Sequence[SealedCollection]:
    """Every collection of this service that has any."""
    reveals = _Reveals(db)
    return (
        SealedCollection(
            collection="tickets",
            paths=(*(f"private.{part}" for part in _OF_ORDERS), "private.notes.sealed", "private.cash.sealed"),
            fields=_of_order,
        ),
        sealed_harm(),
        sealed_pleas(),
        SealedCollection(collection="persons", paths=PERSON_FIELDS, fields=_of_person),
        SealedCollection(collection="consents", paths=("guardian",), fields=_of_consent),
        SealedCollection(collection="reveals", paths=("reason",), fields=reveals.fields, complete=reveals.complete),
    )


def whose(order: Mapping[str, Any]) -> str:
    """For whom an order is sealed, by its document: as its domain says."""
    return str(order.get("beneficiary_id") or order.get("requester_id") or order["_id"])


def _of_order(row: Document) -> Iterator[SealedField]:
    private, person = row["private"], whose(row)
    for part in _OF_ORDERS:
        yield from _found(f"private.{part}", private.get(part), context(row["_id"], part), person)
    for place, note in enumerate(private.get("notes", ())):
        yield from _found(
            f"private.notes.{place}.sealed", note["sealed"], context(row["_id"], note_part(place)), person
        )
    yield from _sums_of_order(row, person)


def _sums_of_order(row: Document, person: str) -> Iterator[SealedField]:
    for place, one in enumerate(row["private"].get("cash", ())):
        bound = context(row["_id"], sums_part(one["number"]))
        yield from _found(f"private.cash.{place}.sealed", one["sealed"], bound, person)


def _of_person(row: Document) -> Iterator[SealedField]:
    for field in PERSON_FIELDS:
        yield from _found(field, row.get(field), person_context(row["_id"], field), row["_id"])


def _of_consent(row: Document) -> Iterator[SealedField]:
    if row["line"] == "given":
        yield from _found("guardian", row.get("guardian"), guardian_context(row["_id"]), row["person_id"])


class _Reveals:
    """Rows of an older version do not say whom they concern: their order does."""

    def __init__(self, db: Database[Document]) -> None:
        self._tickets = db["tickets"]

    def fields(self, row: Document) -> Iterable[SealedField]:
        """The reason."""
        person = row.get("sealed_for") or whose(self._order(row))
        return _found("reason", row["reason"], reason_context(row["_id"]), person)

    def complete(self, row: Document) -> Mapping[str, Any]:
        """Whom it concerns."""
        if "concerns" in row and "sealed_for" in row:
            return {}
        order = self._order(row)
        concerned = dict.fromkeys(one for one in (order.get("beneficiary_id"), order.get("requester_id")) if one)
        return {"sealed_for": whose(order), "concerns": list(concerned)}

    def _order(self, row: Document) -> Document:
        known = {"beneficiary_id": 1, "requester_id": 1}
        return self._tickets.find_one({"_id": row["ticket_id"]}, known) or {"_id": row["ticket_id"]}


def _found(path: str, blob: bytes | None, bound: str, person: str) -> Iterator[SealedField]:
    if blob is not None:
        yield SealedField(path=path, blob=blob, context=bound, person=person)
