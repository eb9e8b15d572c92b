"""The aggregates of one collection: read one, or apply a command to one."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pymongo.collection import Collection

from chassis.change import Codec
from chassis.journal import Journal
from chassis.mongo import Document
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided

__all__ = ["Aggregates", "Codec"]

A = TypeVar("A")
_GEAR = {"outbox": 0, "commands": 0}
"""What is the journal's own is not read with an aggregate."""


class Aggregates(Generic[A]):
    """``collection`` is for the adapters' own queries; everything is written through ``apply``."""

    def __init__(self, journal: Journal, codec: Codec[A]) -> None:
        self.codec = codec
        self.collection: Collection[Document] = journal.db[codec.collection]
        self._journal = journal

    def get(self, id: str) -> A | None:
        """The aggregate as it is now; None where there is none."""
        doc = self.collection.find_one({"_id": id}, _GEAR)
        return None if doc is None else self.codec.from_doc(doc)

    def find(self, query: Document, order: Sequence[tuple[str, int]], limit: int = 0) -> list[A]:
        """Those that *query* finds, sorted by *order*; at most *limit*, 0: all."""
        return [self.codec.from_doc(doc) for doc in self.collection.find(query, _GEAR, sort=order, limit=limit)]

    def apply(self, id: str, meta: Meta, decide: Callable[[A | None], Decided[A] | None]) -> Outcome:
        """Let *decide* change the aggregate *id* (None: it does not exist yet), and store its decision whole or not.

        The same command again gives the stored result and no envelopes; *decide* returns None when there is nothing
        to do. It may be called several times, so it must not act on anything but what it is given.
        Raises KeyReused, Busy (200 events wait), Conflict ``try-again`` (others keep winning) or ``already-exists``
        (another document holds a unique value), and what *decide* raises.
        """
        return self._journal.apply_one(meta, self, id, decide)
