"""Executes changes: one guarded write for one document, a transaction for two, bounded tries for both.

Design, section 4 point 1. What is written is worked out in ``chassis.change``.
"""

import random
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chassis.change import Change, Codec, Found, Remember, plan
from chassis.clock import Clock
from chassis.mongo import Document, Stored
from chassis.outage import TRY_AGAIN
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.errors import Conflict
from contracts.words import Text

TRIES = 10
PAUSE_SECONDS = 0.004
"""The longest pause before the second try; it doubles from try to try."""
OUTBOX_BOUND = 200
WITHOUT_BODIES = {"outbox.data": 0}
"""A command needs to know how many events wait, not what they say."""
_JOURNALED = WriteConcern("majority", j=True)
_UNSETTLED = ("TransientTransactionError", "UnknownTransactionCommitResult")

Wake = Callable[[str, str, Sequence[dict[str, Any]]], None]
"""Tells the relay: collection, document id, wires that wait there now."""
Admit = Callable[[Meta], None]
"""Raises Busy where no change that tells events may be written now."""
R = TypeVar("R")


class Lost(Exception):
    """The document changed between reading and writing: decide again."""


class Target(Protocol):
    """Where a change goes: what an Aggregates is to the journal."""

    @property
    def collection(self) -> Collection[Document]:
        """The documents."""

    @property
    def codec(self) -> Codec[Any]:
        """How they are read and written."""


class Journal:
    """One per process and database: the clock, the bound of the outboxes, and who is told of new events."""

    def __init__(
        self,
        db: Database[Document],
        clock: Clock,
        wake: Wake | None = None,
        *,
        outbox_bound: int = OUTBOX_BOUND,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.db = db
        self.clock = clock
        self.wake = wake
        self.outbox_bound = outbox_bound
        self.admit: Admit | None = None
        """Asked before every write that brings events; the gear sets it."""
        self._pause = pause

    def apply_one(self, meta: Meta, target: Target, id: str, decide: Callable[[Any | None], Any | None]) -> Outcome:
        """Load, decide, write one document; what ``Aggregates.apply`` promises."""

        def attempt() -> Outcome:
            found = self._find(target, id, None)
            remembered = found.recall(meta)
            if remembered is not None:
                return remembered
            decided = decide(found.aggregate)
            if decided is None:
                return Outcome()
            change = self._plan(target, found, decided, meta, Remember.NORMALLY)
            if change is None:
                return Outcome(decided.result)
            self._write(target, change, None)
            self._tell(target, change)
            return change.outcome

        return self._until_settled(attempt)

    def apply_together(
        self,
        meta: Meta,
        targets: Sequence[tuple[Target, str]],
        decide: Callable[[Sequence[Any | None]], Sequence[Decided[Any] | None]],
    ) -> Outcome:
        """One command on several documents of this service, in one transaction; each has its own outbox.

        For the closed list of the design only (a seat and its member's capacity; merge; add a part). *decide* gets
        what each target holds, and answers for each: the decision, or None to leave it alone. The first target
        remembers the command if it exists or comes to exist, and its decision gives the result.
        Raises Conflict ``try-again`` when others keep winning, and what *decide* raises.
        """

        def attempt() -> Outcome:
            with self.db.client.start_session() as session:
                session.start_transaction(ReadConcern("snapshot"), _JOURNALED)
                found = [self._find(target, id, session) for target, id in targets]
                remembered = found[0].recall(meta)
                if remembered is not None:
                    return remembered
                decided = decide([one.aggregate for one in found])
                changes = self._plan_together(meta, targets, found, decided)
                for (target, _), change in zip(targets, changes, strict=True):
                    if change is not None:
                        self._write(target, change, session)
                session.commit_transaction()
            return self._settled(targets, changes, decided)

        return self._until_settled(attempt)

    def _plan_together(
        self,
        meta: Meta,
        targets: Sequence[tuple[Target, str]],
        found: Sequence[Found[Any]],
        decided: Sequence[Decided[Any] | None],
    ) -> list[Change | None]:
        others = [
            None if decision is None else self._plan(target, one, decision, meta, Remember.NOT_HERE)
            for (target, _), one, decision in zip(targets[1:], found[1:], decided[1:], strict=True)
        ]
        others_change = any(change is not None for change in others)
        first = decided[0]
        if first is None and found[0].aggregate is not None and others_change:
            first = Decided(found[0].aggregate)
        if first is None:
            return [None, *others]
        remember = Remember.ALWAYS if others_change else Remember.NORMALLY
        return [self._plan(targets[0][0], found[0], first, meta, remember), *others]

    def _settled(
        self,
        targets: Sequence[tuple[Target, str]],
        changes: Sequence[Change | None],
        decided: Sequence[Decided[Any] | None],
    ) -> Outcome:
        written = [(target, change) for (target, _), change in zip(targets, changes, strict=True) if change]
        for target, change in written:
            self._tell(target, change)
        envelopes = tuple(envelope for _, change in written for envelope in change.outcome.envelopes)
        return Outcome({} if decided[0] is None else decided[0].result, envelopes)

    def _plan(
        self, target: Target, found: Found[Any], decided: Decided[Any], meta: Meta, remember: Remember
    ) -> Change | None:
        now = self.clock.now()
        change = plan(target.codec, found, decided, meta, now, bound=self.outbox_bound, remember=remember)
        if change is not None and change.wires and self.admit is not None:
            self.admit(meta)
        return change

    def _find(self, target: Target, id: str, session: ClientSession | None) -> Found[Any]:
        doc: Stored | None = target.collection.find_one({"_id": id}, WITHOUT_BODIES, session=session)
        return Found.of(target.codec, id, doc)

    def _write(self, target: Target, change: Change, session: ClientSession | None) -> None:
        try:
            if change.rev == 0:
                target.collection.insert_one(change.document(), session=session)
            elif not target.collection.update_one(change.guard, change.update(), session=session).matched_count:
                raise Lost
        except DuplicateKeyError as error:
            if _is_about_id(error):
                raise Lost from error
            raise _taken() from error

    def _tell(self, target: Target, change: Change) -> None:
        if change.wires and self.wake is not None:
            self.wake(target.collection.name, change.id, change.wires)

    def _until_settled(self, attempt: Callable[[], R]) -> R:
        for number in range(TRIES):
            if number:
                self._pause(random.random() * PAUSE_SECONDS * 2**number)
            try:
                return attempt()
            except Lost:
                continue
            except PyMongoError as error:
                if not _is_unsettled(error, first=number == 0):
                    raise
        raise _try_again()


def _is_unsettled(error: PyMongoError, *, first: bool) -> bool:
    """May the whole be tried again? A transaction that was in fact committed is then found in the memory.

    A lost connection is worth one more try; a database that stays away is for the caller to wait for.
    """
    if isinstance(error, ConnectionFailure) and not first:
        return False
    return any(error.has_error_label(label) for label in _UNSETTLED)


def _is_about_id(error: DuplicateKeyError) -> bool:
    return "_id" in (error.details or {}).get("keyPattern", {"_id": 1})


def _taken() -> Conflict:
    return Conflict("already-exists", Text(zh="这样的记录已经有了", en="there is one like this already"))


def _try_again() -> Conflict:
    return Conflict(
        TRY_AGAIN,
        Text(zh="刚才有别人同时在改,请再试一次", en="others changed it at the same moment: please try again"),
    )
