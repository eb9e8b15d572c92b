"""What volunteers forgets, and when: who was asked and did not come, the log of who has read what is private."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.database import Database

from chassis.ids import floor_id
from chassis.mongo import Document
from chassis.retention import By, Fields, Rule, operators
from chassis.settings import Settings
from contracts.events.volunteers import DemandEvent
from contracts.words import NOBODY, OfferStatus, Text
from services.volunteers.adapters.absences import Forgotten
from services.volunteers.adapters.codecs import ASKED_UNTIL, NOTED_UNTIL
from services.volunteers.adapters.reveals import REVEALS


def rules(db: Database[Document], settings: Settings) -> Sequence[Rule]:
    """Every period of this service."""
    return (
        Rule(
            name="reveals",
            what=Text(zh="谁看过成员的私密内容", en="who has seen what is private of members"),
            days=settings.retention_reveals_days,
            setting="retention_reveals_days",
            how=Fields(db[REVEALS], lambda before: {"_id": {"$lt": floor_id(before)}}),
            by=By.REAL,
        ),
        Rule(
            name="asked",
            what=Text(
                zh="请过谁而没有接单(人数保留),工作人员处置时写的话,这一单的人讲什么语言",
                en="who was asked and did not take it (counts stay), what staff wrote who stepped in, what whoever "
                "it was for speaks",
            ),
            days=settings.retention_words_days,
            setting="retention_words_days",
            how=Asked(db),
        ),
        Rule(
            name="hand-overs",
            what=Text(zh="交接班记录的文字", en="the words of hand-over notes"),
            days=settings.retention_words_days,
            setting="retention_words_days",
            how=HandOvers(db),
        ),
        Rule(
            name="absences",
            what=Text(zh="没有到、临时取消是谁的", en="whose no-shows and late cancels they were"),
            days=settings.retention_words_days,
            setting="retention_words_days",
            how=Forgotten(db),
        ),
        operators(db, settings),
    )


@dataclass(frozen=True)
class Asked:
    """Empties the ids of everybody who was asked for an order and did not take it, why they were asked, and what
    they wrote; what staff wrote who stepped in; and what whoever it was for speaks.

    The events first: an order whose events are emptied and which is not itself is found again by the next run.
    """

    db: Database[Document]

    def overdue(self, before: datetime) -> int:
        """See ``Forgetting``."""
        return self.db["demands"].count_documents(_over(before))

    def forget(self, before: datetime, most: int) -> int:
        """See ``Forgetting``."""
        ids = [doc["_id"] for doc in self.db["demands"].find(_over(before), {"_id": 1}).limit(most)]
        told = {"thread": {"$in": ids}, "aggregate": DemandEvent.AGGREGATE, "wire.data.offers": _SOMEBODY}
        self.db["events"].update_many(told, [{"$set": {"wire.data.offers": _without_ids("$wire.data.offers")}}])
        emptied: list[Document] = [
            {
                "$set": {
                    "offers": _without_ids("$offers", note=None),
                    "steering": _unwritten("$steering"),
                    "terms": _speechless("$terms"),
                    "rev": {"$add": ["$rev", 1]},
                }
            },
            {"$unset": ASKED_UNTIL},
        ]
        return self.db["demands"].update_many({"_id": {"$in": ids}, **_over(before)}, emptied).modified_count


_SOMEBODY = {"$elemMatch": {"status": {"$ne": OfferStatus.ACCEPTED.value}, "member_id": {"$ne": NOBODY}}}


def _over(before: datetime) -> Document:
    return {ASKED_UNTIL: {"$lt": before}}


def _without_ids(offers: str, **more: Any) -> Document:
    """The offers of a list with nobody in those that were not accepted; what became of each stays, and so do counts."""
    nobody: dict[str, Any] = {"member_id": NOBODY, "deputy_id": None, "why": [], **more}
    taken = {"$eq": ["$$one.status", OfferStatus.ACCEPTED.value]}
    return {
        "$map": {"input": offers, "as": "one", "in": {"$cond": [taken, "$$one", {"$mergeObjects": ["$$one", nobody]}]}}
    }


def _unwritten(steering: str) -> Document:
    """What staff did stays, and whose hand it was; not what they wrote, nor about whom."""
    bare = {"$mergeObjects": ["$$one", {"note": None, "about": None}]}
    hands = {"$map": {"input": {"$ifNull": [f"{steering}.hands", []]}, "as": "one", "in": bare}}
    return {"$cond": [{"$ifNull": [steering, False]}, {"$mergeObjects": [steering, {"hands": hands}]}, steering]}


def _speechless(terms: str) -> Document:
    return {"$cond": [{"$ifNull": [terms, False]}, {"$mergeObjects": [terms, {"languages": []}]}, terms]}


def forget_spoken(db: Database[Document], persons: Sequence[str], accounts: Sequence[str]) -> int:
    """Take out what these people speak, wherever an order was for them; in how many orders it stood."""
    own = {"beneficiary_id": None, "requester_id": {"$in": list(accounts)}}
    theirs = {"$or": [{"beneficiary_id": {"$in": list(persons)}}, own], "terms.languages.0": {"$exists": True}}
    emptied: Document = {"$set": {"terms.languages": []}, "$inc": {"rev": 1}}
    return db["demands"].update_many(theirs, emptied).modified_count


@dataclass(frozen=True)
class HandOvers:
    """Empties the notes that one shift wrote for the next; who had which shift stays."""

    db: Database[Document]

    def overdue(self, before: datetime) -> int:
        """See ``Forgetting``."""
        return self.db["rosters"].count_documents({NOTED_UNTIL: {"$lt": before}})

    def forget(self, before: datetime, most: int) -> int:
        """See ``Forgetting``."""
        old = {NOTED_UNTIL: {"$lt": before}}
        ids = [doc["_id"] for doc in self.db["rosters"].find(old, {"_id": 1}).limit(most)]
        bare = {"$mergeObjects": ["$$one", {"note": None, "note_by": None}]}
        emptied: list[Document] = [
            {"$set": {"shifts": {"$map": {"input": "$shifts", "as": "one", "in": bare}}, "rev": {"$add": ["$rev", 1]}}},
            {"$unset": NOTED_UNTIL},
        ]
        return self.db["rosters"].update_many({"_id": {"$in": ids}, **old}, emptied).modified_count
