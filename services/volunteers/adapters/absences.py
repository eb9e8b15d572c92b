"""No-shows and late cancels in Mongo: their document, how they are found, forgotten, handed over and erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.inventory import Basis, Entry, Held
from chassis.mongo import Document
from chassis.person import opened
from chassis.vault import Vault
from contracts.absences import AbsenceState
from contracts.decisions import Due
from contracts.events.absences import AbsenceEvent, AbsenceSnapshot
from contracts.schemas.fields import time_text
from contracts.words import NOBODY, Text
from services.volunteers.adapters.codecs import BSON
from services.volunteers.adapters.hours_store import kept_by
from services.volunteers.adapters.sealed import absence_context
from services.volunteers.application.hours_ports import Keeper
from services.volunteers.domain.absence import Absence

COLLECTION = "absences"
OVER_SINCE = "over_since"
"""When one was settled whose member is still named; sparse, so that what is forgotten is not in its index."""
_GEARS = {"outbox": 0, "commands": 0}


class AbsenceCodec:
    """One document each."""

    collection = COLLECTION
    aggregate_type = AbsenceEvent.AGGREGATE

    def to_doc(self, aggregate: Absence) -> dict[str, Any]:
        """The fields of the document."""
        doc: dict[str, Any] = BSON.unstructure(aggregate)
        del doc["id"]
        return doc if aggregate.settled_at is None else {**doc, OVER_SINCE: aggregate.settled_at}

    def from_doc(self, doc: Mapping[str, Any]) -> Absence:
        """The absence of a document."""
        return BSON.structure({**doc, "id": doc["_id"]}, Absence)

    def snapshot(self, aggregate: Absence) -> AbsenceSnapshot:
        """What an event says."""
        return aggregate.snapshot()

    def due(self, aggregate: Absence) -> Sequence[Due]:
        """Every deadline that stands."""
        return aggregate.deadlines()


class MongoAbsencePages:
    """An ``AbsencePages``."""

    def __init__(self, absences: Aggregates[Absence]) -> None:
        self._absences = absences

    def of_member(self, community_id: str, member_id: str, limit: int, standing: bool) -> Sequence[Absence]:
        """See ``AbsencePages``."""
        query: Document = {"community_id": community_id, "member_id": member_id}
        query |= {"state": AbsenceState.STANDS.value} if standing else {}
        found = self._absences.collection.find(query, _GEARS).sort([("at", DESCENDING), ("_id", DESCENDING)])
        return [self._absences.codec.from_doc(doc) for doc in found.limit(limit)]

    def waiting(self, keeper: Keeper, after: str | None, limit: int) -> Sequence[Absence]:
        """See ``AbsencePages``."""
        answered = {"community_id": keeper.community_id, "state": AbsenceState.ANSWERED.value}
        query: Document = {**answered, **kept_by(keeper), **({"_id": {"$gt": after}} if after else {})}
        found = self._absences.collection.find(query, _GEARS).sort("_id", ASCENDING).limit(limit)
        return [self._absences.codec.from_doc(doc) for doc in found]


@dataclass(frozen=True)
class Forgotten:
    """A ``Forgetting``: some time after one was settled nobody knows whose it was; what it was stays, uncounted."""

    db: Database[Document]

    def overdue(self, before: datetime) -> int:
        """See ``Forgetting``."""
        return self.db[COLLECTION].count_documents({OVER_SINCE: {"$lt": before}})

    def forget(self, before: datetime, most: int) -> int:
        """See ``Forgetting``."""
        old = {OVER_SINCE: {"$lt": before}}
        ids = [doc["_id"] for doc in self.db[COLLECTION].find(old, {"_id": 1}).limit(most)]
        return forget(self.db, {"_id": {"$in": ids}, **old}, ids)


def forget(db: Database[Document], which: Document, ids: Sequence[str]) -> int:
    """Whose they were goes from the events, then from the documents; a run that is cut off begins anew."""
    for name in ("data.member_id", "data.snapshot.member_id"):
        told = {"thread": {"$in": list(ids)}, "aggregate": AbsenceEvent.AGGREGATE, f"wire.{name}": {"$exists": True}}
        db["events"].update_many(told, {"$set": {f"wire.{name}": NOBODY}})
    nameless = {"$set": {"member_id": NOBODY, "note": None}, "$unset": {OVER_SINCE: ""}, "$inc": {"rev": 1}}
    return db[COLLECTION].update_many(which, nameless).modified_count


def forget_whose(db: Database[Document], members: Sequence[str]) -> int:
    """Of whoever is erased: nobody is named any more, and nothing waits for them or for staff."""
    theirs = {"member_id": {"$in": list(members)}}
    ids = [doc["_id"] for doc in db[COLLECTION].find(theirs, {"_id": 1})] if members else []
    if not ids:
        return 0
    open_ones = {"_id": {"$in": ids}, "settled_at": None}
    lapsed = {"state": AbsenceState.LAPSED.value, "due": []}
    db[COLLECTION].update_many(open_ones, {"$set": lapsed, "$unset": {"next_due": ""}, "$inc": {"rev": 1}})
    return forget(db, {"_id": {"$in": ids}}, ids)


def absences_of(db: Database[Document], vault: Vault, members: Sequence[str]) -> list[Mapping[str, Any]]:
    """Theirs, with what they wrote."""
    found = db[COLLECTION].find({"member_id": {"$in": list(members)}}).sort("_id", 1)
    return [
        {
            "number": doc["number"],
            "item": doc["item_name"],
            "kind": doc["kind"],
            "status": doc["state"],
            "at": time_text(doc["at"]),
            "side": doc["side"],
            "note": None if doc["note"] is None else opened(vault.open, doc["note"], absence_context(doc)),
        }
        for doc in found
    ]


_WHOSE = Text(zh="成员", en="members")
_PERIOD = Text(zh="定下来180天后去掉是谁", en="180 days after it is settled nobody is named")

ABSENCES_HELD: tuple[Entry, ...] = (
    Held(
        collection=COLLECTION,
        field="member_id, kind, state, at, wanted_start, number, demand_id, area_path, item_name, side, decided_by",
        what=Text(
            zh="哪一单没有到、临时取消,本人怎么说(代码),谁定的",
            en="a no-show or late cancel of an order, the member's side in a code, who decided",
        ),
        whose=_WHOSE,
        why=Text(
            zh="不能来要及时告知(条例22条);先给本人看,从不影响派单",
            en="whoever cannot come says so in time (art. 22); shown to them first, and never weighed in dispatch",
        ),
        basis=Basis.DUTY,
        period=_PERIOD,
        seen_by=Text(
            zh="先只有本人;本人说明后或定下来后,所在区域的工作人员",
            en="first themselves alone; once answered or standing, staff of the area",
        ),
    ),
    Held(
        collection=COLLECTION,
        field="note",
        what=Text(zh="本人写的说明", en="what they wrote of it"),
        whose=_WHOSE,
        why=Text(zh="听本人怎么说", en="their side is heard"),
        basis=Basis.CONSENT,
        period=_PERIOD,
        seen_by=Text(zh="本人;工作人员写明原因后(留痕)", en="themselves; staff with a reason (logged)"),
        sealed=True,
    ),
)
