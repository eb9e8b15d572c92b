"""The collections of tickets that are no aggregates: communities, persons, reveals, numbers."""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.ids import new_id
from chassis.marks import mark_of, older_than
from chassis.mongo import Document
from chassis.vault import Vault
from contracts.commands.tickets import NewPerson
from services.tickets.adapters.callers import phone_index
from services.tickets.adapters.codecs import BSON
from services.tickets.application.ports import Person, Reveal
from services.tickets.domain.community import Community

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
SCHEMA = 1
BLOCK = 20
"""So many numbers a process takes at once."""
PERSON_FIELDS = ("name", "phone", "address", "form_of_address")


class PersonVault:
    """Seals what belongs to an order by the key of whom it is about."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, person: str, text: str, context: str) -> bytes | None:
        """Encrypt; None where the person was erased."""
        return self._vault.try_seal(person, text, context)

    def open(self, sealed: bytes, context: str) -> str | None:
        """Decrypt; None where the person was erased. Raises VaultError with another master key or context."""
        return self._vault.try_open(sealed, context)


class MongoCommunities:
    """``communities`` to read; written by the importer alone."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db["communities"]

    def get(self, id: str) -> Community | None:
        """One community."""
        doc = self._rows.find_one({"_id": id})
        return None if doc is None else BSON.structure({**doc, "id": doc["_id"]}, Community)

    def only(self) -> Community | None:
        """The one community of this installation; None where there is none, or more."""
        docs = list(self._rows.find({}, {"_id": 1}).limit(2))
        return self.get(docs[0]["_id"]) if len(docs) == 1 else None

    def with_prefix(self, prefix: str) -> str | None:
        """The id of the community whose numbers start like this."""
        doc = self._rows.find_one({"prefix": prefix}, {"_id": 1})
        return None if doc is None else str(doc["_id"])

    def adopt(self, id: str) -> None:
        """Give one that an older version wrote what every aggregate has; it is published with its next change."""
        head = {"rev": 1, "version": 0, "outbox": [], "commands": []}
        self._rows.update_one({"_id": id, "rev": {"$exists": False}}, {"$set": head})


class MongoPersons:
    """``persons``: every private field is encrypted by itself, bound to the person and the field."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._rows = db["persons"]
        self._vault = vault

    def keep(self, person: Person, now: datetime) -> None:
        """Insert, once."""
        sealed = self._sealed(person)
        head = {"schema": SCHEMA, "community_id": person.community_id, "known_to": person.known_to, "created_at": now}
        try:
            self._rows.update_one({"_id": person.id}, {"$setOnInsert": {**head, **sealed}}, upsert=True)
        except DuplicateKeyError:
            return  # somebody was quicker with the same person

    def change(self, person: Person, now: datetime) -> None:
        """Write what is known of them now, whoever named them first."""
        head = {"schema": SCHEMA, "community_id": person.community_id, "known_to": person.known_to, "created_at": now}
        sealed = self._sealed(person)
        self._rows.update_one({"_id": person.id}, {"$set": sealed, "$setOnInsert": head}, upsert=True)

    def _sealed(self, person: Person) -> Document:
        sealed: Document = {
            field: None if text is None else self._vault.try_seal(person.id, text, person_context(person.id, field))
            for field, text in ((field, getattr(person.details, field)) for field in PERSON_FIELDS)
        }
        phone = person.details.phone
        kept = phone is not None and sealed["phone"] is not None
        return {**sealed, "phone_index": phone_index(self._vault, phone) if kept and phone else None}

    def get(self, id: str) -> Person | None:
        """Decrypt; None also where the name was forgotten, or they were erased. Raises VaultError."""
        doc = self._rows.find_one({"_id": id})
        if doc is None:
            return None
        details: dict[str, Any] = {
            field: self._vault.try_open(doc[field], person_context(id, field)) for field in PERSON_FIELDS
        }
        if details["name"] is None:
            return None
        return Person(id=id, community_id=doc["community_id"], known_to=doc["known_to"], details=NewPerson(**details))


def person_context(person_id: str, field: str) -> str:
    return f"persons/{person_id}/{field}"


class MongoReveals:
    """``reveals``: rows are only ever added; the reason is somebody's own words, so it is encrypted too."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._rows = db["reveals"]
        self._vault = vault

    def add(self, reveal: Reveal, once: str | None = None) -> None:
        """Insert; a second one with the same *once* changes nothing."""
        id = new_id()
        person, reason = reveal.sealed_for or reveal.ticket_id, reveal.reason
        sealed = None if reason is None else self._vault.try_seal(person, reason, reason_context(id))
        doc: Document = BSON.unstructure(reveal)
        row = {**doc, "_id": id, "schema": SCHEMA, "reason": sealed} | ({"once": once} if once else {})
        with suppress(DuplicateKeyError):
            self._rows.insert_one(row)

    def of(self, community_id: str, ticket_id: str) -> Sequence[Reveal]:
        """Oldest first."""
        found = self._rows.find({"community_id": community_id, "ticket_id": ticket_id})
        return [self._read(doc) for doc in found.sort([("at", ASCENDING), ("_id", ASCENDING)])]

    def about(
        self, community_id: str, persons: Sequence[str], before: str | None, limit: int
    ) -> Sequence[tuple[str, Reveal]]:
        """Newest first; the mark is the row's time and id."""
        query: Document = {"community_id": community_id, "concerns": {"$in": list(persons)}, **older_than(before)}
        found = self._rows.find(query).sort([("at", DESCENDING), ("_id", DESCENDING)]).limit(limit)
        return [(mark_of(doc), self._read(doc)) for doc in found]

    def _read(self, doc: Document) -> Reveal:
        reason = self._vault.try_open(doc["reason"], reason_context(doc["_id"]))
        return BSON.structure({**doc, "reason": reason}, Reveal)


