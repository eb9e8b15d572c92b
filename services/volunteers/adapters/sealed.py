"""Where volunteers keeps sealed fields, for whom, and bound to what: what a rotation of keys goes through."""

from collections.abc import Callable, Iterator, Sequence

from chassis.mongo import Document
from chassis.sealed import SealedCollection, SealedField
from services.volunteers.adapters.phones import PHONE_INDEX, digits_of
from services.volunteers.application.absences import note_field as absence_field
from services.volunteers.application.hand_notes import note_field as hand_field
from services.volunteers.application.rosters import hand_over_field
from services.volunteers.domain.offer import note_field

Index = Callable[[str, str], str]
OF_MEMBERS = {
    "sealed.name": "name",
    "sealed.phone": "phone",
    "sealed.party": "party",
    "guardian.name": "guardian.name",
    "guardian.phone": "guardian.phone",
}
"""By its path in the document: the name of a field in what it is bound to."""


OF_ENTRIES = ("content", "lines.vouched", "asks.asked_why", "asks.decided_why")


def member_context(member_id: str, field: str) -> str:
    """To what a sealed field of a member is bound; all of them are sealed for the member."""
    return f"members/{member_id}/{field}"


def sealed_collections(index: Index) -> Sequence[SealedCollection]:
    """Every collection of this service that has any; *index* makes blind indexes."""

    def phone_index(phone: str) -> str:
        return index(digits_of(phone), PHONE_INDEX)

    def of_member(row: Document) -> Iterator[SealedField]:
        for path, field in OF_MEMBERS.items():
            place, _, name = path.partition(".")
            blob = (row.get(place) or {}).get(name)
            if blob is not None:
                yield SealedField(
                    path=path,
                    blob=blob,
                    context=member_context(row["_id"], field),
                    person=row["_id"],
                    index=("sealed.phone_index", phone_index) if field == "phone" else None,
                )

    return (
        SealedCollection(collection="members", paths=tuple(OF_MEMBERS), fields=of_member),
        SealedCollection(collection="demands", paths=_OF_DEMANDS, fields=_of_demand, query=_WRITTEN),
        SealedCollection(collection="hours", paths=OF_ENTRIES, fields=_of_entry),
        SealedCollection(collection="absences", paths=("note",), fields=_of_absence),
        SealedCollection(collection="reveals", paths=("reason",), fields=_of_reveal),
        SealedCollection(collection="rosters", paths=("shifts.note",), fields=_of_roster),
    )


_OF_DEMANDS = ("offers.note", "steering.hands.note")
_WRITTEN = {"$or": [{path: {"$type": "binData"}} for path in _OF_DEMANDS]}


def _of_demand(row: Document) -> Iterator[SealedField]:
    """What stands beside the reasons of who returned it and of staff who stepped in, each for whoever wrote it."""
    for place, offer in enumerate(row["offers"]):
        if offer.get("note") is not None:
            bound = member_context(offer["member_id"], note_field(offer["id"]))
            yield SealedField(path=f"offers.{place}.note", blob=offer["note"], context=bound, person=offer["member_id"])
    for place, hand in enumerate((row.get("steering") or {}).get("hands", ())):
        if hand.get("note") is not None:
            yield SealedField(
                path=f"steering.hands.{place}.note",
                blob=hand["note"],
                context=hand_context(row["_id"], hand),
                person=hand["account_id"],
            )


def hand_context(demand_id: str, hand: Document) -> str:
    """To what is bound what somebody of staff wrote who stepped into a search; it is sealed for their account."""
    return member_context(hand["account_id"], hand_field(demand_id, hand["number"]))


def _of_absence(row: Document) -> Iterator[SealedField]:
    if row["note"] is not None:
        yield SealedField(path="note", blob=row["note"], context=absence_context(row), person=row["member_id"])


def absence_context(row: Document) -> str:
    """To what a member's own words about an absence are bound."""
    return member_context(row["member_id"], absence_field(row["_id"]))


def _of_reveal(row: Document) -> Iterator[SealedField]:
    if row["reason"] is not None:
        bound = reason_context(row["_id"])
        yield SealedField(path="reason", blob=row["reason"], context=bound, person=row["member_id"])


def _of_entry(row: Document) -> Iterator[SealedField]:
    if row.get("content") is not None:
        yield _sealed_for(row, "content", row["content"], hours_context(row["_id"], "content"))
    for index, line in enumerate(row["lines"]):
        if line.get("vouched") is not None:
            bound = hours_context(row["_id"], "vouched")
            yield _sealed_for(row, f"lines.{index}.vouched", line["vouched"], bound)
    for index, ask in enumerate(row["asks"]):
        for name in ("asked_why", "decided_why"):
            if ask.get(name) is not None:
                bound = hours_context(row["_id"], f"{ask['id']}/{name}")
                yield _sealed_for(row, f"asks.{index}.{name}", ask[name], bound)


def _sealed_for(row: Document, path: str, blob: bytes, bound: str) -> SealedField:
    return SealedField(path=path, blob=blob, context=bound, person=row["member_id"])


def hours_context(entry_id: str, field: str) -> str:
    """To what a sealed field of an entry of the ledgers is bound; all are sealed for whoever served."""
    return f"hours/{entry_id}/{field}"


def _of_roster(row: Document) -> Iterator[SealedField]:
    for place, shift in enumerate(row["shifts"]):
        if shift.get("note") is not None:
            bound = member_context(shift["note_by"], hand_over_field(shift["id"]))
            yield SealedField(path=f"shifts.{place}.note", blob=shift["note"], context=bound, person=shift["note_by"])


def reason_context(reveal_id: str) -> str:
    """To what the reason of a reading is bound."""
    return f"reveals/{reveal_id}/reason"
