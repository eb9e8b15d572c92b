"""What one command does to one document, worked out before anything is written.

Pure: the Mongo store and the in-memory one of the tests execute the same ``Change``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

from chassis.ids import new_id
from contracts.actor import Role
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided, Due
from contracts.envelope import Envelope
from contracts.errors import Busy, KeyReused
from contracts.schemas.fields import time_text, to_milliseconds
from contracts.schemas.wire import event_data
from contracts.standing import standing_of
from contracts.words import Text

SCHEMA = 1
MEMORY = 32
"""So many commands an aggregate remembers."""
RESERVED = frozenset(
    {"_id", "schema", "rev", "version", "outbox", "outbox_dead", "pending", "due", "next_due", "commands"}
)
"""The fields that belong to the gear; a codec must not write them."""
_SYSTEM = frozenset({Role.SYSTEM})

A = TypeVar("A")


class Codec(Protocol[A]):
    """Between an aggregate and its document; every service has one per aggregate, in its adapters.

    ``to_doc`` gives business fields only (BSON values, ``community_id`` among them, none of RESERVED), and the same
    for the same aggregate: a text encrypted anew each time would count as changed by every command.
    ``from_doc`` also gets ``_id``, and reads documents that an older version of the program wrote.
    """

    @property
    def collection(self) -> str:
        """The collection's name: ``tickets``."""

    @property
    def aggregate_type(self) -> str:
        """The aggregate's name in envelopes, ``AGGREGATE`` of its events: ``ticket``."""

    def to_doc(self, aggregate: A) -> dict[str, Any]:
        """The business fields of the document."""

    def from_doc(self, doc: Mapping[str, Any]) -> A:
        """The aggregate of a document."""

    def snapshot(self, aggregate: A) -> object:
        """The contract's snapshot dataclass: the public view."""

    def due(self, aggregate: A) -> Sequence[Due]:
        """All deadlines that stand now."""


@dataclass(frozen=True)
class Found(Generic[A]):
    """What a command found under an id: ``doc`` and ``aggregate`` are None where there is nothing yet.

    ``fields`` are the aggregate's fields as this program writes them, taken before anything is decided.
    """

    id: str
    doc: Mapping[str, Any] | None
    aggregate: A | None
    fields: Mapping[str, Any]

    @classmethod
    def of(cls, codec: Codec[A], id: str, doc: Mapping[str, Any] | None) -> "Found[A]":
        """Decode *doc*."""
        if doc is None:
            return Found(id, None, None, {})
        aggregate = codec.from_doc(doc)
        return Found(id, doc, aggregate, codec.to_doc(aggregate))

    def recall(self, meta: Meta) -> Outcome | None:
        """The stored answer if this very command was done before; raises KeyReused when only its id is the same."""
        for entry in (self.doc or {}).get("commands", ()):
            if entry["id"] == meta.command_id:
                if entry["hash"] != meta.body_hash:
                    raise _key_reused()
                return Outcome(entry["result"])
        return None

    def get(self, name: str, default: Any) -> Any:
        """A field of the gear, with what it is where there is no document."""
        return default if self.doc is None else self.doc.get(name, default)


class Remember(Enum):
    """Whether the command goes into the memory of this document."""

    NOT_HERE = "another document of the same command remembers it"
    NORMALLY = "yes; not what the platform itself repeats in vain, since it finds the same state again"
    ALWAYS = "another document changes with this one"

    def keeps_idle(self, meta: Meta) -> bool:
        """Is a command that changed nothing here worth a write?"""
        return self is Remember.ALWAYS or (self is Remember.NORMALLY and not meta.actor.has(_SYSTEM))


@dataclass(frozen=True, kw_only=True)
class Change:
    """One write to one document: it holds if the document still has ``rev`` (0: if there is none yet).

    ``wires`` are the finished envelopes as they go into the outbox; ``memory`` is the command as it is remembered.
    """

    id: str
    rev: int
    version: int
    fields: Mapping[str, Any]
    gone: tuple[str, ...]
    wires: tuple[dict[str, Any], ...]
    memory: Mapping[str, Any] | None
    outcome: Outcome

    @property
    def guard(self) -> dict[str, Any]:
        """The filter of the guarded update."""
        return {"_id": self.id, "rev": self.rev}

    def document(self) -> dict[str, Any]:
        """The new document, where ``rev`` is 0."""
        memory = [] if self.memory is None else [dict(self.memory)]
        pending = {"pending": True} if self.wires else {}
        head = {"_id": self.id, "schema": SCHEMA, "rev": 1, "version": self.version}
        return {**head, **self.fields, "outbox": list(self.wires), **pending, "commands": memory}

    def update(self) -> dict[str, Any]:
        """The update: changed fields are set, events and memory pushed; the outbox is never written as a whole."""
        sets = {"rev": self.rev + 1, "version": self.version, **self.fields}
        pushes: dict[str, Any] = {}
        if self.wires:
            sets["pending"] = True
            pushes["outbox"] = {"$each": list(self.wires)}
        if self.memory is not None:
            pushes["commands"] = {"$each": [dict(self.memory)], "$slice": -MEMORY}
        update: dict[str, Any] = {"$set": sets}
        if pushes:
            update["$push"] = pushes
        if self.gone:
            update["$unset"] = dict.fromkeys(self.gone, "")
        return update


