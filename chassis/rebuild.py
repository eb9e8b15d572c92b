"""Setting views right from the events, in place, beside the running service.

A view is never replaced: what it says is compared, row by row, with what all stored events say, and only rows that
differ are written, each by compare-and-swap on the whole row, so that a row on which a live event has just arrived is
looked at again instead of being overwritten. Readers see a whole view all the time.

A row may be *ahead* of what was read: a live event wrote it while we read, or will stand in its owner's store in a
moment (the relay publishes and stores at the same time). Such a row is asked for again, by its thread; only what
nobody's store supports after ``PATIENCE``, unchanged all the while, is damage and goes. So no order of events is
needed, and one that is stored late, behind a reader who has passed its id, is missed by nobody: it is either in the
live row already, or on its way to it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pymongo import DeleteOne, InsertOne, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chassis.ids import earlier
from chassis.mongo import Document
from chassis.projection import VERSION, Projection, project
from contracts.envelope import Envelope

PROGRESS = "rebuilds"
"""The collection that remembers how far a rebuild came."""
ROWS = 500
PATIENCE = 30.0
SETTLE = 5.0
"""Seconds before reading begins: what the views had heard by then stands in its owner's store."""
OVERLAP = 3_600.0
"""Seconds by which a rebuild that goes on begins before the last event it read."""
LOOK_EVERY = 0.5
_DUPLICATE = 11_000


class Events(Protocol):
    """The events of all owners."""

    def pages(self, owner: str, after: str | None) -> Iterator[Sequence[Envelope]]:
        """All of one owner's with ids above *after*, in their order, by pages that are not empty."""

    def of_threads(self, owner: str, threads: Sequence[str]) -> Iterator[Sequence[Envelope]]:
        """All of one owner's of these threads."""

    @property
    def owners(self) -> Sequence[str]:
        """Whose events they are."""


@dataclass(frozen=True)
class View:
    """A collection that is made of events by ``chassis.projection``.

    ``rows`` says what one event writes into it; ``thread`` which thread's events make the row of an id. ``keeps`` are
    top-level fields that come from elsewhere: they are left as they are, and a row that has one is never removed.
    """

    name: str
    rows: Callable[[Envelope], Iterable[Projection]]
    thread: Callable[[str], str] = str
    keeps: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset({"community_id", "area_path"})


@dataclass
class Report:
    """What a rebuild did; counts of rows."""

    read: int = 0
    added: int = 0
    mended: int = 0
    removed: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Timing:
    """Real seconds, and how they pass."""

    elapsed: Callable[[], float]
    pause: Callable[[float], None]
    settle: float = SETTLE
    patience: float = PATIENCE


Key = tuple[str, Any]


