"""Versions of templates in MongoDB: rows that are only ever added, found by community, template and number."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cattrs.preconf.bson import make_converter
from pymongo import DESCENDING
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError

from chassis.mongo import Document
from services.notify.adapters.coded_answers import FIRST_TABLE
from services.notify.adapters.word_saves import WordSaves
from services.notify.domain.template import NEWEST_KEPT, OWN, PACKAGED, PLAIN, TemplateVersion, version_id
from services.notify.domain.variables import VARIABLES, Holds

COLLECTION = "template_versions"
REMEMBERED_SECONDS = 5.0
"""So long a process may plan with a version after another process saved a newer one."""
MOST_COMMUNITIES = 2_000
MOST_READ = 5_000
DUPLICATE_KEY = 11000
_TRIES = 5
_converter = make_converter()


class MongoTemplateVersions:
    """The versions of a community, over those that came with the platform.

    What came with it is stored once for all under ``PACKAGED``: a process plans with the words of its own package, so
    that an older one and a newer one run together; whoever changed a template keeps theirs.
    """

    def __init__(
        self,
        db: Database[Document],
        packaged: Mapping[str, TemplateVersion],
        codes: Callable[[], int] = lambda: FIRST_TABLE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rows: Collection[Document] = db[COLLECTION]
        self._saves = WordSaves(db)
        self._packaged = packaged
        self._codes = codes
        self._now = now
        self._numbers: Mapping[str, int] | None = None
        self._known: dict[str, tuple[float, Mapping[str, int]]] = {}
        self._read: dict[str, TemplateVersion] = {}

    def numbers(self, community_id: str) -> Mapping[str, int]:
        """The version of each template that holds now in a community; at most some seconds old."""
        known = self._known.get(community_id)
        if known is not None and known[0] > self._now():
            return known[1]
        numbers = self._numbers_now(community_id)
        if len(self._known) > MOST_COMMUNITIES:
            self._known.clear()
        self._known[community_id] = (self._now() + REMEMBERED_SECONDS, numbers)
        return numbers

    def heads(self, community_id: str) -> Mapping[str, TemplateVersion]:
        """What holds now of every template, as the database has it this moment."""
        self._known.pop(community_id, None)
        numbers = self.numbers(community_id)
        self._read_ahead(community_id, numbers)
        found = {template: self.get(community_id, template, number) for template, number in numbers.items()}
        return {template: version for template, version in found.items() if not version.deleted}

    def head(self, community_id: str, template: str) -> TemplateVersion | None:
        """What holds now of one template, as the database has it this moment; None: there is no such template."""
        self._known.pop(community_id, None)
        number = self.numbers(community_id).get(template)
        found = None if number is None else self.get(community_id, template, number)
        return None if found is None or found.deleted else found

    def get(self, community_id: str, template: str, version: int | None) -> TemplateVersion:
        """See ``words.Versions``."""
        now = self.numbers(community_id).get(template)
        wanted = now if version is None else version
        found = None if wanted is None else self.find(community_id, template, wanted)
        if found is None and now is not None:
            # A row that is gone is found by the audit; whoever reads the message has to be told all the same.
            found = self.find(community_id, template, now)
        return found or self._packaged.get(template) or self.get(community_id, PLAIN, None)

    def find(self, community_id: str, template: str, version: int) -> TemplateVersion | None:
        """The community's own version of that number, else the platform's; rows never change and are kept."""
        ids = [version_id(of, template, version) for of in (community_id, PACKAGED)]
        found = self._read.get(ids[0])
        if found is None:
            rows = {row["_id"]: row for row in self._rows.find({"_id": {"$in": ids}})}
            row = rows.get(ids[0], rows.get(ids[1]))
            if row is None:
                return None
            self._make_room(1)
            found = self._read[ids[0]] = _from_doc(row)
        return found

    def _read_ahead(self, community_id: str, numbers: Mapping[str, int]) -> None:
        """Many versions in one question; the community's own is that of its number, where there is one."""
        wanted = [
            (template, number)
            for template, number in numbers.items()
            if version_id(community_id, template, number) not in self._read
        ]
        ids = [version_id(of, *one) for one in wanted for of in (community_id, PACKAGED)]
        rows = {row["_id"]: row for row in self._rows.find({"_id": {"$in": ids}})}
        self._make_room(len(wanted))
        for one in wanted:
            own, packaged = (version_id(of, *one) for of in (community_id, PACKAGED))
            row = rows.get(own, rows.get(packaged))
            if row is not None:
                self._read[own] = _from_doc(row)

    def _make_room(self, rows: int) -> None:
        if len(self._read) + rows > MOST_READ:
            self._read.clear()

    def packaged(self, template: str) -> TemplateVersion:
        """What this package says."""
        return self.get(PACKAGED, template, None)

    def versions(self, community_id: str, template: str) -> Sequence[TemplateVersion]:
        """See ``TemplateVersions``."""
        self._packaged_numbers()
        which = {"community_id": {"$in": [community_id, PACKAGED]}, "template": template}
        rows = self._rows.find(which).sort([("version", DESCENDING)]).limit(NEWEST_KEPT)
        return [_from_doc(row) for row in rows]

    def count(self, community_id: str, template: str) -> int:
        """See ``TemplateVersions``."""
        return self._rows.count_documents({"community_id": community_id, "template": template})

    def made_by(self, command_id: str) -> TemplateVersion | None:
        """The version that a command made."""
        row = self._rows.find_one({"command_id": command_id})
        return None if row is None else _from_doc(row)

    def saves(self, community_id: str) -> int:
        """See ``TemplateVersions``."""
        return self._saves.newest(community_id)

    def add(self, version: TemplateVersion, after: int | None = None) -> bool:
        """See ``TemplateVersions``."""
        doc = _to_doc(replace(version, codes=self._codes()))
        try:
            if after is not None:
                return self._saves.insert(self._rows, doc, version.community_id, after)
            self._rows.insert_one(doc)
        except DuplicateKeyError:
            return False
        finally:
            self._known.pop(version.community_id, None)
        return True

    def _numbers_now(self, community_id: str) -> Mapping[str, int]:
        numbers = dict(self._packaged_numbers())
        if community_id == PACKAGED:
            return numbers
        fields = {"template": 1, "version": 1, "follows": 1}
        own: dict[str, Document] = {}
        for row in self._rows.find({"community_id": community_id}, fields).sort([("version", 1)]):
            own[row["template"]] = row
        for template, row in own.items():
            # A deleted one stays among them: who plans by rules of some seconds ago still needs its words.
            if not row["follows"] and (template in numbers or template.startswith(OWN)):
                numbers[template] = row["version"]
        return numbers

    def _packaged_numbers(self) -> Mapping[str, int]:
        """The number of each template of this package; what was never stored is stored now."""
        if self._numbers is None:
            for _ in range(_TRIES):
                known = self._stored_numbers()
                missing = [name for name in self._packaged if name not in known]
                if not missing:
                    self._numbers = known
                    break
                self._import(missing)
            else:
                raise RuntimeError(f"templates of the package cannot be stored: {missing}")
        return self._numbers or {}

    def _stored_numbers(self) -> dict[str, int]:
        table = self._codes()
        digests = {name: digest(replace(one, codes=table)) for name, one in self._packaged.items()}
        fields = {"template": 1, "version": 1, "digest": 1}
        rows = self._rows.find({"community_id": PACKAGED}, fields).sort([("version", DESCENDING)])
        return {row["template"]: row["version"] for row in rows if digests.get(row["template"]) == row["digest"]}

    def _import(self, names: Sequence[str]) -> None:
        """Above every number that any community gave, so that a number means one thing to each of them.

        The same words are stored once, however many start together: ``came_as`` is unique.
        """
        newest: list[Document] = [
            {"$match": {"template": {"$in": list(names)}}},
            {"$group": {"_id": "$template", "version": {"$max": "$version"}}},
        ]
        above = {row["_id"]: row["version"] for row in self._rows.aggregate(newest)}
        table = self._codes()
        rows = [_to_doc(replace(self._packaged[name], codes=table), above.get(name, 0) + 1) for name in names]
        for row in rows:
            row["came_as"] = f"{row['template']} {row['digest']}"
        try:
            self._rows.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            if any(failure["code"] != DUPLICATE_KEY for failure in error.details["writeErrors"]):
                raise


def digest(version: TemplateVersion) -> str:
    """The same for the same words, those of coded answers among them."""
    said = {name: value for name, value in _converter.unstructure(version).items() if name in _SAID}
    coded = any(name in VARIABLES and VARIABLES[name].holds is Holds.CODE for name in version.variables)
    if coded and version.codes not in (None, FIRST_TABLE):
        said["codes"] = version.codes
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


_SAID = frozenset({"grade", "variables", "required", "texts"})


def _to_doc(version: TemplateVersion, number: int | None = None) -> Document:
    doc: Document = _converter.unstructure(version)
    doc["version"] = version.version if number is None else number
    doc["_id"] = version_id(version.community_id, version.template, doc["version"])
    # An index over commands must not take rows that no command made for one another.
    for name in ("command_id", "body_hash"):
        if doc[name] is None:
            del doc[name]
    return doc | {"digest": digest(version), "schema": 1}


def _from_doc(row: Mapping[str, Any]) -> TemplateVersion:
    given = {"command_id": None, "body_hash": None, "codes": FIRST_TABLE, **row}
    return _converter.structure(given, TemplateVersion)
