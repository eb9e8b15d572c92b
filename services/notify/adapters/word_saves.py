"""Saving words and rules of one community one after the other: what was checked against both holds until the next save.

A rule is held against the templates that are there, the end of a template against the rules that tell by it. Each
save therefore names the one before it that it knew, and is stored with the count of saves, or not at all.
"""

from pymongo import ReturnDocument
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, OperationFailure
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chassis.mongo import Document

COLLECTION = "word_saves"
_JOURNALED = WriteConcern("majority", j=True)
_LOST = "TransientTransactionError"
"""What MongoDB calls a write that another one was quicker than."""


class WordSaves:
    """How many there were, by community."""

    def __init__(self, db: Database[Document]) -> None:
        self._client = db.client
        self._rows = db[COLLECTION]

    def newest(self, community_id: str) -> int:
        """The number of the newest save; ask before anything is read that is checked."""
        found = self._rows.find_one({"_id": community_id})
        if found is None:
            one, first = {"_id": community_id}, {"$setOnInsert": {"saves": 0, "schema": 1}}
            try:
                after = ReturnDocument.AFTER
                found = self._rows.find_one_and_update(one, first, upsert=True, return_document=after)
            except DuplicateKeyError:
                found = self._rows.find_one(one)
        return 0 if found is None else int(found["saves"])

    def insert(self, rows: Collection[Document], doc: Document, community_id: str, after: int) -> bool:
        """Store *doc* as the save that follows *after*; False where another came since, or the id is taken."""
        before = {"_id": community_id, "saves": after}
        try:
            with self._client.start_session() as session:
                session.start_transaction(ReadConcern("snapshot"), _JOURNALED)
                if not self._rows.update_one(before, {"$inc": {"saves": 1}}, session=session).modified_count:
                    return False
                rows.insert_one(doc, session=session)
                session.commit_transaction()
        except DuplicateKeyError:
            return False
        except OperationFailure as error:
            if error.has_error_label(_LOST):
                return False
            raise
        return True