@dataclass
class Rebuild:
    """One rebuild of some views of one database. ``tell`` hears often how far it is; what it raises ends it.

    ``shape`` names the code that makes the rows: what other code has begun is not gone on with.
    """

    db: Database[Document]
    views: Sequence[View]
    events: Events
    timing: Timing
    tell: Callable[[str, Report], None]
    shape: str = ""
    report: Report = field(default_factory=Report)
    _ahead: dict[Key, tuple[Document | None, float]] = field(default_factory=dict)

    def run(self) -> Report:
        """Do it, going on where one of the same views was stopped; raises what reading and writing raise."""
        read_up_to = self._begin()
        for owner in self.events.owners:
            for envelopes in self.events.pages(owner, read_up_to.get(owner)):
                self._fill(envelopes)
                self.report.read += len(envelopes)
                self._remember(owner, envelopes[-1].id)
                self.tell("read", self.report)
        for view in self.views:
            self._compare(view)
        self._settle_what_is_ahead()
        self._clear()
        return self.report

    def forget(self) -> None:
        """Begin anew, whatever a stopped one has read."""
        self._clear()

    def _begin(self) -> Mapping[str, str | None]:
        """After which id of each owner to go on; a stopped one goes back an hour, for what was stored late."""
        known = self.db[PROGRESS].find_one({"_id": self._key, "shape": self.shape})
        if known is None:
            self._clear()
            self.timing.pause(self.timing.settle)
            return {}
        self.report.read = known["read"]
        return {owner: earlier(id, OVERLAP) for owner, id in known["after"].items()}

    def _remember(self, owner: str, id: str) -> None:
        progress = {"shape": self.shape, f"after.{owner}": id, "read": self.report.read}
        self.db[PROGRESS].update_one({"_id": self._key}, {"$set": progress}, upsert=True)

    def _clear(self) -> None:
        for view in self.views:
            self._side(view).drop()
        self.db[PROGRESS].delete_one({"_id": self._key})

    @property
    def _key(self) -> str:
        return "+".join(view.name for view in self.views)

    def _side(self, view: View) -> Collection[Document]:
        return self.db[f"{view.name}.rebuild"]

    def _fill(self, envelopes: Sequence[Envelope]) -> None:
        for view in self.views:
            project(self._side(view), [row for envelope in envelopes for row in view.rows(envelope)])

    def _compare(self, view: View) -> None:
        odd = self.db[view.name].find({"_id": {"$not": {"$type": "string"}}})
        self._write(view, [(doc, None) for doc in odd])
        for ids in _pages_of_ids(self._side(view), self.db[view.name]):
            self._judge(view, ids)
            self.tell(view.name, self.report)

    def _judge(self, view: View, ids: Sequence[Any]) -> None:
        """Mend what can be mended at once; what is ahead is kept in mind with the moment since when it has been so."""
        said, live = _by_id(self._side(view), ids), _by_id(self.db[view.name], ids)
        wrong: list[tuple[Document | None, Document | None]] = []
        for id in ids:
            old, new = live.get(id), _wanted(view, live.get(id), said.get(id))
            if old == new:
                self._ahead.pop((view.name, id), None)
            elif not _is_ahead(old, said.get(id), view) or self._has_stood(view, id, old):
                wrong.append((old, new))
            else:
                self._keep_in_mind(view, id, old)
        if wrong:
            self._write(view, wrong)
            self._look_again(view, said, [(old or new or {})["_id"] for old, new in wrong])

    def _look_again(self, view: View, said: Mapping[Any, Document], ids: Sequence[Any]) -> None:
        """Where something came between, nothing was written: such a row is judged anew, with its newest events."""
        live = _by_id(self.db[view.name], ids)
        for id in ids:
            if live.get(id) == _wanted(view, live.get(id), said.get(id)):
                self._ahead.pop((view.name, id), None)
            else:
                self._keep_in_mind(view, id, live.get(id))

    def _has_stood(self, view: View, id: Any, old: Document | None) -> bool:
        seen, since = self._ahead.get((view.name, id), (None, 0.0))
        return seen is not None and seen == old and self.timing.elapsed() - since >= self.timing.patience

    def _keep_in_mind(self, view: View, id: Any, old: Document | None) -> None:
        known = self._ahead.get((view.name, id))
        if known is None or known[0] != old:
            self._ahead[view.name, id] = (old, self.timing.elapsed())

    def _settle_what_is_ahead(self) -> None:
        while self._ahead:
            for view in self.views:
                ids = [id for name, id in self._ahead if name == view.name]
                for first in range(0, len(ids), ROWS):
                    self._ask_again(view, ids[first : first + ROWS])
            self.report.waiting = len(self._ahead)
            self.tell("settle", self.report)
            if self._ahead:
                self.timing.pause(LOOK_EVERY)

    def _ask_again(self, view: View, ids: Sequence[Any]) -> None:
        threads = sorted({view.thread(id) for id in ids})
        for owner in self.events.owners:
            for envelopes in self.events.of_threads(owner, threads):
                self._fill(envelopes)
        self._judge(view, ids)

    def _write(self, view: View, changes: Sequence[tuple[Document | None, Document | None]]) -> None:
        writes = [_swap(old, new) for old, new in changes]
        if not writes:
            return
        try:
            done: Mapping[str, Any] = self.db[view.name].bulk_write(writes, ordered=False).bulk_api_result
        except BulkWriteError as error:
            # A live event was the first to insert that row.
            if any(one["code"] != _DUPLICATE for one in error.details["writeErrors"]):
                raise
            done = error.details
        self.report.added += done["nInserted"]
        self.report.mended += done["nModified"]
        self.report.removed += done["nRemoved"]


def _wanted(view: View, live: Document | None, said: Document | None) -> Document | None:
    """What the row has to be: what the events say, and what comes from elsewhere as it is."""
    if live is None or not any(name in live for name in view.keeps):
        return said
    kept = {name: value for name, value in live.items() if name in view.keeps | view.shared | {"_id"}}
    return {**kept, **(said or {})}


def _is_ahead(live: Document | None, said: Document | None, view: View) -> bool:
    """Has the live row anything newer, of any source, than what was read?"""
    for source, part in (live or {}).items():
        version = part.get(VERSION) if isinstance(part, Mapping) and source not in view.keeps else None
        if isinstance(version, int) and version > (said or {}).get(source, {}).get(VERSION, 0):
            return True
    return False


def _swap(old: Document | None, new: Document | None) -> Any:
    """Put *new* in the place of *old*, if *old* is still what stands there to the last field."""
    if old is None:
        return InsertOne(dict(new or {}))
    unchanged = {"_id": old["_id"], "$expr": {"$eq": ["$$ROOT", {"$literal": old}]}}
    if new is None:
        return DeleteOne(unchanged)
    return UpdateOne(unchanged, [{"$replaceWith": {"$literal": new}}])


def _by_id(collection: Collection[Document], ids: Sequence[Any]) -> dict[Any, Document]:
    return {doc["_id"]: doc for doc in collection.find({"_id": {"$in": list(ids)}})}


def _pages_of_ids(one: Collection[Document], other: Collection[Document]) -> Iterator[list[str]]:
    """All ids of both, in their order, a few hundred at a time."""
    after = ""
    while True:
        both = [_ids(collection, after) for collection in (one, other)]
        full = [ids[-1] for ids in both if len(ids) == ROWS]
        bound = min(full) if full else None
        ids = sorted({id for some in both for id in some if bound is None or id <= bound})
        if ids:
            yield ids
        if bound is None:
            return
        after = bound


def _ids(collection: Collection[Document], after: str) -> list[str]:
    found = collection.find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1).limit(ROWS)
    return [doc["_id"] for doc in found]
