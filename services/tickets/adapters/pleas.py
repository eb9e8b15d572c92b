"""``pleas`` beside its gear: staff's list, whose phone it is, how long words are kept, its seals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.marks import mark_of, older_than
from chassis.migrations import Index
from chassis.mongo import Document
from chassis.retention import Fields, Rule
from chassis.sealed import SealedCollection, SealedField
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.pleas import PleaState
from contracts.words import Text
from services.tickets.adapters.callers import phone_index
from services.tickets.application.plea_ports import Home
from services.tickets.application.pleas_in import PHONE, context, words_part
from services.tickets.domain.pleas import Plea

COLLECTION = "pleas"
PHONE_KEY = "pleas/phone"
FORGOTTEN: Mapping[str, Any] = {
    "texts": [],
    "phone": None,
    "phone_key": None,
    "accounts": [],
    "persons": [],
    "asked_about": None,
    "forgotten": True,
}
"""What goes in time: all but that there was one, when, and what came of it."""
_CHINA = "86"
_MAINLAND_DIGITS = 11

PLEA_INDEXES: tuple[Index, ...] = (
    # Staff's list; the one of a phone that waits; what was pushed before; whose words they are; what is over.
    Index(COLLECTION, [("community_id", 1), ("received_at", -1), ("_id", -1)]),
    Index(
        COLLECTION,
        [("community_id", 1), ("phone_key", 1)],
        partialFilterExpression={"state": PleaState.WAITING.value},
    ),
    Index(COLLECTION, "texts.sequence"),
    Index(COLLECTION, "accounts"),
    Index(COLLECTION, "persons"),
    Index(COLLECTION, "handled_at", partialFilterExpression={"forgotten": False}),
)


class MongoPleas:
    """A ``Pleas``."""

    def __init__(self, pleas: Aggregates[Plea], vault: Vault) -> None:
        self._pleas = pleas
        self._vault = vault

    def get(self, id: str) -> Plea | None:
        """See ``Pleas``."""
        return self._pleas.get(id)

    def with_sequence(self, sequence: str) -> Plea | None:
        """See ``Pleas``."""
        return next(iter(self._pleas.find({"texts.sequence": sequence}, [("_id", 1)], 1)), None)

    def waiting_from(self, community_id: str, phone_key: str) -> Plea | None:
        """See ``Pleas``."""
        wanted = {"community_id": community_id, "phone_key": phone_key, "state": PleaState.WAITING.value}
        return next(iter(self._pleas.find(wanted, [("_id", 1)], 1)), None)

    def phone_key(self, phone: str) -> str:
        """See ``Pleas``: equal for one number, however it is written."""
        return self._vault.index(ways_to_write(phone)[0], PHONE_KEY)

    def of(self, community_id: str, before: str | None, open_only: bool, limit: int) -> Sequence[tuple[str, Plea]]:
        """See ``Pleas``."""
        query: Document = {"community_id": community_id, **older_than(before, "received_at")}
        query |= {"state": PleaState.WAITING.value} if open_only else {}
        found = self._pleas.find(query, [("received_at", -1), ("_id", -1)], limit)
        return [(mark_of({"at": plea.received_at, "_id": plea.id}), plea) for plea in found]

    def apply(self, id: str, meta: Meta, decide: Callable[[Plea | None], Decided[Plea] | None]) -> Outcome:
        """One guarded write."""
        return self._pleas.apply(id, meta, decide)


class MongoHomes:
    """A ``Homes``: the vault of persons, by the blind index of their phones."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._communities = db["communities"]
        self._persons = db["persons"]
        self._vault = vault

    def of(self, phone: str) -> Sequence[Home]:
        """See ``Homes``."""
        wanted = {"$in": [phone_index(self._vault, one) for one in ways_to_write(phone)]}
        homes = []
        for id in self.communities():
            found = self._persons.find({"community_id": id, "phone_index": wanted}, {"_id": 1}).sort("_id", -1)
            persons = tuple(row["_id"] for row in found)
            homes += [Home(id, persons)] if persons else []
        return homes

    def communities(self) -> Sequence[str]:
        """See ``Homes``."""
        return [row["_id"] for row in self._communities.find({}, {"_id": 1}).sort("_id", 1)]


def ways_to_write(phone: str) -> tuple[str, ...]:
    """The digits of a number as people write it: a mainland one without its country's code first, and with it."""
    digits = "".join(char for char in phone if char.isdecimal()).removeprefix("00")
    if len(digits) == len(_CHINA) + _MAINLAND_DIGITS:
        digits = digits.removeprefix(_CHINA)
    return (digits, f"{_CHINA}{digits}", f"00{_CHINA}{digits}") if len(digits) == _MAINLAND_DIGITS else (digits,)


def forgetting_pleas(db: Database[Document], settings: Settings) -> Rule:
    """A handled plea loses its words, its number and whose it was; one that waits is never forgotten."""

    def past(before: datetime) -> Mapping[str, Any]:
        return {"handled_at": {"$lt": before, "$type": "date"}, "forgotten": False}

    return Rule(
        name="pleas",
        what=Text(zh="短信来信的内容和号码", en="what somebody wrote by SMS, and from which number"),
        days=settings.retention_words_days,
        setting="retention_words_days",
        how=Fields(db[COLLECTION], past, {"$set": dict(FORGOTTEN), "$inc": {"rev": 1}}),
    )


def sealed_pleas() -> SealedCollection:
    """Its sealed fields, by each plea's own key: destroyed where whoever wrote is erased."""
    return SealedCollection(collection=COLLECTION, paths=(PHONE, "texts.words"), fields=_fields)


def _fields(row: Document) -> Iterator[SealedField]:
    id = row["_id"]
    if row["phone"] is not None:
        yield SealedField(path=PHONE, blob=row["phone"], context=context(id, PHONE), person=id)
    for place, one in enumerate(row["texts"]):
        if one["words"] is not None:
            bound = context(id, words_part(one["sequence"]))
            yield SealedField(path=f"texts.{place}.words", blob=one["words"], context=bound, person=id)
