"""Vaults: one data key for each person, wrapped by the installation's master key, and everything sealed by it.

On the driver's own explicit encryption (libmongocrypt): a person's key is a document of ``person_keys`` whose
alternative name is the person. A sealed blob names its key, not its person. Its plaintext holds the *context*
(``tickets/<id>/description``) beside the value, so that a blob moved elsewhere does not open.

Destroying a person's key makes every blob of theirs mute, wherever copies lie; ``persons_erased`` remembers it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

from bson.binary import UUID_SUBTYPE, Binary, UuidRepresentation
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.encryption import Algorithm, ClientEncryption  # type: ignore[attr-defined] # exported by a star
from pymongo.errors import DuplicateKeyError, EncryptionError, PyMongoError

from chassis import cipher
from chassis.cipher import Cipher
from chassis.errors import Erased, VaultError
from chassis.masters import Masters
from chassis.migrations import Index
from chassis.mongo import Document

__all__ = ["Erased", "Vault", "VaultError"]

T = TypeVar("T")
FORMAT = 2
"""First byte of what the driver seals at random; format 1 is chassis.cipher's."""
RANDOM = Algorithm.AEAD_AES_256_CBC_HMAC_SHA_512_Random
STRING, MUTE_BYTES = 2, 96
"""Of a blob that says nothing: the type it claims, and how long it is."""
KEYS = "person_keys"
ERASED = "persons_erased"
SECRETS = "vault_secrets"
INDEX_PERSON = "#index"
"""Whose key seals the secret of the blind indexes: nobody's, hence a name that no person has."""
RETIRED = "~"
"""Before the person, in the name of a key that sealed before the newest did."""
SEALING_SECONDS = 10
"""So long a process may seal with a key without looking for it again: what it seals after an erasure stays mute."""
OPENING_SECONDS = 1
"""So long a process may still open what was sealed by a key that is destroyed elsewhere."""
RESERVED = frozenset(f"{RETIRED}/")
"""What no person's id holds."""
KEY_ID = slice(1, 17)
"""Where a blob names its key."""

VAULT_INDEXES = (
    Index(KEYS, "keyAltNames", unique=True, partialFilterExpression={"keyAltNames": {"$exists": True}}),
    Index(KEYS, "masterKey.provider"),
    Index(ERASED, "keys"),
)
"""What the database of a service with a vault must have."""


