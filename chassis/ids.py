"""Where ids come from: ULIDs for what is new, HMACs for commands, so that a repeat finds what the first one made."""

import hashlib
import hmac
import json
from datetime import datetime

from ulid import ULID


def new_id() -> str:
    """A new ULID (26 characters, sorts by the real time of its making)."""
    return str(ULID())


def earlier(id: str, seconds: float) -> str | None:
    """An id below all that were made since *seconds* before *id*; None where *id* is no ULID."""
    try:
        made = ULID.from_str(id).milliseconds
    except ValueError:
        return None
    return str(ULID.from_bytes(max(0, made - round(seconds * 1000)).to_bytes(6) + bytes(10)))


def floor_id(moment: datetime) -> str:
    """An id below all that ``new_id`` made from *moment* (real time) on."""
    return str(ULID.from_bytes(max(0, round(moment.timestamp() * 1000)).to_bytes(6) + bytes(10)))


def derived_id(command_id: str) -> str:
    """The id of what *command_id* creates: shaped like a ULID, always the same for the same command."""
    return str(ULID.from_bytes(hashlib.sha256(b"shiliu/created\0" + command_id.encode()).digest()[:16]))


def command_id(key: str, account_id: str, method: str, route: str, idempotency_key: str) -> str:
    """HMAC-SHA256 (hex) over who asks, for what, and the key the client chose; *key* is the house's secret.

    A client can thus neither guess nor occupy the id of somebody else's command.
    """
    parts = json.dumps([account_id, method, route, idempotency_key]).encode()
    return hmac.new(key.encode(), parts, hashlib.sha256).hexdigest()


def body_hash(body: bytes) -> str:
    """SHA-256 (hex) of a request's body: tells a repeat from another command under a used key."""
    return hashlib.sha256(body).hexdigest()
