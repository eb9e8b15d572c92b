"""What coded answers are called, by versions: a message says them as they were called when its words were saved.

They come with the platform alone. Each table that ever came is kept under its number; a version of a template names
the one that held when it was stored. What that table does not know yet, the next one that does calls by its name.
"""

import hashlib
import json
from collections.abc import Mapping

from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.migrations import Index
from chassis.mongo import Document
from services.notify.adapters.sandbox import Codes

COLLECTION = "coded_answers"
FIRST_TABLE = 1
"""What versions were stored with before tables were noted."""
CODED_ANSWERS_INDEXES: tuple[Index, ...] = (Index(COLLECTION, "digest", unique=True),)
_TRIES = 5


class MongoCodedAnswers:
    """The tables of a database, of which one is this package's."""

    def __init__(self, db: Database[Document], packaged: Codes) -> None:
        self._rows: Collection[Document] = db[COLLECTION]
        self._packaged = packaged
        self._number: int | None = None
        self._read: dict[int, Codes] = {}

    def number(self) -> int:
        """Of the table that came with this package; it is stored now, if it never was."""
        if self._number is None:
            said = json.dumps(self._packaged, sort_keys=True, ensure_ascii=False)
            digest = hashlib.sha256(said.encode()).hexdigest()
            for _ in range(_TRIES):
                row = self._rows.find_one({"digest": digest}, {"_id": 1})
                if row is not None:
                    self._number = int(row["_id"])
                    break
                self._import(digest)
            else:
                raise RuntimeError("the code words of the package cannot be stored")
        return self._number or FIRST_TABLE

    def table(self, number: int | None) -> Codes:
        """See ``words.CodeTables``."""
        wanted = self.number() if number is None else number
        found = self._read.get(wanted)
        if found is None:
            self.number()
            known: dict[str, Mapping[str, str]] = {}
            for row in self._rows.find({"_id": {"$gte": wanted}}).sort("_id", ASCENDING):
                known = {**row["words"], **known}
            found = self._read[wanted] = known or self._packaged
        return found

    def _import(self, digest: str) -> None:
        newest = self._rows.find_one({}, {"_id": 1}, sort=[("_id", -1)])
        number = FIRST_TABLE if newest is None else int(newest["_id"]) + 1
        try:
            self._rows.insert_one({"_id": number, "digest": digest, "words": self._packaged, "schema": 1})
        except DuplicateKeyError:
            return


class OneTable:
    """A ``words.CodeTables`` without a database: the words of now, whichever are asked for."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes

    def table(self, number: int | None) -> Codes:
        """See ``words.CodeTables``."""
        return self._codes