class Vault:
    """Seals what is private of a person, and opens it again. One for each service's database; connects when used.

    A person is the id of the one whom the text is about: an account, a member, a beneficiary. Losses of the
    connection surface as pymongo's own errors, all else as VaultError.
    """

    def __init__(self, client: MongoClient[Document], db: Database[Document], master: str, *retired: str) -> None:
        self.masters = Masters.of(master, retired)
        self.keys, self.erased = db[KEYS], db[ERASED]
        self._secrets = db[SECRETS]
        self._client, self._namespace = client, f"{db.name}.{KEYS}"
        self._old = {one.head: one for one in map(Cipher, (master, *retired))}
        self._engines: dict[int, ClientEncryption[Document]] = {}
        self._index_key: bytes | None = None

    def seal(self, person: str, text: str, context: str) -> bytes:
        """Encrypt *text* for *person*, whose key is made when there is none; raises Erased after their erasure."""
        return self._seal(person, text, context)

    def seal_bytes(self, person: str, data: bytes, context: str) -> bytes:
        """The same for bytes, like a picture; 12 MiB at most in one."""
        return self._seal(person, Binary(data), context)

    def open(self, blob: bytes, context: str) -> str:
        """The text; raises Erased when its person's key was destroyed, VaultError on a wrong context or key."""
        if blob[:1] == bytes([cipher.FORMAT]):
            return self._open_old(blob, context)
        return str(self._open(blob, context))

    def open_bytes(self, blob: bytes, context: str) -> bytes:
        """The same for bytes."""
        return bytes(self._open(blob, context))

    def try_seal(self, person: str, text: str, context: str) -> bytes | None:
        """Like ``seal``; None where the person was erased: nothing is kept of them any more."""
        try:
            return self.seal(person, text, context)
        except Erased:
            return None

    def try_open(self, blob: bytes | None, context: str) -> str | None:
        """Like ``open``; None where there is nothing, or the person was erased."""
        try:
            return None if blob is None else self.open(blob, context)
        except Erased:
            return None

    def index(self, text: str, context: str) -> str:
        """What stands for *text* in an index (hex): equal for equal texts of one *context*, else telling nothing.

        Its secret is made once for each database and does not change with the master key.
        """
        if self._index_key is None:
            self._index_key = self._keep_index_key()
        message = len(context).to_bytes(4) + context.encode() + text.encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()

    def destroy(self, person: str) -> bool:
        """Make everything sealed for *person* mute, for ever; says whether anything was left to destroy.

        Safe to stop and to run again; also where a backup brought the keys back. The erasure is written first: a
        process that makes a key at this moment finds it and takes its key back.
        """
        before = self.erased.find_one({"_id": person}, {"_id": 1})
        found = self._remember_erasure(person)
        destroyed = 0
        while found:
            destroyed += self.keys.delete_many({"_id": {"$in": found}}).deleted_count
            found = self._remember_erasure(person)
        self._engines.clear()
        return before is None or destroyed > 0

    def is_erased(self, person: str) -> bool:
        """Was this person's key destroyed?"""
        return self.erased.find_one({"_id": person}, {"_id": 1}) is not None

    def which_erased(self, persons: Sequence[str]) -> frozenset[str]:
        """Those of *persons* who were erased."""
        return frozenset(row["_id"] for row in self.erased.find({"_id": {"$in": list(persons)}}, {"_id": 1}))

    def destroy_again(self) -> int:
        """Destroy what a restored backup brought back of persons who are erased; returns how many they were."""
        return sum(self.destroy(person) for person in self._erased_with_keys())

    def count_erased_with_keys(self) -> int:
        """How many persons were erased and have a key all the same: a backup was restored, or an erasure broke off."""
        return sum(1 for _ in self._erased_with_keys())

    def mute(self, person: str) -> bytes:
        """What stands for a text of an erased person that lay under no key of theirs: opening it says Erased."""
        key_id = uuid4()
        self.erased.update_one({"_id": person}, {"$addToSet": {"keys": binary(key_id)}})
        return bytes([FORMAT]) + key_id.bytes + bytes([STRING]) + bytes(MUTE_BYTES)

    def rewrap(self, ids: Sequence[Any]) -> None:
        """Wrap these keys by the current master. One that is destroyed meanwhile stays destroyed: it is no upsert."""
        engine = self.engine(OPENING_SECONDS)
        current = self.masters.current
        _said(lambda: engine.rewrap_many_data_key({"_id": {"$in": list(ids)}}, provider=current))

    def retire(self, person: str, key_id: UUID) -> None:
        """Let the next seal make a new key; what is sealed by this one opens as before. Harmless when repeated."""
        names = {"keyAltNames": [f"{RETIRED}{person}/{key_id.hex}"]}
        self.keys.update_one({"_id": binary(key_id), "keyAltNames": person}, {"$set": names})
        self._engines.clear()

    def forget_keys(self) -> None:
        """Look for every key anew from here on."""
        self._engines.clear()

    def engine(self, seconds: int) -> ClientEncryption[Document]:
        """The driver's encryption, which remembers keys for so many seconds.

        One that is no longer wanted is dropped, never closed: a greenlet may be waiting inside it.
        """
        found = self._engines.get(seconds)
        if found is None:
            options: CodecOptions[Document] = CodecOptions(uuid_representation=UuidRepresentation.STANDARD)
            found = self._engines[seconds] = ClientEncryption(
                self.masters.providers, self._namespace, self._client, options, key_expiration_ms=seconds * 1000
            )
        return found

    def _erased_with_keys(self) -> Iterator[str]:
        people = (row["_id"] for row in self.erased.find({}, {"_id": 1}).sort("_id", 1))
        return (person for person in people if self.keys.find_one(names_of(person), {"_id": 1}))

    def _seal(self, person: str, value: str | Binary, context: str) -> bytes:
        if not person or not RESERVED.isdisjoint(person):
            raise VaultError("nothing is sealed for nobody")
        body = {"c": context, "v": value}
        try:
            return self._encrypt(person, body)
        except VaultError:
            self._make_key(person)
        try:
            return self._encrypt(person, body)
        except VaultError as error:
            raise self._reason({"keyAltNames": person}) or error from None

    def _encrypt(self, person: str, body: Document) -> bytes:
        engine = self.engine(SEALING_SECONDS)
        return bytes(_said(lambda: engine.encrypt(body, RANDOM, key_alt_name=person)))

    def _make_key(self, person: str) -> None:
        """Several may try at once: the name is unique. Whoever wins looks whether the person was erased meanwhile."""
        engine = self.engine(SEALING_SECONDS)
        try:
            made = _said(lambda: engine.create_data_key(self.masters.current, key_alt_names=[person]))
        except DuplicateKeyError:
            return
        if self.is_erased(person):
            self.keys.delete_one({"_id": made})
            raise Erased("this person was erased: nothing is sealed for them any more")

    def _open(self, blob: bytes, context: str) -> Any:
        if blob[:1] != bytes([FORMAT]):
            raise VaultError("this is no text that we sealed, or its format is newer than this program")
        engine = self.engine(OPENING_SECONDS)
        try:
            body = _said(lambda: engine.decrypt(Binary(blob, 6)))
        except VaultError as error:
            raise self._reason({"_id": Binary(blob[KEY_ID], UUID_SUBTYPE)}) or error from None
        if not isinstance(body, dict) or body.get("c") != context:
            raise VaultError(f"the sealed text does not belong to {context}")
        return body["v"]

    def _open_old(self, blob: bytes, context: str) -> str:
        one = next((one for head, one in self._old.items() if blob.startswith(head)), None)
        if one is None:
            raise VaultError("this was encrypted with another master key: check SHILIU_MASTER_KEY and its retired ones")
        return one.decrypt(blob, context)

    def _reason(self, key: Document) -> VaultError | None:
        """Why the key was of no use; None where it stands and another master has not wrapped it."""
        found = self.keys.find_one(key)
        if found is None:
            gone = self.erased.find_one({"keys": key["_id"]} if "_id" in key else {"_id": key["keyAltNames"]})
            return Erased("this person was erased") if gone else VaultError("the key of this text is not in the vault")
        if found["masterKey"]["provider"] not in self.masters.providers:
            return VaultError(
                "the key of this text is wrapped by another master key: check SHILIU_MASTER_KEY and "
                "SHILIU_MASTER_KEYS_RETIRED"
            )
        return None

    def _remember_erasure(self, person: str) -> list[Any]:
        """Write down the person and the keys they have now; returns these."""
        found = [row["_id"] for row in self.keys.find(names_of(person), {"_id": 1})]
        ids = {"$setUnion": [{"$ifNull": ["$keys", []]}, found]}
        self.erased.update_one(
            {"_id": person}, [{"$set": {"at": {"$ifNull": ["$at", "$$NOW"]}, "keys": ids}}], upsert=True
        )
        return found

    def _keep_index_key(self) -> bytes:
        context = f"{SECRETS}/index"
        if self._secrets.find_one({"_id": "index"}) is None:
            made = self.seal_bytes(INDEX_PERSON, secrets.token_bytes(32), context)
            self._secrets.update_one({"_id": "index"}, {"$setOnInsert": {"sealed": made}}, upsert=True)
        kept = self._secrets.find_one({"_id": "index"})
        if kept is None:
            raise VaultError("the secret of the blind indexes is gone")
        return self.open_bytes(kept["sealed"], context)


def names_of(person: str) -> Document:
    """The filter for all keys of one person, retired ones too."""
    retired = f"{RETIRED}{person}/"
    return {"$or": [{"keyAltNames": person}, {"keyAltNames": {"$gte": retired, "$lt": retired + "~"}}]}


def binary(key_id: UUID) -> Binary:
    """A key's id as the database holds it."""
    return Binary.from_uuid(key_id, UuidRepresentation.STANDARD)


def _said(work: Callable[[], T]) -> T:
    """The driver wraps every error of its encryption in one kind; what the database said comes out as it was."""
    try:
        return work()
    except EncryptionError as error:
        cause = error.cause
        if isinstance(cause, PyMongoError):
            raise cause from error
        raise VaultError(f"the vault could not do it: {cause}") from error
    except BSONError as error:
        raise VaultError(f"this text cannot be sealed: {type(error).__name__}") from None
