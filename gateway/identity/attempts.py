"""Lockout with back-off, for one login from one place: whoever guesses is slowed down, the owner elsewhere is not.

A try is counted before it is made, so that a hundred at once are a hundred; success forgets all of them. What is
counted is the login as it was typed, whether there is such an account or not: the wait tells nobody that there is one.
"""

from collections.abc import Callable
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from chassis.metrics import SIGN_IN_LOCKED
from gateway.identity.sessions import moment

FREE = 5
"""Tries without a wait."""
FIRST_WAIT = 15.0
LONGEST_WAIT = 900.0
AT_ONCE = 10
"""Times that one try is counted anew where others come in between; the second time their row is there already."""
FORGOTTEN = 86_400.0
"""Seconds after the last try when all is forgotten."""

Document = dict[str, Any]


class TooMany(Exception):
    """Not now: ``seconds`` to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:.0f} s")
        self.seconds = max(1.0, seconds)


class Attempts:
    """The collection ``attempts``: ``{_id: hash of what and where, count, until, forget_at}``."""

    def __init__(
        self, collection: Collection[Document], hashed: Callable[[str], str], now: Callable[[], float]
    ) -> None:
        self._rows = collection
        self._hashed = hashed
        self._now = now

    def begin(self, what: str, place: str) -> None:
        """One more try; raises TooMany where the last ones make this one wait."""
        key, now = self._key(what, place), moment(self._now())
        free = {"_id": key, "$or": [{"until": {"$exists": False}}, {"until": {"$lte": now}}]}
        over = {"$max": [0, {"$subtract": ["$count", FREE]}]}
        wait = {"$min": [LONGEST_WAIT, {"$multiply": [FIRST_WAIT, {"$pow": [2, {"$min": [over, 20]}]}]}]}
        steps: list[Document] = [
            {"$set": {"count": {"$add": [{"$ifNull": ["$count", 0]}, 1]}}},
            {
                "$set": {
                    "until": {
                        "$cond": [
                            {"$lt": ["$count", FREE]},
                            "$$REMOVE",
                            {"$add": [now, {"$round": {"$multiply": [wait, 1000]}}]},
                        ]
                    },
                    "forget_at": moment(self._now() + FORGOTTEN),
                }
            },
        ]
        for _ in range(AT_ONCE):
            try:
                self._rows.update_one(free, steps, upsert=True)
            except DuplicateKeyError:
                # Locked; or another first try came in between, and then this one is still to be counted.
                self._refuse(key)
            else:
                return
        raise TooMany(FIRST_WAIT)

    def succeeded(self, what: str, place: str) -> None:
        """It was right: the tries before do not count."""
        self._rows.delete_one({"_id": self._key(what, place)})

    def _refuse(self, key: str) -> None:
        row = self._rows.find_one({"_id": key})
        if row is None or "until" not in row:
            return
        SIGN_IN_LOCKED.inc()
        raise TooMany(row["until"].timestamp() - self._now())

    def _key(self, what: str, place: str) -> str:
        return self._hashed(f"{what}\0{place}")
