"""What tickets forgets, and when (design, section 8): places, words, persons, the log of reveals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.ids import floor_id
from chassis.mongo import Document
from chassis.retention import By, Fields, Rule, operators
from chassis.settings import Settings
from contracts.words import Text
from services.tickets.adapters.harm import forgetting_harm
from services.tickets.adapters.pleas import forgetting_pleas
from services.tickets.adapters.reporters import Reporters
from services.tickets.adapters.spoken import Spoken
from services.tickets.domain.ticket import Ticket

SEALED = {"$type": "binData"}
_WORDS = ("private.description", "private.door_word", "private.answers", "private.external_number")
ADDRESS = "address"
WORDS = "words"


def reporters(db: Database[Document], settings: Settings, tickets: Aggregates[Ticket]) -> Rule:
    """Whoever made a complaint has a period of their own."""
    return Rule(
        name="reporter",
        what=Text(zh="投诉是谁提的、为谁", en="who made a complaint, and for whom"),
        days=settings.retention_reporter_days,
        setting="retention_reporter_days",
        how=Reporters(db, tickets),
    )


def rules(db: Database[Document], settings: Settings) -> Sequence[Rule]:
    """Every other period of this service."""
    tickets, reveals = db["tickets"], db["reveals"]
    return (
        Rule(
            name=ADDRESS,
            what=Text(zh="工单的准确地点(只留网格)", en="the exact place of an order (its grid stays)"),
            days=settings.retention_address_days,
            setting="retention_address_days",
            how=Fields(tickets, _ended_with("private.area"), _emptied({"private.area": None, "private.point": None})),
        ),
        Rule(
            name="person_contact",
            what=Text(zh="服务对象的电话和住址", en="phone and address of a person served"),
            days=settings.retention_address_days,
            setting="retention_address_days",
            how=Persons(db, ("phone", "address")),
        ),
        Rule(
            name=WORDS,
            what=Text(zh="原话和各步的说明", en="the words of an order and of its steps"),
            days=settings.retention_words_days,
            setting="retention_words_days",
            how=Fields(
                tickets,
                _ended_with("private.description"),
                _emptied({**dict.fromkeys(_WORDS), "private.notes": [], "private.cash": []}),
            ),
        ),
        Rule(
            name="languages",
            what=Text(zh="这一单的人讲什么语言", en="what language somebody speaks whom an order was for"),
            days=settings.retention_words_days,
            setting="retention_words_days",
            how=Spoken(db),
        ),
        Rule(
            name="person_name",
            what=Text(zh="服务对象的姓名和称呼", en="name and form of address of a person served"),
            days=settings.retention_words_days,
            setting="retention_words_days",
            how=Persons(db, ("name", "form_of_address", "phone", "address"), registered_too=True),
        ),
        Rule(
            name="reveals",
            what=Text(zh="谁看过私密内容", en="who has seen what is private"),
            days=settings.retention_reveals_days,
            setting="retention_reveals_days",
            how=Fields(reveals, lambda before: {"_id": {"$lt": floor_id(before)}}),
            by=By.REAL,
        ),
        forgetting_harm(db, settings),
        forgetting_pleas(db, settings),
        operators(db, settings),
    )


@dataclass(frozen=True)
class Persons:
    """Empties fields of persons whose last order ended before the moment, and who have none that goes on.

    Nobody is forgotten for whom somebody may still order: while a delegation stands.
    """

    db: Database[Document]
    fields: Sequence[str]
    registered_too: bool = False
    """Also of whom staff registered to be served again, not only of whom an order named."""

    def overdue(self, before: datetime) -> int:
        """See ``Forgetting``."""
        counted = list(self.db["persons"].aggregate([*self._over(before), {"$count": "count"}]))
        return counted[0]["count"] if counted else 0

    def forget(self, before: datetime, most: int) -> int:
        """See ``Forgetting``. What was entered of somebody between the look and the write stays."""
        shown = {"$project": dict.fromkeys(self.fields, 1)}
        found = list(self.db["persons"].aggregate([*self._over(before), {"$limit": most}, shown]))
        indexes = ("phone_index",) if "phone" in self.fields else ()
        emptied = {"$set": dict.fromkeys((*self.fields, *indexes))}
        if not found:
            return 0
        return self.db["persons"].bulk_write([UpdateOne(doc, emptied) for doc in found], ordered=False).modified_count

    def _over(self, before: datetime) -> list[Document]:
        kept = [{field: SEALED} for field in self.fields]
        going_on = {"$or": [{"times.ended_at": None}, {"times.ended_at": {"$gte": before}}]}
        orders = {
            "from": "tickets",
            "localField": "_id",
            "foreignField": "beneficiary_id",
            "pipeline": [{"$match": going_on}, {"$limit": 1}, {"$project": {"_id": 1}}],
            "as": "orders",
        }
        held: list[Document] = [{"delegations": {"$elemMatch": {"end": None}}}]
        held += [] if self.registered_too else [{"registered_by": {"$ne": None}}]
        rights = {
            "from": "people",
            "localField": "_id",
            "foreignField": "_id",
            "pipeline": [{"$match": {"$or": held}}, {"$project": {"_id": 1}}],
            "as": "rights",
        }
        return [
            {"$match": {"created_at": {"$lt": before}, "$or": kept}},
            {"$lookup": orders},
            {"$lookup": rights},
            {"$match": {"orders": [], "rights": []}},
        ]


def _ended_with(field: str) -> Any:
    """Orders that ended before a moment and still have *field*; their index holds only what is not forgotten yet."""

    def past(before: datetime) -> Mapping[str, Any]:
        return {"times.ended_at": {"$lt": before, "$type": "date"}, field: SEALED}

    return past


def _emptied(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The gear's ``rev`` grows: a command that has read the words already decides again."""
    return {"$set": dict(fields), "$inc": {"rev": 1}}
