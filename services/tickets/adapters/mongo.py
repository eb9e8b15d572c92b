"""The collections of tickets that are no aggregates: communities, persons, reveals, numbers."""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from pymongo import ASCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.cipher import Cipher
from chassis.ids import new_id
from chassis.mongo import Document
from contracts.commands.tickets import NewPerson
from services.tickets.adapters.codecs import BSON
from services.tickets.application.ports import Person, Reveal
from services.tickets.domain.community import Community

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
SCHEMA = 1
BLOCK = 20
"""So many numbers a process takes at once."""
_PRIVATE = ("name", "phone", "address", "form_of_address")


class CipherVault:
    """Seals what belongs to an order."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt."""
        return self._cipher.encrypt(text, context)

    def open(self, sealed: bytes, context: str) -> str:
        """Decrypt; raises CipherError with another key or context."""
        return self._cipher.decrypt(sealed, context)


class MongoCommunities:
    """``communities``: written by the importer alone."""

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

    def keep(self, community: Community) -> None:
        """Write it as it is now."""
        doc: Document = BSON.unstructure(community)
        del doc["id"]
        self._rows.update_one({"_id": community.id}, {"$set": {**doc, "schema": SCHEMA}}, upsert=True)


class MongoPersons:
    """``persons``: every private field is encrypted by itself, bound to the person and the field."""

    def __init__(self, db: Database[Document], cipher: Cipher) -> None:
        self._rows = db["persons"]
        self._cipher = cipher

    def keep(self, person: Person, now: datetime) -> None:
        """Insert, once."""
        sealed = {
            field: None if text is None else self._cipher.encrypt(text, _person_context(person.id, field))
            for field, text in ((field, getattr(person.details, field)) for field in _PRIVATE)
        }
        head = {"schema": SCHEMA, "community_id": person.community_id, "known_to": person.known_to, "created_at": now}
        try:
            self._rows.update_one({"_id": person.id}, {"$setOnInsert": {**head, **sealed}}, upsert=True)
        except DuplicateKeyError:
            return  # somebody was quicker with the same person

    def get(self, id: str) -> Person | None:
        """Decrypt; None also where the name was forgotten. Raises CipherError with another master key."""
        doc = self._rows.find_one({"_id": id})
        if doc is None or doc["name"] is None:
            return None
        details: dict[str, Any] = {
            field: None if doc[field] is None else self._cipher.decrypt(doc[field], _person_context(id, field))
            for field in _PRIVATE
        }
        return Person(id=id, community_id=doc["community_id"], known_to=doc["known_to"], details=NewPerson(**details))


def _person_context(person_id: str, field: str) -> str:
    return f"persons/{person_id}/{field}"


class MongoReveals:
    """``reveals``: rows are only ever added; the reason is somebody's own words, so it is encrypted too."""

    def __init__(self, db: Database[Document], cipher: Cipher) -> None:
        self._rows = db["reveals"]
        self._cipher = cipher

    def add(self, reveal: Reveal, once: str | None = None) -> None:
        """Insert; a second one with the same *once* changes nothing."""
        id = once or new_id()
        sealed = None if reveal.reason is None else self._cipher.encrypt(reveal.reason, _reason_context(id))
        doc: Document = BSON.unstructure(reveal)
        row = {**doc, "schema": SCHEMA, "reason": sealed}
        with suppress(DuplicateKeyError):
            self._rows.insert_one({**row, "_id": id})

    def of(self, community_id: str, ticket_id: str) -> Sequence[Reveal]:
        """Oldest first."""
        found = self._rows.find({"community_id": community_id, "ticket_id": ticket_id})
        return [self._read(doc) for doc in found.sort([("at", ASCENDING), ("_id", ASCENDING)])]

    def _read(self, doc: Document) -> Reveal:
        sealed = doc["reason"]
        reason = None if sealed is None else self._cipher.decrypt(sealed, _reason_context(doc["_id"]))
        return BSON.structure({**doc, "reason": reason}, Reveal)


def _reason_context(reveal_id: str) -> str:
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
