"""Encryption of what people typed: AES-256-GCM field by field, and blind indexes to find a phone number again.

The two keys are derived from one master key by HKDF (RFC 5869), so that an index tells nothing about a text's key.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = 1
KEY_BYTES = 32
NAME_BYTES = 4
NONCE_BYTES = 12
_HEAD_BYTES = 1 + NAME_BYTES + NONCE_BYTES


class CipherError(Exception):
    """A blob cannot be read, or the master key cannot be used; the message says which and why, never the content."""


class Cipher:
    """Encrypts and decrypts texts under one master key.

    A blob is: one byte of format, four bytes that name the key, the nonce, the ciphertext with its tag.
    """

    def __init__(self, master_key_base64: str) -> None:
        master = _master(master_key_base64)
        self._cipher = AESGCM(_derive(master, b"shiliu/text/1"))
        self._index_key = _derive(master, b"shiliu/index/1")
        self._head = bytes([FORMAT]) + _derive(master, b"shiliu/name/1")[:NAME_BYTES]

    def encrypt(self, text: str, context: str) -> bytes:
        """Encrypt *text*; *context* (``tickets/<id>/description``) is bound to it and needed to read it again."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return self._head + nonce + self._cipher.encrypt(nonce, text.encode(), context.encode())

    def decrypt(self, blob: bytes, context: str) -> str:
        """The text of *blob*; raises CipherError when key, context or bytes are not those it was made with."""
        if len(blob) < _HEAD_BYTES or blob[0] != FORMAT:
            raise CipherError("this is no text that we encrypted, or its format is newer than this program")
        if blob[: len(self._head)] != self._head:
            raise CipherError("this was encrypted with another master key: check SHILIU_MASTER_KEY")
        nonce, sealed = blob[len(self._head) : _HEAD_BYTES], blob[_HEAD_BYTES:]
        try:
            return self._cipher.decrypt(nonce, sealed, context.encode()).decode()
        except InvalidTag:
            raise CipherError(f"the encrypted text was changed, or does not belong to {context}") from None

    def blind_index(self, text: str, context: str) -> str:
        """What stands for *text* in an index (hex): equal for equal texts of one *context*, else telling nothing."""
        message = len(context).to_bytes(4) + context.encode() + text.encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()


def _master(encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise CipherError(f"SHILIU_MASTER_KEY has to be {KEY_BYTES} bytes in base64")
    return key


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(master)
