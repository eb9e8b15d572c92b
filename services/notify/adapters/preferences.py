"""What people want to hear, in MongoDB: one document for each person who ever said something."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import time
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.mongo import Document
from contracts.events import AnyReceived
from contracts.notices import Every, QuietMode, Way
from services.notify.domain.audience import account
from services.notify.domain.category import Category
from services.notify.domain.preferences import NONE_YET, Change, Preferences, one_key
from services.notify.domain.quiet import QuietHours

PREFERENCES = "preferences"
SCHEMA = 1
OF_A_PERSON = "person:"


class MongoPreferences:
    """``Kept``: by the recipient; every write is the next revision of what was read."""

    def __init__(self, db: Database[Document]) -> None:
        self._rows = db[PREFERENCES]

    def of(self, community_id: str, key: str) -> Preferences:
        """See ``Kept``."""
        doc = self._rows.find_one({"_id": key, "community_id": community_id})
        return Preferences(recipient=key, community_id=community_id) if doc is None else read(doc)

    def put(self, preferences: Preferences) -> bool:
        """See ``Kept``."""
        doc = _written(replace(preferences, revision=preferences.revision + 1))
        if preferences.revision == NONE_YET:
            try:
                self._rows.insert_one(doc)
            except DuplicateKeyError:
                return False
            return True
        seen = {"_id": doc.pop("_id"), "rev": preferences.revision}
        return self._rows.update_one(seen, {"$set": doc}).modified_count > 0

    def wishing(self, keys: Iterable[str]) -> frozenset[str]:
        """See ``Wishing``."""
        wanted = {"_id": {"$in": sorted(keys)}, "followed.0": {"$exists": True}}
        return frozenset(doc["_id"] for doc in self._rows.find(wanted, {"_id": 1}))

    def adopt(self, events: Sequence[AnyReceived]) -> None:
        """See ``Kept``; what the account's owner said themselves stays, and repeating it changes nothing."""
        accounts = {
            OF_A_PERSON + event.snapshot.id: event.snapshot.account_id for event in events if event.snapshot.account_id
        }
        for doc in self._rows.find({"_id": {"$in": list(accounts)}}) if accounts else ():
            key = one_key(account(accounts[doc["_id"]]))
            self._rows.update_one({"_id": key}, {"$setOnInsert": {**doc, "_id": key}}, upsert=True)
            self._rows.delete_one({"_id": doc["_id"], "rev": doc["rev"]})


def _written(said: Preferences) -> Document:
    return {
        "_id": said.recipient,
        "community_id": said.community_id,
        "schema": SCHEMA,
        "rev": said.revision,
        "language": said.language,
        "ways": [way.value for way in said.ways],
        "off": sorted([category.value, way.value] for category, way in said.off),
        "digests": {category.value: every.value for category, every in said.digests.items()},
        "followed": sorted(way.value for way in said.followed),
        "digest_at": f"{said.digest_at:%H:%M}",
        "quiet_mode": said.mode.value,
        "quiet": None if said.quiet is None else [f"{said.quiet.start:%H:%M}", f"{said.quiet.end:%H:%M}"],
        "changes": [asdict(change) for change in said.changes],
    }


def read(doc: Mapping[str, Any]) -> Preferences:
    """Preferences as they are stored. A category or way of a newer version is not known here and left out."""
    known, ways = {category.value for category in Category}, {way.value for way in Way}
    return Preferences(
        recipient=doc["_id"],
        community_id=doc["community_id"],
        language=doc["language"],
        ways=tuple(Way(way) for way in doc["ways"] if way in ways),
        off=frozenset((Category(kind), Way(way)) for kind, way in doc["off"] if kind in known and way in ways),
        digests={Category(kind): Every(every) for kind, every in doc["digests"].items() if kind in known},
        followed=frozenset(Way(way) for way in doc.get("followed", ()) if way in ways),
        digest_at=time.fromisoformat(doc["digest_at"]),
        mode=QuietMode(doc["quiet_mode"]),
        quiet=None if doc["quiet"] is None else QuietHours(*map(time.fromisoformat, doc["quiet"])),
        changes=tuple(Change(**{one.name: change[one.name] for one in fields(Change)}) for change in doc["changes"]),
        revision=doc["rev"],
    )
