"""Brings events from the outboxes to the event store and to the exchange, many documents' together.

Design, section 4 point 2. It is told of each write (``wake``) and holds the finished envelopes, so it reads nothing.
An event is inserted into the store and published at the same time; when both are done it is taken out of its outbox.
What it cannot bring out stays in its outbox: the sweeper finds it again.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Protocol

import eventlet
from eventlet.greenthread import GreenThread
from pymongo.database import Database

from chassis import metrics, outbox
from chassis.bell import Bell
from chassis.bus import TopologyMismatch, go_on_trying
from chassis.link import BROKER_AWAY
from chassis.logging import get_logger
from chassis.mongo import Document
from chassis.outage import tell
from chassis.publisher import Poisoned, Publisher
from chassis.settings import Settings

log = get_logger(__name__)

BATCH = 200
"""Events published and stored together at most."""

BOUND = 20_000
"""Events held in memory at most; what comes beyond is left to the sweeper."""

KEEP_EVERY = 1.0
"""Seconds between looks for events to store while publishing is held up."""

PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds between tries while the broker or the database is away."""

Wire = Mapping[str, Any]


class Store(Protocol):
    """Where every event is kept (chassis.event_store)."""

    def add(self, wires: Sequence[dict[str, Any]]) -> object:
        """Insert events; those that are there already are ignored."""


@dataclass(slots=True, eq=False)
class _Hint:
    """One event that waits in one document's outbox, and how far it has come."""

    collection: str
    doc_id: str
    wire: dict[str, Any]
    published: bool = False
    stored: bool = False
    given_up: bool = False
    """Refused by the broker: it stays in its outbox, and the sweeper brings it again."""

    @property
    def id(self) -> str:
        return str(self.wire["id"])


