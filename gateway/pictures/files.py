"""The bytes of pictures in GridFS, each picture under a key of its own that the vault seals for one person.

So what lies in the files is as mute as the person's key makes it, and a new master or data key touches 60 bytes of a
row instead of megabytes of files.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bson import ObjectId
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from gridfs import GridFSBucket, NoFile
from gridfs.errors import CorruptGridFile
from pymongo.database import Database

from gateway.pictures.redraw import Redrawn

Document = dict[str, Any]

BUCKET = "attachments"
FILES = f"{BUCKET}.files"
KEY_BYTES = 32
NONCE_BYTES = 12


class Size(StrEnum):
    """Which of the two drawings."""

    FULL = "full"
    SMALL = "small"


class Vault(Protocol):
    """What is needed of ``chassis.vault``."""

    def seal_bytes(self, person: str, data: bytes, context: str) -> bytes:
        """Encrypt for *person*; raises Erased after their erasure."""

    def open_bytes(self, blob: bytes, context: str) -> bytes:
        """Decrypt; raises Erased when the person's key was destroyed."""


class Lost(Exception):
    """A picture's bytes are not there, or are not those that were kept."""


@dataclass(frozen=True)
class Kept:
    """Where a picture's drawings lie, and what opens them: ``key`` is sealed."""

    key: bytes
    files: dict[str, ObjectId]


class Files:
    """Keeps and gives the drawings of pictures."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._db = db
        self._vault = vault

    def put(self, picture_id: str, subject: str, drawn: Redrawn) -> Kept:
        """Store both drawings, sealed for *subject*; raises Erased. Nothing names them yet: see ``settle``."""
        key = secrets.token_bytes(KEY_BYTES)
        sealed = self._vault.seal_bytes(subject, key, context_of_key(picture_id))
        cipher, bucket = AESGCM(key), self._bucket()
        files: dict[str, ObjectId] = {}
        for size, data in ((Size.FULL, drawn.full), (Size.SMALL, drawn.small)):
            nonce = secrets.token_bytes(NONCE_BYTES)
            body = nonce + cipher.encrypt(nonce, data, _context(picture_id, size))
            files[size.value] = bucket.upload_from_stream(picture_id, body, metadata={"unnamed": True})
        return Kept(sealed, files)

    def settle(self, files: dict[str, ObjectId]) -> None:
        """A row names these now: they are no longer looked for among what an upload left behind."""
        self._db[FILES].update_many({"_id": {"$in": [*files.values()]}}, {"$unset": {"metadata.unnamed": ""}})

    def get(self, picture_id: str, kept: Kept, size: Size) -> bytes:
        """One drawing; raises Erased, Lost."""
        key = self._vault.open_bytes(kept.key, context_of_key(picture_id))
        try:
            body = self._bucket().open_download_stream(kept.files[size.value]).read()
            return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _context(picture_id, size))
        except (NoFile, CorruptGridFile, InvalidTag) as error:
            raise Lost(picture_id) from error

    def drop(self, files: dict[str, ObjectId]) -> None:
        """Delete drawings; what is gone already is no error."""
        bucket = self._bucket()
        for file in files.values():
            try:
                bucket.delete(file)
            except NoFile:
                continue

    def unnamed_before(self, moment: datetime) -> Iterator[ObjectId]:
        """Files stored before *moment* (real time) that were never settled."""
        old = {"metadata.unnamed": True, "uploadDate": {"$lt": moment}}
        return (doc["_id"] for doc in self._db[FILES].find(old, {"_id": 1}))

    def _bucket(self) -> GridFSBucket:
        return GridFSBucket(self._db, BUCKET)


def context_of_key(picture_id: str) -> str:
    """To what the sealed key of a picture is bound."""
    return f"pictures/{picture_id}/key"


def _context(picture_id: str, size: Size) -> bytes:
    return f"pictures/{picture_id}/{size.value}".encode()
