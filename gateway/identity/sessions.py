"""Sessions: one device's signing in. Its refresh tokens come one after the other, and each is good once.

A refresh token that comes a second time was copied: nobody can tell which of the two is the owner, so the session ends
for both (RFC 9700, section 4.14.2). Only for some seconds the last one used gives its successor again, since the answer
that brought it may have been lost on the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from pymongo import DESCENDING, ReturnDocument
from pymongo.collection import Collection

from chassis.ids import new_id
from chassis.logging import get_logger
from chassis.metrics import SESSIONS_REUSED
from gateway.identity.accounts import Account
from gateway.identity.tokens import Refresh

MOST_SHOWN = 100
REMEMBERED = timedelta(days=7)
"""How long an ended session is kept to be shown."""

Document = dict[str, Any]
log = get_logger(__name__)


class How(StrEnum):
    """What somebody showed to sign in."""

    PASSWORD = "password"  # noqa: S105  a word, not a password
    CODE = "code"
    WECHAT = "wechat"
    """The mini-program, whose owner had connected it with the account."""


class Why(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed_out"
    REUSED = "reused"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  a word, not a password
    ENDED_BY_STAFF = "ended_by_staff"
    CLOSED = "closed"


class Ended(Exception):
    """There is no such session (any more)."""


class Reused(Ended):
    """A used refresh token came again: the session has ended for everybody who holds one of it."""

    def __init__(self, session: str, account_id: str) -> None:
        super().__init__(session)
        self.session = session
        self.account_id = account_id


@dataclass(frozen=True, kw_only=True)
class Session:
    """One device's signing in."""

    id: str
    account_id: str
    number: int
    how: How
    opened_at: datetime
    used_at: datetime
    ends_at: datetime
    ended: Why | None = None


class Sessions:
    """The collection ``sessions``. Times are the stack's real time; the place is a hash (identity/places.py)."""

    def __init__(
        self, collection: Collection[Document], *, idle_days: float, longest_days: float, grace_seconds: float
    ) -> None:
        self._sessions = collection
        self._idle = timedelta(days=idle_days)
        self._longest = timedelta(days=longest_days)
        self._grace = timedelta(seconds=grace_seconds)

    def open(self, account: Account, how: How, place: str, now: float) -> Session:
        """Somebody signed in."""
        at = moment(now)
        doc: Document = {
            "_id": new_id(),
            "account_id": account.id,
            "community_id": account.community_id,
            "number": 1,
            "how": how.value,
            "place": place,
            "opened_at": at,
            "used_at": at,
            "ends_at": at + min(self._idle, self._longest),
        }
        self._sessions.insert_one(doc)
        return _read(doc)

    def rotate(self, refresh: Refresh, now: float) -> Session:
        """The session with its next number; raises Ended, and Reused where the token had been used before."""
        at = moment(now)
        alive = {"_id": refresh.session, "ended": {"$exists": False}, "ends_at": {"$gt": at}}
        last = {"$add": ["$opened_at", round(self._longest.total_seconds() * 1000)]}
        step = {"number": {"$add": ["$number", 1]}, "used_at": at, "ends_at": {"$min": [at + self._idle, last]}}
        doc = self._sessions.find_one_and_update(
            alive | {"number": refresh.number}, [{"$set": step}], return_document=ReturnDocument.AFTER
        )
        if doc is not None:
            return _read(doc)
        doc = self._sessions.find_one(alive)
        if doc is None or refresh.number > doc["number"]:
            raise Ended
        if refresh.number == doc["number"] - 1 and at <= doc["used_at"] + self._grace:
            return _read(doc)
        self.end(refresh.session, Why.REUSED, now)
        SESSIONS_REUSED.inc()
        log.warning("session.reused", session=refresh.session, account=doc["account_id"])
        raise Reused(refresh.session, doc["account_id"])

    def end(self, session: str, why: Why, now: float, account_id: str | None = None) -> bool:
        """It has ended, now or lately; False where there is none (of this account). Repeatable."""
        mine = {"_id": session} | ({} if account_id is None else {"account_id": account_id})
        return self._end(mine, why, now) > 0 or self._sessions.find_one(mine, {"_id": 1}) is not None

    def end_all(self, account_id: str, why: Why, now: float) -> int:
        """Every session of the account has ended; how many did."""
        return self._end({"account_id": account_id}, why, now)

    def of(self, account_id: str) -> list[Session]:
        """The account's sessions, the last used first; those that ended lately say why."""
        found = self._sessions.find({"account_id": account_id}).sort([("used_at", DESCENDING)]).limit(MOST_SHOWN)
        return [_read(doc) for doc in found]

    def knows(self, account_id: str, place: str) -> bool:
        """Has the account been signed in from *place* lately?"""
        return self._sessions.find_one({"account_id": account_id, "place": place}, {"_id": 1}) is not None

    def erase(self, account_id: str) -> int:
        """Nothing is left of the account's sessions; how many there were."""
        return self._sessions.delete_many({"account_id": account_id}).deleted_count

    def _end(self, which: Document, why: Why, now: float) -> int:
        at = moment(now)
        change = {"ended": {"at": at, "why": why.value}, "ends_at": at + REMEMBERED}
        return self._sessions.update_many(which | {"ended": {"$exists": False}}, {"$set": change}).modified_count


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as they are stored: UTC, to the millisecond."""
    at = datetime.fromtimestamp(seconds, UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _read(doc: Mapping[str, Any]) -> Session:
    ended = doc.get("ended")
    return Session(
        id=doc["_id"],
        account_id=doc["account_id"],
        number=doc["number"],
        how=How(doc["how"]),
        opened_at=doc["opened_at"],
        used_at=doc["used_at"],
        ends_at=doc["ends_at"],
        ended=None if ended is None else Why(ended["why"]),
    )
