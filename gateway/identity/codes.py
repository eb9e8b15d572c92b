"""One-time codes: born when they are sent, hashed where they rest, good once, for one thing, for five minutes.

Whoever asks gets an id that only they know. Wrong tries are counted on it, so nobody uses up the code of somebody else;
and the answer is the same, after the same time, whether there is such an account or not.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pymongo.collection import Collection

from contracts.words import CodePurpose
from gateway.identity.sessions import moment

DIGITS = 6
TRIES = 5
DAY = 86_400.0

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A code that was asked for: from where, for what."""

    id: str
    purpose: CodePurpose
    place: str
    locale: str


class Codes:
    """The collection ``codes``: ``{_id, purpose, place, ends_at, tries, account_id?, hash?, sent_at?, used?}``."""

    def __init__(self, collection: Collection[Document], key: str, minutes: float, now: Callable[[], float]) -> None:
        self._codes = collection
        self._key = hmac.digest(key.encode(), b"shiliu/one-time-code", "sha256")
        self.minutes = minutes
        self._now = now

    def ask(self, purpose: CodePurpose, place: str, locale: str) -> Asked:
        """A place for a code that may come; nothing is known of whom it is for."""
        asked = Asked(id=secrets.token_urlsafe(16), purpose=purpose, place=place, locale=locale)
        now = self._now()
        self._codes.insert_one(
            {
                "_id": asked.id,
                "purpose": purpose.value,
                "place": place,
                "tries": 0,
                "ends_at": moment(now + self.minutes * 60),
                "forget_at": moment(now + DAY),
            }
        )
        return asked

    def make(self, asked: Asked, account_id: str, about: str = "") -> str:
        """The code itself, to be told to the owner of the account; only its hash stays here.

        It proves nothing but for what it is *about*, an address for example, which is kept nowhere.
        """
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        values = {"account_id": account_id, "hash": self._hash(asked.id, code, about), "sent_at": moment(self._now())}
        self._codes.update_one({"_id": asked.id}, {"$set": values})
        return code

    def prove(self, code_id: str, code: str, purpose: CodePurpose, about: str = "") -> str | None:
        """The account whose owner has the code; None for whatever is wrong. Each code is good once."""
        alive: Document = {
            "_id": code_id,
            "purpose": purpose.value,
            "used": {"$exists": False},
            "tries": {"$lt": TRIES},
            "ends_at": {"$gt": moment(self._now())},
        }
        # Counted before it is compared: a hundred tries at once are five.
        doc = self._codes.find_one_and_update(alive, {"$inc": {"tries": 1}})
        right = hmac.compare_digest((doc or {}).get("hash", ""), self._hash(code_id, code, about))
        if doc is None or not right:
            return None
        won = self._codes.update_one({"_id": code_id, "used": {"$exists": False}}, {"$set": {"used": True}})
        return str(doc["account_id"]) if won.modified_count else None

    def use_up(self, account_id: str) -> None:
        """What was told before is good no more: it may lie on a phone that is lost."""
        self._codes.update_many({"account_id": account_id, "used": {"$exists": False}}, {"$set": {"used": True}})

    def sent_today(self, account_id: str) -> int:
        """How many codes the account's owner was told within a day."""
        since = moment(self._now() - DAY)
        return self._codes.count_documents({"account_id": account_id, "sent_at": {"$gt": since}})

    def erase(self, account_id: str) -> None:
        """Nothing is left of the account's codes."""
        self._codes.delete_many({"account_id": account_id})

    def _hash(self, code_id: str, code: str, about: str) -> str:
        said = f"{code_id}\0{code}\0{about}" if about else f"{code_id}\0{code}"
        return hmac.digest(self._key, said.encode(), "sha256").hex()
