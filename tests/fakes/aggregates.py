"""Aggregates in memory that obey the rules of the Mongo ones: memory, rev, versions, envelopes, all or nothing.

They execute the same ``chassis.change.Change``; tests/ports/test_aggregates.py runs one suite on both.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import bson
from bson.codec_options import CodecOptions

from chassis.change import MEMORY, Change, Codec, Found, Remember, plan
from chassis.clock import Clock
from chassis.journal import TRIES
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.envelope import Envelope
from contracts.errors import Conflict
from contracts.words import Text

A = TypeVar("A")
_OPTIONS: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)


class InMemoryJournal:
    """Stands for chassis.journal.Journal; ``envelopes`` are all events so far, in the order of their writing."""

    def __init__(self, clock: Clock, *, outbox_bound: int = 200) -> None:
        self.clock = clock
        self.outbox_bound = outbox_bound
        self.envelopes: list[Envelope] = []
        self._stores: dict[str, dict[str, bytes]] = {}

    def store(self, collection: str) -> dict[str, bytes]:
        """The documents of a collection by id, as BSON: what BSON cannot hold fails here as it would there."""
        return self._stores.setdefault(collection, {})

    def apply_together(
        self,
        meta: Meta,
        targets: "Sequence[tuple[InMemoryAggregates[Any], str]]",
        decide: Callable[[Sequence[Any | None]], Sequence[Decided[Any] | None]],
    ) -> Outcome:
        """As Journal.apply_together."""
        for _ in range(TRIES):
            found = [target.find(id) for target, id in targets]
            remembered = found[0].recall(meta)
            if remembered is not None:
                return remembered
            decided = list(decide([one.aggregate for one in found]))
            changes = self._plan(meta, [target for target, _ in targets], found, decided)
            writes = [(target, change) for (target, _), change in zip(targets, changes, strict=True) if change]
            if all(target.still_holds(change) for target, change in writes):
                for target, change, encoded in [(*write, write[0].encode(write[1])) for write in writes]:
                    target.write(change, encoded)
                envelopes = tuple(one for _, change in writes for one in change.outcome.envelopes)
                return Outcome(decided[0].result if decided[0] else {}, envelopes)
        raise Conflict("try-again", Text(zh="请再试一次", en="please try again"))

    def _plan(
        self,
        meta: Meta,
        targets: "Sequence[InMemoryAggregates[Any]]",
        found: Sequence[Found[Any]],
        decided: Sequence[Decided[Any] | None],
    ) -> list[Change | None]:
        others = [
            target.plan(one, decision, meta, Remember.NOT_HERE) if decision else None
            for target, one, decision in zip(targets[1:], found[1:], decided[1:], strict=True)
        ]
        first = decided[0]
        if first is None and found[0].aggregate is not None and any(others):
            first = Decided(found[0].aggregate)
        remember = Remember.ALWAYS if any(others) else Remember.NORMALLY
        return [targets[0].plan(found[0], first, meta, remember) if first else None, *others]


class InMemoryAggregates(Generic[A]):
    """Stands for chassis.aggregates.Aggregates, apart from ``collection``."""

    def __init__(self, journal: InMemoryJournal, codec: Codec[A]) -> None:
        self.codec = codec
        self._journal = journal
        self._store = journal.store(codec.collection)
        self._found: dict[str, tuple[bytes, Found[A]]] = {}

    def get(self, id: str) -> A | None:
        """As Aggregates.get."""
        return self.find(id).aggregate

    def apply(self, id: str, meta: Meta, decide: Callable[[A | None], Decided[A] | None]) -> Outcome:
        """As Aggregates.apply."""
        for _ in range(TRIES):
            found = self.find(id)
            remembered = found.recall(meta)
            if remembered is not None:
                return remembered
            decided = decide(found.aggregate)
            if decided is None:
                return Outcome()
            change = self.plan(found, decided, meta, Remember.NORMALLY)
            if change is None:
                return Outcome(decided.result)
            if self.still_holds(change):
                self.write(change, self.encode(change))
                return change.outcome
        raise Conflict("try-again", Text(zh="请再试一次", en="please try again"))

    def document(self, id: str) -> dict[str, Any]:
        """The stored document, for tests that look under the lid."""
        return bson.decode(self._store[id], _OPTIONS)

    def ids(self) -> list[str]:
        """The ids of all that is stored."""
        return sorted(self._store)

    def relay(self, id: str) -> None:
        """Empty an outbox, as the relay does once the events are published."""
        doc = self.document(id)
        doc["outbox"] = []
        doc.pop("pending", None)
        self._store[id] = bson.encode(doc)

    def put(self, id: str, **fields: Any) -> None:
        """Write fields past the aggregate, as an adapter's own update does: ``rev`` goes up, no event is told."""
        doc = self.document(id)
        self._store[id] = bson.encode(doc | fields | {"rev": doc["rev"] + 1})

    def find(self, id: str) -> Found[A]:
        """What a command finds: decoded once for each state of the document; nobody changes it in place."""
        encoded = self._store.get(id)
        if encoded is None:
            return Found.of(self.codec, id, None)
        known = self._found.get(id)
        if known is None or known[0] is not encoded:
            known = self._found[id] = encoded, Found.of(self.codec, id, self.document(id))
        return known[1]

    def plan(self, found: Found[A], decided: Decided[A], meta: Meta, remember: Remember) -> Change | None:
        """The write of one decision."""
        journal = self._journal
        now = journal.clock.now()
        return plan(self.codec, found, decided, meta, now, bound=journal.outbox_bound, remember=remember)

    def still_holds(self, change: Change) -> bool:
        """Is the document as it was when the change was worked out?"""
        return bool(self.find(change.id).get("rev", 0) == change.rev)

    def encode(self, change: Change) -> bytes:
        """The document as the change leaves it; fails where BSON cannot hold it."""
        doc = change.document() if change.rev == 0 else _updated(dict(self.find(change.id).doc or {}), change)
        return bson.encode(doc)

    def write(self, change: Change, encoded: bytes) -> None:
        """Carry the change out."""
        self._store[change.id] = encoded
        self._journal.envelopes.extend(change.outcome.envelopes)


def _updated(doc: dict[str, Any], change: Change) -> dict[str, Any]:
    doc |= {**change.fields, "rev": change.rev + 1, "version": change.version}
    for name in change.gone:
        doc.pop(name, None)
    if change.wires:
        doc["pending"] = True
        doc["outbox"] = [*doc["outbox"], *change.wires]
    if change.memory is not None:
        doc["commands"] = [*doc["commands"], change.memory][-MEMORY:]
    return doc
