"""Which tokens count no more although they have not run out, known to every gateway without asking for each request.

What ends here is written to a small collection, and every gateway reads what is new there once a second (a setting),
and as soon as its tail hears of it: so long can an ended token still be used at another gateway; at the one that ended
it, no longer at all. While the
database is away nothing new is learnt: an access token then lasts its fifteen minutes at most. Epochs are counted, so
that no two machines' clocks are compared.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pymongo.collection import Collection

from gateway.identity.sessions import moment
from gateway.identity.tokens import Bearer

OVERLAP = timedelta(seconds=10)
"""What was written earlier than the newest seen may become visible after it."""
OPERATORS_DAYS = 366.0
"""How long an account's epoch is remembered here: no token lasts longer."""
_SESSION, _ACCOUNT = "s:", "a:"

Document = dict[str, Any]
Told = Callable[[str], None]
"""Hears whose tokens, or which session, have ended."""


def _nobody(_name: str) -> None:
    """Nobody listens."""


class Revocations:
    """The collection ``revocations`` and what this process knows of it."""

    def __init__(self, collection: Collection[Document], now: Callable[[], float], token_minutes: float) -> None:
        self._rows = collection
        self._now = now
        self._token_seconds = token_minutes * 60 + 60.0
        self._sessions: dict[str, float] = {}
        self._epochs: dict[str, int] = {}
        self._newest: datetime | None = None
        self._looked = False
        self._of_account: Told = _nobody
        self._of_session: Told = _nobody

    def tell(self, *, of_account: Told, of_session: Told) -> None:
        """Whoever is to hear at once of what ends, here or elsewhere."""
        self._of_account, self._of_session = of_account, of_session

    def end_session(self, session: str) -> None:
        """No access token of this session counts any more."""
        until = self._now() + self._token_seconds
        self._sessions[session] = until
        self._write(_SESSION + session, until, {})
        self._of_session(session)

    def end_before(self, account_id: str, epoch: int) -> None:
        """No token of the account from before *epoch* counts any more."""
        self._epochs[account_id] = max(epoch, self._epochs.get(account_id, 0))
        self._write(
            _ACCOUNT + account_id,
            self._now() + OPERATORS_DAYS * 86_400,
            {"epoch": {"$max": ["$epoch", epoch]}},
        )
        self._of_account(account_id)

    def is_news(self, account_id: str, epoch: int) -> bool:
        """Has this process not heard yet that what was before *epoch* counts no more?"""
        return epoch > self._epochs.get(account_id, 0)

    def holds(self, bearer: Bearer) -> bool:
        """Is this token one that counts no more?"""
        if bearer.session is not None and bearer.session in self._sessions:
            return True
        return bearer.epoch < self._epochs.get(bearer.actor.account_id, 0)

    def look(self) -> None:
        """Learn what other gateways ended; the first time, all there is."""
        since = {} if self._newest is None else {"seen": {"$gte": self._newest - OVERLAP}}
        for row in self._rows.find(since):
            self._learn(row)
        self._looked = True
        now = self._now()
        self._sessions = {session: until for session, until in self._sessions.items() if until > now}

    def why_not_ready(self) -> str | None:
        """The reason for the readiness check."""
        return None if self._looked else "还没有读到已退出的登录 / ended sessions are not known yet"

    def _learn(self, row: Document) -> None:
        kind, name = row["_id"][:2], row["_id"][2:]
        if kind == _SESSION:
            is_news = name not in self._sessions
            self._sessions[name] = row["until"].timestamp()
            if is_news:
                self._of_session(name)
        elif self.is_news(name, row["epoch"]):
            self._epochs[name] = row["epoch"]
            self._of_account(name)
        if self._newest is None or row["seen"] > self._newest:
            self._newest = row["seen"]

    def _write(self, id: str, until: float, values: Document) -> None:
        change = {"seen": "$$NOW", "until": moment(until), **values}
        self._rows.update_one({"_id": id}, [{"$set": change}], upsert=True)
