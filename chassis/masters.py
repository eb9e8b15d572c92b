"""The master keys of an installation: the one that wraps now, and those that may still unwrap.

From each, keys for one purpose are derived by HKDF (RFC 5869), so that none tells anything about another.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis.errors import VaultError

KEY_BYTES = 32
KMS_BYTES = 96
"""What the driver's local key management asks for."""
NAME_BYTES = 8
LEAST_KINDS = 16
"""Fewer different bytes than this are not from a random source: it has about 30 of 32."""
_PRINTABLE = range(0x20, 0x7F)


@dataclass(frozen=True, repr=False)
class Masters:
    """The keys by the name under which a wrapped key tells its master; ``current`` wraps."""

    current: str
    providers: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, current: str, retired: Sequence[str] = ()) -> "Masters":
        """From base64; raises VaultError where one is missing or weak."""
        keys = [master_bytes(current, "SHILIU_MASTER_KEY")]
        keys += [master_bytes(key, "SHILIU_MASTER_KEYS_RETIRED") for key in retired]
        named = {_name(key): {"key": derive(key, b"shiliu/wrap/2", KMS_BYTES)} for key in keys}
        return cls(_name(keys[0]), named)


def master_bytes(encoded: str, variable: str = "SHILIU_MASTER_KEY") -> bytes:
    """The 32 bytes of one master key; raises VaultError naming *variable* where it is missing or weak."""
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise VaultError(f"{variable} 要写 base64 的 {KEY_BYTES} 个字节 / has to be {KEY_BYTES} bytes in base64")
    if _is_weak(key):
        raise VaultError(
            f"{variable} 太弱,请用随机的 {KEY_BYTES} 个字节,例如 / is weak: take {KEY_BYTES} random bytes,"
            f" like `openssl rand -base64 {KEY_BYTES}`"
        )
    return key


def derive(master: bytes, purpose: bytes, length: int = KEY_BYTES) -> bytes:
    """The key of *master* for one purpose."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(master)


def _is_weak(key: bytes) -> bool:
    """Typed words, few different bytes, or an even row; by chance a random key is one of these once in 10^13."""
    typed = all(byte in _PRINTABLE for byte in key)
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    return typed or len(set(key)) < LEAST_KINDS or len(steps) == 1


def _name(master: bytes) -> str:
    return f"local:k{derive(master, b'shiliu/name/2', NAME_BYTES).hex()}"