class Relay:
    """One per process. ``wake`` may be called from any greenlet; the work is done by three of the relay's own."""

    def __init__(
        self,
        settings: Settings,
        db: Database[Document],
        event_store: Store,
        on_poison: Callable[[Wire, str], None] | None = None,
        publisher: Publisher | None = None,
    ) -> None:
        self._db = db
        self._store = event_store
        self._on_poison = on_poison
        self._publisher = publisher or Publisher(settings, f"shiliu {db.name} relay")
        self._publisher.on_lost = self._ring
        self.on_mismatch: Callable[[TopologyMismatch], object] = go_on_trying
        self._waiting: deque[_Hint] = deque()
        self._done: deque[_Hint] = deque()
        self._held: set[str] = set()
        self._bell = Bell()
        self._done_bell = Bell()
        self._idle = Bell()
        self._greenlets: list[GreenThread] = []
        self.dropped = 0

    @property
    def ready(self) -> bool:
        """Connected with the whole topology declared."""
        return self._publisher.ready

    @property
    def blocked(self) -> bool:
        """The broker is there and takes no messages: a memory or disk alarm. All is kept until it does."""
        return self._publisher.blocked

    @property
    def flows(self) -> bool:
        """What it is told of goes out at once."""
        return self.ready and not self.blocked

    @property
    def room(self) -> int:
        """How many more events it can hold."""
        return max(0, BOUND - len(self._held))

    def holds(self, event_id: str) -> bool:
        """Has it been told of this event, and is not done with it?"""
        return event_id in self._held

    @property
    def backlog(self) -> int:
        """Events in memory that have not reached their end."""
        return len(self._held)

    def start(self) -> None:
        """Begin; the broker may come later."""
        self._greenlets = [eventlet.spawn(act) for act in (self._bring, self._take, self._keep)]

    def wake(self, collection: str, doc_id: str, wires: Sequence[dict[str, Any]]) -> None:
        """Say that *wires* were pushed to a document's outbox. Never blocks, never raises."""
        for wire in wires:
            if wire["id"] in self._held:
                continue
            if len(self._held) >= BOUND:
                self.dropped += 1
                continue
            self._held.add(wire["id"])
            self._waiting.append(_Hint(collection, doc_id, wire))
        metrics.OUTBOX_BACKLOG.set(len(self._held))
        self._ring()

    def _ring(self) -> None:
        self._bell.ring()

    def flush(self, seconds: float) -> bool:
        """Wait until everything told so far is out, at most *seconds*; says whether it is."""
        with eventlet.Timeout(seconds, False):
            while self._held:
                self._idle.wait()
        return not self._held

    def stop(self, seconds: float) -> bool:
        """Bring out what can be within *seconds*, then close. What is left is in the outboxes; says if nothing is.

        A broker that takes nothing is not waited for.
        """
        flushed = self.flush(0.0 if self.blocked else seconds)
        for greenlet in self._greenlets:
            greenlet.kill()
        self._greenlets = []
        self._publisher.close()
        return flushed

    def _bring(self) -> None:
        failures = 0
        while True:
            if not self._waiting and self.ready:
                self._bell.wait()
            clean = self._try_round()
            failures = 0 if clean else failures + 1
            if failures:
                eventlet.sleep(PAUSES[min(failures, len(PAUSES)) - 1])

    def _try_round(self) -> bool:
        try:
            self._publisher.open()
            self._publisher.wait_until_it_flows()
            return self._round()
        except TopologyMismatch as error:
            log.error("relay.topology_mismatch", error=str(error), backlog=self.backlog)
            self.on_mismatch(error)
        except BROKER_AWAY as error:
            log.warning("relay.broker_away", error=str(error), backlog=self.backlog)
        except Exception as error:  # noqa: BLE001  the relay outlives whatever an event brings with it
            tell(log, "relay.round_failed", error, backlog=self.backlog)
        return False

    def _round(self) -> bool:
        """Publish and store one batch, both at once; says whether all went well."""
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        if not batch:
            return True
        metrics.RELAY_BATCH.observe(len(batch))
        storing = eventlet.spawn(self._insert, batch)
        try:
            self._publish(batch)
        finally:
            stored = storing.wait()
            self._sort_out(batch)
        return bool(stored)

    def _publish(self, batch: Sequence[_Hint]) -> None:
        unsent = [hint for hint in batch if not hint.published]
        if not unsent:
            return
        try:
            verdict = self._publisher.publish([hint.wire for hint in unsent])
        except Poisoned as poisoned:
            self._park(unsent, poisoned)
            return
        for hint in unsent:
            hint.published = hint.id in verdict.confirmed
            hint.given_up = not hint.published
            if hint.published:
                metrics.EVENTS_PUBLISHED.labels(hint.wire["type"]).inc()
        if verdict.refused:
            log.error("relay.refused", nacked=sorted(verdict.nacked), returned=verdict.returned)

    def _park(self, batch: Sequence[_Hint], poisoned: Poisoned) -> None:
        for hint in batch:
            if hint.id == poisoned.key:
                hint.given_up = True
                metrics.OUTBOX_POISON.inc()
                log.error("relay.poison", event_id=hint.id, document=hint.doc_id, reason=poisoned.reason)
                self._db_does(partial(outbox.park, self._db[hint.collection], hint.doc_id, hint.id, poisoned.reason))
                if self._on_poison is not None:
                    self._on_poison(hint.wire, poisoned.reason)

    def _keep(self) -> None:
        """While the broker is away or takes nothing, the event store is kept up to date all the same."""
        while True:
            eventlet.sleep(KEEP_EVERY)
            while not self.flows and (batch := self._unstored()):
                if not self._insert(batch):
                    break

    def _unstored(self) -> list[_Hint]:
        return list(islice((hint for hint in self._waiting if not hint.stored), BATCH))

    def _insert(self, batch: Sequence[_Hint]) -> bool:
        missing = [hint for hint in batch if not hint.stored]
        done = not missing or self._db_does(partial(self._store.add, [hint.wire for hint in missing]))
        for hint in missing:
            hint.stored = done
        return done

    def _db_does(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except Exception as error:  # noqa: BLE001  it stays in the outbox and is tried again, whatever it was
            log.warning("relay.database_failed", error=f"{type(error).__name__}: {error}")
            return False
        return True

    def _sort_out(self, batch: Sequence[_Hint]) -> None:
        again = []
        for hint in batch:
            if hint.given_up:
                self._forget(hint)
            elif hint.published and hint.stored:
                self._done.append(hint)
            else:
                again.append(hint)
        self._waiting.extendleft(reversed(again))
        if self._done:
            self._done_bell.ring()

    def _take(self) -> None:
        while True:
            if not self._done:
                self._done_bell.wait()
            batch = [self._done.popleft() for _ in range(len(self._done))]
            entries = outbox.by_document((hint.collection, hint.doc_id, hint.id) for hint in batch)
            if self._db_does(partial(outbox.take, self._db, entries)):
                for hint in batch:
                    self._forget(hint)
            else:
                self._done.extendleft(reversed(batch))
                eventlet.sleep(PAUSES[-2])

    def _forget(self, hint: _Hint) -> None:
        self._held.discard(hint.id)
        metrics.OUTBOX_BACKLOG.set(len(self._held))
        if not self._held:
            self._idle.ring()
