"""Versions of what communities changed in the rules, and of the platform's own, in MongoDB: rows are only added."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from cattrs.preconf.bson import make_converter
from pymongo import ASCENDING, DESCENDING
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.mongo import Document
from services.notify.adapters.template_versions import MOST_COMMUNITIES, REMEMBERED_SECONDS
from services.notify.adapters.word_saves import WordSaves
from services.notify.domain.rule import Rule
from services.notify.domain.rule_changes import RuleVersion
from services.notify.domain.template import PACKAGED, version_id

COLLECTION = "rule_versions"
RULES = "rules"
_TRIES = 5
_converter = make_converter()


class MongoRuleVersions:
    """The versions of each community; of the platform's rules it is noted which ones held under which number."""

    def __init__(
        self, db: Database[Document], packaged: Sequence[Rule], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._rows: Collection[Document] = db[COLLECTION]
        self._saves = WordSaves(db)
        self._packaged = [_converter.unstructure(rule) for rule in packaged]
        self._now = now
        self._number: int | None = None
        self._known: dict[str, tuple[float, RuleVersion]] = {}

    def holding(self, community_id: str) -> RuleVersion:
        """What holds in a community; at most some seconds old."""
        known = self._known.get(community_id)
        if known is not None and known[0] > self._now():
            return known[1]
        return self.newest(community_id)

    def newest(self, community_id: str) -> RuleVersion:
        """What holds, as the database has it this moment; its version counts the platform's changes, too."""
        number = self._packaged_number()
        row = self._rows.find_one({"community_id": community_id}, sort=[("version", DESCENDING)])
        found = RuleVersion(community_id=community_id, version=number)
        if row is not None:
            kept = _converter.structure({**row, "version": max(number, row["version"])}, RuleVersion)
            found = self._same(kept)
        if len(self._known) > MOST_COMMUNITIES:
            self._known.clear()
        self._known[community_id] = (self._now() + REMEMBERED_SECONDS, found)
        return found

    def add(self, version: RuleVersion, after: int) -> bool:
        """See ``RuleVersions``."""
        doc: Document = _converter.unstructure(version)
        doc |= {"_id": version_id(version.community_id, RULES, version.version), "schema": 1}
        try:
            return self._saves.insert(self._rows, doc, version.community_id, after)
        finally:
            self._known.pop(version.community_id, None)

    def _same(self, found: RuleVersion) -> RuleVersion:
        """The one that is known already, where it is the same: what was worked out of it still holds."""
        known = self._known.get(found.community_id)
        return known[1] if known is not None and known[1] == found else found

    def _packaged_number(self) -> int:
        """Under which number the rules of this package are stored; stored now, if they never were."""
        if self._number is None:
            said = hashlib.sha256(json.dumps(self._packaged, sort_keys=True).encode()).hexdigest()
            for _ in range(_TRIES):
                stored = {"community_id": PACKAGED, "digest": said}
                row = self._rows.find_one(stored, {"version": 1}, sort=[("version", ASCENDING)])
                if row is not None:
                    self._number = int(row["version"])
                    break
                self._import(said)
            else:
                raise RuntimeError("rules of the package cannot be stored")
        return self._number or 0

    def _import(self, digest: str) -> None:
        """The same rules are stored once, however many processes start together: ``came_as`` is unique."""
        newest = self._rows.find_one({}, {"version": 1}, sort=[("version", DESCENDING)])
        number = 1 + (0 if newest is None else int(newest["version"]))
        doc: dict[str, Any] = {"community_id": PACKAGED, "version": number, "rules": self._packaged, "digest": digest}
        try:
            self._rows.insert_one({"_id": version_id(PACKAGED, RULES, number), **doc, "came_as": digest, "schema": 1})
        except DuplicateKeyError:
            return