def reason_context(reveal_id: str) -> str:
    return f"reveals/{reveal_id}/reason"


class MongoNumbers:
    """``numbers``: one counter per community and day. A process takes 20 at a time, and what it leaves is a gap."""

    def __init__(self, db: Database[Document]) -> None:
        self._counters = db["numbers"]
        self._blocks: dict[tuple[str, date], deque[int]] = {}

    def take(self, community_id: str, day: date) -> int:
        """The next number of this process's block; two who find it empty both fetch, and nothing is given twice."""
        block = self._blocks.get((community_id, day))
        if block is None:
            block = self._begin(community_id, day)
        while not block:
            block.extend(self._fetch(community_id, day))
        return block.popleft()

    def _begin(self, community_id: str, day: date) -> deque[int]:
        past = day - timedelta(days=2)
        self._blocks = {key: block for key, block in self._blocks.items() if key[1] >= past}
        return self._blocks.setdefault((community_id, day), deque())

    def _fetch(self, community_id: str, day: date) -> range:
        counter = f"{community_id}:{day.isoformat()}"
        head = {"schema": SCHEMA, "community_id": community_id}
        update = {"$inc": {"taken": BLOCK}, "$setOnInsert": head}
        after: Any = self._counters.find_one_and_update(
            {"_id": counter}, update, upsert=True, return_document=ReturnDocument.AFTER
        )
        last: int = after["taken"]
        return range(last - BLOCK + 1, last + 1)


class _Source(Protocol[T_co]):
    def get(self, id: str) -> T_co | None: ...


class Remembered(Generic[T]):
    """Keeps what a source of masters gave for a moment: they change by imports, and every order asks for three.

    *seconds* are real time by *elapsed*. What was not found is asked for again.
    """

    MOST = 5_000

    def __init__(self, source: _Source[T], seconds: float, elapsed: Callable[[], float]) -> None:
        self._source = source
        self._seconds = seconds
        self._elapsed = elapsed
        self._known: dict[str, tuple[float, T]] = {}

    def get(self, id: str) -> T | None:
        """From memory, or from the source."""
        until, known = self._known.get(id, (0.0, None))
        if known is not None and self._elapsed() < until:
            return known
        found = self._source.get(id)
        if found is not None:
            if len(self._known) >= self.MOST:
                self._known.clear()
            self._known[id] = (self._elapsed() + self._seconds, found)
        return found
