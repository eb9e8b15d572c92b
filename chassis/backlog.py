"""The bound of a whole service: past so many events that are not out, new commands are refused before they are written.

One document's outbox has a bound of its own (chassis.change). This one is for the case that the broker, or the way to
it, takes nothing for long while orders go on: what is promised has to stay little enough to be kept.

Counted are the documents with something in their outbox, by the partial index, every few seconds and never further than
the bound; between two looks this process knows what its own relay holds. Reactions to events wait in their queue in the
meantime, deadlines are fired again later, reads do not notice.
"""

from collections.abc import Sequence
from typing import Protocol

import eventlet
from eventlet.greenthread import GreenThread
from pymongo.database import Database

from chassis import metrics
from chassis.logging import get_logger
from chassis.mongo import Document
from chassis.sweeper import PENDING
from contracts.errors import Busy
from contracts.words import Text

AGAIN = 0.8
"""The refusals end at this share of the bound, so that they do not come and go with every event."""

log = get_logger(__name__)


class Holds(Protocol):
    """The relay, as the bound knows it."""

    @property
    def backlog(self) -> int:
        """Events that it was told of and that are not out."""

    @property
    def blocked(self) -> bool:
        """The broker is there and takes no messages."""


class Backlog:
    """One per process; a loop of the gear."""

    def __init__(
        self, db: Database[Document], collections: Sequence[str], relay: Holds, bound: int, interval: float
    ) -> None:
        """*interval*: seconds between two looks into the database."""
        self._db = db
        self._collections = tuple(collections)
        self._relay = relay
        self._bound = bound
        self._interval = interval
        self._seen = 0
        self._past = False
        self._greenlet: GreenThread | None = None

    def start(self) -> None:
        """Look every interval, from now on."""
        self._greenlet = eventlet.spawn(self._keep_looking)

    def stop(self) -> None:
        """Look no more."""
        if self._greenlet is not None:
            self._greenlet.kill()

    @property
    def past(self) -> bool:
        """Do too many events wait?"""
        self._weigh()
        return self._past

    def _weigh(self) -> None:
        waiting = max(self._seen, self._relay.backlog)
        if self._past != (waiting > self._bound * (AGAIN if self._past else 1.0)):
            self._past = not self._past
            metrics.OUTBOX_PAST_BOUND.set(int(self._past))
            tell = log.error if self._past else log.info
            tell("outbox.past_bound" if self._past else "outbox.below_bound", waiting=waiting, bound=self._bound)

    def admit(self, *, reaction: bool) -> None:
        """Let a change that tells events be written, or raise Busy.

        *reaction*: it follows from what has happened already, an event or a deadline. While the broker has an alarm
        reactions go on past the bound: no command reaches us then, their number is that of the events that lie at the
        broker, and to fetch those may be the only way to end the alarm.
        """
        if self.past and not (reaction and self._relay.blocked):
            raise _past_bound()

    def look(self) -> None:
        """Count what waits in the database, up to a little past the bound."""
        seen = 0
        for name in self._collections:
            seen += self._db[name].count_documents(PENDING, limit=self._bound + 1 - seen)
            if seen > self._bound:
                break
        self._seen = seen
        metrics.OUTBOX_PENDING.set(seen)

    def _keep_looking(self) -> None:
        while True:
            try:
                self.look()
            except Exception as error:  # noqa: BLE001  the next look may succeed; until then the last one counts
                log.warning("outbox.look_failed", error=f"{type(error).__name__}: {error}")
            self._weigh()
            eventlet.sleep(self._interval)


def _past_bound() -> Busy:
    return Busy(
        "outbox-past-bound",
        Text(
            zh="等着发出的消息太多,暂时不能办理,请稍后再试;查看不受影响",
            en="too many changes are still on their way out: please try again shortly; reading goes on",
        ),
    )