def plan(
    codec: Codec[A], found: Found[A], decided: Decided[A], meta: Meta, now: datetime, *, bound: int, remember: Remember
) -> Change | None:
    """Work out the write of one decision; None where there is nothing to write.

    *bound* is how many events may wait in one outbox: Busy beyond.
    Raises ValueError where an event breaks its schema, TypeError where a codec writes a field of the gear.
    """
    fields, gone = _difference(codec, found, decided.aggregate)
    version = found.get("version", 0)
    if not decided.events and _is_idle(found, fields, gone) and not remember.keeps_idle(meta):
        return None
    if decided.events and len(found.get("outbox", ())) + len(decided.events) > bound:
        raise _outbox_full()
    envelopes = tuple(_envelopes(codec, found.id, version, decided, meta, now))
    memory = {"id": meta.command_id, "hash": meta.body_hash, "result": dict(decided.result)}
    return Change(
        id=found.id,
        rev=found.get("rev", 0),
        version=version + len(envelopes),
        fields=fields,
        gone=gone,
        wires=tuple(envelope.to_wire() for envelope in envelopes),
        memory=None if remember is Remember.NOT_HERE else memory,
        outcome=Outcome(decided.result, envelopes),
    )


def _is_idle(found: Found[A], changed: Mapping[str, Any], gone: Sequence[str]) -> bool:
    return found.doc is not None and not gone and all(found.fields.get(name) == changed[name] for name in changed)


def _difference(codec: Codec[A], found: Found[A], aggregate: A) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The fields to set and to remove. What this program does not know of is left alone: a newer one may own it."""
    fields = codec.to_doc(aggregate)
    if not RESERVED.isdisjoint(fields):
        raise TypeError(f"{type(codec).__name__} writes fields of the gear: {sorted(RESERVED & fields.keys())}")
    doc = found.doc or {}
    changed = {
        name: value
        for name, value in fields.items()
        if name not in doc or name not in found.fields or found.fields[name] != value
    }
    gone = [name for name in found.fields if name not in fields and name in doc]
    due: list[dict[str, Any]] = [{"key": due.key, "at": to_milliseconds(due.at)} for due in codec.due(aggregate)]
    if due != doc.get("due", []):
        changed["due"] = due
        if due:
            changed["next_due"] = min(entry["at"] for entry in due)
        else:
            gone.append("next_due")
    return changed, tuple(gone)


def _envelopes(
    codec: Codec[A], id: str, version: int, decided: Decided[A], meta: Meta, now: datetime
) -> Iterator[Envelope]:
    if not decided.events:
        return
    snapshot: Any = codec.snapshot(decided.aggregate)
    standing = standing_of(meta.actor, snapshot)
    for number, event in enumerate(decided.events, start=version + 1):
        yield Envelope(
            id=new_id(),
            source=event.SOURCE,
            type=event.TYPE,
            subject=id,
            time=time_text(now),
            aggregatetype=codec.aggregate_type,
            aggregateversion=number,
            communityid=snapshot.community_id,
            correlationid=meta.correlation_id or meta.command_id,
            causationid=meta.causation_id or meta.command_id,
            traceparent=meta.traceparent,
            actorrole=standing.role,
            actorarea=standing.area_id,
            data=event_data(event, snapshot),
        )


def _key_reused() -> KeyReused:
    return KeyReused(
        "key-reused",
        Text(
            zh="这个请求编号已经用在另一个请求上,请换一个编号",
            en="this idempotency key was already used for another request: use a new one",
        ),
    )


def _outbox_full() -> Busy:
    return Busy(
        "outbox-full",
        Text(
            zh="消息正在排队发出,请稍后再试", en="earlier changes are still on their way out: please try again shortly"
        ),
    )
