"""Rotating keys while everything runs: wrapping all keys by a new master, and sealing everything anew.

Both are safe to stop at any moment and to run again, beside running services. ``rewrap`` changes only the keys'
documents, a few bytes each; several may do it at once. ``reencrypt`` opens and seals: what an older format sealed, what
lies under another person's key, and with new keys everything. A field is written only while it still holds what was
read. One process at a time does it: a second one would destroy keys by which somebody still seals.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import eventlet
from bson.binary import UUID_SUBTYPE, Binary
from pymongo.database import Database

from chassis.errors import Erased, VaultError
from chassis.logging import get_logger
from chassis.mongo import SELECTION_MS, SOCKET_MS, Document
from chassis.sealed import OWN, SealedCollection, SealedField
from chassis.vault import FORMAT, KEY_ID, RETIRED, SEALING_SECONDS, Vault

RUNS = "vault_runs"
RUN = "reencrypt"
BATCH = 100
PAUSE = 0.02
"""Seconds between two batches: who serves people comes first."""
WRITING_SECONDS = (SOCKET_MS + SELECTION_MS) / 1000
"""So long after it was sealed something may still be written: a write that takes longer has failed."""
PASSES = 6
"""So often everything is gone through at most; one pass has to find nothing left to do."""
_RETIRED_NAME = re.compile(f"^{RETIRED}")
IS_RETIRED = {"keyAltNames": _RETIRED_NAME}

Say = Callable[[str, int, int], None]
"""Told how far it is: in which collection, how many documents, of how many."""

log = get_logger(__name__)


@dataclass(frozen=True)
class Status:
    """``by_master`` counts keys by the name of the master that wraps them; ``unknown`` ones nobody here unwraps."""

    master: str
    by_master: Mapping[str, int]
    unknown: int
    retired_keys: int
    erased: int
    erased_with_keys: int
    run: Mapping[str, Any] | None

    @property
    def is_sound(self) -> bool:
        """Can every key be unwrapped, and has nobody who was erased one?"""
        return self.unknown == 0 and self.erased_with_keys == 0


@dataclass(frozen=True)
class Resealed:
    """Documents seen; fields sealed anew; fields made or found mute, since their person was erased; fields that do not
    open (each is a fault, and in the log); documents that changed meanwhile."""

    seen: int = 0
    sealed: int = 0
    mute: int = 0
    unreadable: int = 0
    raced: int = 0

    def __add__(self, other: "Resealed") -> "Resealed":
        return Resealed(*(one + two for one, two in zip(asdict(self).values(), asdict(other).values(), strict=True)))


class Rotation:
    """The work on one service's database; *now* is real time, *pause* lets others go first and outwaits memories.

    *holds*: is it still this process's turn? Asked before every batch, and before keys are destroyed.
    """

    def __init__(
        self,
        db: Database[Document],
        vault: Vault,
        collections: Sequence[SealedCollection],
        now: Callable[[], datetime],
        say: Say = lambda _collection, _done, _all: None,
        pause: Callable[[float], object] = eventlet.sleep,
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        self._db = db
        self._vault = vault
        self._collections = {one.collection: one for one in (*collections, OWN)}
        self._now = now
        self._say = say
        self._pause = pause
        self._holds = holds

    def status(self) -> Status:
        """How the keys stand."""
        vault = self._vault
        grouped = vault.keys.aggregate([{"$group": {"_id": "$masterKey.provider", "count": {"$sum": 1}}}])
        by_master = {str(row["_id"]): int(row["count"]) for row in grouped}
        run = self._db[RUNS].find_one({"_id": RUN}, {"_id": 0})
        return Status(
            master=vault.masters.current,
            by_master=by_master,
            unknown=sum(count for name, count in by_master.items() if name not in vault.masters.providers),
            retired_keys=vault.keys.count_documents(IS_RETIRED),
            erased=vault.erased.count_documents({}),
            erased_with_keys=vault.count_erased_with_keys(),
            run=run,
        )

    def rewrap(self) -> int:
        """Wrap every key by the current master; returns how many were. What no known master wraps is left alone."""
        keys, masters = self._vault.keys, self._vault.masters
        wanted = {"masterKey.provider": {"$in": [name for name in masters.providers if name != masters.current]}}
        total, done = keys.count_documents(wanted), 0
        while ids := [row["_id"] for row in keys.find(wanted, {"_id": 1}).limit(BATCH)]:
            self._vault.rewrap(ids)
            done += len(ids)
            self._say(keys.name, done, max(done, total))
            self._pause(PAUSE)
        self._vault.forget_keys()
        return done

    def reencrypt(self, *, new_keys: bool = False) -> Resealed:
        """Seal anew what has to be, in as many passes as it takes; an unfinished run goes on where it was.

        With *new_keys* whoever had a key when it began gets another one, and the old ones are destroyed once a pass
        has found nothing under them. Raises VaultError when something does not open or keeps changing, or the turn
        is over.
        """
        run = self._begin(new_keys=new_keys)
        if run["new_keys"] and not run["retired"]:
            self._retire()
            # Until then another process may seal with a key it remembers, and write what it has sealed.
            self._pause(SEALING_SECONDS + WRITING_SECONDS)
            run = self._note({"retired": True})
        for _ in range(PASSES):
            found = self._pass(run)
            if found.unreadable:
                self._note({"after": None, "collection": None, "found": asdict(Resealed())})
                raise VaultError(
                    f"有 {found.unreadable} 处打不开,见日志,没有销毁任何密钥"
                    f" / {found.unreadable} sealed fields do not open, see the log: no key was destroyed"
                )
            if not found.sealed and not found.raced:
                self._must_hold()
                self._vault.keys.delete_many(IS_RETIRED)
                self._vault.forget_keys()
                return Resealed(**self._next_pass(found, done=True)["total"])
            run = self._next_pass(found, done=False)
        raise VaultError(
            "写得比重新加密还快:请在清闲时再运行"
            " / what is sealed changes faster than it is sealed anew: run this again at a quieter hour"
        )

    def _begin(self, *, new_keys: bool) -> Document:
        run, nothing = self._db[RUNS].find_one({"_id": RUN, "done": False}), asdict(Resealed())
        if run is not None:
            if new_keys and not run["new_keys"]:
                return self._note({"new_keys": True, "collection": None, "after": None, "found": nothing})
            return run
        head = {"began": self._now(), "new_keys": new_keys, "retired": False, "done": False}
        return self._note({**head, "collection": None, "after": None, "found": nothing, "total": nothing})

    def _note(self, changes: Mapping[str, Any]) -> Document:
        runs = self._db[RUNS]
        runs.update_one({"_id": RUN}, {"$set": {**changes, "at": self._now()}}, upsert=True)
        return runs.find_one({"_id": RUN}) or {}

    def _next_pass(self, found: Resealed, *, done: bool) -> Document:
        before = self._db[RUNS].find_one({"_id": RUN}) or {}
        total = Resealed(**before["total"]) + found
        fresh = {"collection": None, "after": None, "found": asdict(Resealed())}
        return self._note({**fresh, "total": asdict(total), "done": done})

    def _retire(self) -> None:
        """All keys that stand now; one that is made meanwhile is new enough, and harmed by nothing if it goes too."""
        standing = {"keyAltNames": {"$not": _RETIRED_NAME, "$exists": True}}
        rows = list(self._vault.keys.find(standing, {"keyAltNames": 1}))
        for done in range(0, len(rows), BATCH):
            self._must_hold()
            batch = rows[done : done + BATCH]
            for row in batch:
                self._vault.retire(row["keyAltNames"][0], Binary(row["_id"], UUID_SUBTYPE).as_uuid())
            self._say(self._vault.keys.name, done + len(batch), len(rows))
            self._pause(PAUSE)

    def _must_hold(self) -> None:
        if not self._holds():
            raise VaultError("another process goes on with it: this one had stood still for too long")

    def _pass(self, run: Document) -> Resealed:
        """Everything once, from where it was left; remembered after every batch."""
        found, names = Resealed(**run["found"]), sorted(self._collections)
        for name in names[names.index(run["collection"]) if run["collection"] in names else 0 :]:
            one = self._collections[name]
            after = run["after"] if name == run["collection"] else None
            total, done = self._db[name].count_documents(dict(one.query)), 0
            while rows := self._batch(one, after):
                self._must_hold()
                found += self._reseal_all(one, rows)
                after, done = rows[-1]["_id"], done + len(rows)
                self._note({"collection": name, "after": after, "found": asdict(found)})
                self._say(name, min(done, total), total)
                self._pause(PAUSE)
        return found

    def _batch(self, one: SealedCollection, after: Any) -> list[Document]:
        query = dict(one.query) if after is None else {"$and": [dict(one.query), {"_id": {"$gt": after}}]}
        return list(self._db[one.collection].find(query).sort("_id", 1).limit(BATCH))

    def _reseal_all(self, one: SealedCollection, rows: Sequence[Document]) -> Resealed:
        fields = {index: list(one.fields(row)) for index, row in enumerate(rows)}
        owners = self._owners(field.blob for found in fields.values() for field in found)
        total = Resealed(seen=len(rows))
        for index, row in enumerate(rows):
            due = [field for field in fields[index] if owners.get(bytes(field.blob[KEY_ID])) != field.person]
            total += self._reseal(one, row, due)
        return total

    def _owners(self, blobs: Iterable[bytes]) -> dict[bytes, str]:
        """By the id of a key: the name it has now."""
        ids = {bytes(blob[KEY_ID]) for blob in blobs if blob[:1] == bytes([FORMAT])}
        found = self._vault.keys.find({"_id": {"$in": [Binary(id, UUID_SUBTYPE) for id in ids]}}, {"keyAltNames": 1})
        return {bytes(row["_id"]): row["keyAltNames"][0] for row in found}

    def _reseal(self, one: SealedCollection, row: Document, due: Sequence[SealedField]) -> Resealed:
        sets: Document = {}
        counted = Resealed()
        for field in due:
            try:
                sets |= self._sealed_anew(field)
                counted += Resealed(sealed=1)
            except Erased:
                counted += Resealed(mute=1)
            except VaultError as error:
                log.error(
                    "rotation.unreadable", collection=one.collection, id=row["_id"], path=field.path, why=str(error)
                )
                counted += Resealed(unreadable=1)
        missing = {path: value for path, value in one.complete(row).items() if path not in row}
        if not sets and not missing:
            return counted
        guard = {field.path: field.blob for field in due if field.path in sets}
        # A command that has read the document already decides again.
        change: Document = {"$set": {**missing, **sets}, **({"$inc": {"rev": 1}} if "rev" in row else {})}
        done = self._db[one.collection].update_one({"_id": row["_id"], **guard}, change)
        return counted if done.matched_count else Resealed(raced=1)

    def _sealed_anew(self, field: SealedField) -> Document:
        """What to write; raises Erased where it is mute as it should be, VaultError where it does not open."""
        vault = self._vault
        if field.is_bytes:
            return {
                field.path: vault.seal_bytes(field.person, vault.open_bytes(field.blob, field.context), field.context)
            }
        text = vault.open(field.blob, field.context)
        try:
            changes: Document = {field.path: vault.seal(field.person, text, field.context)}
        except Erased:
            # It lay under no key of theirs, so that their erasure did not reach it.
            return {field.path: vault.mute(field.person), **({field.index[0]: None} if field.index else {})}
        return changes | ({field.index[0]: field.index[1](text)} if field.index else {})
