"""Format 1 of sealed text: AES-256-GCM under one key for the whole installation, as it was before each person had one.

Nothing is sealed like this any more; the vault reads it, and ``keys reencrypt`` seals it anew.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.errors import VaultError
from chassis.masters import derive, master_bytes

FORMAT = 1
NAME_BYTES = 4
NONCE_BYTES = 12
_HEAD_BYTES = 1 + NAME_BYTES + NONCE_BYTES


class CipherError(VaultError):
    """A blob of format 1 cannot be read; the message says why, never the content."""


class Cipher:
    """Reads texts of format 1 under one master key; can still make them, for the tests of that reading.

    A blob is: one byte of format, four bytes that name the key, the nonce, the ciphertext with its tag.
    """

    def __init__(self, master_key_base64: str) -> None:
        master = master_bytes(master_key_base64)
        self._cipher = AESGCM(derive(master, b"shiliu/text/1"))
        self.head = bytes([FORMAT]) + derive(master, b"shiliu/name/1")[:NAME_BYTES]

    def encrypt(self, text: str, context: str) -> bytes:
        """Encrypt *text*; *context* (``tickets/<id>/description``) is bound to it and needed to read it again."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return self.head + nonce + self._cipher.encrypt(nonce, text.encode(), context.encode())

    def decrypt(self, blob: bytes, context: str) -> str:
        """The text of *blob*; raises CipherError when key, context or bytes are not those it was made with."""
        if len(blob) < _HEAD_BYTES or blob[0] != FORMAT:
            raise CipherError("this is no text that we encrypted, or its format is newer than this program")
        if blob[: len(self.head)] != self.head:
            raise CipherError("this was encrypted with another master key: check SHILIU_MASTER_KEY")
        nonce, sealed = blob[len(self.head) : _HEAD_BYTES], blob[_HEAD_BYTES:]
        try:
            return self._cipher.decrypt(nonce, sealed, context.encode()).decode()
        except InvalidTag:
            raise CipherError(f"the encrypted text was changed, or does not belong to {context}") from None
